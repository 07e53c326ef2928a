"""The tables as the server describes them: read from `tables.json`, with the long value lists built here."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.statbank import embedded, population, regions

REGION = "KOKkommuneregion0000"
CONTENTS = "ContentsCode"
TIME = "Tid"
KOSTRA_UPDATED = "2026-06-15T06:00:00Z"
POPULATION_UPDATED = "2026-02-24T07:00:00Z"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a dimension. `origin` is the code its figures are made from, also after a code was renamed."""

    code: str
    label: str
    origin: str
    unit: str = ""  # the next four for contents only
    decimals: int = 0
    kind: str = ""  # the unit that decides the size of the figures, also after the unit was changed
    span: tuple[float, float] | None = None
    last: int | None = None


@dataclass(slots=True)
class Dimension:
    code: str
    label: str
    elimination: bool
    values: tuple[Value, ...]
    elimination_value: str | None = None  # eliminated to this value instead of to the sum
    added: bool = False  # put in by a fault; not part of what the figures are made from
    codelists: tuple[str, ...] = ()

    def codes(self) -> list[str]:
        return [value.code for value in self.values]


@dataclass(slots=True)
class Table:
    id: str
    title: str
    label: str
    first: str
    last: str
    discontinued: bool
    updated: str
    kostra: bool
    quarterly: bool
    projection: bool
    dimensions: list[Dimension]
    notes: list[str] = field(default_factory=list)
    release: int = 0
    contents_eliminated: bool = False
    stale: dict[str, Value] = field(default_factory=dict)  # dimension → value that metadata alone still lists

    def dimension(self, code: str) -> Dimension:
        return next(dimension for dimension in self.dimensions if dimension.code == code)

    def copy(self) -> "Table":
        dimensions = [replace(dimension) for dimension in self.dimensions]
        return replace(self, dimensions=dimensions, notes=list(self.notes), stale=dict(self.stale))


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    text = (Path(__file__).parent / "tables.json").read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(text)
    return made


def function_groups() -> dict[str, list[str]]:
    """Service areas (FGK…) and the functions they are the sum of."""
    return {code: group["functions"] for code, group in _file()["lists"]["groups"].items()}


def functions() -> dict[str, str]:
    made: dict[str, str] = _file()["lists"]["functions"]
    return made


def function_years() -> dict[str, tuple[int | None, int | None]]:
    return {code: (first, last) for code, (first, last) in _file()["lists"]["function_years"].items()}


def _functions(name: str) -> list[tuple[str, str]]:
    lists = _file()["lists"]
    labels = {**lists["functions"], **{code: group["label"] for code, group in lists["groups"].items()}}
    return [(code, labels[code]) for code in lists[name]]


def _ages() -> list[tuple[str, str]]:
    return [(age, "105 år eller eldre" if age == "105+" else f"{int(age)} år") for age in population.AGES]


def _municipalities(year: int | None = None) -> list[tuple[str, str]]:
    codes = regions.valid_codes(year) if year else regions.municipalities()
    return [(code, regions.label(code)) for code in codes]


LISTS: dict[str, Callable[[], Any]] = {
    "kostra_regions": regions.kostra_regions,
    "regions": lambda: [(population.COUNTRY, "Hele landet"), *_municipalities()],
    "ages": _ages,
    "basic_units": embedded.basic_units,
    "functions_12362": lambda: _functions("functions_12362"),
    "functions_12367": lambda: _functions("functions_12367"),
    "arts_12362": lambda: _file()["lists"]["arts_12362"].items(),
    "arts_12367": lambda: _file()["lists"]["arts_12367"].items(),
    "artkap": lambda: _file()["lists"]["artkap"].items(),
}


@lru_cache(maxsize=64)
def _shared(name: str) -> tuple[Value, ...]:
    prefix, _, year = name.rpartition("_")
    pairs = _municipalities(int(year)) if prefix == "municipalities" else LISTS[name]()
    return _plain(pairs)


def _plain(pairs: Any) -> tuple[Value, ...]:
    return tuple(Value(code, label, code) for code, label in pairs)


def _dimension(given: dict[str, Any], table: dict[str, Any]) -> Dimension:
    listed = given["values"]
    values = _shared(listed) if isinstance(listed, str) else _plain(listed.items())
    eliminated_to = population.COUNTRY if listed == "regions" else None
    codelists = codelists_of(given["code"], table["id"], listed)
    return Dimension(given["code"], given["label"], given["elimination"], values, eliminated_to, codelists=codelists)


def _contents(given: list[dict[str, Any]]) -> Dimension:
    values = tuple(
        Value(
            each["code"],
            each["label"],
            each["code"],
            each["unit"],
            each["decimals"],
            each["unit"],
            tuple(each["range"]) if "range" in each else None,
            each.get("last"),
        )
        for each in given
    )
    return Dimension(CONTENTS, "statistikkvariabel", False, values)


def periods(first: str, last: str) -> list[str]:
    if "K" not in first:
        return [str(year) for year in range(int(first), int(last) + 1)]
    every = [f"{year}K{quarter}" for year in range(int(first[:4]), int(last[:4]) + 1) for quarter in range(1, 5)]
    return [period for period in every if first <= period <= last]


def _time(table: dict[str, Any]) -> Dimension:
    values = _plain((period, period) for period in periods(table["first"], table["last"]))
    return Dimension(TIME, "kvartal" if table.get("quarterly") else "år", False, values)


def _notes(kostra: bool) -> list[str]:
    made_up = "Tallene er laget av en testserver og er ikke offisiell statistikk."
    group_break = "Det er brudd i tidsserien for KOSTRA-gruppene mellom 2019 og 2020."
    return [made_up, group_break] if kostra else [made_up]


def _table(given: dict[str, Any]) -> Table:
    dimensions = [_dimension(each, given) for each in given["dimensions"]]
    dimensions += [_contents(given["contents"]), _time(given)]
    return Table(
        id=given["id"],
        title=given["title"],
        label=given["label"],
        first=given["first"],
        last=given["last"],
        discontinued=given["discontinued"],
        updated=KOSTRA_UPDATED if given["kostra"] else POPULATION_UPDATED,
        kostra=given["kostra"],
        quarterly=given.get("quarterly", False),
        projection=given.get("projection", False),
        dimensions=dimensions,
        notes=_notes(given["kostra"]),
    )


@lru_cache(maxsize=1)
def _loaded() -> tuple[Table, ...]:
    return tuple(_table(given) for given in _file()["tables"])


def load() -> dict[str, Table]:
    """A catalogue of one's own, free to be changed."""
    return {table.id: table.copy() for table in _loaded()}


KOSTRA_CODELISTS = (
    "Uttrekk for Landet",
    "Uttrekk for Alle kommuner",
    "Uttrekk for Kommuner 2024-",
    "Uttrekk for Kommuner 2020-2023",
    "Uttrekk for Alle fylker",
    "Uttrekk for Fylker 2024-",
    "Uttrekk for Fylker 2020-2023",
    "Uttrekk for KOSTRA-grupperinger",
)
POPULATION_CODELISTS = {
    "regions": ("agg_KommSummer", "agg_KommGjeldende", "agg_KommFylker", "vs_Kommun"),
    "ages": ("vs_AlleAldre00B", "agg_FemAarigGruppering", "agg_TodeltGrupperingB"),
}


def codelists_of(dimension: str, table: str, listed: object) -> tuple[str, ...]:
    """Ids differ between KOSTRA tables, the labels do not: that is what a client must pick by."""
    if dimension == REGION:
        first = {"13277": 2901}.get(table, 5401 if table in ("12134", "12362", "12367", "13502", "13526") else 5411)
        return tuple(f"agg_KOGkommuneregion0000{first + step:05d}" for step in range(len(KOSTRA_CODELISTS)))
    return POPULATION_CODELISTS.get(str(listed), ())
