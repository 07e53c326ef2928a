"""Every text of every definition file given a mark of its own, to see where it turns up."""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

WORDS = re.compile(r"[a-zæøå] [a-zæøå]", re.IGNORECASE)
MARK = re.compile(r"qz\d{5}q")
# what looks like text but is compared with something: a mark in it stops the run, or makes it another definition
COMPARED = {
    ("deviations", "deviation.item"), ("corrections", "correction.expect"), ("corrections", "correction.key.name"),
    ("indicators", "indicator.unit"), ("harmonisation", "fee.variants.band"), ("harmonisation", "household.line.band"),
    ("fields", "evidence.allowed"),
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One text of a definition file: its file below definitions/, its place in it, and what it says."""

    file: str
    path: tuple[str | int, ...]
    text: str

    @property
    def kind(self) -> tuple[str, str]:
        """The folder or file, and the field: `sources`, `source.contents.*.label`."""
        folder = Path(self.file).parent.name or Path(self.file).stem
        steps = [step for step in self.path if isinstance(step, str)]
        return folder, ".".join("*" if re.search(r"[0-9A-Z]", step) else step for step in steps)


def texts(definitions: Path) -> list[Text]:
    """The free texts: fields that hold words with a space between them, in any block of any file."""
    found = [text for file in sorted(definitions.rglob("*.toml")) for text in _leaves(definitions, file)]
    found += [text for file in sorted(definitions.rglob("*.csv")) for text in _cells(definitions, file)]
    free = {text.kind for text in found if WORDS.search(text.text) and text.kind not in COMPARED}
    return [text for text in found if text.kind in free and text.text]


def marks(chosen: list[Text]) -> dict[str, Text]:
    """The mark that each text gets."""
    return {f"qz{number:05d}q": text for number, text in enumerate(chosen)}


def poison(definitions: Path, chosen: list[Text]) -> dict[str, Text]:
    """Put a mark behind each of the texts, in place; the text of every mark."""
    found = marks(chosen)
    by_file: dict[str, dict[tuple[str | int, ...], str]] = {}
    for mark, text in found.items():
        by_file.setdefault(text.file, {})[text.path] = mark
    for name, places in by_file.items():
        path = definitions / name
        if path.suffix == ".csv":
            _mark_cells(path, places)
        else:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            for place, mark in places.items():
                *way, last = place
                at: Any = content
                for step in way:
                    at = at[step]
                at[last] = f"{at[last]} {mark}"
            path.write_text(tomlkit.dumps(content), encoding="utf-8")
    return found


def _leaves(definitions: Path, file: Path) -> Iterator[Text]:
    name = file.relative_to(definitions).as_posix()

    def walk(value: Any, path: tuple[str | int, ...]) -> Iterator[Text]:
        if isinstance(value, str):
            yield Text(name, path, value)
        elif isinstance(value, dict | list):
            for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
                yield from walk(inner, (*path, step))

    return walk(tomllib.loads(file.read_text(encoding="utf-8")), ())


def _cells(definitions: Path, file: Path) -> Iterator[Text]:
    for number, row in enumerate(_rows(file)):
        for column, cell in row.items():
            yield Text(file.relative_to(definitions).as_posix(), (number, column), cell)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _mark_cells(file: Path, places: dict[tuple[str | int, ...], str]) -> None:
    rows = _rows(file)
    for (number, column), mark in places.items():
        rows[int(number)][str(column)] += f" {mark}"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
