"""What a report reads: one merger, one sub-project, one year, from the processed tables only."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipeline import words
from pipeline.ingest.store import NOT_SSB
from pipeline.model import Definitions, Indicator, Merger, Part
from pipeline.report import claims
from pipeline.report.keys import Kind, scope_of, whole

Row = dict[str, Any]
UNCERTAIN = "Usikkert: målgruppen er liten, og ett år svinger mye."
BACKGROUND = ("befolkning", "behov", "okonomi")  # areas about the municipality and its people, the same in every report
DAGGER = "†"  # beside a figure with something that must be told about it


@dataclass(frozen=True)
class Figure:
    """A value with what travels with it: `mark` is what must be told beside the value, and wherever the value becomes
    text the dagger comes along."""

    value: float | None
    status: str
    label: str
    reason: str
    unit: str
    decimals: int
    numerator: float | None = None
    denominator: float | None = None
    basis: str | None = None
    uncertainty: float | None = None
    mark: str = ""  # what must be told beside the value
    signed: bool = False  # a change: shown with its sign, also where it is up

    @property
    def ok(self) -> bool:
        return self.status == "ok"

    @property
    def text(self) -> str:
        """The number, or the word for why there is none: never blank, never zero."""
        if self.value is None:
            return self.label
        return (words.signed if self.signed else words.number)(self.value, self.decimals) + self.dagger

    @property
    def with_unit(self) -> str:
        if self.value is None:
            return self.label
        return words.with_unit(self.value, self.decimals, self.unit) + self.dagger

    @property
    def dagger(self) -> str:
        return DAGGER if self.mark else ""


@dataclass(frozen=True)
class Region:
    id: str
    name: str
    role: str
    kind: str


class ReportData:
    """Read-only access to the processed tables of one merger; knows nothing of layout.

    With a kind of report it holds what that report may read (`keys`), and nothing else; without, everything.
    """

    def __init__(
        self,
        definitions: Definitions,
        processed: Path,
        merger: Merger,
        part: Part | None,
        year: int,
        kind: Kind | None = None,
    ) -> None:
        self.scope = whole(definitions) if kind is None else scope_of(definitions, merger, part, kind)
        self.definitions = self.scope.definitions
        self.processed = processed
        self.merger = merger
        self.part = part
        self.year = year
        self._connection = _database().cursor()

    def query(self, sql: str, *parameters: object) -> list[Row]:
        """Rows of a query over the processed tables; `{name}` in the SQL stands for the report's rows of a table."""
        cursor = self._connection.execute(sql.format_map(_Tables(self)), list(parameters))
        columns = [column[0] for column in cursor.description or []]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def about(self, part: Part) -> "ReportData":
        """The same tables, looked at for one sub-project."""
        other = copy(self)
        for name in [name for name, value in vars(type(self)).items() if isinstance(value, cached_property)]:
            vars(other).pop(name, None)
        other.part = part
        return other

    # ------------------------------------------------------------------ regions and indicators

    @cached_property
    def regions(self) -> list[Region]:
        rows = self.query("select region, region_name, role, kind from {region}")
        return [Region(row["region"], row["region_name"], row["role"], row["kind"]) for row in rows]

    @property
    def members(self) -> list[Region]:
        return [region for region in self.regions if region.role == "member"]

    @property
    def merged(self) -> Region:
        return next(region for region in self.regions if region.role == "merged")

    def comparators(self, *kinds: str) -> list[Region]:
        return [region for region in self.regions if region.role == "comparator" and region.kind in kinds]

    @property
    def country(self) -> Region | None:
        return next(iter(self.comparators("country")), None)

    def group_for(self, year: int) -> Region | None:
        """The KOSTRA group to compare with: most members' before the merger, the new one's after it."""
        chosen = self.merger.group_of_year.get(year, "")
        return next((group for group in self.comparators("kostra_group") if group.id == chosen), None)

    @cached_property
    def indicators(self) -> list[Indicator]:
        if self.part is None:
            return list(self.definitions.indicators.values())
        return self.definitions.indicators_of(self.part)

    def own(self, heading: str) -> list[Indicator]:
        """The report's indicators under a heading that are about its services, not about the whole municipality."""
        return [i for i in self.under(heading) if i.area not in BACKGROUND and not self.replaced(i)]

    def replaced(self, indicator: Indicator) -> bool:
        """Whether another figure of the same thing is shown instead: one report, one definition."""
        known = self.definitions.indicators
        better = known.get(indicator.instead_of)
        if better is not None:
            return self.has_figure(better)
        stands_in = any(other.instead_of == indicator.id for other in known.values())
        return stands_in and not self.has_figure(indicator)

    def under(self, heading: str, *areas: str) -> list[Indicator]:
        """The report's indicators under one of the plan's headings; `areas` limits to those."""
        return [i for i in self.indicators if i.heading == heading and (not areas or i.area in areas)]

    # ------------------------------------------------------------------------------- figures

    @cached_property
    def _figures(self) -> dict[str, dict[tuple[str, int], Row]]:
        """Rows of the indicator table by indicator, then region and year."""
        rows = self.query(
            "select indicator, region, year, value, status, reason, unit, numerator, denominator, basis, uncertainty, "
            "mark "
            "from {indicator} where list_contains(?, indicator) "
            # a municipality only compared with is shown where it has a figure, and nowhere else
            "and (status = 'ok' or region not in (select region from {region} where kind = 'peer'))",
            [indicator.id for indicator in self.indicators],
        )
        return _keyed(rows, "region", "year")

    def _figure(self, row: Row, decimals: int | None = None, told: str = "") -> Figure:
        known = self.definitions.indicators[row["indicator"]]
        return Figure(
            value=row["value"],
            status=row["status"],
            label=self.definitions.statuses[row["status"]].label,
            reason=row["reason"] or "",
            unit=row.get("unit", "indeks"),
            decimals=known.decimals if decimals is None else decimals,
            numerator=row.get("numerator"),
            denominator=row.get("denominator"),
            basis=row.get("basis"),
            uncertainty=row.get("uncertainty"),
            mark=" ".join(filter(None, [row.get("mark"), told])) if row["value"] is not None else "",
        )

    def figure(self, indicator: Indicator | str, region: Region, year: int | None = None) -> Figure:
        """One figure; a combination the tables do not hold is `not_in_set`, not an error."""
        key = indicator if isinstance(indicator, str) else indicator.id
        at = self.year if year is None else year
        found = self._figures.get(key, {}).get((region.id, at))
        if found is not None:
            row = self.three_years.get((key, region.id, at))
            return self._figure(found, told=UNCERTAIN if row and row["uncertain"] == "true" else "")
        known = self.definitions.indicators[key]
        if region.kind == "kostra_group":
            label = self.definitions.statuses["not_applicable"].label
            return Figure(None, "not_applicable", label, "Gruppen gjelder andre år.", known.unit, known.decimals)
        return self._unknown(known.unit, known.decimals)

    def marked(self, figure: Figure, region: str, year: int) -> Figure:
        """A figure of a table without marks of its own, with what must be told of the region's land in the year."""
        mark = self._marks.get((region, year), "") if figure.value is not None else ""
        return replace(figure, mark=mark) if mark else figure

    def with_marks(self, rows: Sequence[Row]) -> list[Row]:
        """Rows of such a table with the column `mark`, as the indicator table has it."""
        told = [self._marks.get((row["region"], row["year"])) for row in rows]
        return [
            {**row, "mark": mark if row["value"] is not None else None} for row, mark in zip(rows, told, strict=True)
        ]

    @cached_property
    def _marks(self) -> dict[tuple[str, int], str]:
        """What must be told, by region and year, where there is anything."""
        places = dict.fromkeys((land.region, land.year) for land in self.merger.land if land.mark)
        told = {(region, year): self.merger.mark_in(region, year) for region, year in places}
        return {place: mark for place, mark in told.items() if mark}

    def _unknown(self, unit: str, decimals: int) -> Figure:
        label = self.definitions.statuses["not_in_set"].label
        return Figure(None, "not_in_set", label, "Ikke i datasettet.", unit, decimals)

    def years(self, indicator: Indicator, regions: Sequence[Region]) -> list[int]:
        """Years in which at least one of the regions has a value, in order."""
        ids = {region.id for region in regions}
        return sorted({year for region, year in self._there.get(indicator.id, []) if region in ids})

    @cached_property
    def _there(self) -> dict[str, list[tuple[str, int]]]:
        """Where each indicator has a value: regions and years."""
        figures = self._figures.items()
        return {name: [place for place, row in rows.items() if row["status"] == "ok"] for name, rows in figures}

    def shown_year(self, indicator: Indicator) -> int:
        """The report's year where the indicator has figures for it, else the newest with one for the whole.

        The newest up to the report's year, and one after it where there is none; then any year with a figure.
        """
        own = self.years(indicator, [*self.members, self.merged])
        if self.year in own or not own:
            return self.year
        for years in (self.years(indicator, [self.merged]), own):
            newest = claims.newest_usable(years, self.year) or max(years, default=None)
            if newest is not None:
                return newest
        return self.year

    def levels(self, indicator: Indicator, year: int) -> dict[str, float | None]:
        """The members' figures of a year, by region: what a rule of speech compares."""
        return {region.id: self.figure(indicator, region, year).value for region in self.members}

    def usable_year(self, indicator: Indicator) -> int | None:
        """The newest year up to the report's in which every member has a figure."""
        years = self.years(indicator, self.members)
        return claims.newest_usable(claims.years_of_all({y: self.levels(indicator, y) for y in years}), self.year)

    def when(self, indicator: Indicator, year: int) -> str:
        """The year as the indicator's source counts it: `2018`, `skoleåret 2025–26`."""
        return claims.when(self.definitions.sources[indicator.sources[0]].timing if indicator.sources else "", year)

    def index(self, indicator: str, region: Region, comparator: Region) -> Figure:
        """100 × value ÷ the comparator's value in the report's year, as the comparison table holds it."""
        found = self._indices.get(indicator, {}).get((region.id, comparator.id))
        return self._figure(found, decimals=0) if found is not None else self._unknown("indeks", 0)

    @cached_property
    def _indices(self) -> dict[str, dict[tuple[str, str], Row]]:
        rows = self.query(
            'select indicator, region, comparator, "index" as value, status, reason from {comparison} '
            "where list_contains(?, indicator) and year = ?",
            [indicator.id for indicator in self.indicators],
            self.year,
        )
        return _keyed(rows, "region", "comparator")

    @cached_property
    def spreads(self) -> dict[tuple[str, int], Row]:
        """The spread table by indicator and year."""
        return {(row["indicator"], row["year"]): row for row in self.query("select * from {spread}")}

    @cached_property
    def needs(self) -> dict[tuple[str, str, int], Row]:
        """The need table by indicator, region and year."""
        return {(row["indicator"], row["region"], row["year"]): row for row in self.query("select * from {need}")}

    def need_levels(self, indicator: Indicator, year: int, column: str) -> dict[str, float | None]:
        """What the need table has for the members in a year, by region."""
        rows = {region.id: self.needs.get((indicator.id, region.id, year)) for region in self.members}
        return {name: row[column] if row and row["status"] == "ok" else None for name, row in rows.items()}

    def need_year(self, indicator: Indicator) -> int | None:
        """The newest year up to the report's in which every member's spending can be adjusted for its ages."""
        years = {year for name, _, year in self.needs if name == indicator.id}
        levels = {year: self.need_levels(indicator, year, "adjusted_per_inhabitant") for year in years}
        return claims.newest_usable(claims.years_of_all(levels), self.year)

    @cached_property
    def three_years(self) -> dict[tuple[str, str, int], Row]:
        """The three-year means by indicator, region and year, with whether the year by itself is uncertain."""
        rows = self.query("select * from {three_year}")
        return {(row["indicator"], row["region"], row["year"]): row for row in rows}

    @cached_property
    def changes(self) -> list[Row]:
        """What changed since the set before, for the report's indicators: the merged and the members, largest first."""
        return self.query(
            "select * from {change} where list_contains(?, indicator) and role in ('member', 'merged') "
            "order by abs(difference_pct) desc nulls last, indicator, region, year",
            [indicator.id for indicator in self.indicators],
        )

    def three_year_levels(self, indicator: Indicator, year: int) -> dict[str, float | None] | None:
        """The members' means of three years, by region; None unless all of them and the whole have one."""
        rows = [self.three_years.get((indicator.id, region.id, year)) for region in [*self.members, self.merged]]
        if any(row is None or row["mean"] is None for row in rows):
            return None
        return {row["region"]: row["mean"] for row in rows[:-1] if row}

    # ---------------------------------------------------------------------------- about the set

    @cached_property
    def set_record(self) -> Row:
        return self.query("select * from {raw_set}")[0]

    def mark(self, uses_forms: bool = False) -> str:
        """What every page must say: figures that are made up, or forms filled in as an example. Mostly nothing."""
        marks = ["SYNTETISKE TALL"] if self.set_record["synthetic"] == "true" else []
        if server := self.set_record["server"]:
            marks.append(f"{NOT_SSB}: {server}")
        if uses_forms and self._is_example:
            marks.append("EKSEMPELTALL")
        return " · ".join(marks)

    @cached_property
    def _is_example(self) -> bool:
        """Whether a form holds an example; every figure asks."""
        return bool(self.query("select 1 from {register_use} where example = 'true'"))

    def sources(self, indicators: Sequence[Indicator]) -> str:
        """The sources behind indicators, as written under a table: `SSB 12362, SSB 07459`; of those without any figure
        nothing is shown, and none is named."""
        shown = [indicator for indicator in indicators if self._there.get(indicator.id)]
        names = dict.fromkeys(name for indicator in shown for name in indicator.sources)
        return ", ".join(f"SSB {name}" if name.isdigit() else self.definitions.sources[name].title for name in names)

    def accounts_status(self, year: int) -> str:
        """Whether the accounts of a year are the revised ones, as far as it is known.

        SSB publishes unrevised accounts on 15 March and revised ones on 15 June, without a flag: the date
        of the raw file decides. Without one, only accounts more than a year older than the set are sure.
        """
        accounts = [s.id for s in self.definitions.sources.values() if s.timing == "regnskapsåret"]
        rows = self.query(
            "select coalesce(updated, retrieved) as dated from {source} where list_contains(?, source)", accounts
        )
        dated = min((row["dated"] for row in rows if row["dated"]), default=None)
        if dated is None:
            old = year + 2 <= int(self.set_record["created"][:4])
            return "endelige tall" if old else "tall med ukjent status"
        return "endelige tall" if dated >= f"{year + 1}-06-15" else "foreløpige tall"

    def with_figures(self) -> tuple[int, int]:
        """How many of the report's indicators have a figure for the whole in their shown year, of how many.

        What cannot be put together (a price) is there when every member has its own.
        """
        return sum(self.has_figure(indicator) for indicator in self.indicators), len(self.indicators)

    def has_figure(self, indicator: Indicator) -> bool:
        year = self.shown_year(indicator)
        own = all(value is not None for value in self.levels(indicator, year).values())
        return self.figure(indicator, self.merged, year).ok or (indicator.merge == "N" and own)


class _Tables(dict[str, str]):
    """Looks a table up when a query names it."""

    def __init__(self, data: ReportData) -> None:
        super().__init__()
        self._data = data

    def __missing__(self, name: str) -> str:
        return self._data.scope.source(name, self._data.processed)


def rows_of(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows of a query that is no report's."""
    return _database().cursor().execute(sql, list(parameters)).fetchall()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One in-memory database per process; every report reads through a cursor of its own. What stands at the end of a
    Parquet file is read again only when the file has changed: a report asks the same thirty files thirty times."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set parquet_metadata_cache = true")
    return connection


def _keyed(rows: list[Row], *columns: str) -> dict[str, Any]:
    book: dict[str, Any] = {}
    for row in rows:
        book.setdefault(row["indicator"], {})[tuple(row[column] for column in columns)] = row
    return book
