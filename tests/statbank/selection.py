"""What a data call asks for: expressions, codelists, elimination and placement, with the server's own rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.statbank import codelists, regions
from tests.statbank.catalogue import CONTENTS, TIME, Dimension, Table, Value
from tests.statbank.problems import Malformed, Problem
from tests.statbank.values import Chosen

FUNCTION = re.compile(r"(top|bottom|from|to|range)\((.*)\)?$", re.IGNORECASE | re.DOTALL)
COUNTED = re.compile(r"(top|bottom)\(([1-9]\d*)(?:,(\d+))?\)$", re.IGNORECASE)
BOUNDED = re.compile(r"(from|to)\(([^,()\s]+)\)$|(range)\(([^,()\s]+),([^,()\s]+)\)$", re.IGNORECASE)
SPLIT = re.compile(r"(?:\[[^\]]*\]|[^,\[])+")

DEFAULT_REGIONS, DEFAULT_PERIODS = 10, 5


@dataclass(slots=True)
class Wish:
    """One dimension of a selection as it was asked for."""

    codes: list[str]
    codelist: str | None = None


@dataclass(slots=True)
class Selection:
    wishes: dict[str, Wish] = field(default_factory=dict)
    heading: list[str] = field(default_factory=list)
    stub: list[str] = field(default_factory=list)


def from_query(query: Sequence[tuple[str, str]]) -> Selection:
    """`valueCodes[X]=a,b`, `codelist[X]=…`. A codelist without value codes is ignored; its key is case-sensitive."""
    made = Selection()
    lists: dict[str, str] = {}
    for name, text in query:
        key, _, rest = name.partition("[")
        code = rest.removesuffix("]")
        if key.lower() == "valuecodes" and rest:
            made.wishes[code] = Wish([part.strip() for part in split_codes(text)])
        elif key.lower() == "codelist" and rest:
            lists[code] = text
        elif key.lower() in ("heading", "stub"):
            setattr(made, key.lower(), [part for part in text.split(",") if part])
    for code, name in lists.items():
        if code in made.wishes:
            made.wishes[code].codelist = name or None
    return made


def split_codes(text: str) -> list[str]:
    """Commas separate, except inside square brackets."""
    parts = [part for part in SPLIT.findall(text) if part]
    return [part[1:-1] if part.startswith("[") and part.endswith("]") else part for part in parts]


def from_body(body: Any) -> Selection:
    """The POST body; what the framework could not bind gives the second error shape."""
    if body is None:
        return Selection()
    if not isinstance(body, dict):
        raise Malformed("$", "The JSON value could not be converted to VariablesSelection.")
    made = Selection()
    entries = body.get("selection") or []
    if not isinstance(entries, list):
        raise Malformed("$.selection", "The JSON value could not be converted to a list.")
    for number, entry in enumerate(entries):
        code, wish = _entry(f"$.selection[{number}]", entry)
        made.wishes[code] = wish
    placement = body.get("placement") or {}
    if not isinstance(placement, dict):
        raise Malformed("$.placement", "The JSON value could not be converted to VariablePlacementType.")
    for name in ("heading", "stub"):
        setattr(made, name, _texts(f"$.placement.{name}", placement.get(name)))
    return made


def _entry(where: str, entry: Any) -> tuple[str, Wish]:
    if not isinstance(entry, dict) or not isinstance(entry.get("variableCode"), str):
        raise Malformed(f"{where}.variableCode", "The VariableCode field is required.")
    codelist = entry.get("codelist")
    if codelist is not None and not isinstance(codelist, str):
        raise Malformed(f"{where}.codelist", "The JSON value could not be converted to System.String.")
    return entry["variableCode"], Wish(_texts(f"{where}.valueCodes", entry.get("valueCodes")), codelist or None)


def _texts(where: str, given: Any) -> list[str]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise Malformed(where, "The JSON value could not be converted to a list of strings.")
    return given


def default(table: Table) -> Selection:
    """At most two dimensions with more than one value: some regions and the newest periods."""
    made = Selection()
    for dimension in table.dimensions:
        if dimension.code == TIME:
            made.wishes[TIME] = Wish(dimension.codes()[-DEFAULT_PERIODS:])
        elif dimension is table.dimensions[0]:
            made.wishes[dimension.code] = Wish(_in_use(dimension, int(table.last[:4]))[:DEFAULT_REGIONS])
        elif not dimension.elimination:
            made.wishes[dimension.code] = Wish(dimension.codes()[:1])
    return made


def _in_use(dimension: Dimension, year: int) -> list[str]:
    """Codes of today; all of them where the dimension has none, or is no list of municipalities."""
    today = [value.code for value in dimension.values if regions.valid_region(value.origin, year)]
    return today or dimension.codes()


def choose(table: Table, selection: Selection, max_cells: int) -> list[Chosen]:
    """The dimensions of the answer in their order, or the error the server gives."""
    wished = selection if selection.wishes else default(table)
    known = {dimension.code for dimension in table.dimensions}
    if any(code not in known for code in wished.wishes):
        raise Problem(400, "Non-existent variable")
    chosen = []
    for dimension in table.dimensions:
        found = _dimension(dimension, wished.wishes.get(dimension.code), table)
        if found is not None:
            chosen.append(found)
        elif not dimension.elimination:
            raise Problem(400, "Missing selection for mandantory variable")
    count_cells(chosen, max_cells)
    return _placed(chosen, selection)


def count_cells(chosen: list[Chosen], max_cells: int) -> None:
    cells = 1
    for each in chosen:
        cells *= len(each.values)
    if cells > max_cells:
        raise Problem(400, "Too many cells selected", detail=f"{cells} cells selected, the maximum is {max_cells}")


def _dimension(dimension: Dimension, wish: Wish | None, table: Table) -> Chosen | None:
    if wish is None or not wish.codes:
        return None
    codelist = with_codelist(dimension, wish.codelist)
    stale = table.stale.get(dimension.code)
    values = dimension.values if codelist is None else grouped(codelist)
    values = tuple(value for value in values if stale is None or value.code != stale.code)
    codes = expand(wish.codes, [value.code for value in values], newest_first=dimension.code == TIME)
    by_code = {value.code: value for value in values}
    if any(code not in by_code for code in codes):
        raise Problem(400, "Non-existent value")
    if not codes:
        return None
    return Chosen(dimension, tuple(by_code[code] for code in codes), codelist)


def with_codelist(dimension: Dimension, name: str | None) -> codelists.Codelist | None:
    if name is None:
        return None
    found = codelists.find(name) if name in dimension.codelists else None
    if found is None:
        raise Problem(400, "Non-existent codelist")
    return found


def grouped(codelist: codelists.Codelist) -> tuple[Value, ...]:
    return tuple(Value(code, label, code) for code, label, _ in codelist.values)


def expand(asked: list[str], codes: list[str], newest_first: bool = False) -> list[str]:
    """Codes in the order they were asked for. A code that is written twice is more than the server can bear."""
    literal = [text for text in asked if not is_expression(text)]
    if len(set(literal)) < len(literal):
        raise Problem(500, None)
    found: dict[str, None] = {}
    for text in asked:
        found.update(dict.fromkeys(matching(text, codes, newest_first) if is_expression(text) else [text]))
    return list(found)


def is_expression(text: str) -> bool:
    return "*" in text or "?" in text or FUNCTION.match(text) is not None


def matching(text: str, codes: list[str], newest_first: bool) -> list[str]:
    if "*" in text:
        return _starred(text, codes)
    if "?" in text:
        pattern = re.compile(re.escape(text).replace(r"\?", "."), re.IGNORECASE)
        return [code for code in codes if pattern.fullmatch(code)]
    counted = COUNTED.match(text)
    if counted:
        return _counted(counted[1].lower(), int(counted[2]), int(counted[3] or 0), codes, newest_first)
    bounded = BOUNDED.match(text)
    if not bounded:
        raise Problem(400, "Illegal selection expression")
    if bounded[3]:
        first, last = _place(bounded[4], codes), _place(bounded[5], codes)
        return codes[first : last + 1]
    at = _place(bounded[2], codes)
    return codes[at:] if bounded[1].lower() == "from" else codes[: at + 1]


def _starred(text: str, codes: list[str]) -> list[str]:
    inner = text.strip("*")
    doubled = inner and (text.startswith("**") or text.endswith("**"))
    if "*" in inner or "?" in inner or doubled or len(text) - len(inner) > 2:
        raise Problem(400, "Illegal selection expression")
    inner = inner.lower()
    if text == "*" or not inner:
        return list(codes)
    if text.startswith("*") and text.endswith("*"):
        return [code for code in codes if inner in code.lower()]
    if text.endswith("*"):
        return [code for code in codes if code.lower().startswith(inner)]
    return [code for code in codes if code.lower().endswith(inner)]


def _counted(name: str, number: int, offset: int, codes: list[str], newest_first: bool) -> list[str]:
    """top() of time is the newest, of all else the first in the order of the metadata; always given ascending."""
    from_the_end = (name == "top") == newest_first
    if from_the_end:
        end = max(len(codes) - offset, 0)
        return codes[max(end - number, 0) : end]
    return codes[offset : offset + number]


def _place(code: str, codes: list[str]) -> int:
    lowered = [each.lower() for each in codes]
    if code.lower() not in lowered:
        raise Problem(400, "Non-existent value")
    return lowered.index(code.lower())


def default_placement(codes: list[str]) -> tuple[list[str], list[str]]:
    """(heading, stub): contents and time on top, all else at the side."""
    return [code for code in codes if code in (CONTENTS, TIME)], [
        code for code in codes if code not in (CONTENTS, TIME)
    ]


def _placed(chosen: list[Chosen], selection: Selection) -> list[Chosen]:
    """Order of the dimensions: stub, then heading."""
    by_code = {each.dimension.code: each for each in chosen}
    heading, stub = list(selection.heading), list(selection.stub)
    asked = [*stub, *heading]
    if len(set(asked)) < len(asked) or any(code not in by_code for code in asked):
        raise Problem(400, "Illegal placment")
    if not asked:
        heading, stub = default_placement(list(by_code))
    rest = [code for code in by_code if code not in asked and code not in heading and code not in stub]
    order = [*stub, *heading, *rest] if selection.heading == [] else [*stub, *rest, *heading]
    return [by_code[code] for code in order]


def heading_and_stub(chosen: list[Chosen], selection: Selection) -> tuple[list[str], list[str]]:
    codes = [each.dimension.code for each in chosen]
    if not selection.heading and not selection.stub:
        return default_placement(codes)
    if selection.heading:
        return [c for c in codes if c in selection.heading], [c for c in codes if c not in selection.heading]
    return [c for c in codes if c not in selection.stub], [c for c in codes if c in selection.stub]
