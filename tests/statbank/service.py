"""The answers of the two services, once it is clear what is asked: no sockets here."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from tests.statbank import answers, codelists, jsonstat, klass, selection, values
from tests.statbank.answers import Answer
from tests.statbank.catalogue import Table
from tests.statbank.embedded import Change
from tests.statbank.faults import Fault
from tests.statbank.problems import Malformed, Problem

if TYPE_CHECKING:
    from tests.statbank.server import Call

MAX_CELLS = 800_000
PAGE_SIZE = 20
LANGUAGES = ("no", "en")
TODAY = date(2026, 11, 22)
FORMATS = ("json-stat2", "csv", "px", "xlsx", "html", "json-px", "parquet")
CONFIG = {
    "apiVersion": "2.3.2",
    "appVersion": "2.5.0+build.30",
    "languages": [{"id": "no", "label": "norsk"}, {"id": "en", "label": "English"}],
    "defaultLanguage": "no",
    "maxDataCells": MAX_CELLS,
    "maxCallsPerTimeWindow": 0,
    "timeWindow": 0,
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "sourceReferences": [{"language": language, "text": jsonstat.SOURCE} for language in LANGUAGES],
    "defaultDataFormat": "json-stat2",
    "dataFormats": list(FORMATS),
}


class Statbank:
    """PxWebApi v2 for one call."""

    def __init__(self, tables: dict[str, Table], base: str, struck: Sequence[Fault]) -> None:
        self.tables = tables
        self.base = base
        self.struck = struck
        self.style = jsonstat.Style(old_spelling=any(fault.kind.strikes == "style" for fault in struck))

    def answer(self, kind: str, parts: list[str], pairs: list[tuple[str, str]], call: "Call") -> Answer:
        query = {name.lower(): text for name, text in pairs}
        self.style.language = query.get("lang", "no")
        if self.style.language not in LANGUAGES:
            raise Problem(400, "Unsupported language")
        if kind == "config":
            return answers.json(CONFIG)
        if kind == "tables":
            return answers.json(self._tables(query))
        if kind == "codelist":
            return answers.json(self._codelist(parts[1]))
        if kind == "data":
            return answers.json(self._data(parts[1], query, pairs, call))
        return answers.json(self._about(kind, parts, pairs))

    def _about(self, kind: str, parts: list[str], pairs: list[tuple[str, str]]) -> dict[str, Any]:
        if kind not in ("table", "metadata", "defaultselection"):
            raise Problem(404, "Not found")
        table = self.tables.get(parts[1])
        if table is None:
            raise Problem(404, "Non-existent table")
        if kind == "table":
            return jsonstat.described(table, self.base, self.style)
        if kind == "defaultselection":
            return jsonstat.default_selection(table, self.base, self.style)
        return jsonstat.metadata(table, self.style, self._codelists(table, pairs))

    def _codelists(self, table: Table, pairs: list[tuple[str, str]]) -> dict[str, codelists.Codelist]:
        found = {}
        for name, text in pairs:
            key, _, rest = name.partition("[")
            if key.lower() == "codelist" and text:
                dimension = next((d for d in table.dimensions if d.code == rest.removesuffix("]")), None)
                if dimension is None:
                    raise Problem(400, "Non-existent variable")
                codelist = selection.with_codelist(dimension, text)
                if codelist is not None:
                    found[dimension.code] = codelist
        return found

    def _codelist(self, name: str) -> dict[str, Any]:
        found = codelists.find(name)
        if found is None:
            raise Problem(404, "Non-existent codelist")
        return jsonstat.codelist(found, self.base, self.style)

    def _tables(self, query: dict[str, str]) -> dict[str, Any]:
        number, size = _positive(query, "pageNumber", 1), _positive(query, "pageSize", PAGE_SIZE)
        found = [table for table in self.tables.values() if self._wanted(table, query)]
        if number > 1 and (number - 1) * size >= len(found):
            raise Problem(404, "Non-existent page")
        return jsonstat.page(found, self.base, number, size, query.get("query", ""), self.style)

    def _wanted(self, table: Table, query: dict[str, str]) -> bool:
        if table.discontinued and query.get("includediscontinued", "false").lower() != "true":
            return False
        days = query.get("pastdays")
        if days and date.fromisoformat(table.updated[:10]) < TODAY - timedelta(days=_positive(query, "pastDays", 1)):
            return False
        return _has_words(table, query.get("query", ""))

    def _data(self, name: str, query: dict[str, str], pairs: list[tuple[str, str]], call: "Call") -> dict[str, Any]:
        table = self.tables.get(name)
        if table is None:
            raise Problem(400, "Non-existent table", said=404)
        _check_format(query)
        wished = selection.from_body(_parsed(call.body)) if call.method == "POST" else selection.from_query(pairs)
        chosen = selection.choose(table, wished, MAX_CELLS)
        self._check_limit(chosen)
        cells = values.cells(table, chosen)
        for fault in self.struck:
            if fault.kind.strikes == "cells":
                cells = fault.kind.work(cells, table, **fault.options)
        heading, stub = selection.heading_and_stub(cells.chosen, wished)
        body = jsonstat.data(table, cells, heading, stub, self.style)
        for fault in self.struck:
            if fault.kind.strikes == "body":
                fault.kind.work(body)
        return body

    def _check_limit(self, chosen: list[values.Chosen]) -> None:
        for fault in self.struck:
            if fault.kind.strikes == "limit":
                try:
                    selection.count_cells(chosen, fault.options["limit"])
                except Problem:
                    fault.fired += 1
                    raise


def _positive(query: dict[str, str], name: str, otherwise: int) -> int:
    text = query.get(name.lower())
    if text is None:
        return otherwise
    if not text.isdigit() or int(text) < 1:
        raise Malformed(name, f"The value '{text}' is not valid.")
    return int(text)


def _has_words(table: Table, query: str) -> bool:
    """Every word of the query stands in the id, the label or the name of a subject; * is any ending."""
    paths = " ".join(label for _, label in jsonstat.PATHS[table.kostra])
    words = _words(f"{table.id} {table.label} {paths}")
    for word in _words(query):
        start, star, _ = word.partition("*")
        if not any(other.startswith(start) if star else other == word for other in words):
            return False
    return True


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "*" else " " for letter in text.lower()).split()


def _check_format(query: dict[str, str]) -> None:
    wanted = query.get("outputformat", "json-stat2").lower()
    if wanted == "parquet":
        raise Problem(500, None)
    if wanted != "json-stat2":
        raise Problem(400, "Unsupported output format")
    if query.get("outputformatparams"):
        raise Problem(400, "Unsupported output format parameter")


def _parsed(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("$", f"The body is not JSON: {error}") from None


def klass_answer(
    parts: list[str], call: "Call", accept: str, changes: Sequence[Change], struck: Sequence[Fault]
) -> Answer:
    names = {fault.name for fault in struck}
    suffix = parts[-1].rpartition(".")[2] if parts and "." in parts[-1] else ""
    path = [*parts[:-1], parts[-1].removesuffix(f".{suffix}")] if suffix else parts
    try:
        _klass_faults(names, struck, call)
        body = klass.answer(path, call.query, changes)
    except klass.Missing as found:
        return answers.json(found.body(call.path), found.status, "application/problem+json")
    if "klass_xml" in names or not (answers.JSON in accept or suffix == "json"):
        return Answer(200, klass.as_xml(body), "application/xml;charset=UTF-8")
    return answers.json(body)


def _klass_faults(names: set[str], struck: Sequence[Fault], call: "Call") -> None:
    if "klass_503" in names:
        raise klass.Missing(503, "The service is unavailable")
    if "klass_changes_gone" in names and call.query.get("from") != "0001-01-01":
        raise klass.Missing(404, "A change table is missing in the range")
    for fault in struck:
        year = str(fault.options.get("year"))
        days = [call.query.get(name, "")[:4] for name in ("date", "from", "to")]
        inside = days[0] == year if days[0] else days[1] <= year <= (days[2] or "9999")
        if fault.name == "klass_missing_year" and inside:
            raise klass.Missing(404, f"No correspondence table for {year}")
