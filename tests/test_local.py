"""What the municipalities fill in themselves: the empty file, the filled one, and every way a row can be wrong."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.choice import choose
from pipeline.commands import new as scaffold
from pipeline.errors import KunnskapError
from pipeline.ingest.local import COLUMNS, local_file, read_local
from pipeline.model import Definitions, Merger, Source
from pipeline.project import Project
from tests.conftest import merger_of

ABSENT, POSSIBLE = "grunnskole_sykefravaer_dager", "grunnskole_mulige_dager"


@pytest.fixture
def merger(definitions: Definitions) -> Merger:
    return merger_of("nye-drammen")


@pytest.fixture
def source(definitions: Definitions) -> Source:
    return definitions.sources["lokal-utdanning"]


def row(**changes: str) -> list[str]:
    plain = {"tall": ABSENT, "kommune": "0602", "år": "2018", "verdi": "1 234,5", "kilde": "HR", "dato": "15.06.2018"}
    return [{**dict.fromkeys(COLUMNS, ""), **plain, **changes}[name] for name in COLUMNS]


def filled(folder: Path, *rows: list[str]) -> Project:
    project = Project(root=folder)
    path = project.local / "nye-drammen" / "lokal-utdanning.csv"
    path.parent.mkdir(parents=True)
    lines = [";".join(COLUMNS), *(";".join(cells) for cells in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return project


def read(project: Project, merger: Merger, source: Source) -> list[tuple[object, ...]]:
    file = local_file(project, merger, source)
    assert file is not None
    frame = read_local(merger, source, file).astype({"region": str, "ContentsCode": str, "symbol": str})
    frame = frame[["row", "region", "year", "ContentsCode", "value", "symbol"]].astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


def test_a_filled_row_is_a_cell_and_an_empty_one_is_not_there_yet(
    tmp_path: Path, merger: Merger, source: Source
) -> None:
    project = filled(tmp_path, row(), row(tall=POSSIBLE, verdi=""), row(kommune="0625", verdi=":", dato="2018-06-15"))
    assert read(project, merger, source) == [
        (2, "0602", 2018, ABSENT, 1234.5, ""),
        (4, "0625", 2018, ABSENT, None, ":"),
    ]


def test_a_count_of_few_people_is_confidential_and_a_number_outside_its_span_is_refused(
    tmp_path: Path, merger: Merger, source: Source
) -> None:
    project = filled(
        tmp_path, row(tall="elever_mobbet", verdi="4"), row(tall="elever_mobbet", kommune="0625", verdi="5")
    )
    assert read(project, merger, source) == [
        (2, "0602", 2018, "elever_mobbet", None, ":"),
        (3, "0625", 2018, "elever_mobbet", 5.0, ""),
    ]
    wrong = filled(tmp_path / "gal", row(tall="elevundersokelsen_trivsel", verdi="5,5"))
    with pytest.raises(KunnskapError, match=r"rad 2, kolonne verdi: fant «5,5». Tillatt: tall fra 1 til 5"):
        read(wrong, merger, source)


def test_nil_is_a_figure(tmp_path: Path, merger: Merger, source: Source) -> None:
    assert read(filled(tmp_path, row(verdi="-")), merger, source)[0][4:] == (0.0, "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tall": "sykefravær"}, ["kolonne tall", "«sykefravær»", ABSENT]),
        ({"kommune": "602"}, ["kolonne kommune", "«602»", "0602 Drammen"]),
        ({"år": "18"}, ["kolonne år", "«18»", "2015 til 2026"]),
        ({"verdi": "ca. 12"}, ["kolonne verdi", "«ca. 12»", "komma"]),
        ({"verdi": "1.234,5"}, ["kolonne verdi", "«1.234,5»"]),
        ({"kilde": ""}, ["kolonne kilde", "tomt"]),
        ({"dato": "i juni"}, ["kolonne dato", "«i juni»", "15.06.2018"]),
        ({"dato": "31.02.2018"}, ["kolonne dato", "«31.02.2018»"]),
    ],
)
def test_one_bad_row_is_told_and_nothing_is_half_loaded(
    tmp_path: Path, merger: Merger, source: Source, changes: dict[str, str], told: list[str]
) -> None:
    project = filled(tmp_path, row(kommune="0711"), row(**changes))
    with pytest.raises(KunnskapError) as error:
        read(project, merger, source)
    message = str(error.value)
    assert "lokal-utdanning.csv, rad 3" in message and "rett raden" in message
    assert all(word in message for word in told), message


def test_the_same_number_twice_is_told(tmp_path: Path, merger: Merger, source: Source) -> None:
    with pytest.raises(KunnskapError, match=r"rad 3.*samme tall, kommune og år som rad 2"):
        read(filled(tmp_path, row(), row()), merger, source)


def test_a_file_with_other_columns_says_which(tmp_path: Path, merger: Merger, source: Source) -> None:
    project = filled(tmp_path)
    path = project.local / "nye-drammen" / "lokal-utdanning.csv"
    path.write_text("kommune;verdi\n0602;1\n", encoding="utf-8")
    with pytest.raises(KunnskapError, match=r"mangler kolonnene tall, år, kilde, dato.*kunnskap new"):
        read(project, merger, source)


def test_new_writes_what_can_be_filled_in_and_read_again(
    tmp_path: Path, definitions: Definitions, merger: Merger, source: Source
) -> None:
    project = Project(root=tmp_path)
    told = list(scaffold.new(project, definitions, merger_of("nye-drammen")))
    local = sum(s.pull == "local" for s in definitions.sources.values())
    assert sum(line.startswith("Skrevet") for line in told) == 2 * local, "each as Excel and as CSV"
    path = project.local / "nye-drammen" / "lokal-utdanning.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet["D2"].value == "0602", "a code is text, with its zero"
    assert local_file(project, merger, source) is None, "nothing filled in yet"
    sheet["G2"], sheet["H2"], sheet["I2"] = 12.5, "HR-systemet", "15.06.2018"
    code = sheet["A2"].value
    book.save(path)
    assert read(project, merger, source) == [(2, "0602", 2018, code, 12.5, "")]
    assert all(
        line.startswith(("Finnes", "Fyll")) for line in scaffold.new(project, definitions, merger_of("nye-drammen"))
    )


def test_a_csv_from_excel_on_windows_is_read(tmp_path: Path, merger: Merger, source: Source) -> None:
    project = filled(tmp_path)
    path = project.local / "nye-drammen" / "lokal-utdanning.csv"
    path.write_bytes((";".join(COLUMNS) + "\n" + ";".join(row(kilde="Særlig måling")) + "\n").encode("cp1252"))
    assert len(read(project, merger, source)) == 1


def test_of_two_files_the_filled_one_is_read_and_two_filled_ones_are_one_too_many(
    tmp_path: Path, definitions: Definitions, merger: Merger, source: Source
) -> None:
    project = filled(tmp_path, row())
    path = project.local / "nye-drammen" / "lokal-utdanning.xlsx"
    scaffold.write_sheet(path, definitions, merger, source)
    assert len(read(project, merger, source)) == 1
    book = openpyxl.load_workbook(path)
    book.active["G2"] = 12
    book.save(path)
    with pytest.raises(KunnskapError, match="behold den ene"):
        local_file(project, merger, source)


def test_a_filled_register_reaches_the_tables(embedded: Path, tmp_path: Path, definitions: Definitions) -> None:
    """With its own provenance, and only for the merger it was filled in for."""
    shutil.copytree(embedded, tmp_path / "data" / "raw" / "embedded")
    project = filled(tmp_path, row(), row(kommune="0625", verdi="500"))
    drammen = run.read_set(choose(project, "nye-drammen", "embedded"))
    assert len(drammen.frames["lokal-utdanning"]) == 2
    assert drammen.files["lokal-utdanning"][0].origin.producer == "Kommunene"
    asker = run.read_set(choose(project, "nye-asker", "embedded"))
    assert "lokal-utdanning" not in asker.frames
