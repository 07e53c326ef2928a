"""The bad days: what `Server.misbehave` can bring about, one function for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.statbank import answers
from tests.statbank.answers import Answer
from tests.statbank.catalogue import CONTENTS, REGION, TIME, Dimension, Table, Value, periods
from tests.statbank.problems import Malformed
from tests.statbank.values import NONE, NOT_IN_USE, Cells

NEXT_RELEASE = "2026-09-01T06:00:00Z"
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../x",
    "[x](javascript:alert(1))",
    '"><img src=x onerror=alert(1)>',
)
Body = dict[str, Any]
Options = dict[str, Any]


@dataclass(slots=True)
class Kind:
    """One fault by name: when it strikes, and the options it takes. ``...`` marks an option that must be given."""

    strikes: str  # state, limit, answer, delivery, cells, body, style, klass
    work: Callable[..., Any]
    options: Options = field(default_factory=dict)
    on: str = "data"


@dataclass(slots=True)
class Fault:
    """A fault that has been asked for, and how far it has come."""

    name: str
    table: str | None
    times: int | None
    after: int
    options: Options
    on: str
    seen: int = 0
    fired: int = 0

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    def matches(self, call: str, table: str | None) -> bool:
        right_call = self.on in (call, "any") or (self.on == "v2" and not call.startswith("klass"))
        return right_call and self.table in (None, table)

    def ready(self) -> bool:
        return self.seen > self.after and (self.times is None or self.fired < self.times)


def make(name: str, table: str | None, times: int | None, after: int, options: Options, known: Sequence[str]) -> Fault:
    if name not in KINDS:
        raise ValueError(f"Unknown fault {name!r}; the faults are {', '.join(sorted(KINDS))}")
    if table is not None and table not in known:
        raise ValueError(f"Unknown table {table!r}; the tables are {', '.join(sorted(known))}")
    kind = KINDS[name]
    on = options.pop("on", kind.on)
    wrong = sorted(set(options) - set(kind.options))
    missing = [option for option, given in kind.options.items() if given is ... and option not in options]
    if wrong or missing:
        raise ValueError(f"{name} takes {', '.join(kind.options) or 'no options'}; not {wrong}, lacking {missing}")
    return Fault(name, table, times, after, {**kind.options, **options}, on)


# Changes to the catalogue: each gets the tables and the table it is about.


def _each(tables: dict[str, Table], table: str | None) -> list[Table]:
    return [tables[table]] if table is not None else list(tables.values())


def change(fault: Fault, tables: dict[str, Table]) -> None:
    """Bring a change of the catalogue about in the table, or in all tables it fits."""
    if fault.name == "table_gone":
        for table in _each(tables, fault.table):
            del tables[table.id]
        return
    fits = 0
    for table in _each(tables, fault.table):
        try:
            fault.kind.work(table, **fault.options)
            fits += 1
        except (LookupError, StopIteration):
            continue
    if not fits:
        raise ValueError(f"{fault.name} does not fit: {fault.table or 'no table'} lacks {fault.options}")


def _replace_value(table: Table, dimension: str, at: str, /, **changes: Any) -> None:
    found = table.dimension(dimension)
    if at not in found.codes():
        raise LookupError(at)
    found.values = tuple(replace(v, **changes) if v.code == at else v for v in found.values)


def _new_release(table: Table) -> None:
    table.updated = NEXT_RELEASE
    table.release += 1


def _code_gone(table: Table, dimension: str, code: str) -> None:
    _replace_value(table, dimension, code)
    found = table.dimension(dimension)
    found.values = tuple(value for value in found.values if value.code != code)


def _stale_metadata(table: Table, dimension: str, code: str) -> None:
    known = next((v for v in table.dimension(dimension).values if v.code == code), None)
    table.stale[dimension] = known or Value(code, f"Kode {code}", code)


def _renamed_code(table: Table, dimension: str, code: str, to: str) -> None:
    _replace_value(table, dimension, code, code=to)


def _renamed_label(table: Table, dimension: str, code: str, to: str) -> None:
    _replace_value(table, dimension, code, label=to)


def _unit_changed(table: Table, code: str, base: str) -> None:
    _replace_value(table, CONTENTS, code, unit=base)


def _until(table: Table, last: str) -> None:
    time = table.dimension(TIME)
    kept = tuple(value for value in time.values if value.code <= last)
    if not kept:
        raise LookupError(last)
    time.values, table.last = kept, kept[-1].code


def _closed(table: Table, last: str) -> None:
    _until(table, str(last))
    table.discontinued = True


def _stands_still(table: Table, last: str) -> None:
    _until(table, str(last))
    table.discontinued = False


def _new_year(table: Table, year: str) -> None:
    time = table.dimension(TIME)
    more = [period for period in periods(table.first, str(year)) if period not in time.codes()]
    time.values = (*time.values, *(Value(period, period, period) for period in more))
    table.last = time.values[-1].code


def _dimension_added(table: Table, dimension: str, elimination: bool, total: bool) -> None:
    """With `total` one of the values is all of it, and says so; without, SSB would have to add them up."""
    labelled = (("0", "I alt"), ("1", "Del 1"), ("2", "Del 2"))[0 if total else 1 :]
    values = tuple(Value(code, label, code) for code, label in labelled)
    made = Dimension(dimension, dimension.lower(), elimination, values, "0" if total else None, added=True)
    table.dimensions.insert(len(table.dimensions) - 2, made)


def _hostile_labels(table: Table) -> None:
    table.title = HOSTILE[0]
    table.label = f"{table.id}: {HOSTILE[0]}"
    table.notes = list(HOSTILE)
    for dimension in table.dimensions:
        if dimension.code in (CONTENTS, REGION, "Region"):
            labelled = enumerate(dimension.values)
            dimension.values = tuple(replace(v, label=HOSTILE[place % len(HOSTILE)]) for place, v in labelled)


# Answers in place of the right one.


def _empty(status: int) -> Callable[..., Answer]:
    def work(retry_after: int | None = None) -> Answer:
        return Answer(status, headers={} if retry_after is None else {"Retry-After": str(retry_after)})

    return work


def _errors_shape() -> Answer:
    return answers.problem(Malformed("$.selection", "The JSON value could not be converted to a list."))


# Changes to the cells of the right answer.


def _axis(cells: Cells, code: str) -> int:
    return next((n for n, each in enumerate(cells.chosen) if each.dimension.code == code), -1)


def _drop_dimension(cells: Cells, table: Table, dimension: str) -> Cells:
    """As when a wildcard matches nothing: the dimension is not there, and a total is."""
    at = _axis(cells, dimension)
    if at < 0:
        return cells
    chosen = [each for number, each in enumerate(cells.chosen) if number != at]
    values = np.where(np.isnan(cells.values).all(axis=at), np.nan, np.nansum(cells.values, axis=at))
    signs = np.where(np.isnan(values), cells.signs.max(axis=at), NONE).astype(np.uint8)
    return Cells(chosen, values, signs)


def _reorder_time(cells: Cells, table: Table) -> Cells:
    at = _axis(cells, TIME)
    chosen = list(cells.chosen)
    chosen[at] = replace(chosen[at], values=chosen[at].values[::-1])
    return Cells(chosen, np.flip(cells.values, at), np.flip(cells.signs, at))


def _reorder_dimensions(cells: Cells, table: Table) -> Cells:
    return Cells(cells.chosen[::-1], cells.values.T, cells.signs.T)


def _wrong_codes(cells: Cells, table: Table) -> Cells:
    """The last region is another one than was asked for, under the figures of the right one."""
    at = max(_axis(cells, REGION), _axis(cells, "Region"))
    if at < 0:
        return cells
    asked = cells.chosen[at]
    codes = {value.code for value in asked.values}
    other = next((v for v in asked.dimension.values if v.code not in codes), Value("0000", "Ukjent", "0000"))
    chosen = list(cells.chosen)
    chosen[at] = replace(asked, values=(*asked.values[:-1], other))
    return Cells(chosen, cells.values, cells.signs)


def _zeros(cells: Cells, table: Table) -> Cells:
    """Every other cell 0, every other "."."""
    odd = (np.arange(cells.values.size) % 2 == 1).reshape(cells.values.shape)
    return Cells(cells.chosen, np.where(odd, np.nan, 0.0), np.where(odd, NOT_IN_USE, NONE).astype(np.uint8))


def _invalid_years_as_zero(cells: Cells, table: Table) -> Cells:
    invalid = cells.signs == NOT_IN_USE
    signs = np.where(invalid, NONE, cells.signs).astype(np.uint8)
    return Cells(cells.chosen, np.where(invalid, 0.0, cells.values), signs)


def _synthesised_contents(cells: Cells, table: Table) -> Cells:
    at = _axis(cells, CONTENTS)
    chosen = list(cells.chosen)
    only = replace(chosen[at].values[0], code="EliminatedValue", label="EliminatedValue")
    chosen[at] = replace(chosen[at], values=(only,))
    return Cells(chosen, cells.values.take([0], axis=at), cells.signs.take([0], axis=at))


# Changes to the JSON of the right answer.


def _reorder_index_keys(body: Body) -> None:
    for dimension in body["dimension"].values():
        index = dimension["category"]["index"]
        dimension["category"]["index"] = dict(reversed(index.items()))


def _short_values(body: Body) -> None:
    body["value"] = body["value"][:-1]


def _note_on_value(body: Body) -> None:
    signs = {str(place): "*" for place, value in enumerate(body["value"]) if value is not None}
    body["status"] = {**body.get("status", {}), **signs}


def _sparse(body: Body) -> None:
    body["value"] = {str(place): value for place, value in enumerate(body["value"]) if value is not None}


def nothing(*_: object, **__: object) -> None:
    """For faults that the server itself acts on."""


KINDS: dict[str, Kind] = {
    "too_many_cells": Kind("limit", nothing, {"limit": 50_000}),
    "html_404": Kind("answer", lambda: answers.page(404, answers.PAGE_404)),
    "not_json": Kind("answer", lambda: answers.page(200, answers.PAGE_200)),
    "empty_429": Kind("answer", _empty(429), {"retry_after": None}),
    "empty_500": Kind("answer", _empty(500)),
    "bad_gateway_502": Kind("answer", _empty(502)),
    "unavailable_503": Kind("answer", _empty(503)),
    "errors_shape": Kind("answer", _errors_shape),
    "metadata_503": Kind("answer", _empty(503), on="metadata"),
    "truncated_body": Kind("delivery", nothing),
    "truncated_json": Kind("delivery", nothing),
    "slow_body": Kind("delivery", nothing, {"seconds": 30.0}),
    "slow_headers": Kind("delivery", nothing, {"seconds": 30.0}),
    "closed_connection": Kind("delivery", nothing),
    "metadata_slow": Kind("delivery", nothing, {"seconds": 30.0}, on="metadata"),
    "drop_dimension": Kind("cells", _drop_dimension, {"dimension": ...}),
    "reorder_time": Kind("cells", _reorder_time),
    "reorder_dimensions": Kind("cells", _reorder_dimensions),
    "wrong_codes": Kind("cells", _wrong_codes),
    "zeros": Kind("cells", _zeros),
    "invalid_years_as_zero": Kind("cells", _invalid_years_as_zero),
    "synthesised_contents": Kind("cells", _synthesised_contents),
    "reorder_index_keys": Kind("body", _reorder_index_keys),
    "short_values": Kind("body", _short_values),
    "note_on_value": Kind("body", _note_on_value),
    "sparse": Kind("body", _sparse),
    "old_spelling": Kind("style", nothing, on="v2"),
    "table_gone": Kind("state", nothing),
    "new_release": Kind("state", _new_release),
    "code_gone": Kind("state", _code_gone, {"dimension": ..., "code": ...}),
    "stale_metadata": Kind("state", _stale_metadata, {"dimension": ..., "code": ...}),
    "renamed_code": Kind("state", _renamed_code, {"dimension": ..., "code": ..., "to": ...}),
    "renamed_label": Kind("state", _renamed_label, {"dimension": ..., "code": ..., "to": ...}),
    "unit_changed": Kind("state", _unit_changed, {"code": ..., "base": ...}),
    "closed": Kind("state", _closed, {"last": ...}),
    "stands_still": Kind("state", _stands_still, {"last": ...}),
    "new_year": Kind("state", _new_year, {"year": "2026"}),
    "dimension_added": Kind("state", _dimension_added, {"dimension": ..., "elimination": True, "total": True}),
    "hostile_labels": Kind("state", _hostile_labels),
    "klass_xml": Kind("klass", nothing, on="klass"),
    "klass_missing_year": Kind("klass", nothing, {"year": 2019}, on="klass_correspondence"),
    "klass_changes_gone": Kind("klass", nothing, on="klass_changes"),
    "klass_503": Kind("klass", nothing, on="klass"),
}
