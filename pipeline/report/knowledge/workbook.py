"""`tabeller.xlsx`: the sub-project's figures for those who take them further."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.model import HEADINGS
from pipeline.report.data import Figure, Region, ReportData, Row
from pipeline.report.knowledge import merged
from pipeline.report.paper.sheets import Book

LONG = [
    "indicator", "title", "heading", "region", "region_name", "role", "year", "value", "unit", "status", "status_nb",
    "numerator", "denominator", "uncertainty", "basis", "reason", "mark", "source", "updated",
]  # fmt: skip
TEXT_COLUMN = 100  # characters
ABOUT_COLUMNS = {
    "indicator": "Indikatorens id. Samme id i alle sett og år; kortet med samme id forklarer tallet.",
    "title": "Hva tallet viser.",
    "heading": "Planens overskrift: innretning, dimensjonering, kvalitet, finansiering, geografisk fordeling.",
    "region": "Kommunenummer, EAK (landet), EKGnn (KOSTRA-gruppe) eller sammenslåingens id for kommunene samlet.",
    "region_name": "Navnet, slik det står i rapporten. Bruk region som nøkkel, ikke navnet.",
    "role": "member: kommune før sammenslåing. merged: samlet (se «Samlet tall»). comparator: sammenligning.",
    "year": "Regnskapsår, kalenderår, høsten i skoleåret, eller 1. januar for folketall.",
    "value": "Tallet i full presisjon. Tomt der status ikke er ok: et hull er aldri null.",
    "unit": "Enhet for value.",
    "status": "Hvorfor det er et tall, eller hvorfor ikke. Se listen under.",
    "status_nb": "Status på norsk, slik den står i rapporten.",
    "numerator": "A: det som deles, etter omregning til kr.",
    "denominator": "B: det det deles på.",
    "uncertainty": "Pluss/minus som publisert, i tallets enhet.",
    "basis": "computed: regnet ut her. published: produsentens publiserte tall.",
    "reason": "Grunnen til at et tall mangler, eller hvordan det ble til.",
    "mark": "Det som må sies ved siden av tallet, for eksempel at en delt kommune er regnet hel.",
    "source": "Kildene: SSB-tabell eller register.",
    "updated": "Når produsenten sist oppdaterte kilden, om det er kjent.",
}


def write(data: ReportData, path: Path) -> None:
    """Sheets for reading first (Les meg, Nøkkeltall), then one per table.

    The same figures give the same bytes: the file's dates are those of the raw set.
    """
    created = datetime.fromisoformat(data.set_record["created"])
    book = Book(path, f"Tabeller {_about(data)}", created, about=_about(data), mark=data.mark())
    writer = _Writer(book, data)
    writer.read_me()
    writer.key_figures()
    wide = {"indicator": 38, "title": 48, "region_name": 22, "reason": 48, "mark": 30}
    writer.long("Tall", LONG, _long_rows(data), wide)
    writer.long("Sammenligning", *_comparison(data))
    writer.long("Regnskap", *_accounts(data))
    writer.long("Utvikling", *_trends(data))
    writer.long("Tre år", *_three_years(data))
    writer.long(
        "Befolkning",
        *_plain(data, "population", ["region", "region_name", "role", "year", "age_group", "persons", "share_pct"]),
    )
    writer.long(
        "Steder",
        *_plain(
            data,
            "place",
            [
                "kind",
                "name",
                "region",
                "former_region",
                "owner",
                "grades",
                "children",
                "status",
                "lat",
                "lon",
                "coordinate_source",
                "period",
                "source",
            ],
        ),
    )
    writer.long(
        "Funksjoner",
        *_plain(
            data,
            "service",
            [
                "function",
                "function_name",
                "service_title",
                "part",
                "themes",
                "statutory",
                "law",
                "judgement",
                "valid_from",
                "valid_to",
            ],
        ),
    )
    writer.long("Kort", *_cards(data))
    writer.long(
        "Kilder",
        *_plain(
            data,
            "source",
            [
                "source",
                "title",
                "producer",
                "licence",
                "url",
                "retrieved",
                "updated",
                "selection",
                "file",
                "sha256",
                "note",
            ],
        ),
    )
    book.close()


def _about(data: ReportData) -> str:
    return f"{data.part.id} {data.part.title}, {data.merger.name}" if data.part else data.merger.name


class _Writer:
    """The sheets of one sub-project: what stands in them; how they look is the book's."""

    def __init__(self, book: Book, data: ReportData) -> None:
        self.book, self.data = book, data

    def number(self, decimals: int, shaded: bool = False, dagger: str = "") -> Format:
        """`dagger` is shown after the number; the cell is the number."""
        layout = "#,##0" + ("." + "0" * decimals if decimals else "") + (f'"{dagger}"' if dagger else "")
        return self.book.style("merged" if shaded else "plain", layout)

    def read_me(self) -> None:
        sheet = self.book.sheet("Les meg")
        self.book.widths(sheet, [42, TEXT_COLUMN])
        record, data = self.data.set_record, self.data
        sheet.write(self.book.top, 0, f"Tabeller: {_about(data)}", self.book.style("title"))
        lines = [
            ("Sett", f"{record['title']}, laget {record['created']}"),
            ("Regnskapsår", f"{data.year} ({data.accounts_status(data.year)})"),
            (
                "Samlet tall",
                f"{merged.about(data)} KOSTRA-gruppene ble lagt om i 2020 og er aldri kjedet.",
            ),
            *[("Merk", note) for note in merged.told(data)],
            ("Nøkkeltall", f"Kommunene side om side i {data.year}, eller siste år med tall."),
            (
                "Tall",
                "Alle indikatorene, ett tall per rad, alle år og regioner. Bruk denne til pivottabell. "
                "Sammenligningskommuner uten tall er utelatt.",
            ),
            (
                "Sammenligning",
                "Indekser mot landet, KOSTRA-gruppen, andre kommuner, kommunene samlet, og «De andre kommunene» uten "
                "kommunen selv. at_their_level_1000kr: hva regionen ville brukt mer på den andres nivå, 1000 kr. "
                "weighting: summed er lagt sammen, published er produsentens tall, one er én kommune.",
            ),
            (
                "Regnskap",
                "SSB 12367 funksjon for funksjon, per tjeneste og for delprosjektet, kommunekonsern. elimination sier "
                "hvor summen kan ha med kjøp kommunene gjør av hverandre. Tomt når tabellen ikke er hentet.",
            ),
            (
                "Utvikling",
                "Linjen fra first_year til year, høyst fem år: slope i enheten, slope_pct i prosent der ingen av årene "
                "er 0 eller mindre. Løpende priser, og faste der prisveksten er kjent for alle årene. country_: landet "
                "i de samme årene. break_reason: det som gjør at tallene ikke er det samme gjennom årene.",
            ),
            (
                "Tre år",
                "Året og de to før lagt sammen (mean), for tall per innbygger i en målgruppe. uncertain er true der "
                "målgruppen er under 2000 innbyggere: da svinger ett år mye.",
            ),
        ]
        row = self.book.explained(sheet, self.book.top + 2, lines, TEXT_COLUMN)
        statuses = [(f"{s.id} – {s.label}", s.meaning) for s in data.definitions.statuses.values()]
        for heading, items in (("Kolonner i arket «Tall»", [*ABOUT_COLUMNS.items()]), ("Status", statuses)):
            sheet.write(row + 1, 0, heading, self.book.style("title"))
            row = self.book.explained(sheet, row + 2, items, TEXT_COLUMN)

    def key_figures(self) -> None:
        data = self.data
        others = [region for region in data.comparators("kostra_group", "county", "country") if self._has_any(region)]
        regions = [*data.members, data.merged, *others]
        sheet = self.book.sheet("Nøkkeltall")
        header = ["indikator", "overskrift", "enhet", "år", *[region.name for region in regions], "id"]
        self.book.header(sheet, header)
        self.book.widths(sheet, [58, 16, 16, 7, *[23] * len(regions), 42])
        for at, indicator in enumerate(data.indicators, self.book.top + 1):
            year = data.shown_year(indicator)
            self.book.texts(sheet, at, [indicator.title, HEADINGS[indicator.heading], indicator.unit])
            sheet.write_number(at, 3, year)
            for column, region in enumerate(regions, 4):
                self._figure(sheet, at, column, data.figure(indicator, region, year), region.role == "merged")
            sheet.write_string(at, 4 + len(regions), indicator.id)
        self.book.filter(sheet, len(data.indicators), len(header), frozen=1)

    def _has_any(self, region: Region) -> bool:
        """Whether it has a figure to compare with: groups and counties are there in some years and not in others."""
        return any(self.data.figure(one, region, self.data.shown_year(one)).ok for one in self.data.indicators)

    def _figure(self, sheet: Worksheet, row: int, column: int, figure: Figure, shaded: bool) -> None:
        if figure.value is None:
            sheet.write_string(row, column, figure.label, self.book.style("hole"))
        else:
            sheet.write_number(row, column, figure.value, self.number(figure.decimals, shaded, figure.dagger))

    def long(self, name: str, columns: Sequence[str], rows: Sequence[Row], widths: dict[str, int]) -> None:
        self.book.long(name, columns, rows, [widths.get(column, 14) for column in columns], self._layout)

    def _layout(self, column: str, row: Mapping[str, Any]) -> Format | None:
        if column in ("year", "price_year"):
            return None
        if column in ("lat", "lon"):
            return self.number(5)
        return self.number(2 if column.endswith("_pct") else row.get("decimals", 0))


def _long_rows(data: ReportData) -> list[Row]:
    rows = data.query(
        "select i.*, c.title, c.heading, c.decimals from {indicator} as i join {indicator_card} as c using (indicator) "
        "where list_contains(?, indicator) and status <> 'not_valid' and (role <> 'comparator' or status = 'ok')",
        [indicator.id for indicator in data.indicators],
    )
    labels = data.definitions.statuses
    return [{**row, "heading": HEADINGS[row["heading"]], "status_nb": labels[row["status"]].label} for row in rows]


def _comparison(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    rows = data.query(
        "select x.*, c.title, c.decimals from {comparison} as x join {indicator_card} as c using (indicator) "
        "where list_contains(?, indicator) and year = ? and status <> 'not_valid'",
        [indicator.id for indicator in data.indicators],
        data.year,
    )
    columns = [
        "indicator",
        "title",
        "region_name",
        "year",
        "comparator_name",
        "weighting",
        "value",
        "comparator_value",
        "difference",
        "index",
        "at_their_level_1000kr",
        "status",
        "reason",
        "mark",
    ]
    wide = {"indicator": 38, "title": 48, "region_name": 18, "comparator_name": 28, "reason": 40, "mark": 30}
    return columns, data.with_marks(rows), wide


def _accounts(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    """The sub-project's detailed accounts: every function, service and the whole, every year."""
    services = data.part.services if data.part else list(data.definitions.services)
    functions = [code for name in services for code in data.definitions.services[name].functions]
    rows = data.query(
        "select * from {account} where list_contains(?, item)",
        [*functions, *services, *([data.part.id] if data.part else [])],
    )
    columns = ["level", "item", "item_title", "region", "region_name", "role", "year", "measure", "value", "unit"]
    columns += ["status", "reason", "mark", "elimination"]
    shown = [{**row, "decimals": 0 if row["unit"] == "1000 kr" else 1} for row in data.with_marks(rows)]
    return (
        columns,
        shown,
        {"item_title": 44, "region_name": 22, "measure": 20, "reason": 48, "mark": 30, "elimination": 60},
    )


def _trends(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    rows = data.query(
        "select t.*, c.title, c.decimals from {trend} as t join {indicator_card} as c using (indicator) "
        "where list_contains(?, indicator)",
        [indicator.id for indicator in data.indicators],
    )
    columns = ["indicator", "title", "region", "region_name", "role", "year", "value", "first_year", "years_used"]
    columns += ["slope", "slope_pct", "slope_status", "country_slope", "country_slope_pct", "price_year", "fixed_value"]
    columns += ["fixed_slope_pct", "country_fixed_slope_pct", "fixed_status", "fixed_reason", "break_reason"]
    wide = {"indicator": 38, "title": 48, "region_name": 22, "fixed_reason": 40, "break_reason": 40, "mark": 30}
    return [*columns, "crosses_merger", "mark"], data.with_marks(rows), wide


def _three_years(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    rows = data.query(
        "select t.*, c.title, c.decimals from {three_year} as t join {indicator_card} as c using (indicator) "
        "where list_contains(?, indicator)",
        [indicator.id for indicator in data.indicators],
    )
    columns = ["indicator", "title", "region", "region_name", "role", "year", "value", "target_group", "uncertain"]
    wide = {"indicator": 38, "title": 48, "region_name": 22, "mark": 30}
    return [*columns, "mean", "unit", "status", "reason", "mark"], data.with_marks(rows), wide


def _plain(data: ReportData, table: str, columns: list[str]) -> tuple[list[str], list[Row], dict[str, int]]:
    wide = {
        "name": 34,
        "function_name": 46,
        "service_title": 30,
        "themes": 26,
        "judgement": 70,
        "title": 60,
        "producer": 34,
        "selection": 70,
        "url": 40,
        "note": 60,
        "file": 34,
        "sha256": 20,
        "region_name": 26,
        "coordinate_source": 28,
        "source": 22,
    }
    forms = [form.id for form in data.definitions.forms] if table == "source" else []  # nothing here stands on them
    return columns, [row for row in data.query(f"select * from {{{table}}}") if row.get("source") not in forms], wide


def _cards(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    columns = [
        "indicator",
        "title",
        "heading",
        "kind",
        "unit",
        "direction",
        "merge",
        "what",
        "why",
        "read",
        "calculation",
        "selection",
        "evidence",
        "source",
    ]
    rows = data.query(
        "select * from {indicator_card} where list_contains(?, indicator)", [i.id for i in data.indicators]
    )
    return (
        columns,
        rows,
        dict.fromkeys(("title", "what", "why", "read", "calculation", "selection"), 60) | {"indicator": 38},
    )
