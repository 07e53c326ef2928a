"""`økonomi.xlsx`: every scenario with live formulas, so that an economist can change what it stands on.

Yellow cells are what can be changed: levels, users, unit costs, targets, elasticities and phase-in. Everything else is
a formula on them, stored with the pipeline's own number; the sheet «Tall» is the table the reports are made from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import fsum
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.report.data import Figure, Region, ReportData, Row
from pipeline.report.harmonise.common import TO
from pipeline.report.harmonise.data import MOVES, Harmonised, Item
from pipeline.report.harmonise.findings import basis, service
from pipeline.report.harmonise.rules import NEED_LEFT_IN, prices_of, told_apart
from pipeline.report.knowledge import merged
from pipeline.report.paper.sheets import Book

OBJECT_WORDS = {"fee": "brukerbetaling", "coverage": "dekning", "spending": "utgiftsnivå"}
NAMED = ("delprosjekt", "hva slags", "id", "hva", "år")  # what the rows of three sheets begin with
TEXT_COLUMN = 105  # characters
HOLE = "mangler for en kommune"
NO_KRONER = "ikke regnet i kroner"
NOT_SET = "ikke satt"
ALL = 100.0  # per cent of a target group
BASE_WORDS = {"fee": "brukere", "coverage": "målgruppe", "spending": "innbyggere (veid med behov der det er korrigert)"}
TALL = (
    "subproject", "object", "item", "item_title", "service", "need_adjusted", "measure", "scenario", "region",
    "region_name", "role", "year", "value", "unit", "status", "status_nb", "reason", "mark", "source",
)  # fmt: skip
BILL = (
    "subproject", "household", "title", "line", "what", "scenario", "region", "region_name", "year", "value", "unit",
    "status", "reason", "source",
)  # fmt: skip
WIDE = {
    "item": 44,
    "item_title": 52,
    "title": 40,
    "reason": 50,
    "mark": 30,
    "source": 44,
    "what": 26,
    "region_name": 18,
    "service": 16,
}


def write(data: ReportData, path: Path) -> None:
    """All sub-projects of a merger. The same figures give the same bytes."""
    title, created = f"Harmonisering, {data.merger.name}", datetime.fromisoformat(data.set_record["created"])
    book = Book(path, title, created, about=title, mark=data.mark(uses_forms=True))
    book.file.set_calc_mode("auto")
    _Writer(book, data).write()
    book.close()


@dataclass(frozen=True)
class Place:
    """Where an item's inputs stand: its rows of «Grunnlag» (one a member) and its row of «Forutsetninger», from 0."""

    first: int
    assumed: int


@dataclass(frozen=True)
class Cells:
    """The formulas of one row of «Scenarier», from the item's rows of «Grunnlag» and its row of «Forutsetninger»."""

    place: Place
    members: int
    line: int
    most: float | None = None  # the most a level can be: all of a target group

    @property
    def total(self) -> int:
        """The column of the merged municipality: after the members'."""
        return 7 + self.members

    def _rows(self, column: str) -> str:
        first = self.place.first + 1
        return f"Grunnlag!${column}${first}:${column}${first + self.members - 1}"

    def _assumed(self, column: str) -> str:
        return f"Forutsetninger!${column}${self.place.assumed + 1}"

    @property
    def _aimed(self) -> str:
        return str(xl_rowcol_to_cell(self.line, 6, col_abs=True))

    def target(self, scenario: str) -> str:
        """The level; told only where every municipality has one."""
        levels, weights = self._rows("H"), self._rows("M")
        if scenario == "target":
            aim = self._assumed("F")
            return f'=IF(ISNUMBER({aim}),{aim},"{NOT_SET}")'
        if scenario in ("lowest", "highest"):
            pick = f"{'MIN' if scenario == 'lowest' else 'MAX'}({levels})"
            picked = f"MIN({self.most},{pick})" if self.most is not None else pick
            return f'=IF(COUNT({levels})<{self.members},"{HOLE}",{picked})'
        mean = f'IF(SUM({weights})=0,"ikke aktuelt",SUMPRODUCT({levels},{weights})/SUM({weights}))'
        return f'=IF(COUNT({levels},{weights})<{2 * self.members},"{HOLE}",{mean})'

    def move(self, at: int, scenario: str, elastic: bool) -> str:
        """(target − level) × weight of one municipality; with users who change where there is an elasticity. Nobody is
        moved down to the most there can be on the way up."""
        row = self.place.first + at + 1
        level, weight, aimed = f"Grunnlag!$H${row}", f"Grunnlag!$M${row}", self._aimed
        moved = f"({aimed}-{level})*{weight}"
        if scenario == "highest" and self.most is not None:
            moved = f"MAX(0,{moved})"
        if elastic:
            e = self._assumed("H")
            users = f"MAX(0,1+{e}*({aimed}-{level})/{level})"
            changed = f"{aimed}*{weight}*{users}-{level}*{weight}"
            moved = f'IF({e}=0,{moved},IF({level}=0,IF({aimed}=0,0,"ikke aktuelt"),{changed}))'
        return self._if_set(scenario, f'IF(COUNT({aimed},{level},{weight})<3,"mangler",{moved})')

    def sum(self, scenario: str, coverage: bool) -> str:
        """All of them; rounded so far that what adding up leaves is nothing, and that units can still be multiplied."""
        moves = f"{xl_rowcol_to_cell(self.line, 7)}:{xl_rowcol_to_cell(self.line, self.total - 1)}"
        digits = 9 if coverage else 3
        return self._if_set(scenario, f'IF(COUNT({moves})<{self.members},"{HOLE}",ROUND(SUM({moves}),{digits}))')

    def kroner(self, scenario: str, coverage: bool) -> str:
        total, cost = xl_rowcol_to_cell(self.line, self.total), self._assumed("G")
        counted = f'IF(COUNT({total},{cost})<2,"{NO_KRONER}",{total}*{cost})' if coverage else total
        return self._if_set(scenario, counted) if coverage else f"={counted}"

    def _if_set(self, scenario: str, formula: str) -> str:
        """A target that nobody has set is not a figure that is missing."""
        return f'=IF(ISNUMBER({self._aimed}),{formula},"{NOT_SET}")' if scenario == "target" else f"={formula}"

    def payers(self, scenario: str, measure: str) -> str:
        """Users whose price goes up, or down; a price that is the same to a billionth of a krone is the same."""
        levels, weights, users = self._rows("H"), self._rows("M"), self._rows("J")
        side = f"({self._aimed}>{levels}+1E-9)" if measure == "pay_more" else f"({self._aimed}<{levels}-1E-9)"
        there = f"COUNT({self._aimed},{levels},{users},{weights})<{1 + 3 * self.members}"
        return self._if_set(scenario, f'IF({there},"{HOLE}",SUMPRODUCT({side}*{users}))')


class _Writer:
    """The sheets and their formulas; how they look is the book's."""

    def __init__(self, book: Book, data: ReportData) -> None:
        self.book, self.data, self.view = book, data, Harmonised(data)
        self.top = book.top
        self.members = data.members
        # what is in doubt or set by the state is not offered: it stands in «Tall»
        self.items = [item for object_ in OBJECT_WORDS for item in self.view.items(object_) if item.offered]
        self.first = {item for item, _ in self.view.spending()}
        rows = data.query("select * from {item_region}")
        keys = ("object", "item", "need_adjusted", "year", "region")
        self.base: dict[tuple[Any, ...], Row] = {tuple(row[key] for key in keys): row for row in rows}
        targets = data.query("select * from {item_target} where scenario = 'target'")
        self.aims: dict[tuple[Any, ...], Row] = {tuple(row[key] for key in keys[:4]): row for row in targets}
        self.places: dict[Item, Place] = {}
        self.subproject = {
            (row["object"], row["item"]): row["subproject"]
            for row in data.query("select distinct object, item, subproject from {item_region}")
        }

    def write(self) -> None:
        self.read_me()
        self.assumptions()
        self.inputs()
        self.scenarios()
        self.phase_in()
        self.sums()
        self.long("Tall", TALL, self._tall())
        self.long("Husholdninger", BILL, self.data.query("select * from {household}"))

    # -------------------------------------------------------------------------------- sheets

    def read_me(self) -> None:
        sheet = self.book.sheet("Les meg")
        self.book.widths(sheet, [22, TEXT_COLUMN])
        record = self.data.set_record
        sheet.write(self.top, 0, f"Harmonisering: {self.data.merger.name}", self.book.style("title"))
        lines = [
            (
                "Sett",
                f"{record['title']}, laget {record['created']}. Regnskap {self.data.year}, "
                f"{self.data.accounts_status(self.data.year)}.",
            ),
            (
                "Hva dette er",
                "En første runde: tallene slik de er i dag, før noen endrer bruken, før lønn blir lik, før avtaler er "
                "forhandlet på nytt og før statens tilskudd i overgangen.",
            ),
            *[("Merk", note) for note in merged.told(self.data)],
            ("Gule felt", "Det du kan endre. Alt annet er formler som følger med."),
            (
                "Forutsetninger",
                "Innfasing, og for hver ting: eget mål, hva én enhet koster i året, og elastisitet (0: ingen endrer "
                "bruken).",
            ),
            (
                "Grunnlag",
                "Nivå og antall for hver kommune. Endring = (nivå i scenariet − nivå i dag) × vekt. Vekt = antall × "
                "ganger.",
            ),
            (
                "Scenarier",
                "Ned til laveste, til veid snitt (summen er null), opp til høyeste, og til eget mål. Mangler én "
                "kommune, vises ingen sum.",
            ),
            ("Innfasing", "Den samlede endringen, år for år."),
            (
                "Sum",
                "Per delprosjekt. Utgiftsnivå, dekning og brukerbetaling legges aldri sammen: nivået rommer allerede "
                "dekningen. "
                "Selvkostgebyrer er ikke med; de flyttes i fondet.",
            ),
            (
                "Tall",
                "Hvert tall i rapportene med id, status, år og kilde. Filene i mappen økonomi/ er de samme, som CSV "
                "og Parquet.",
            ),
            ("Fortegn", "Pluss er mer inntekt for brukerbetaling, og mer utgift for dekning og utgiftsnivå."),
            (
                "Priser",
                "Kroner er i prisene i det året som står i kolonnen «år»; ingenting er regnet om til dagens priser.",
            ),
            (
                "Ikke med",
                "Priser som staten setter, og dekning som er for usikker til å bli plasser og kroner, står bare i "
                "«Tall».",
            ),
        ]
        self.book.explained(sheet, self.top + 2, lines, TEXT_COLUMN)

    def assumptions(self) -> None:
        """Phase-in on top, then a row an item."""
        sheet = self.book.sheet("Forutsetninger")
        phases = self.data.query("select distinct step, budget_year, share_pct from {phase_in} order by step")
        self.book.header(sheet, ["innfasing", *[str(row["budget_year"]) for row in phases]])
        self.phase_row = self.top + 1
        self.phases = phases
        sheet.write(self.phase_row, 0, "prosent av endringen som er kommet")
        for column, row in enumerate(phases, 1):
            sheet.write_number(self.phase_row, column, row["share_pct"], self.number("0.##", given=True))
        top = self.phase_row + 2
        columns = [
            "id",
            "hva",
            "delprosjekt",
            "år",
            "enhet",
            "eget mål",
            "enhetskostnad, kr i året",
            "elastisitet",
            "enhetskostnad er",
            "kilde for målet",
        ]
        self.book.header(sheet, columns, top)
        for line, item in enumerate(self.items, top + 1):
            aim = self.aims[self._key(item)]
            texts = [
                item.id,
                self._title(item),
                self.subproject[item.object, item.id],
                None,
                item.unit.replace("\\", ""),
            ]
            self.book.texts(sheet, line, texts)
            sheet.write_number(line, 3, item.year)
            sheet.write(line, 5, aim["target"], self.number("#,##0.##", given=True))
            if item.object == "coverage":
                sheet.write(line, 6, aim["unit_cost_kr"], self.number("#,##0", given=True))
                self.book.texts(sheet, line, [aim["unit_cost_basis"]], 8)
            if item.object == "fee":
                sheet.write_number(line, 7, aim["elasticity"], self.number("0.##", given=True))
            self.book.texts(sheet, line, [aim["aim_source"]], 9)
            self.places[item] = Place(0, line)
        self.book.widths(sheet, [44, 56, 12, 8, 20, 14, 16, 12, 16, 40])
        sheet.freeze_panes(top + 1, 1)

    def inputs(self) -> None:
        sheet = self.book.sheet("Grunnlag")
        columns = [
            *NAMED,
            "region",
            "kommune",
            "nivå",
            "enhet",
            "antall",
            "av",
            "ganger",
            "vekt",
            "status",
            "grunn",
            "kilde",
        ]
        self.book.header(sheet, columns)
        line = self.top + 1
        for item in self.items:
            self.places[item] = Place(line, self.places[item].assumed)
            for region in self.members:
                self._input(sheet, line, item, region)
                line += 1
        self.book.widths(sheet, [12, 16, 44, 52, 8, 10, 16, 14, 20, 14, 26, 10, 16, 16, 46, 46])
        self.book.filter(sheet, line - 1 - self.top, len(columns), frozen=4)

    def _input(self, sheet: Worksheet, line: int, item: Item, region: Region) -> None:
        row = self.base[*self._key(item), region.id]
        self._name(sheet, line, item)
        self.book.texts(sheet, line, [region.id, region.name], 5)
        words = self.data.definitions.statuses
        if row["level"] is None:
            sheet.write_string(line, 7, words[row["status"]].label, self.book.style("hole"))
        else:
            sheet.write_number(line, 7, row["level"], self.number("#,##0.00", given=True))
        self.book.texts(sheet, line, [item.unit.replace("\\", "")], 8)
        base, times = _base(item, row)
        if base is None:
            sheet.write_string(line, 9, words[row["weight_status"]].label, self.book.style("hole"))
        else:
            sheet.write_number(line, 9, base, self.number("#,##0.##", given=True))
        self.book.texts(
            sheet, line, [item.units_word.replace("\\", "") if item.object == "fee" else BASE_WORDS[item.object]], 10
        )
        sheet.write_number(line, 11, times, self.number("#,##0.####", given=item.object == "fee"))
        count, factor = (xl_rowcol_to_cell(line, column) for column in (9, 11))
        weight = row["weight"] if row["weight"] is not None else words[row["weight_status"]].label
        sheet.write_formula(
            line, 12, f"=IF(ISNUMBER({count}),{count}*{factor},{count})", self.number("#,##0.##"), weight
        )
        hole = row["status"] if row["status"] != "ok" else row["weight_status"]
        reason = row["reason"] if row["status"] != "ok" else row["weight_reason"]
        self.book.texts(sheet, line, [words[hole].label, reason, row["source"]], 13)

    def scenarios(self) -> None:
        sheet = self.book.sheet("Scenarier")
        names = [region.name for region in self.members]
        columns = [
            *NAMED,
            "scenario",
            "nivå",
            *names,
            self.data.merged.name,
            "enhet",
            "kr i året, i prisene i kolonnen «år»",
            "betaler mer",
            "betaler mindre",
            "virkning",
            "regnes med i Sum",
            "kilde",
        ]
        self.book.header(sheet, columns)
        self.scenario_lines: dict[tuple[Item, str], int] = {}
        line = self.top + 1
        for item in self.items:
            for scenario in MOVES:
                self._scenario(sheet, line, item, scenario)
                self.scenario_lines[item, scenario] = line
                line += 1
        self.book.widths(sheet, [12, 16, 44, 52, 8, 18, 14, *[16] * len(names), 16, 20, 16, 12, 14, 22, 12, 40])
        self.book.filter(sheet, line - 1 - self.top, len(columns), frozen=4)

    def _scenario(self, sheet: Worksheet, line: int, item: Item, scenario: str) -> None:
        self._name(sheet, line, item)
        self.book.texts(sheet, line, [TO[scenario]], 5)
        most = ALL if item.object == "coverage" and item.unit == "prosent" else None
        cells = Cells(self.places[item], len(self.members), line, most)
        level = self.view.figure(item, "level", scenario)
        self.formula(sheet, line, 6, cells.target(scenario), level, "#,##0.00", self._hole(item, scenario, HOLE))
        self._moves(sheet, line, item, scenario, cells)
        if item.object == "fee":
            for column, measure in ((cells.total + 3, "pay_more"), (cells.total + 4, "pay_less")):
                hole = self._hole(item, scenario, HOLE)
                payers = self.view.figure(item, measure, scenario)
                self.formula(sheet, line, column, cells.payers(scenario, measure), payers, hole=hole)
        told = [self._effect(item), "ja" if self._counts(item) else "nei", self._source(item)]
        self.book.texts(sheet, line, told, cells.total + 5)

    def _moves(self, sheet: Worksheet, line: int, item: Item, scenario: str, cells: "Cells") -> None:
        """What the scenario moves: each member, all of them, and in kroner."""
        coverage = item.object == "coverage"
        measure, layout = ("units_change", "#,##0.0") if coverage else (item.change, "#,##0")
        for at, region in enumerate(self.members):
            moved = cells.move(at, scenario, elastic=item.object == "fee")
            change, hole = self.view.figure(item, measure, scenario, region), self._hole(item, scenario, "mangler")
            self.formula(sheet, line, 7 + at, moved, change, layout, hole)
        hole = self._hole(item, scenario, HOLE)
        total = self.view.figure(item, measure, scenario)
        self.formula(sheet, line, cells.total, cells.sum(scenario, coverage), total, layout, hole)
        self.book.texts(sheet, line, [item.units_word.replace("\\", "") if coverage else "kr"], cells.total + 1)
        kroner = self.view.figure(item, item.change, scenario)
        hole = self._hole(item, scenario, NO_KRONER if coverage else HOLE)
        self.formula(sheet, line, cells.total + 2, cells.kroner(scenario, coverage), kroner, hole=hole)

    def _hole(self, item: Item, scenario: str, otherwise: str) -> str:
        """The word for a cell without a number: a target nobody has set is none that is missing."""
        unset = scenario == "target" and self.view.figure(item, "level", "target").value is None
        return NOT_SET if unset else otherwise

    def phase_in(self) -> None:
        sheet = self.book.sheet("Innfasing")
        years = [str(row["budget_year"]) for row in self.phases]
        columns = [
            *NAMED,
            "scenario",
            "virkning",
            *[f"{year}, kr i prisene i kolonnen «år»" for year in years],
        ]
        self.book.header(sheet, columns)
        line = self.top + 1
        money = xl_col_to_name(7 + len(self.members) + 2)
        for (item, scenario), at in self.scenario_lines.items():
            self._name(sheet, line, item)
            self.book.texts(sheet, line, [TO[scenario], self._effect(item)], 5)
            whole = self.view.figure(item, item.change, scenario)
            for column, row in enumerate(self.phases, 7):
                share = f"Forutsetninger!${xl_col_to_name(column - 6)}${self.phase_row + 1}"
                change = f"Scenarier!${money}${at + 1}"
                value = None if whole.value is None else whole.value * row["share_pct"] / 100
                shown = Figure(value, whole.status, whole.label, whole.reason, "kr", 0)
                self.formula(
                    sheet, line, column, f'=IF(ISNUMBER({change}),{change}*{share}/100,"–")', shown, "#,##0", hole="–"
                )
            line += 1
        self.book.widths(sheet, [12, 16, 44, 52, 8, 18, 22, *[16] * len(years)])
        self.book.filter(sheet, line - 1 - self.top, len(columns), frozen=4)

    def sums(self) -> None:
        """Per sub-project and kind; a kind with an item that has no sum is told as incomplete."""
        sheet = self.book.sheet("Sum")
        moves = [scenario for scenario in MOVES if scenario != "target"]
        sums = [f"{TO[scenario]}, kr" for scenario in moves]
        self.book.header(sheet, ["delprosjekt", "", "hva slags", "fortegn", *sums, "priser", "merk"])
        line = self.top + 1
        for part in self.data.definitions.parts(self.data.merger):
            for object_, word in OBJECT_WORDS.items():
                own = [item for item in self.items if item.object == object_ and self._counts(item)]
                own = [item for item in own if self.subproject[item.object, item.id] == part.id]
                if not own:
                    continue
                sign = "pluss: mer inntekt" if object_ == "fee" else "pluss: mer utgift"
                self.book.texts(sheet, line, [part.id, part.title, word, sign])
                for at, scenario in enumerate(moves, 4):
                    figure = self._together(own, scenario)
                    self.formula(sheet, line, at, self._sum(line, scenario), figure, hole="ufullstendig")
                left_in = [service(self.view, item) for item in own if self.view.need_left_in(item)]
                caveat = f"{', '.join(dict.fromkeys(left_in))}: {NEED_LEFT_IN}" if left_in else None
                self.book.texts(sheet, line, [prices_of([item.year for item in own]), caveat], 4 + len(moves))
                line += 1
        self.book.widths(sheet, [12, 28, 18, 22, 20, 20, 20, 24, 60])
        sheet.freeze_panes(self.top + 1, 3)

    def _sum(self, line: int, scenario: str) -> str:
        """The counted rows of «Scenarier» of this sub-project and kind, if each of them has a number."""
        first, last = self.top + 2, max(self.scenario_lines.values(), default=self.top) + 1

        def column(at: int) -> str:
            return f"Scenarier!${xl_col_to_name(at)}${first}:${xl_col_to_name(at)}${last}"

        total = 7 + len(self.members)
        where = f'{column(0)},$A{line + 1},{column(1)},$C{line + 1},{column(5)},"{TO[scenario]}"'
        where += f',{column(total + 6)},"ja"'
        numbers = f'COUNTIFS({where},{column(total + 2)},">-1E+300")'
        return f'=IF(COUNTIFS({where})={numbers},SUMIFS({column(total + 2)},{where}),"ufullstendig")'

    def _together(self, items: Sequence[Item], scenario: str) -> Figure:
        figures = [self.view.figure(item, item.change, scenario).value for item in items]
        known = [value for value in figures if value is not None]
        return Figure(fsum(known) if len(known) == len(figures) else None, "ok", "", "", "kr", 0)

    def long(self, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        plain = self.number("#,##0.00")
        widths = [WIDE.get(column, 13) for column in columns]
        self.book.long(
            name, columns, rows, widths, lambda column, row: None if column in ("year", "line") else plain, frozen=4
        )

    # --------------------------------------------------------------------------------- cells

    def _tall(self) -> list[Row]:
        labels = self.data.definitions.statuses
        return [
            {**row, "status_nb": labels[row["status"]].label}
            for row in self.data.with_marks(self.data.query("select * from {harmonisation}"))
        ]

    def _key(self, item: Item) -> tuple[str, str, bool, int]:
        return item.object, item.id, item.need_adjusted, item.year

    def _name(self, sheet: Worksheet, line: int, item: Item) -> None:
        """The cells under NAMED."""
        known = [self.subproject[item.object, item.id], OBJECT_WORDS[item.object], item.id, self._title(item)]
        self.book.texts(sheet, line, known)
        sheet.write_number(line, 4, item.year)

    def _title(self, item: Item) -> str:
        return f"{item.plain}, {basis(self.view, item)}" if item.object == "spending" else item.plain

    def _source(self, item: Item) -> str:
        rows = {self.base[*self._key(item), region.id]["source"] for region in self.members}
        return "; ".join(sorted(source for source in rows if source))

    def _counts(self, item: Item) -> bool:
        """One basis of each service; nothing that moves in a fund or is none in kroner."""
        if item.object == "spending":
            return item in self.first and self.view.differs(item) and item.service not in self._told_apart
        if item.object == "coverage":
            return (
                self.view.unit_cost(item) is not None
                and self.view.figure(item, "cost_change", "highest").status != "not_applicable"
            )
        return not item.self_cost

    def _effect(self, item: Item) -> str:
        """Where the kroner end up, and what they hold that could not be taken out."""
        if item.self_cost:
            return "selvkostfond, ikke budsjett"
        if item.object == "fee":
            return "budsjett: inntekt"
        if item.not_kroner:
            return "ikke regnet i kroner"
        return f"budsjett: utgift; {NEED_LEFT_IN}" if self.view.need_left_in(item) else "budsjett: utgift"

    @cached_property
    def _told_apart(self) -> set[str]:
        there = {item.service for item in self.first if self.view.span(item)}
        groups = {name: group.services for name, group in self.data.definitions.service_groups.items()}
        return told_apart(there, groups)

    def formula(
        self,
        sheet: Worksheet,
        line: int,
        column: int,
        formula: str,
        figure: Figure,
        layout: str = "#,##0",
        hole: str = HOLE,
    ) -> None:
        """A live formula, stored with the pipeline's own number for those who read without recalculating."""
        value: float | str = hole if figure.value is None else round(figure.value, 9) + 0.0
        sheet.write_formula(line, column, formula, self.number(layout), value)

    def number(self, layout: str, given: bool = False) -> Format:
        return self.book.style("given" if given else "right", layout)


def _base(item: Item, row: Row) -> tuple[float | None, float]:
    """What is counted, and what it is multiplied by to be the weight."""
    if item.object == "coverage":
        return (None if row["weight"] is None else row["weight"] * 100), 0.01
    if item.object == "fee":
        if row["weight"] is None or not row["users"]:
            return (row["users"] if row["weight"] is not None else None), row["months"] or 1
        return row["users"], row["weight"] / row["users"]
    return row["weight"], 1
