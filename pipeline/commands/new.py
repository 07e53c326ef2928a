"""`kunnskap new MERGER`: empty files for what the municipalities fill in themselves."""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.ingest.local import columns_of
from pipeline.model import Definitions, FieldDef, Merger, Source
from pipeline.model.forms import Form
from pipeline.model.harmonisation import item_id
from pipeline.project import Project
from pipeline.report.paper.sheets import Book

WIDTHS = {"tall": 42, "hva": 44, "enhet": 14, "kommune": 10, "navn": 18, "år": 8, "verdi": 14, "dato": 12}
WIDTH = 30  # characters, where none is given
MOST_ROWS = 2000  # rows of a sheet that choices and limits are set for


def new(project: Project, definitions: Definitions, merger: Merger) -> Iterator[str]:
    """Write what is not there yet, never over what is; a line in Norwegian for each file."""
    folder = project.local / merger.id
    for source in definitions.sources.values():
        if source.pull == "local":
            for end, write in ((".xlsx", write_sheet), (".csv", write_csv)):
                made = partial(write, definitions=definitions, merger=merger, source=source)
                yield _written(project, folder / f"{source.id}{end}", made)
    yield (
        "Fyll inn verdi, kilde og dato i Excel-filen eller i CSV-filen; den som står tom, brukes ikke. "
        "Rader uten verdi hoppes over."
    )


def _written(project: Project, path: Path, write: Callable[[Path], object]) -> str:
    if path.exists():
        return f"Finnes: {project.shown(path)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    write(beside)
    beside.replace(path)
    return f"Skrevet: {project.shown(path)}"


# ------------------------------------------------------------------------------------ empty rows


def rows(definitions: Definitions, merger: Merger, source: Source) -> list[list[str]]:
    """The empty register: what is to be filled in, for every member, in the base year."""
    columns = columns_of(source)[0]
    if source.form is None:
        known = [
            {"tall": code, "hva": contents.label, "enhet": contents.unit} for code, contents in source.contents.items()
        ]
    else:
        about = {"services": _services, "fees": _fees, "assumptions": _assumptions}[source.form.empty]
        known = [_by_column(source.form, row) for row in about(definitions, merger)]
    if source.form and not source.form.by_member:
        return [[row.get(name, "") for name in columns] for row in known]
    filled = [
        {**row, "kommune": member.code, "navn": member.name, "år": str(merger.base_year)}
        for row in known
        for member in merger.member
    ]
    return [[row.get(name, "") for name in columns] for row in filled]


def _by_column(form: Form, row: dict[str, str]) -> dict[str, str]:
    """A row by the form's own columns: the name in the tables becomes the column it is of."""
    return {form.named.get(name, name): text for name, text in row.items()}


# What the rows of an empty form are about, by the names of the tables; `hva` and `navn` are in none: they only tell.


def _services(definitions: Definitions, merger: Merger) -> list[dict[str, str]]:
    return [{"service": service} for part in definitions.parts(merger) for service in part.services]


def _fees(definitions: Definitions, merger: Merger) -> list[dict[str, str]]:
    return [
        {
            "fee": fee.id,
            "hva": fee.title,
            "service": fee.service,
            "place_type": variant.place,
            "income_band": variant.band,
            "unit": fee.unit,
            "months": f"{fee.months:g}".replace(".", ","),
            "self_cost": "ja" if fee.self_cost else "nei",
        }
        for fee in definitions.harmonisation.fees.values()
        for variant in fee.variants
    ]


def _assumptions(definitions: Definitions, merger: Merger) -> list[dict[str, str]]:
    known = definitions.harmonisation
    fees = [(item_id(fee.id, v.place, v.band), fee.title) for fee in known.fees.values() for v in fee.variants]
    coverage = [(item.indicator, definitions.indicators[item.indicator].title) for item in known.coverage]
    spending = [(name, definitions.indicators[name].title) for item in known.spending for name in item.indicators]
    kinds = [("mål", fees + coverage + spending), ("enhetskostnad", coverage)]
    kinds.append(("elastisitet", [("alle", "alle avgifter"), *((fee.id, fee.title) for fee in known.fees.values())]))
    steps = range(1, len(known.assumptions.phase_in_pct) + 1)
    kinds.append(("innfasing", [(str(step), f"prosent som er kommet etter år {step}") for step in steps]))
    return [
        {"kind": kind, "about": about, "navn": title}
        for kind, items in kinds
        for about, title in items
        if definitions.is_moved(about)
    ]


# ----------------------------------------------------------------------------------------- files


def write_csv(path: Path, definitions: Definitions, merger: Merger, source: Source) -> None:
    """Semicolon and UTF-8 with BOM, as a Norwegian spreadsheet writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns_of(source)[0])
        writer.writerows(rows(definitions, merger, source))


def write_sheet(path: Path, definitions: Definitions, merger: Merger, source: Source) -> None:
    """The same as a sheet: codes as text, the columns to fill in marked, choices as lists, and what to write where."""
    columns, fill = columns_of(source)
    marked = fill if source.is_form else (*fill, "kilde", "dato", "merknad")
    book = Book(path)
    head, blank, text = book.style("column"), book.style("blank"), book.style("plain", "@")
    sheet = book.sheet(source.id[:31])
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, head)
        width = source.form.column[name].width if source.form else WIDTHS.get(name, WIDTH)
        sheet.set_column(at, at, width, text if name == "kommune" else None)
    for line, row in enumerate(rows(definitions, merger, source), 1):
        for at, cell in enumerate(row):
            if columns[at] in marked:
                sheet.write_blank(line, at, None, blank)
            else:
                sheet.write_string(line, at, cell)
    if source.form:
        for at, (name, column) in enumerate(source.form.column.items()):
            choices = _choices(definitions, merger, source, name)
            _limit(sheet, at, definitions.fields[column.field], choices, column.help)
        _help(book, source.title, source.form)
    sheet.freeze_panes(1, 1)
    book.close()


def _choices(definitions: Definitions, merger: Merger, source: Source, column: str) -> list[str]:
    field = source.fields[column]
    if field == "form_service":
        return [*definitions.services]
    if field == "form_region":
        return [member.code for member in merger.member]
    return definitions.fields[field].allowed


LONGEST_LIST = 255  # characters that Excel takes in a list of choices


def _limit(sheet: Any, column: int, field: FieldDef, choices: list[str], told: str) -> None:
    """Excel's own check of a column: a list to choose from, or the span of a number; with the help text beside it."""
    rule: dict[str, Any] = {"validate": "any"}
    if choices and len(",".join(choices)) <= LONGEST_LIST:
        rule = {"validate": "list", "source": choices}
    elif field.type in ("number", "integer"):
        low = -1e12 if field.minimum is None else field.minimum
        high = 1e12 if field.maximum is None else field.maximum
        rule = {
            "validate": field.type.replace("number", "decimal"),
            "criteria": "between",
            "minimum": low,
            "maximum": high,
        }
    if told:
        rule |= {"input_message": told[:LONGEST_LIST]}
    if rule != {"validate": "any"}:
        sheet.data_validation(1, column, MOST_ROWS, column, rule)


def _help(book: Book, title: str, form: Form) -> None:
    sheet = book.file.add_worksheet("Slik fyller du ut")
    wrap, head = book.style("wrap"), book.style("column")
    sheet.set_column(0, 0, 20, wrap)
    sheet.set_column(1, 1, 100, wrap)
    sheet.write_string(0, 0, "kolonne", head)
    sheet.write_string(0, 1, title, head)
    helped = {name: column.help for name, column in form.column.items() if column.help}
    for line, (name, told) in enumerate(helped.items(), 1):
        sheet.write_string(line, 0, name)
        sheet.write_string(line, 1, told)
    sheet.write_string(len(helped) + 2, 0, "Hvorfor")
    sheet.write_string(len(helped) + 2, 1, f"Fylles det ut, viser rapporten {form.adds}.")
