"""Reports made from a pulled set: whole, marked as made up on every page, and safe whatever SSB's labels say."""

import re
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb
import openpyxl
import pytest
from pypdf import PdfReader

from pipeline import model, run
from pipeline.choice import choose
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.project import Project
from pipeline.report.build import DOCUMENTS, Site, jobs, run_notebook
from pipeline.report.data import ReportData
from pipeline.report.paper.notebook import Kernel
from tests.statbank import Server
from tests.statbank.faults import HOSTILE
from tests.whole import who

MARK = "SYNTETISKE TALL"
PART = "AP2.5-helse-og-sosial"


def folder(project: Project) -> Path:
    return project.reports / "nye-drammen"


def test_the_labels_did_reach_the_reports(attacked: Project) -> None:
    """Or the tests below would test nothing."""
    text = (folder(attacked) / PART / "kunnskapsgrunnlag.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "../../x" in text and "=cmd|" in text
    path = (attacked.processed / "nye-drammen" / "source.parquet").as_posix()
    titles = {title for (title,) in duckdb.sql(f"select distinct title from '{path}'").fetchall()}
    assert all(any(attack in title for title in titles) for attack in HOSTILE[:3])


def test_a_full_report_has_at_most_eight_pages_before_the_cards(attacked: Project) -> None:
    for pdf in sorted(folder(attacked).rglob("kunnskapsgrunnlag.pdf")):
        pages = (page.extract_text() for page in PdfReader(pdf).pages)
        first_card = next(at for at, text in enumerate(pages) if "\nEtt kort per indikator\n" in text)
        assert first_card <= 8, pdf.parent.name


def test_a_label_is_text_in_html(attacked: Project) -> None:
    for page in folder(attacked).rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert text.count("<script>") == 1, "our own, that sorts tables"
        assert not re.search(r"<img(?![^>]*src=\"data:image/svg)", text)
        assert not re.search(r"(?:href|src)=\"(?:javascript|\.\./\.\./)", text)
        assert "onerror=" not in re.sub(r"&lt;img.*?&gt;|&quot;|onerror=alert\(1\)&gt;", "", text)


def test_a_label_is_text_in_word(attacked: Project) -> None:
    with zipfile.ZipFile(folder(attacked) / PART / "kunnskapsgrunnlag.docx") as document:
        body = document.read("word/document.xml").decode()
        links = document.read("word/_rels/document.xml.rels").decode()
    assert "javascript" not in links and "<script>" not in body


def test_a_label_is_text_in_the_workbook_and_in_csv(attacked: Project) -> None:
    for path in folder(attacked).rglob("tabeller.xlsx"):
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                part = book.read(name).decode() if name.startswith("xl/worksheets/") else ""
                assert not re.search(r"<f[ >]|hyperlink", part), f"{path.parent.name} {name}"
    for path in folder(attacked).rglob("tall/*.csv"):
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            for cell in line.split(";"):
                assert not re.match(r'"?[=@]', cell), f"{path.name}: {cell}"


def test_nothing_is_written_outside_its_folder(attacked: Project) -> None:
    tops = {path.relative_to(attacked.root).parts[0] for path in attacked.root.rglob("*")}
    assert tops == {"data", "definitions", "reports"}
    names = [path.name for path in attacked.root.rglob("*")]
    assert not any(sign in name for name in names for sign in "<>|=\"'")


def test_every_page_sheet_and_figure_says_that_the_figures_are_made_up(attacked: Project) -> None:
    parts = [path for path in folder(attacked).iterdir() if path.is_dir() and path.name.startswith("AP2")]
    assert len(parts) == 7
    for page in folder(attacked).rglob("*.html"):
        assert page.read_text(encoding="utf-8").count(MARK) >= 2
    for figure in folder(attacked).rglob("*.svg"):
        assert MARK in figure.read_text(encoding="utf-8"), figure
    for table in folder(attacked).rglob("tall/*.csv"):
        assert MARK in table.read_text(encoding="utf-8-sig").splitlines()[0], table
    for part in parts:
        with closing(openpyxl.load_workbook(part / "tabeller.xlsx", read_only=True)) as book:
            assert all(sheet["A1"].value == MARK for sheet in book.worksheets)
        with zipfile.ZipFile(part / "tabeller.xlsx") as package:
            names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
            sheets = [package.read(name).decode() for name in names]
        assert sheets and all(re.search(f"<oddFooter>[^<]*{MARK}", sheet) for sheet in sheets)
        with zipfile.ZipFile(part / "kunnskapsgrunnlag.docx") as document:
            heads = [document.read(n).decode() for n in document.namelist() if re.match(r"word/header\d*\.xml", n)]
        assert any(MARK in head for head in heads)


def test_the_last_page_says_what_changed_since_the_set_before(attacked: Project) -> None:
    text = (folder(attacked) / PART / "kunnskapsgrunnlag.md").read_text(encoding="utf-8")
    last = text.split("# Endringslogg og distribusjonslogg")[1]
    assert re.search(r"Siden settet «a-ny» er [\d ]+ endret", last)
    assert "Tall som er endret siden settet «a-ny»" in last and "| Drammen | 2018 |" in last


def test_an_unknown_code_is_told_with_its_reason(attacked: Project) -> None:
    text = (folder(attacked) / PART / "kunnskapsgrunnlag.md").read_text(encoding="utf-8")
    assert "satt til side" in text and "KOSbelop0000 «Beløp (1000 kr)» finnes ikke i ContentsCode" in text
    other = (folder(attacked) / "AP2.2-oppvekst" / "kunnskapsgrunnlag.md").read_text(encoding="utf-8")
    assert "146\u202f175" in other, "the other sub-projects go on"


def test_reports_are_whole_when_the_largest_tables_could_not_be_had(project: Project) -> None:
    """What every one of them says; that it becomes PDF and Word is looked at above."""
    definitions = model.load(project)
    with Server() as server:
        client = Client(calls_per_minute=0)
        at = Connection(client, server.statbank_url, server.klass_url)
        left_out = ["07459", "12362", "12210", "12137", "13502"]
        fetch(project, definitions, who(project, definitions), at, "ny", without=left_out)
        client.close()
    choice = choose(project, "nye-drammen")
    run.compute_tables(choice, choice.processed)
    merger = choice.merger
    site = Site(definitions, project.notebooks, merger, choice.processed, choice.year)
    texts = {}
    with closing(Kernel(project.definitions)) as kernel:
        for job in jobs(definitions, merger):
            for document in DOCUMENTS.get(job.kind, ()):
                path = run_notebook(site, job, document, folder(project) / job.name, kernel)
                texts[job.name, document.notebook] = path.read_text(encoding="utf-8")
    assert len(texts) == 7 * 4 + 1, "both halves, strategy and slides of seven, and the overview"
    assert not [name for name, text in texts.items() if "None" in text]
    report = next(text for name, text in texts.items() if name[0] == "AP2.4-pleie-og-omsorg")
    assert "holdt utenfor da settet ble hentet" in report


@pytest.mark.parametrize(
    ("updated", "year", "told"),
    [
        ("2026-03-16T07:00:00Z", 2025, "foreløpige tall"),
        ("2026-06-15T06:00:00Z", 2025, "endelige tall"),
        ("2026-03-16T07:00:00Z", 2018, "endelige tall"),
    ],
)
def test_accounts_pulled_before_the_june_revision_are_called_unrevised(
    attacked: Project, updated: str, year: int, told: str
) -> None:
    """`updated` decides: SSB has no flag for it."""
    definitions = model.load(attacked)
    data = ReportData(
        definitions, attacked.processed / "nye-drammen", choose(attacked, "nye-drammen").merger, None, year
    )
    data.query = lambda sql, *parameters: [{"dated": updated}]  # type: ignore[method-assign]
    assert data.accounts_status(year) == told
