"""KLASS: the municipality classification 131, its changes, and the KOSTRA groups 112."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from tests.statbank import catalogue, regions
from tests.statbank.embedded import Change, codes_2026, municipality_changes

TODAY = "2026-11-22"
MUNICIPALITIES, GROUPS = "131", "112"
FIRST_GROUPING, LAST_GROUPING = "2015-01-01", "2027-01-01"
# Border adjustments and names on 1 January 2026; they are no splits, and change nobody's code.
CHANGES_2026 = (
    Change("2026-01-01", "3118", "Indre Østfold", "3118", "Indre Østfold"),
    Change("2026-01-01", "3118", "Indre Østfold", "3207", "Nordre Follo"),
    Change("2026-01-01", "3118", "Indre Østfold", "3216", "Vestby"),
)
Row = dict[str, Any]


@dataclass(slots=True)
class Missing(Exception):
    """An RFC 7807 answer."""

    status: int
    detail: str

    def body(self, path: str) -> Row:
        title = {404: "Not Found", 400: "Bad Request", 503: "Service Unavailable"}.get(self.status, "Error")
        return {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, "instance": path}


def all_changes() -> list[Change]:
    return [*municipality_changes(), *CHANGES_2026]


def _day(query: dict[str, str], name: str, required: bool = True) -> str | None:
    text = query.get(name)
    if text is None:
        if required:
            raise Missing(400, f"Required request parameter '{name}' is not present")
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Missing(400, f"Failed to convert '{name}' with value: '{text}'") from None
    return text


def _future(query: dict[str, str]) -> bool:
    return query.get("includeFuture", "false").lower() == "true"


def changes(rows: Sequence[Change], query: dict[str, str]) -> dict[str, list[Row]]:
    """A change belongs to a range when the versions before and after it both lie in the range."""
    start, end = _day(query, "from") or "", _day(query, "to", required=False) or "9999-12-31"
    last = "9999-12-31" if _future(query) else TODAY
    return {"codeChanges": [_change(row) for row in rows if start < row.occurred < end and row.occurred <= last]}


def _change(row: Change) -> Row:
    return {
        "oldCode": row.old_code,
        "oldName": row.old_name,
        "oldShortName": "" if row.old_code else None,
        "newCode": row.new_code,
        "newName": row.new_name,
        "newShortName": "" if row.new_code else None,
        "changeOccurred": row.occurred,
    }


def _code(code: str, name: str, notes: str = "") -> Row:
    empty = {"shortName": "", "presentationName": "", "validFrom": None, "validTo": None}
    return {"code": code, "parentCode": None, "level": "1", "name": name, **empty, "notes": notes}


@lru_cache(maxsize=1000)
def _codes_on(day: str) -> tuple[tuple[str, str], ...]:
    if day >= "2026-01-01":
        return tuple((str(row["code"]), str(row["name"])) for row in codes_2026())
    codes = [code for code in regions.municipalities() if regions.valid_on(code, day)]
    return tuple((code, regions.name_on(code, day)) for code in codes)


def codes_at(query: dict[str, str]) -> dict[str, list[Row]]:
    day = _day(query, "date") or ""
    return {"codes": [_code(code, name) for code, name in _codes_on(day)]}


def codes(query: dict[str, str]) -> dict[str, list[Row]]:
    """Every code and name in the range. A merger into a code that goes on gives no row of its own."""
    start, end = _day(query, "from") or "", _day(query, "to", required=False) or "9999-12-31"
    days = sorted({day for row in all_changes() if start < (day := row.occurred) < end} | {start})
    spans: dict[tuple[str, str], list[str]] = {}
    for number, day in enumerate(days):
        until = days[number + 1] if number + 1 < len(days) else end
        for pair in _codes_on(day):
            spans.setdefault(pair, [day, until])[1] = until
    rows = []
    for (code, name), (first, last) in sorted(spans.items()):
        until_end = None if last == "9999-12-31" else last
        rows.append({**_code(code, name), "validFromInRequestedRange": first, "validToInRequestedRange": until_end})
    return {"codes": rows}


def corresponds_at(source: str, query: dict[str, str]) -> dict[str, list[Row]]:
    day = _day(query, "date") or ""
    _covered(source, query, day, (date.fromisoformat(day) + timedelta(days=1)).isoformat())
    return {"correspondenceItems": _items(source, int(day[:4]))}


def corresponds(source: str, query: dict[str, str]) -> dict[str, list[Row]]:
    start, end = _day(query, "from") or "", _day(query, "to", required=False) or LAST_GROUPING
    _covered(source, query, start, end)
    years = range(int(start[:4]), int(end[:4]) + (end[5:] != "01-01"))
    spans: dict[tuple[str, ...], tuple[Row, list[int]]] = {}
    for year in years:
        for item in _items(source, year):
            key = item["sourceCode"], item["targetCode"]
            spans.setdefault(key, (item, []))[1].append(year)
    return {
        "correspondenceItems": [
            {**item, "validFrom": f"{min(found)}-01-01", "validTo": f"{max(found) + 1}-01-01"}
            for item, found in spans.values()
        ]
    }


def _covered(source: str, query: dict[str, str], start: str, end: str) -> None:
    target = query.get("targetClassificationId")
    if target is None:
        raise Missing(400, "Required request parameter 'targetClassificationId' is not present")
    if {source, target} != {GROUPS, MUNICIPALITIES}:
        raise Missing(404, f"No correspondence table found between classification {source} and {target}")
    if start < FIRST_GROUPING or end > LAST_GROUPING:
        raise Missing(404, f"Classification {source} has no correspondence table with {target} for the date {start}")


@lru_cache(maxsize=64)
def _pairs(year: int) -> tuple[tuple[str, str], ...]:
    codes_ = regions.valid_codes(year)
    return tuple(sorted((regions.group(code, year), code) for code in codes_))


def _items(source: str, year: int) -> list[Row]:
    made = []
    for group, code in _pairs(year):
        sides = (group, f"KOSTRA-gruppe {int(group[3:])}"), (code, regions.name_on(code, f"{year}-01-01"))
        (one, one_name), (two, two_name) = sides if source == GROUPS else sides[::-1]
        made.append(
            {
                "sourceCode": one,
                "sourceName": one_name,
                "sourceShortName": "",
                "targetCode": two,
                "targetName": two_name,
                "targetShortName": "",
            }
        )
    return made


def version(number: str) -> Row:
    """Only the two versions of the chart of accounts, with as much as the tables know."""
    if number == "1204":
        name, items = "Regnskapsfunksjoner", list(catalogue.functions().items())
    elif number == "795":
        found = catalogue.load()["12367"].dimension("KOKart0000").values
        name, items = "Regnskapsarter", [(v.code[1:], v.label) for v in found if v.code[1:].isdigit()]
    else:
        raise Missing(404, f"Classification version not found with id {number}")
    rows = [{**_code(code, label), "parentCode": None} for code, label in items]
    return {"name": name, "id": int(number), "classificationItems": rows}


def answer(path: list[str], query: dict[str, str], rows: Sequence[Change]) -> Row:
    """The body for a path below the KLASS address."""
    if path[:1] == ["versions"] and len(path) == 2:
        return version(path[1])
    if path[:1] != ["classifications"] or len(path) != 3:
        raise Missing(404, "No such resource")
    number, what = path[1:]
    of_municipalities: dict[str, Callable[[], Row]] = {
        "changes": lambda: changes(rows, query),
        "codesAt": lambda: codes_at(query),
        "codes": lambda: codes(query),
    }
    between = {"correspondsAt": corresponds_at, "corresponds": corresponds}
    if number == MUNICIPALITIES and what in of_municipalities:
        return of_municipalities[what]()
    if number in (MUNICIPALITIES, GROUPS) and what in between:
        return between[what](number, query)
    raise Missing(404, f"Classification not found with id {number}")


ROOTS = {"codeChanges": "codeChangeList", "codes": "codeList", "correspondenceItems": "correspondenceItemList"}
ITEMS = {"codeChanges": "codeChange", "codes": "codeItem", "correspondenceItems": "correspondenceItem"}


def as_xml(body: Row) -> bytes:
    """What KLASS answers to whoever does not ask for JSON."""
    name = next((key for key in body if key in ROOTS), "classificationItems")
    root = ElementTree.Element(ROOTS.get(name, "classificationVersion"))
    for row in body.get(name, []):
        item = ElementTree.SubElement(root, ITEMS.get(name, "classificationItem"))
        for key, text in row.items():
            if text is not None:
                ElementTree.SubElement(item, key).text = str(text)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))
