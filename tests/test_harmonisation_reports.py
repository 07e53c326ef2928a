"""Harmonisation looked at from outside: with nothing filled in, and with the example whose words are attacks."""

import csv
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from pipeline import model, run, words
from pipeline.choice import choose
from pipeline.commands.explain_item import explain_item
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise import slides
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.paper import style
from pipeline.report.paper.pages import Page
from tests.conftest import merger_of
from tests.test_reports import PARTS, report

MARK = "EKSEMPELTALL"
RECALCULATED = ("Grunnlag", "Scenarier", "Innfasing", "Sum")


def made(project: Project) -> Path:
    return project.reports / "nye-drammen"


@dataclass(frozen=True)
class Books:
    """økonomi.xlsx read twice: its formulas, and the numbers they are stored with. Not to be changed by tests."""

    formulas: Any
    stored: Any


@pytest.fixture(scope="module")
def books(attacked: Project) -> Books:
    path = made(attacked) / "økonomi.xlsx"
    return Books(openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True))


# ------------------------------------------------------------------------------ nothing filled in


@pytest.mark.parametrize("part", PARTS)
def test_without_any_form_there_is_a_report_with_substance(finished: Project, part: str) -> None:
    text = report(finished, part, "harmonisering.md").read_text(encoding="utf-8")
    first = text.split("# Slik leser du")[0]
    assert "![" in first and "h-korthet" in first and re.search(r"^2\. \*\*", first, re.MULTILINE)
    assert "# Utgiftsnivå" in text and "None" not in text and "nan" not in text.lower().replace("finansiering", "")
    for name in ("harmonisering.pdf", "harmonisering.docx", "harmonisering.html", "strategi.docx", "verksted.pptx"):
        assert report(finished, part, name).stat().st_size > 10_000


def test_it_says_what_every_form_would_add(finished: Project, definitions: Definitions) -> None:
    text = report(finished, "AP2.6-kultur-idrett-fritid", "harmonisering.md").read_text(encoding="utf-8")
    for form in definitions.forms:
        assert form.title in text and form.as_form.adds[1:] in text, "a table begins with a capital letter"
    assert text.count("er ikke fylt ut.*") == len([form for form in definitions.forms if form.as_form.by_member])


def test_a_common_level_leads_and_the_extremes_are_told_as_far_as_they_hold(finished: Project) -> None:
    """Embedded set, 2018. School: Svelvik gives in every way of counting. Kindergarten: who spends most depends on
    it."""
    school, nursery = (
        report(finished, part, "harmonisering.md").read_text(encoding="utf-8").split("# Slik leser")[0]
        for part in ("AP2.1-utdanning", "AP2.2-oppvekst")
    )
    path = (finished.processed / "nye-drammen" / "harmonisation.parquet").as_posix()
    moved = duckdb.sql(
        f"select sum(value) / 1e6 from '{path}' where item = 'grunnskole.netto_per_innbygger_6_15' and need_adjusted "
        "and measure = 'cost_change' and scenario = 'average' and role = 'member' and year = 2018 and value > 0"
    ).fetchone()
    assert moved is not None
    told = school.replace(words.SPACE, " ")
    assert f"likt nivå ville flyttet {words.number(moved[0], 1)} mill. kr i året (2018-kroner)" in told
    assert "Svelvik ville brukt mindre enn i dag, Drammen og Nedre Eiker mer" in told
    assert "like mye per innbygger som Svelvik i snitt 2016–2018" in told
    assert "Hvis alle brukte som den som bruker mest, ville det kostet 33–72" in nursery.replace(words.SPACE, " ")


def test_coverage_in_doubt_becomes_neither_places_nor_kroner(finished: Project) -> None:
    text = report(finished, "AP2.2-oppvekst", "harmonisering.md").read_text(encoding="utf-8")
    assert "omtrent lik dekning, samlet 89,7 prosent (2018)" in text
    assert "barnehageplasser" not in text.split("# Slik leser")[0] and "h-dekning-scenarier" not in text


def test_need_that_is_left_in_is_said_in_the_headline(finished: Project) -> None:
    for part in ("AP2.3-barnevern", "AP2.5-helse-og-sosial"):
        text = report(finished, part, "harmonisering.md").read_text(encoding="utf-8").split("# Slik leser")[0]
        (headline,) = re.findall(r"^1\. \*\*(.+?)\*\*", text, re.MULTILINE)
        assert headline.endswith("(2018-kroner); ulikt behov er ikke trukket fra.")
        assert "ja, men ulikt behov er ikke trukket fra" in text


def test_all_scenarios_stand_with_every_member(finished: Project) -> None:
    text = report(finished, "AP2.2-oppvekst", "harmonisering.md").read_text(encoding="utf-8")
    table = text.split("Hva det ville kostet eller spart om nivået var likt, første runde")[0].rsplit(
        "::: {.tabell", 1
    )[1]
    rows = [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.startswith("| ")][2:]
    assert [row[2] for row in rows] == ["ned til laveste", "til veid snitt", "opp til høyeste"]
    assert rows[1][6] == "**0**", "the weighted mean moves nothing in all"
    assert all(cell and "mangler" not in cell for row in rows for cell in row[2:7])


@pytest.mark.parametrize("part", PARTS)
def test_slides_are_six_to_ten_with_a_message_and_a_figure_each(finished: Project, part: str) -> None:
    slides = list(Presentation(str(report(finished, part, "verksted.pptx"))).slides)
    assert 6 <= len(slides) <= 10
    for number, slide in enumerate(slides, 1):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]
        assert texts[-1].endswith(f"{number} av {len(slides)}") and len(texts[0]) < 120
        pictures = [shape for shape in slide.shapes if "PICTURE" in str(shape.shape_type)]
        assert len(pictures) == (0 if number in (1, len(slides)) else 1)
        for picture in pictures:
            assert picture._element.find(".//{*}cNvPr").get("descr")
            assert any("Til bordene" in text for text in texts)
            assert picture.left + picture.width < 13.4 * 914_400 and picture.top + picture.height <= 6.95 * 914_400
    assert "Spørsmål til bordene" in slides[-1].shapes[0].text_frame.text


def test_the_draft_has_the_groups_headings_and_room_to_write(finished: Project) -> None:
    with zipfile.ZipFile(report(finished, "AP2.4-pleie-og-omsorg", "strategi.docx")) as document:
        body = document.read("word/document.xml").decode()
    assert body.count("Gruppen skriver:") >= 12
    for heading in (
        "Hva gruppen foreslår",
        "Overgangsordninger og innfasing",
        "Føringene i planene",
        "Nærmiljøperspektivet",
    ):
        assert heading in body


# ------------------------------------------------------------------------------------- guidelines


def test_every_point_of_the_plans_is_told_somewhere_for_every_member(
    finished: Project, definitions: Definitions
) -> None:
    texts = {part: report(finished, part, "harmonisering.md").read_text(encoding="utf-8") for part in PARTS}
    for plan in definitions.harmonisation.guidelines["nye-drammen"]:
        for point in plan.guideline:
            wanted = [part for part in PARTS if not point.parts or part.split("-")[0] in point.parts]
            for part in wanted:
                lines = [line for line in texts[part].splitlines() if point.text in line]
                (row,) = [line for line in lines if line.startswith(("| ", "**Ingen tall som", "**Måles av tall som"))]
                assert row.startswith("**") or len(row.strip("| ").split(" | ")) == 6, row
                if not (point.indicators or point.fees or point.registers):
                    assert row.startswith("**Ingen tall som måler dette:**"), row


def test_a_point_is_never_graded(finished: Project) -> None:
    for part in PARTS:
        points = (
            report(finished, part, "harmonisering.md").read_text(encoding="utf-8").split("# Føringene i planene")[1]
        )
        assert not re.search(
            r"\b(oppfylt|ikke oppfylt|bestått|god måloppnåelse|svak|rødt|grønt)\b", points.split("# Spørsmål")[0]
        )


def test_the_standard_set_of_points_is_whole(definitions: Definitions) -> None:
    """Eleven points in general, nine on school, eight on culture, two on health, five on care, six technical."""
    platform, strategies, goals = definitions.harmonisation.guidelines["nye-drammen"]
    assert [point.id for point in strategies.guideline] == [
        "A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "D1", "D2", "D3", "D4",
    ]  # fmt: skip
    general = [point for point in platform.guideline if not point.parts]
    assert len(general) == 11 and len(platform.guideline) == 41 and len(goals.guideline) == 5
    assert "nye-asker" not in definitions.harmonisation.guidelines


# ------------------------------------------------------------------------------ the example is used


def test_every_page_slide_sheet_and_figure_says_that_it_is_an_example(attacked: Project, books: Books) -> None:
    for part in PARTS:
        folder = made(attacked) / part
        assert all(MARK in page.extract_text() for page in PdfReader(folder / "harmonisering.pdf").pages)
        assert (folder / "harmonisering.html").read_text(encoding="utf-8").count(MARK) >= 2
        for name in ("harmonisering.docx", "strategi.docx"):
            with zipfile.ZipFile(folder / name) as document:
                heads = [document.read(n).decode() for n in document.namelist() if re.match(r"word/header\d*\.xml", n)]
            assert any(MARK in head for head in heads)
        for slide in Presentation(str(folder / "verksted.pptx")).slides:
            assert any(MARK in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for path in folder.glob("figurer/h-*.svg"):
            assert MARK in path.read_text(encoding="utf-8")
        for path in folder.glob("tall/h-*.csv"):
            assert path.read_text(encoding="utf-8-sig").splitlines()[0].endswith(MARK)
        assert MARK not in (folder / "kunnskapsgrunnlag.html").read_text(encoding="utf-8"), "it shows none of it"
    for sheet in books.formulas.worksheets:
        assert MARK in sheet["A1"].value and MARK in sheet.oddFooter.left.text
    for path in (made(attacked) / "økonomi").glob("*.csv"):
        assert path.read_text(encoding="utf-8").splitlines()[0].endswith(MARK)
    assert MARK in (made(attacked) / "index.html").read_text(encoding="utf-8")


def test_the_attacks_did_reach_the_reports(attacked: Project) -> None:
    """Or the test below would test nothing."""
    html = "".join(path.read_text(encoding="utf-8") for path in made(attacked).glob("*/harmonisering.html"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "../../x" in html and "=cmd|" in html
    assert "onerror=alert(1)" in html and "$x$" in html and "[x](javascript" in html


def test_what_somebody_wrote_in_a_form_is_text_in_every_format(attacked: Project) -> None:
    for page in made(attacked).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert text.count("<script>") == 1, "our own, that sorts tables"
        assert not re.search(r"<img(?![^>]*src=\"data:image/svg)", text)
        assert not re.search(r"(?:href|src)=\"(?:javascript|\.\./\.\./)", text)
    for path in [*made(attacked).rglob("*.docx"), *made(attacked).rglob("*.pptx")]:
        with zipfile.ZipFile(path) as document:
            for name in document.namelist():
                if name.endswith(".rels"):
                    assert "javascript" not in document.read(name).decode(), f"{path.name} {name}"
                if name.endswith(".xml"):
                    assert "<script" not in document.read(name).decode()
    for path in [*made(attacked).rglob("tall/*.csv"), *made(attacked).rglob("økonomi/*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file, delimiter=";" if path.parent.name == "tall" else ","):
                assert not any(cell[:1] in ("=", "@", "\t") for cell in row), path.name


def test_formulas_in_the_workbook_are_ours_alone(books: Books) -> None:
    ours = re.compile(r"=(IF\(|Scenarier!|[A-Z]+\d|\$?[A-Z]+\$?\d)")
    for sheet in books.formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert sheet.title in RECALCULATED and ours.match(cell.value) and "cmd" not in cell.value


# ------------------------------------------------------------------------------------ økonomi.xlsx


@cache
def soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None and os.environ.get("CI"):
        pytest.fail("LibreOffice is needed in CI")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


@dataclass(frozen=True)
class Recalculated:
    """The workbook as LibreOffice computes it: as made, with yellow cells changed, and with an elasticity too."""

    unchanged: Any
    changed: Any
    elastic: Any


@pytest.fixture(scope="module")
def recalculated(books: Books, attacked: Project, tmp_path_factory: pytest.TempPathFactory) -> Recalculated:
    """openpyxl keeps no computed values, so every one of them is new. LibreOffice is started once for all three."""
    program, folder = soffice(), tmp_path_factory.mktemp("recalculated")
    book = openpyxl.load_workbook(made(attacked) / "økonomi.xlsx")
    names = [field.name for field in fields(Recalculated)]
    for name, change in zip(names, (lambda book: None, change_yellow_cells, change_elasticity), strict=True):
        change(book)
        book.save(folder / f"{name}.xlsx")
    target = "xlsx:Calc MS Excel 2007 XML"
    profile = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", target, "--outdir", str(folder / "ut")]
    files = [str(folder / f"{name}.xlsx") for name in names]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return Recalculated(*(openpyxl.load_workbook(folder / "ut" / f"{name}.xlsx", data_only=True) for name in names))


def change_yellow_cells(book: Any) -> None:
    """Price and users of the three members, a target, a unit cost, and the first step of the phase-in."""
    rows = [row for row in book["Grunnlag"].iter_rows(min_row=3) if row[2].value == "sfo.hel_plass"]
    for row, (price, users) in zip(rows, ((2000, 100), (2500, 50), (3000, 10)), strict=True):
        row[7].value, row[9].value = price, users
    assumed = book["Forutsetninger"]
    _assumed(book, "sfo.hel_plass")[5].value = 2600
    _assumed(book, "sfo.dekning_6_9")[6].value = 100_000
    assumed["B3"].value = 10


def change_elasticity(book: Any) -> None:
    _assumed(book, "sfo.hel_plass")[7].value = -0.5


def _assumed(book: Any, item: str) -> Any:
    return next(row for row in book["Forutsetninger"].iter_rows(min_row=4) if row[0].value == item)


def test_libreoffice_recalculates_to_the_pipelines_own_numbers(
    attacked: Project, books: Books, recalculated: Recalculated
) -> None:
    numbers = 0
    for name in RECALCULATED:
        for row in books.formulas[name].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                ours = books.stored[name][cell.coordinate].value
                theirs = recalculated.unchanged[name][cell.coordinate].value
                assert isinstance(theirs, int | float) == isinstance(ours, int | float), f"{name} {cell.coordinate}"
                if isinstance(ours, int | float):
                    numbers += 1
                    assert abs(theirs - ours) < 0.5, f"{name} {cell.coordinate}"
    assert numbers > 1500
    _stored_is_the_table(books.stored, attacked)


def _stored_is_the_table(book: Any, project: Project) -> None:
    """What the formulas are stored with is harmonisation.parquet."""
    path = (project.processed / "nye-drammen" / "harmonisation.parquet").as_posix()
    query = (
        f"select value from '{path}' where item = 'sfo.hel_plass' and measure = 'revenue_change' "
        "and scenario = 'lowest' and role = 'merged' and year = 2018"
    )
    row = duckdb.sql(query).fetchone()
    assert row is not None
    header = [cell.value for cell in book["Scenarier"][2]]
    found = [
        dict(zip(header, (cell.value for cell in line), strict=True)) for line in book["Scenarier"].iter_rows(min_row=3)
    ]
    told = next(r for r in found if r["id"] == "sfo.hel_plass" and r["scenario"] == "ned til laveste")
    assert told["Nye Drammen"] == pytest.approx(row[0]) and told["kilde"].startswith("brukerbetalinger")


def test_changing_the_yellow_cells_changes_the_sums(recalculated: Recalculated) -> None:
    """Users, a target, a unit cost, an elasticity and the phase-in: each followed by hand."""
    computed = recalculated.changed
    found = {
        (row[2].value, row[5].value): row
        for row in computed["Scenarier"].iter_rows(min_row=3)
        if row[2].value is not None
    }
    target = found["sfo.hel_plass", "til gruppens mål"]
    assert target[10].value == pytest.approx(11 * (100 * 600 + 50 * 100 + 10 * -400))
    assert (target[13].value, target[14].value) == (150, 10), "who pays more, who pays less"
    mean = found["sfo.hel_plass", "til veid snitt"]
    assert mean[6].value == pytest.approx((200_000 + 125_000 + 30_000) / 160) and abs(mean[10].value) < 1e-6
    up = found["sfo.dekning_6_9", "opp til høyeste"]
    assert up[12].value == pytest.approx(up[10].value * 100_000)
    phased = next(
        row
        for row in computed["Innfasing"].iter_rows(min_row=3)
        if (row[2].value, row[5].value) == ("sfo.hel_plass", "til gruppens mål")
    )
    assert phased[7].value == pytest.approx(target[10].value * 0.1)
    elastic = recalculated.elastic["Scenarier"]
    row = next(
        r for r in elastic.iter_rows(min_row=3) if (r[2].value, r[5].value) == ("sfo.hel_plass", "til gruppens mål")
    )
    users = (100 * (1 - 0.5 * 600 / 2000), 50 * (1 - 0.5 * 100 / 2500), 10 * (1 + 0.5 * 400 / 3000))
    assert row[10].value == pytest.approx(11 * (2600 * sum(users) - 2000 * 100 - 2500 * 50 - 3000 * 10))


def test_a_target_that_is_not_set_is_no_figure_that_is_missing(recalculated: Recalculated) -> None:
    rows = [
        row
        for row in recalculated.unchanged["Scenarier"].iter_rows(min_row=3)
        if row[5].value == "til gruppens mål" and row[6].value == "ikke satt"
    ]
    assert rows
    for row in rows:
        assert {cell.value for cell in row[7:13] if cell.column != 12} <= {"ikke satt"}, row[2].value


def test_the_sum_says_what_its_kroner_hold(books: Books) -> None:
    """Child welfare and social services follow a need that is not taken out; no fee and no coverage does."""
    rows = [row for row in books.stored["Sum"].iter_rows(min_row=3, values_only=True) if row[0]]
    noted = {(row[0], row[2]) for row in rows if row[8] and "ulikt behov er ikke trukket fra" in row[8]}
    assert noted == {("AP2.3", "utgiftsnivå"), ("AP2.5", "utgiftsnivå")}
    assert all(row[7].endswith("-kroner") or row[7] == "kroner fra året i hver rad" for row in rows)


def test_the_workbook_offers_nothing_that_the_state_sets_or_that_is_in_doubt(books: Books) -> None:
    offered = {row[2].value for row in books.stored["Scenarier"].iter_rows(min_row=3)}
    told = {row[2].value for row in books.stored["Tall"].iter_rows(min_row=3)}
    assert not any(item.startswith("barnehage.hel_plass") for item in offered), "whatever kind somebody writes"
    for item in ("barnehage.hel_plass", "pleie_omsorg.praktisk_bistand: under 2 G", "barnehage.dekning_1_5"):
        assert item in told and item not in offered


def test_the_package_is_the_processed_tables_and_describes_itself(attacked: Project) -> None:
    folder = made(attacked) / "økonomi"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["name"] for resource in package["resources"]} >= {"harmonisation", "household", "phase-in"}
    for resource in package["resources"]:
        path = folder / resource["path"]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert list(rows[0]) == names
        key = resource["schema"]["primaryKey"]
        assert len({tuple(row[column] for column in key) for row in rows}) == len(rows)
        parquet = path.with_suffix(".parquet")
        assert parquet.read_bytes() == (attacked.processed / "nye-drammen" / parquet.name).read_bytes()
        assert duckdb.sql(f"select count(*) from '{parquet.as_posix()}'").fetchone() == (len(rows),)
    header = [field["name"] for field in package["resources"][0]["schema"]["fields"]]
    promised = "merger subproject object item scenario region role value unit need_adjusted status reason source"
    for column in promised.split():
        assert column in header


def test_tables_are_the_same_bytes_with_a_form_filled_in(attacked: Project, tmp_path: Path) -> None:
    definitions = model.load(attacked)
    assert definitions.forms
    run.compute_tables(choose(attacked, "nye-drammen"), tmp_path / "igjen")
    for path in sorted((attacked.processed / "nye-drammen").glob("*.parquet")):
        assert (tmp_path / "igjen" / path.name).read_bytes() == path.read_bytes(), path.name


def test_explain_leads_from_a_fee_to_the_rows_of_the_form(attacked: Project) -> None:
    told = "\n".join(explain_item(choose(attacked, "nye-drammen"), "sfo.hel_plass"))
    assert "Harmonisering: SFO, hel plass, kr per måned, 2018" in told
    assert "brukerbetalinger.csv rad 2: avgift sfo.hel_plass" in told and "forutsetninger.csv rad" in told
    # 1 428 and 525 and 147 places, 11 months: 2 790, 2 640 and 2 450 kr down to 2 450
    parts = [11 * users * (2450 - price) for users, price in ((1428, 2790), (525, 2640), (147, 2450))]
    line = next(line for line in told.splitlines() if line.strip().startswith("ned til laveste"))
    assert line.endswith(f"= {words.number(sum(parts), 1)}")
    of = "pleie_omsorg: Dagplasser for personer med demens"
    standard = "\n".join(explain_item(choose(attacked, "nye-drammen"), of))
    assert "dekning.csv rad 2: tjeneste pleie_omsorg" in standard and "dekning.csv rad 5" not in standard
    nothing = explain_item(choose(attacked, "nye-drammen"), "sfo.ukjent")
    assert list(nothing) == []


@pytest.mark.parametrize("name", ["nye-asker", "nye-drammen"])
def test_every_deck_has_six_to_ten_slides_that_say_each_its_own(
    name: str, definitions: Definitions, tables: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the title, that the cover gives; a merger without a platform too. What is drawn on them is not looked at."""
    monkeypatch.setattr(style, "save", lambda drawing, path: None)
    merger = merger_of(name)
    for part in definitions.parts(merger):
        data = ReportData(definitions, tables(name), merger, part, merger.base_year)
        deck = list(slides.deck(Page(data, tmp_path / part.id), Harmonised(data)))
        assert 5 <= len(deck) <= 9, part.id
        messages = [slide.splitlines()[0] for slide in deck]
        assert len(set(messages)) == len(messages), messages
        assert not any(re.search(r"^† *$", slide, re.MULTILINE) for slide in deck), part.id
