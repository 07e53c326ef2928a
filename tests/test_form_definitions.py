"""A form is its block in the definitions: what follows from adding one, and what a block may not say."""

import csv
from pathlib import Path
from typing import get_args

import duckdb
import openpyxl
import pytest

from pipeline import model, run
from pipeline.choice import choose
from pipeline.commands import new as scaffold
from pipeline.errors import KunnskapError
from pipeline.model.harmonisation import Object
from pipeline.project import Project
from pipeline.report.harmonise.glance import OBJECTS
from pipeline.report.keys import scope_of
from tests.conftest import merger_of

SEVENTH = """
[[source]]
id = "ventelister"
kind = "register"
pull = "local"
title = "Ventelister"
producer = "Kommunene"
licence = "NLOD 2.0"
selection = "Fylt inn av kommunene selv."
[source.form]
table = "waiting_list"
adds = "hvor mange som venter"
about = "tjeneste"
[source.form.column.tjeneste]
field = "form_service"
as = "service"
key = true
[source.form.column.kommune]
field = "form_region"
as = "region"
key = true
[source.form.column.navn]
field = "form_text"
[source.form.column."år"]
field = "form_year"
as = "year"
key = true
[source.form.column.venter]
field = "form_persons"
as = "waiting"
fill = true
help = "Hvor mange som venter 31. desember."
[source.form.column.kilde]
field = "form_source"
as = "source"
fill = true
"""
TABLE = """
[waiting_list]
about = "The form for waiting lists as filled in, the waiting hidden where they are few."
grain = ["service", "region", "year"]
columns = ["merger", "subproject", "service", "region", "region_name", "year", "waiting", "source"]
[waiting_list.fields]
waiting = "form_persons"
source = "form_source"
"""


def add(project: Project, name: str, text: str) -> None:
    path = project.definitions / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_seventh_form_is_a_block_and_a_table(project: Project, tmp_path: Path) -> None:
    add(project, "sources/registre.toml", SEVENTH)
    add(project, "tables.toml", TABLE)
    definitions = model.load(project)
    list(scaffold.new(project, definitions, merger_of("nye-drammen", project)))
    folder = project.local / "nye-drammen"
    sheet = openpyxl.load_workbook(folder / "ventelister.xlsx")
    assert [cell.value for cell in sheet["ventelister"][1]] == ["tjeneste", "kommune", "navn", "år", "venter", "kilde"]
    assert sheet["Slik fyller du ut"]["B2"].value == "Hvor mange som venter 31. desember."
    with (folder / "ventelister.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *empty = csv.reader(file, delimiter=";")
    assert ["barnehage", "0711", "Svelvik", "2018", "", ""] in empty
    waiting = {"0602": "5", "0625": "4", "0711": "0"}
    with (folder / "ventelister.csv").open("w", encoding="utf-8-sig", newline="") as file:
        filled = [[*row[:4], waiting[row[1]], "fagsystem"] for row in empty if row[0] == "barnehage"]
        csv.writer(file, delimiter=";").writerows([header, *filled])
    made = tmp_path / "made"
    run.compute_tables(choose(project, "nye-drammen", "embedded"), made)

    def rows(table: str, columns: str, where: str = "true") -> list[tuple[object, ...]]:
        return duckdb.sql(f"select {columns} from '{made / table}.parquet' where {where}").fetchall()

    assert rows("waiting_list", "subproject, service, region_name, year, waiting, source") == [
        ("AP2.2", "barnehage", "Drammen", 2018, 5.0, "fagsystem"),
        ("AP2.2", "barnehage", "Nedre Eiker", 2018, None, "fagsystem"),
        ("AP2.2", "barnehage", "Svelvik", 2018, 0.0, "fagsystem"),
    ]
    used = rows("register_use", "title, adds, rows_filled, members_filled, example", "register = 'ventelister'")
    assert used == [("Ventelister", "hvor mange som venter", 3, 3, "false")]
    merger = merger_of("nye-drammen")
    part = next(part for part in definitions.parts(merger) if part.id == "AP2.2")
    read = {kind: scope_of(definitions, merger, part, kind).rows for kind in ("harmonisering", "kunnskapsgrunnlag")}
    assert "waiting_list" in read["harmonisering"] and "waiting_list" not in read["kunnskapsgrunnlag"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('as = "waiting"', 'as = "year"', "to kolonner heter «year» (as)"),
        ('about = "tjeneste"', 'about = "ventet"', "kolonnen «ventet» finnes ikke"),
        ('as = "source"\n', "", "ingen kolonne heter «source» (as)"),
        ('as = "service"\n', "", "ingen kolonne heter «service» (as), og waiting_list er en tabell"),
        ('table = "waiting_list"', 'table = "fee"', "tabellen «fee» er 2 skjemaers"),
        ('about = "tjeneste"', 'object = "fee"', "«fee» er det 2 skjemaer handler om"),
        ('field = "form_persons"', 'field = "form_ventende"', "kolonnen venter står ikke i fields.toml"),
    ],
)
def test_a_block_that_does_not_hold_together_is_told(own_definitions: Project, old: str, new: str, told: str) -> None:
    assert SEVENTH.count(old) == 1
    add(own_definitions, "sources/registre.toml", SEVENTH.replace(old, new))
    add(own_definitions, "tables.toml", TABLE)
    with pytest.raises(KunnskapError) as stopped:
        model.load(own_definitions)
    assert told in str(stopped.value)


def test_everything_a_form_can_be_about_has_its_row_at_a_glance() -> None:
    assert set(OBJECTS) == set(get_args(Object))
