"""The bodies of PxWebApi v2: json-stat2 for metadata and data, and the plain lists around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.statbank.catalogue import CONTENTS, REGION, TIME, Table, Value
from tests.statbank.codelists import Codelist, find
from tests.statbank.selection import default, default_placement
from tests.statbank.values import SYMBOLS, Cells, Chosen

SOURCE = "SYNTETISKE TALL (testserver, ikke Statistisk sentralbyrå)"
SUBJECTS = {True: ("os", "Offentlig sektor"), False: ("be", "Befolkning")}
PATHS = {
    True: [("os", "Offentlig sektor"), ("os02", "KOSTRA"), ("kostrahoved", "KOSTRA - hovedtall")],
    False: [("be", "Befolkning"), ("be01", "Folketall"), ("folkemengde", "Befolkning")],
}
SHOW = {CONTENTS: "value", TIME: "code", REGION: "code_value"}
KLASS = {REGION: 231, "Region": 131, "Kjonn": 2, "Alder": 6}
ENGLISH = {
    "region": "region",
    "funksjon": "function",
    "art": "type",
    "kjønn": "sex",
    "alder": "age",
    "år": "year",
    "kvartal": "quarter",
    "statistikkvariabel": "contents",
}


@dataclass(slots=True)
class Style:
    """How the server spells things: today's way, or that of 2025."""

    language: str = "no"
    old_spelling: bool = False

    def label(self, text: str) -> str:
        return ENGLISH.get(text, text) if self.language == "en" else text


def metadata(table: Table, style: Style, codelists: dict[str, Codelist]) -> dict[str, Any]:
    chosen = []
    for dimension in table.dimensions:
        codelist = codelists.get(dimension.code)
        values = dimension.values if codelist is None else tuple(Value(c, t, c) for c, t, _ in codelist.values)
        extra = table.stale.get(dimension.code)
        if extra is not None and extra not in values:
            values = (*values, extra)
        chosen.append(Chosen(dimension, values, codelist))
    codes = [dimension.code for dimension in table.dimensions]
    made = _dataset(table, chosen, *default_placement(codes), style, table.label)
    for dimension in table.dimensions:
        extension = made["dimension"][dimension.code]["extension"]
        name = "codeLists" if style.old_spelling else "codelists"
        extension[name] = [_codelist_link(each) for each in dimension.codelists]
    made["value"] = []
    return made


def _codelist_link(name: str) -> dict[str, Any]:
    found = find(name)
    return {"id": name, "label": found.label if found else name, "type": found.type if found else "Aggregation"}


def data(table: Table, cells: Cells, heading: list[str], stub: list[str], style: Style) -> dict[str, Any]:
    named = [each for each in cells.chosen if each.dimension.code not in (CONTENTS, TIME)]
    labels = [style.label(each.dimension.label) for each in named]
    contents = next((each for each in cells.chosen if each.dimension.code == CONTENTS), None)
    if contents is not None and len(contents.values) > 1:
        labels.append(style.label("statistikkvariabel"))
    period = style.label("kvartal" if table.quarterly else "år")
    by, also = (", by ", " and ") if style.language == "en" else (", etter ", " og ")
    sides = f"{', '.join(labels)}{also}{period}" if labels else period
    made = _dataset(table, cells.chosen, heading, stub, style, f"{table.id}: {table.title}{by}{sides}")
    made["value"], status = figures(cells)
    if status:
        made["status"] = status
    return made


def figures(cells: Cells) -> tuple[list[Any], dict[str, str]]:
    """The dense array, whole numbers without a decimal point, and the symbols by position."""
    flat = np.ascontiguousarray(cells.values).ravel()
    missing = np.isnan(flat)
    made = flat.astype(object)
    whole = np.broadcast_to(_whole(cells), cells.values.shape).ravel() & ~missing
    made[whole] = flat[whole].astype(np.int64)
    made[missing] = None
    signs = np.ascontiguousarray(cells.signs).ravel()
    places = np.flatnonzero(signs)
    symbols = [SYMBOLS[sign] for sign in signs[places].tolist()]
    return made.tolist(), dict(zip(map(str, places.tolist()), symbols, strict=True))


def _whole(cells: Cells) -> np.ndarray:
    at = next((n for n, each in enumerate(cells.chosen) if each.dimension.code == CONTENTS), None)
    if at is None:
        return np.array(True)
    shape = [1] * cells.values.ndim
    shape[at] = -1
    return np.array([value.decimals == 0 for value in cells.chosen[at].values]).reshape(shape)


def _dataset(
    table: Table, chosen: list[Chosen], heading: list[str], stub: list[str], style: Style, label: str
) -> dict[str, Any]:
    codes = [each.dimension.code for each in chosen]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": label,
        "source": SOURCE,
        "updated": table.updated,
        "note": list(table.notes),
        "role": _role(codes, style),
        "id": codes,
        "size": [len(each.values) for each in chosen],
        "dimension": {each.dimension.code: _dimension(each, style) for each in chosen},
        "extension": _extension(table, chosen, heading, stub, style),
    }


def _role(codes: list[str], style: Style) -> dict[str, list[str]]:
    """07459 and its kind have no geo."""
    role = {"time": [TIME]}
    if REGION in codes and not style.old_spelling:
        role["geo"] = [REGION]
    return {**role, "metric": [CONTENTS]}


def _dimension(each: Chosen, style: Style) -> dict[str, Any]:
    values, code = each.values, each.dimension.code
    category: dict[str, Any] = {
        "index": {value.code: place for place, value in enumerate(values)},
        "label": {value.code: value.label for value in values},
    }
    extension: dict[str, Any] = {"elimination": each.dimension.elimination, "show": SHOW.get(code, "value")}
    if each.dimension.elimination and each.dimension.elimination_value in category["index"]:
        extension["eliminationValueCode"] = each.dimension.elimination_value
    made = {"label": style.label(each.dimension.label), "category": category, "extension": extension}
    if code == CONTENTS:
        category["unit"] = {v.code: {"base": v.unit, "decimals": v.decimals} for v in values}
        extension["refperiod"] = {v.code: "31.12" for v in values}
        extension["measuringType"] = {v.code: "Flow" for v in values}
        extension["priceType"] = {v.code: "NotApplicable" for v in values}
        extension["adjustment"] = {v.code: "None" for v in values}
        extension["alternativeText"] = {v.code: v.label for v in values}
    elif code in KLASS:
        link = {code: f"urn:ssb:classification:klass:{KLASS[code]}"}
        made["link"] = {"describedby": [{"extension": link}]}
    return made


def _extension(table: Table, chosen: list[Chosen], heading: list[str], stub: list[str], style: Style) -> dict[str, Any]:
    subject, area = SUBJECTS[table.kostra]
    contents = next((each.values for each in chosen if each.dimension.code == CONTENTS), ())
    px = {
        "infofile": "None",
        "tableid": table.id,
        "decimals": max((value.decimals for value in contents), default=0),
        "official-statistics": True,
        "aggregallowed": not table.kostra,
        "copyright": False,
        "language": style.language,
        "contents": f"{table.id}: {table.title},",
        "descriptiondefault": False,
        "heading": heading,
        "stub": stub,
        "matrix": table.id,
        "subject-code": subject,
        "subject-area": area,
    }
    contact = {"name": "Testserver", "organization": SOURCE, "phone": "", "mail": "", "raw": ""}
    made: dict[str, Any] = {"noteMandatory": {"1": True}} if len(table.notes) > 1 else {}
    discontinued = None if style.old_spelling else (True if table.discontinued else None)
    return {**made, "px": px, "discontinued": discontinued, "contact": [contact]}


def listed(table: Table, base: str, style: Style) -> dict[str, Any]:
    """A table in the list of tables."""
    words = [style.label(dimension.label) for dimension in table.dimensions]
    other = "en" if style.language == "no" else "no"
    link = f"{base}/tables/{table.id}"
    here = f"lang={style.language}"
    return {
        "id": table.id,
        "label": f"{table.label} {table.first}-{table.last}",
        "description": "",
        "updated": table.updated,
        "firstPeriod": table.first,
        "lastPeriod": table.last,
        "discontinued": None if style.old_spelling else table.discontinued,
        "category": "public",
        "variableNames": words,
        "source": SOURCE,
        "subjectCode": SUBJECTS[table.kostra][0],
        "timeUnit": "Quarterly" if table.quarterly else "Annual",
        "paths": [[{"id": code, "label": label} for code, label in PATHS[table.kostra]]],
        "links": [
            {"rel": "self", "hreflang": style.language, "href": f"{link}?{here}"},
            {"rel": "alternate", "hreflang": other, "href": f"{link}?lang={other}"},
            {"rel": "metadata", "hreflang": style.language, "href": f"{link}/metadata?{here}"},
            {"rel": "data", "hreflang": style.language, "href": f"{link}/data?{here}&outputFormat=json-stat2"},
        ],
    }


def described(table: Table, base: str, style: Style) -> dict[str, Any]:
    """A table on its own."""
    made = listed(table, base, style)
    return {"language": style.language, "id": made.pop("id"), "sortCode": table.id, **made}


def default_selection(table: Table, base: str, style: Style) -> dict[str, Any]:
    wishes = default(table).wishes
    heading, stub = default_placement(list(wishes))
    link = f"{base}/tables/{table.id}/defaultselection?lang={style.language}"
    return {
        "language": style.language,
        "selection": [
            {"variableCode": code, "codelist": wish.codelist, "valueCodes": wish.codes} for code, wish in wishes.items()
        ],
        "placement": {"heading": heading, "stub": stub},
        "links": [{"rel": "self", "hreflang": style.language, "href": link}],
    }


def codelist(found: Codelist, base: str, style: Style) -> dict[str, Any]:
    link = f"{base}/codelists/{found.id}?lang={style.language}"
    return {
        "id": found.id,
        "label": found.label,
        "language": style.language,
        "languages": ["no", "en"],
        "elimination": found.elimination,
        "type": found.type,
        "values": [{"code": code, "label": label, "valueMap": list(mapped)} for code, label, mapped in found.values],
        "links": [{"rel": "self", "hreflang": style.language, "href": link}],
    }


def page(tables: Sequence[Table], base: str, number: int, size: int, query: str, style: Style) -> dict[str, Any]:
    """One page of the list. Its links forget includeDiscontinued, as SSB's do."""
    pages = -(-len(tables) // size)
    more = f"&query={query}" if query else ""
    link = f"{base}/tables/?lang={style.language}{more}&pagesize={size}&pageNumber="

    def to(rel: str, page_number: int) -> dict[str, str]:
        return {"rel": rel, "hreflang": style.language, "href": f"{link}{page_number}"}

    links = [to("previous", number - 1)] if number > 1 else []
    links += [to("next", number + 1), to("last", pages)] if number < pages else []
    shown = tables[(number - 1) * size : number * size]
    return {
        "language": style.language,
        "tables": [listed(table, base, style) for table in shown],
        "page": {
            "pageNumber": number,
            "pageSize": size,
            "totalElements": len(tables),
            "totalPages": pages,
            "links": links,
        },
        "links": [to("self", number)],
    }
