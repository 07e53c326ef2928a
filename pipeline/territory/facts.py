"""Facts about land that the rows of KLASS 131 cannot hold, from `definitions/territory.toml`, each with its source."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import KunnskapError, Problem

FILE = Path(__file__).parent.parent / "definitions" / "territory.toml"
SHOWN = "definitions/territory.toml"
CERTAINTY = ("confirmed", "to_be_confirmed")


@dataclass(frozen=True)
class SameLand:
    """`code` in the state of `year` is the same land as `other_code` in the state of `other_year`."""

    code: str
    year: int
    other_code: str
    other_year: int
    text: str
    source: str
    certainty: str


@dataclass(frozen=True)
class BorderFact:
    """A border moved on 1 January of `year` between `old` (its code the day before) and `new` (its code that day).

    `directed`: land is known to have gone from `old` to `new`, not the other way.
    """

    year: int
    old: str
    new: str
    directed: bool
    source: str
    certainty: str


@dataclass(frozen=True)
class Facts:
    same: tuple[SameLand, ...] = ()
    borders: tuple[BorderFact, ...] = ()


NO_FACTS = Facts()


def load_facts(path: Path = FILE) -> Facts:
    """Raises KunnskapError, with file and block named, on anything that cannot be read as a fact."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong([Problem(file=SHOWN, found=f"kan ikke leses ({error}).")]) from error
    reader = _Reader([])
    facts = Facts(
        tuple(fact for block in reader.blocks(content, "same") for fact in reader.same(block)),
        tuple(fact for block in reader.blocks(content, "border") for fact in reader.border(block)),
    )
    reader.only(content, {"same", "border"}, "filen")
    if reader.problems:
        raise _wrong(reader.problems)
    return facts


@dataclass
class _Reader:
    """Reads blocks and gathers what is wrong with them; a block with a fault gives no fact."""

    problems: list[Problem]

    def blocks(self, content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        found = content.get(kind, [])
        if isinstance(found, list) and all(isinstance(block, dict) for block in found):
            return found
        self._add(f"«{kind}» må skrives som [[{kind}]].")
        return []

    def same(self, block: dict[str, Any]) -> list[SameLand]:
        self.only(block, {"land", "text", "source", "certainty"}, "[[same]]")
        land = block.get("land")
        places = [_place(text) for text in land] if isinstance(land, list) else []
        if len(places) != 2 or None in places:
            self._add("[[same]], felt land: må være to steder som «1580@2024».")
            return []
        (code, year), (other_code, other_year) = (place for place in places if place)
        text, source, certainty = self._told(block, "[[same]]", ("text", "source"))
        return [SameLand(code, year, other_code, other_year, text, source, certainty)]

    def border(self, block: dict[str, Any]) -> list[BorderFact]:
        self.only(block, {"year", "from", "to", "between", "source", "certainty"}, "[[border]]")
        year, pair = block.get("year"), block.get("between", [block.get("from"), block.get("to")])
        if not isinstance(year, int) or not isinstance(pair, list) or len(pair) != 2 or not all(map(_is_code, pair)):
            self._add("[[border]] må ha year og to kommunekoder, i from og to eller i between.")
            return []
        source, certainty = self._told(block, "[[border]]", ("source",))
        return [BorderFact(year, pair[0], pair[1], "between" not in block, source, certainty)]

    def only(self, block: dict[str, Any], allowed: set[str], where: str) -> None:
        for key in sorted(set(block) - allowed):
            self._add(f"{where} har feltet «{key}», som ikke finnes.")

    def _told(self, block: dict[str, Any], where: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        for key in texts:
            if not isinstance(block.get(key), str) or not block[key].strip():
                self._add(f"{where}, felt {key}: mangler.")
        if block.get("certainty") not in CERTAINTY:
            self._add(f"{where}, felt certainty: må være {' eller '.join(CERTAINTY)}.")
        return tuple(str(block.get(key, "")) for key in (*texts, "certainty"))

    def _add(self, found: str) -> None:
        self.problems.append(Problem(file=SHOWN, found=found))


def _place(text: object) -> tuple[str, int] | None:
    code, _, year = str(text).partition("@")
    return (code, int(year)) if _is_code(code) and year.isdigit() and len(year) == 4 else None


def _is_code(value: object) -> bool:
    return isinstance(value, str) and len(value) == 4 and value.isdigit()


def _wrong(problems: list[Problem]) -> KunnskapError:
    return KunnskapError("Opplysningene om land kan ikke brukes:", problems)
