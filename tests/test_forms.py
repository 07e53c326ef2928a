"""The forms of harmonisation: empty ones can be filled in, every way a row can be wrong, and what a bad row does."""

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.choice import choose
from pipeline.commands import new as scaffold
from pipeline.errors import KunnskapError
from pipeline.ingest.forms import read_form
from pipeline.ingest.local import local_file
from pipeline.model import Definitions, Merger, Source
from pipeline.project import Project
from pipeline.validate import forms
from tests.conftest import merger_of
from tests.whole import EXAMPLES

GOOD = {
    "avgift": "sfo.hel_plass", "tjeneste": "sfo", "enhet": "kr per måned", "kommune": "0602", "år": "2018",
    "verdi": "2 790,50", "måneder": "11", "brukere": "1 000", "selvkost": "nei", "kilde": "Prisliste",
    "dato": "15.06.2018",
}  # fmt: skip


@pytest.fixture
def merger(definitions: Definitions) -> Merger:
    return merger_of("nye-drammen")


def write(folder: Path, source: Source, *rows: dict[str, str]) -> Project:
    project = Project(root=folder)
    path = project.local / "nye-drammen" / f"{source.id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(source.columns)
        writer.writerows([[row.get(name, "") for name in source.columns] for row in rows])
    return project


def told(definitions: Definitions, merger: Merger, project: Project, name: str = "brukerbetalinger") -> str:
    source = definitions.sources[name]
    file = local_file(project, merger, source)
    assert file is not None
    try:
        frame = read_form(definitions, source, file)
    except KunnskapError as error:
        return str(error)
    problems = forms.check_form(definitions, merger, source, frame)
    return "\n".join(map(str, problems + forms.unknown_items(definitions, {name: frame})))


def test_numbers_and_dates_are_read_as_people_write_them(
    tmp_path: Path, definitions: Definitions, merger: Merger
) -> None:
    source = definitions.sources["brukerbetalinger"]
    project = write(tmp_path, source, GOOD, {"avgift": "var.vann", "kommune": "0602"})
    file = local_file(project, merger, source)
    assert file is not None
    (row,) = read_form(definitions, source, file).to_dict("records")
    assert (row["row"], row["verdi"], row["brukere"], row["dato"]) == (2, "2790.50", "1000", "2018-06-15")
    assert told(definitions, merger, project) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"avgift": "sfo.gratis"}, ["kolonne avgift", "«sfo.gratis»", "sfo.hel_plass"]),
        ({"tjeneste": "barnehage"}, ["kolonne tjeneste", "«sfo» for sfo.hel_plass"]),
        ({"enhet": "kr per år"}, ["kolonne enhet", "«kr per måned»"]),
        ({"kommune": "0220"}, ["kolonne kommune", "«0220»", "0602, 0625, 0711"]),
        ({"år": "18"}, ["kolonne år", "«18»", "fra 2010"]),
        ({"verdi": "ca. 2700"}, ["kolonne verdi", "«ca. 2700»", "et tall med komma"]),
        ({"verdi": "-5"}, ["kolonne verdi", "«-5»", "fra 0"]),
        ({"verdi": ""}, ["kolonne verdi", "ikke tomt"]),
        ({"måneder": ""}, ["kolonne måneder", "ikke tomt"]),
        ({"brukere": "12,5"}, ["kolonne brukere", "«12.5»", "heltall"]),
        ({"inntektsgruppe": "2-3 G"}, ["kolonne inntektsgruppe", "«2-3 G»", "2–3 G"]),
        ({"selvkost": "kanskje"}, ["kolonne selvkost", "«kanskje»", "ja, nei"]),
        ({"kilde": ""}, ["kolonne kilde", "ikke tomt"]),
        ({"dato": "i juni"}, ["kolonne dato", "«i juni»", "dato"]),
        ({"timetak": "900"}, ["kolonne timetak", "til 744"]),
    ],
)
def test_a_bad_row_is_told_with_file_row_column_and_remedy(
    tmp_path: Path, definitions: Definitions, merger: Merger, changes: dict[str, str], words: list[str]
) -> None:
    other = GOOD | {"kommune": "0625"}
    project = write(tmp_path, definitions.sources["brukerbetalinger"], other, GOOD | changes)
    message = told(definitions, merger, project)
    assert "brukerbetalinger.csv, rad 3" in message and "Gjør slik: rett raden" in message, message
    assert all(word in message for word in words), message
    assert "rad 2" not in message


def test_a_fee_that_is_self_cost_in_one_place_only_is_refused(
    tmp_path: Path, definitions: Definitions, merger: Merger
) -> None:
    project = write(
        tmp_path, definitions.sources["brukerbetalinger"], GOOD, GOOD | {"kommune": "0625", "selvkost": "ja"}
    )
    assert "samme selvkost (ja eller nei) for alle kommunene" in told(definitions, merger, project)


def test_the_same_row_twice_is_refused(tmp_path: Path, definitions: Definitions, merger: Merger) -> None:
    project = write(tmp_path, definitions.sources["brukerbetalinger"], GOOD, GOOD)
    assert "rad 3: samme rad som rad 2" in told(definitions, merger, project)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"hva": "mål", "gjelder": "sfo.ukjent", "verdi": "1"}, ["«sfo.ukjent» er ikke noe «mål» kan gjelde"]),
        ({"hva": "elastisitet", "gjelder": "barnehage.dekning_1_5", "verdi": "-1"}, ["«elastisitet»"]),
        ({"hva": "innfasing", "gjelder": "1", "verdi": "50"}, ["innfasingen er 50", "ender på 100"]),
        ({"hva": "ønske", "gjelder": "alle", "verdi": "1"}, ["kolonne hva", "«ønske»"]),
    ],
)
def test_an_assumption_about_nothing_is_refused(
    tmp_path: Path, definitions: Definitions, merger: Merger, row: dict[str, str], words: list[str]
) -> None:
    project = write(tmp_path, definitions.sources["forutsetninger"], row | {"kilde": "vedtak", "dato": "2019-01-01"})
    message = told(definitions, merger, project, "forutsetninger")
    assert "forutsetninger.csv, rad 2" in message and all(word in message for word in words), message


@pytest.mark.parametrize(
    "name", ["brukerbetalinger", "dekning", "tildelingsmodeller", "tilskuddsordninger", "apningstider"]
)
@pytest.mark.parametrize("end", [".csv", ".xlsx"])
def test_an_empty_form_can_be_filled_in_in_either_format(
    tmp_path: Path, definitions: Definitions, merger: Merger, name: str, end: str
) -> None:
    """The first row of the form that `new` writes, filled in with what the example has for the same columns."""
    project, source = Project(root=tmp_path), definitions.sources[name]
    list(scaffold.new(project, definitions, merger))
    assert local_file(project, merger, source) is None, "an empty form is not there"
    with (EXAMPLES / merger.id / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        example = next(csv.DictReader(file, delimiter=";"))
    path = project.local / merger.id / f"{name}{end}"
    if end == ".xlsx":
        book = openpyxl.load_workbook(path)
        for at, column in enumerate(source.columns, 1):
            book.active.cell(2, at).value = example[column] or None
        book.save(path)
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, delimiter=";"))
        lines[1] = [example[column] for column in source.columns]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows(lines)
    assert told(definitions, merger, project, name) == ""
    read = local_file(project, merger, source)
    assert read is not None and read.path == path and len(read_form(definitions, source, read)) == 1


def test_a_form_in_excel_lists_the_choices_and_says_what_to_write(
    tmp_path: Path, definitions: Definitions, merger: Merger
) -> None:
    path = tmp_path / "brukerbetalinger.xlsx"
    source = definitions.sources["brukerbetalinger"]
    scaffold.write_sheet(path, definitions, merger, source)
    book = openpyxl.load_workbook(path)
    rules = {str(rule.sqref).split(":")[0][0]: rule for rule in book.active.data_validations.dataValidation}
    assert rules[openpyxl.utils.get_column_letter(source.columns.index("selvkost") + 1)].formula1 == '"ja,nei"'
    assert "prompt" in dir(rules["J"]) and "kroner" in rules["J"].prompt
    told_rows = {row[0]: row[1] for row in book["Slik fyller du ut"].values}
    assert {name for name, column in source.as_form.column.items() if column.help} <= set(told_rows)


def test_every_column_somebody_fills_in_is_explained(definitions: Definitions) -> None:
    for source in definitions.forms:
        told = {name for name, column in source.as_form.column.items() if column.help}
        assert set(source.as_form.fill) - {"merknad", "enhet"} <= told, source.id
        assert source.as_form.adds


def test_one_bad_row_changes_nothing(finished_copy: Project, definitions: Definitions) -> None:
    """The run stops, and tables and reports are as they were, also those the good rows would have changed."""
    before = contents(finished_copy)
    source = definitions.sources["brukerbetalinger"]
    write(finished_copy.root, source, GOOD, GOOD | {"kommune": "0625", "verdi": "gratis"})
    with pytest.raises(KunnskapError, match=r"brukerbetalinger\.csv, rad 3, kolonne verdi: fant «gratis»"):
        run.run(choose(finished_copy, "nye-drammen"))
    after = contents(finished_copy)
    assert after.pop(finished_copy.local / "nye-drammen" / "brukerbetalinger.csv")
    assert after == before


def contents(project: Project) -> dict[Path, bytes]:
    """Every file but the lock that says that a run has been here."""
    return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.mark.parametrize("name", ["nye-drammen", "nye-asker"])
def test_the_shipped_example_is_whole_and_plainly_an_example(
    name: str, definitions: Definitions, tmp_path: Path
) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / "data" / "local" / name)
    project, merger = Project(root=tmp_path), merger_of(name)
    for source in definitions.forms:
        file = local_file(project, merger, source)
        assert file is not None, source.id
        frame = read_form(definitions, source, file)
        assert forms.check_form(definitions, merger, source, frame) == []
        assert frame["kilde"].str.startswith("EKSEMPEL").all()
        if "kommune" in frame:
            assert set(frame["kommune"]) == {member.code for member in merger.member}
