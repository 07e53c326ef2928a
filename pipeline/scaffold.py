"""`kunnskap new MERGER`: empty files for what the municipalities fill in themselves, and a start for a new merger."""

import csv
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import xlsxwriter

from pipeline.ingest.local import COLUMNS
from pipeline.ingest.store import checked_name
from pipeline.model import Definitions, Merger, Source
from pipeline.project import Project

WIDTHS = {"tall": 42, "hva": 60, "enhet": 12, "kommune": 10, "navn": 18, "år": 8, "verdi": 14, "dato": 12}
SKELETON = """# Fyll ut, og flytt filen til pipeline/definitions/mergers/{id}.toml. Feltene: docs/add-a-merger.md.
id = "{id}"
name = ""                   # «Nye Larvik»
merged_name = ""            # «Larvik»
merge_date = 2020-01-01
base_year = 2018
subprojects = "ap2"
groupings = ["temaplaner"]

[[member]]                  # én blokk per kommune
code = "0000"
name = ""
kostra_group = ""

[[successor]]               # én blokk per kommunenummer den nye kommunen har hatt
code = "0000"
from = 2020-01-01

[[comparator]]
id = "EAK"
name = "Landet"
kind = "country"
"""


def new(project: Project, definitions: Definitions, merger_id: str) -> Iterator[str]:
    """Write what is not there yet, never over what is; a line in Norwegian for each file."""
    folder = project.local / checked_name(merger_id)
    if merger_id not in definitions.mergers:
        path = folder / f"{merger_id}.toml"
        text = SKELETON.format(id=merger_id)
        yield _written(project, path, lambda place: place.write_text(text, encoding="utf-8", newline="\n"))
        yield "Sammenslåingen finnes ikke ennå: fyll ut filen og flytt den til pipeline/definitions/mergers/."
        return
    merger = definitions.mergers[merger_id]
    for source in definitions.sources.values():
        if source.pull != "local":
            continue
        if (folder / f"{source.id}.csv").is_file():
            yield f"Finnes: {project.shown(folder / f'{source.id}.csv')}"
            continue
        yield _written(project, folder / f"{source.id}.xlsx", partial(write_sheet, merger=merger, source=source))
    yield "Fyll inn verdi, kilde og dato; rader uten verdi hoppes over. CSV går like godt: lagre som «CSV UTF-8»."


def _written(project: Project, path: Path, write: Callable[[Path], object]) -> str:
    if path.exists():
        return f"Finnes: {project.shown(path)}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path)
    return f"Skrevet: {project.shown(path)}"


def rows(merger: Merger, source: Source) -> list[list[str]]:
    """The empty register: every number of the source, for every member, in the base year."""
    return [
        [code, contents.label, contents.unit, member.code, member.name, str(merger.base_year), "", "", "", ""]
        for code, contents in source.contents.items()
        for member in merger.member
    ]


def write_csv(path: Path, merger: Merger, source: Source) -> None:
    """Semicolon and UTF-8 with BOM, as a Norwegian spreadsheet writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(merger, source))


def write_sheet(path: Path, merger: Merger, source: Source) -> None:
    """The same as a sheet: codes as text, the columns to fill in marked."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False})
    head = book.add_format({"bold": True, "font_color": "white", "bg_color": "#0b3c5d"})
    fill = book.add_format({"bg_color": "#fff7e0", "border": 1, "border_color": "#d5d5d5"})
    text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(source.id[:31])
    for at, name in enumerate(COLUMNS):
        sheet.write_string(0, at, name, head)
        sheet.set_column(at, at, WIDTHS.get(name, 30), text if name == "kommune" else None)
    for line, row in enumerate(rows(merger, source), 1):
        for at, cell in enumerate(row):
            if COLUMNS[at] in ("verdi", "kilde", "dato", "merknad"):
                sheet.write_blank(line, at, None, fill)
            else:
                sheet.write_string(line, at, cell, text)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
