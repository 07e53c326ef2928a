"""`tabeller.xlsx`: the sub-project's figures for those who take them further."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.model import HEADINGS
from pipeline.report.data import Figure, ReportData, Row
from pipeline.report.paper.sheets import new_sheet

LONG = [
    "indicator", "title", "heading", "region", "region_name", "role", "year", "value", "unit", "status", "status_nb",
    "numerator", "denominator", "uncertainty", "basis", "reason", "source", "updated",
]  # fmt: skip
TEXT_COLUMN = 100  # characters
ABOUT_COLUMNS = {
    "indicator": "Indikatorens id. Samme id i alle sett og år; kortet med samme id forklarer tallet.",
    "title": "Hva tallet viser.",
    "heading": "Planens overskrift: innretning, dimensjonering, kvalitet, finansiering, geografisk fordeling.",
    "region": "Kommunenummer, EAK (landet), EKGnn (KOSTRA-gruppe) eller sammenslåingens id for kommunene samlet.",
    "region_name": "Navnet, slik det står i rapporten. Bruk region som nøkkel, ikke navnet.",
    "role": "member: kommune før sammenslåing. merged: samlet (pro forma før, den nye kommunen etter). "
    "comparator: sammenligning.",
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
    "source": "Kildene: SSB-tabell eller register.",
    "updated": "Når produsenten sist oppdaterte kilden, om det er kjent.",
}


def write(data: ReportData, path: Path) -> None:
    """Sheets for reading first (Les meg, Nøkkeltall), then one per table.

    The same figures give the same bytes: the file's dates are those of the raw set.
    """
    # a text that looks like a formula or an address is a text
    options = {"nan_inf_to_errors": False, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties(
        {"title": f"Tabeller {_about(data)}", "created": datetime.fromisoformat(data.set_record["created"])}
    )
    writer = _Writer(book, data)
    writer.read_me()
    writer.key_figures()
    writer.long("Tall", LONG, _long_rows(data), {"indicator": 38, "title": 48, "region_name": 22, "reason": 48})
    writer.long("Sammenligning", *_comparison(data))
    writer.long("Regnskap", *_accounts(data))
    writer.long("Utvikling", *_trends(data))
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
            ["function", "function_name", "service_title", "part", "themes", "judgement", "valid_from", "valid_to"],
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
    """Sheets in one style: frozen headings, filters, number formats by unit."""

    def __init__(self, book: Any, data: ReportData) -> None:
        self.book, self.data = book, data
        ink = "#0b3c5d"
        self.head = book.add_format(
            {"bold": True, "font_color": "white", "bg_color": ink, "text_wrap": True, "valign": "top"}
        )
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": ink})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.hole = book.add_format({"italic": True, "font_color": "#555555", "align": "right"})
        self.numbers: dict[tuple[int, bool], Any] = {}
        self.mark = data.mark()
        self.top = 1 if self.mark else 0  # the row of the headings: below the warning, if there is one

    def number(self, decimals: int, shaded: bool = False) -> Any:
        key = (decimals, shaded)
        if key not in self.numbers:
            layout = {"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")}
            self.numbers[key] = self.book.add_format(layout | ({"bg_color": "#eaf0f6", "bold": True} if shaded else {}))
        return self.numbers[key]

    def sheet(self, name: str) -> Worksheet:
        return new_sheet(self.book, name, _about(self.data), self.mark)

    def read_me(self) -> None:
        sheet = self.sheet("Les meg")
        sheet.set_column(0, 0, 42)
        sheet.set_column(1, 1, TEXT_COLUMN)
        record, data = self.data.set_record, self.data
        sheet.write(self.top, 0, f"Tabeller: {_about(data)}", self.title)
        lines = [
            ("Sett", f"{record['title']}, laget {record['created']}"),
            ("Regnskapsår", f"{data.year} ({data.accounts_status(data.year)})"),
            (
                "Samlet tall",
                f"{data.merged.name} før {data.merger.merge_date.year} er pro forma: kommunene regnet sammen. "
                f"Fra {data.merger.merge_date.year} er det den nye kommunen. "
                "KOSTRA-gruppene ble lagt om i 2020 og er aldri kjedet.",
            ),
            ("Nøkkeltall", f"Kommunene side om side i {data.year}, eller siste år med tall."),
            (
                "Tall",
                "Alle indikatorene, ett tall per rad, alle år og regioner. Bruk denne til pivottabell. "
                "Sammenligningskommuner uten tall er utelatt.",
            ),
            (
                "Sammenligning",
                "Indekser mot landet, KOSTRA-gruppen, andre kommuner, kommunene samlet, og «De andre kommunene» uten "
                "kommunen selv. weighting: summed er lagt sammen, published er produsentens tall, one er én kommune.",
            ),
            (
                "Regnskap",
                "SSB 12367 funksjon for funksjon, per tjeneste og for delprosjektet, kommunekonsern. elimination sier "
                "hvor summen kan ha med kjøp kommunene gjør av hverandre. Tomt når tabellen ikke er hentet.",
            ),
            ("Utvikling", "Linjen gjennom de siste fem årene, i løpende priser og i faste der prisveksten er kjent."),
        ]
        row = self.top + 2
        for name, text in lines:
            sheet.write(row, 0, name, self.bold)
            self._text(sheet, row, text)
            row += 1
        row = self._glossary(sheet, row + 1, "Kolonner i arket «Tall»", ABOUT_COLUMNS.items())
        statuses = [(f"{s.id} – {s.label}", s.meaning) for s in data.definitions.statuses.values()]
        self._glossary(sheet, row + 1, "Status", statuses)

    def _glossary(self, sheet: Worksheet, row: int, heading: str, items: Any) -> int:
        sheet.write(row, 0, heading, self.title)
        for name, text in items:
            row += 1
            sheet.write(row, 0, name, self.bold)
            self._text(sheet, row, text)
        return row + 1

    def _text(self, sheet: Worksheet, row: int, text: str) -> None:
        sheet.write(row, 1, text, self.wrap)
        sheet.set_row(row, 15 * (1 + len(text) // TEXT_COLUMN))

    def key_figures(self) -> None:
        data = self.data
        regions = [*data.members, data.merged, *data.comparators("kostra_group", "county", "country")]
        sheet = self.sheet("Nøkkeltall")
        header = ["indikator", "overskrift", "enhet", "år", *[region.name for region in regions], "id"]
        self._header(sheet, header)
        sheet.set_column(0, 0, 58)
        sheet.set_column(1, 2, 16)
        sheet.set_column(3, 3, 7)
        sheet.set_column(4, 3 + len(regions), 23)
        sheet.set_column(4 + len(regions), 4 + len(regions), 42)
        for at, indicator in enumerate(data.indicators, self.top + 1):
            year = data.shown_year(indicator)
            sheet.write(at, 0, indicator.title)
            sheet.write(at, 1, HEADINGS[indicator.heading])
            sheet.write(at, 2, indicator.unit)
            sheet.write(at, 3, year)
            for column, region in enumerate(regions, 4):
                self._figure(sheet, at, column, data.figure(indicator, region, year), region.role == "merged")
            sheet.write(at, 4 + len(regions), indicator.id)
        sheet.freeze_panes(self.top + 1, 1)
        sheet.autofilter(self.top, 0, self.top + len(data.indicators), len(header) - 1)

    def _figure(self, sheet: Worksheet, row: int, column: int, figure: Figure, shaded: bool) -> None:
        if figure.value is None:
            sheet.write_string(row, column, figure.label, self.hole)
        else:
            sheet.write_number(row, column, figure.value, self.number(figure.decimals, shaded))

    def long(self, name: str, columns: Sequence[str], rows: Sequence[Row], widths: dict[str, int]) -> None:
        sheet = self.sheet(name)
        self._header(sheet, columns)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, widths.get(column, 14))
        for number, row in enumerate(rows, self.top + 1):
            for at, column in enumerate(columns):
                self._cell(sheet, number, at, column, row)
        sheet.freeze_panes(self.top + 1, 1)
        sheet.autofilter(self.top, 0, self.top + max(len(rows), 1), len(columns) - 1)

    def _cell(self, sheet: Worksheet, row: int, at: int, column: str, values: Row) -> None:
        value = values[column]
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, at, value)
        elif column in ("year", "price_year"):
            sheet.write_number(row, at, value)
        elif column in ("lat", "lon"):
            sheet.write_number(row, at, value, self.number(5))
        else:
            sheet.write_number(row, at, value, self.number(2 if column.endswith("_pct") else values.get("decimals", 0)))

    def _header(self, sheet: Worksheet, columns: Sequence[str]) -> None:
        sheet.set_row(self.top, 32)
        for at, column in enumerate(columns):
            sheet.write(self.top, at, column, self.head)


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
        "status",
        "reason",
    ]
    return columns, rows, {"indicator": 38, "title": 48, "region_name": 18, "comparator_name": 28, "reason": 40}


def _accounts(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    """The sub-project's detailed accounts: every function, service and the whole, every year."""
    services = data.part.services if data.part else list(data.definitions.services)
    functions = [code for name in services for code in data.definitions.services[name].functions]
    rows = data.query(
        "select * from {account} where list_contains(?, item)",
        [*functions, *services, *([data.part.id] if data.part else [])],
    )
    columns = ["level", "item", "item_title", "region", "region_name", "role", "year", "measure", "value", "unit"]
    columns += ["status", "reason", "elimination"]
    shown = [{**row, "decimals": 0 if row["unit"] == "1000 kr" else 1} for row in rows]
    return columns, shown, {"item_title": 44, "region_name": 22, "measure": 20, "reason": 48, "elimination": 60}


def _trends(data: ReportData) -> tuple[list[str], list[Row], dict[str, int]]:
    rows = data.query(
        "select t.*, c.title, c.decimals from {trend} as t join {indicator_card} as c using (indicator) "
        "where list_contains(?, indicator)",
        [indicator.id for indicator in data.indicators],
    )
    columns = ["indicator", "title", "region", "region_name", "role", "year", "value", "years_used", "slope_pct"]
    columns += ["price_year", "fixed_value", "fixed_slope_pct", "fixed_status", "fixed_reason", "crosses_merger"]
    return columns, rows, {"indicator": 38, "title": 48, "region_name": 22, "fixed_reason": 40}


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
