"""A whole run on the embedded set, looked at from outside: files, pages, sheets, and what a second run does."""

import base64
import hashlib
import re
import shutil
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypandoc
import pytest

from pipeline import run
from pipeline.choice import choose
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.report.formats import convert

PARTS = [
    "AP2.1-utdanning", "AP2.2-oppvekst", "AP2.3-barnevern", "AP2.4-pleie-og-omsorg",
    "AP2.5-helse-og-sosial", "AP2.6-kultur-idrett-fritid", "AP2.7-tekniske-tjenester",
]  # fmt: skip


def report(project: Project, part: str, name: str = "kunnskapsgrunnlag.md") -> Path:
    return project.reports / "nye-drammen" / part / name


@pytest.mark.parametrize("part", PARTS)
def test_every_sub_project_has_every_format(finished: Project, part: str) -> None:
    assert report(finished, part, "kunnskapsgrunnlag.pdf").read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(report(finished, part, "kunnskapsgrunnlag.docx"))
    assert zipfile.is_zipfile(report(finished, part, "tabeller.xlsx"))
    assert report(finished, part, "kunnskapsgrunnlag.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("part", PARTS)
def test_a_page_stands_alone_and_can_be_heard(finished: Project, part: str) -> None:
    html = report(finished, part, "kunnskapsgrunnlag.html").read_text(encoding="utf-8")
    assert '<html lang="nb">' in html
    assert not re.search(r'(src|href)="https?://', html.replace('href="https://www.openstreetmap', "")), (
        "no call to the network"
    )
    images = re.findall(r"<img [^>]*>", html)
    assert len(images) >= 4
    for image in images:
        alt = re.search(r'alt="([^"]*)"', image)
        assert alt and len(alt[1]) > 20
        assert 'src="data:image/svg+xml' in image
    for link in re.findall(r'href="(tall/[^"]+|\.\./[^"]+|[a-z]+\.(?:pdf|docx|xlsx))"', html):
        assert (report(finished, part).parent / link).is_file(), link


def test_a_page_lets_nothing_in_but_its_own_script(finished: Project) -> None:
    """What the browser is told, page by page: no network, and the one script whose checksum is named."""
    pages = list(finished.reports.rglob("*.html"))
    assert len(pages) > 14
    for page in pages:
        html = page.read_text(encoding="utf-8")
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)
        (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        named = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert policy.startswith("default-src 'none'; img-src data:;") and f"script-src 'sha256-{named}';" in policy


def test_a_script_that_came_in_through_a_text_is_not_named() -> None:
    page = convert._with_policy(
        '<meta http-equiv="Content-Security-Policy" content=""><script>1</script><script>2</script>'
    )
    own, theirs = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (b"2", b"1"))
    assert own in page and theirs not in page


@pytest.mark.parametrize(("rows", "kept_whole"), [(3, True), (14, True), (15, False), (40, False)])
def test_a_table_longer_than_a_page_may_be_broken(rows: int, kept_whole: bool) -> None:
    """One that may not be broken would be printed over the footer and off the page."""
    table = "| a | b |\n|:---|---:|\n" + "| x | 1 |\n" * rows
    arguments = [f"--lua-filter={convert.TEMPLATES / 'filter.lua'}"]
    markdown = f'::: {{.tabell merged="2"}}\n\n{table}\n: Tittel\n\n:::\n'
    typst = pypandoc.convert_text(markdown, "typst", format=convert.MARKDOWN, extra_args=arguments)
    assert ("breakable: false" in typst) == kept_whole
    assert "x == 1" in typst, "the merged municipality's column is shaded"


@pytest.mark.parametrize("part", PARTS)
def test_the_text_is_norwegian_and_whole(finished: Project, part: str) -> None:
    text = report(finished, part).read_text(encoding="utf-8")
    body = text.split("# Ett kort per indikator")[0]
    for foreign in ("nan", "None", "null", "not_in_set", "component_missing", "member", "Traceback", " the ", "png"):
        assert not re.search(rf"(?<![\w./-]){re.escape(foreign)}(?![\w/])", body), foreign
    for heading in ("Innretning", "Dimensjonering", "Kvalitet", "Finansiering", "Geografisk fordeling"):
        assert f"# {heading}\n" in text
    assert text.count("\n1. ") == 1 and re.search(r"\n5\. \*\*Det mangler:\*\*", text), (
        "five sentences, the last what is missing"
    )
    assert "Alle 89 kommunale KOSTRA-funksjoner" in text
    cells = [cell for line in body.splitlines() if line.startswith("| ") for cell in line.split("|")[2:-1]]
    assert all(cell.strip() for cell in cells if cell != " "), "a hole is a word, never a blank"


def test_every_indicator_stands_in_a_report_with_its_card(finished: Project, definitions: Definitions) -> None:
    texts = {part: report(finished, part).read_text(encoding="utf-8") for part in PARTS}
    for indicator in definitions.indicators.values():
        at = [part for part, text in texts.items() if f"[{indicator.id}]{{.id}}" in text]
        assert at, f"{indicator.id} has no card in any report"
        assert indicator.card.what in texts[at[0]]


def test_health_and_care_is_said_to_be_one_figure_in_both_reports(finished: Project) -> None:
    for part in ("AP2.4-pleie-og-omsorg", "AP2.5-helse-og-sosial"):
        text = report(finished, part).read_text(encoding="utf-8")
        assert "helse, pleie og omsorg samlet" in text
        assert "19\u202f004" in text


def test_the_key_figures_of_2018_are_on_page_one(finished: Project) -> None:
    first = report(finished, "AP2.2-oppvekst").read_text(encoding="utf-8").split("# Slik leser du")[0]
    assert "146\u202f175" in first and "143\u202f469" in first


def test_the_workbook_reads_back(finished: Project, definitions: Definitions) -> None:
    book = openpyxl.load_workbook(report(finished, "AP2.2-oppvekst", "tabeller.xlsx"))
    assert book.sheetnames[:3] == ["Les meg", "Nøkkeltall", "Tall"] and "Kilder" in book.sheetnames
    for name in ("Nøkkeltall", "Tall", "Sammenligning"):
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref
    rows = list(book["Tall"].values)
    header = list(rows[0])
    found = [dict(zip(header, row, strict=True)) for row in rows[1:]]
    row = next(
        r
        for r in found
        if (r["indicator"], r["region"], r["year"]) == ("barnehage.netto_driftsutgifter", "nye-drammen", 2018)
    )
    assert (row["value"], row["status"]) == (814_926, "ok")
    assert all((r["value"] is not None) == (r["status"] == "ok") for r in found)
    told = " ".join(str(cell) for line in book["Les meg"].values for cell in line if cell)
    assert all(column in told for column in header)
    assert all(status.label in told for status in definitions.statuses.values())
    holes = [cell for line in book["Nøkkeltall"].iter_rows(min_row=2, min_col=5, max_col=8) for cell in line]
    assert all(cell.value not in (None, "") for cell in holes)
    number = next(cell for cell in holes if isinstance(cell.value, float | int))
    assert number.number_format.startswith("#,##0")


def test_word_has_header_footer_and_alternative_text(finished: Project) -> None:
    with zipfile.ZipFile(report(finished, "AP2.1-utdanning", "kunnskapsgrunnlag.docx")) as document:
        names = document.namelist()
        header = "".join(document.read(name).decode() for name in names if re.match(r"word/header\d*\.xml", name))
        footer = "".join(document.read(name).decode() for name in names if re.match(r"word/footer\d*\.xml", name))
        body = document.read("word/document.xml").decode()
    assert "AP2.1 Utdanning" in header and "Nye Drammen" in header and "endelige tall" in header
    assert "innebygd" in footer and "NUMPAGES" in footer
    assert body.count("w:tblHeader") >= 8, "headings repeat on the next page"
    assert 'descr="' in body


def test_the_index_leads_to_everything(finished: Project) -> None:
    folder = finished.reports / "nye-drammen"
    html = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(AP2[^"]+)"', html)
    assert {link.split("/")[0] for link in links} == set(PARTS)
    for link in links:
        assert (folder / link).is_file(), link
    for words in ("delprosjektgruppe", "budsjettet", "forklare et tall", "Oppvekst og læringsløp", "09.04.2018"):
        assert words in html


def test_an_unchanged_run_does_nothing(finished_copy: Project) -> None:
    before = {path: path.stat().st_mtime_ns for path in finished_copy.root.rglob("*") if path.is_file()}
    assert run.run(choose(finished_copy, "nye-drammen")).unchanged
    assert {path: path.stat().st_mtime_ns for path in finished_copy.root.rglob("*") if path.is_file()} == before


OWN_WORDS = "Gruppens egne ord."


def written_in(path: Path) -> None:
    """As a group does it: opened in Word, written in, saved."""
    document = docx.Document(str(path))
    document.add_paragraph(OWN_WORDS)
    document.save(str(path))


def said(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def test_a_changed_card_rebuilds_only_its_report_and_keeps_what_was_written(finished_copy: Project) -> None:
    card = finished_copy.definitions / "indicators" / "barnevern.toml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("Små kommuner svinger mye", "Små kommuner svinger svært mye", 1), encoding="utf-8")
    folder = finished_copy.reports / "nye-drammen" / "AP2.3-barnevern"
    written_in(folder / "kunnskapsgrunnlag.docx")
    (folder / "kunnskapsgrunnlag.pdf").write_bytes(b"")
    result = run.run(choose(finished_copy, "nye-drammen"))
    assert result.computed and result.built == ["AP2.3-barnevern"]
    assert "svinger svært mye" in (folder / "kunnskapsgrunnlag.md").read_text(encoding="utf-8")
    edited, beside = folder / "kunnskapsgrunnlag.docx", folder / "kunnskapsgrunnlag.ny.docx"
    assert result.beside == {edited: beside} and OWN_WORDS in said(edited) and OWN_WORDS not in said(beside)
    assert [path.name for path in result.aside] == ["kunnskapsgrunnlag.redigert-1.pdf"]
    assert (folder / "kunnskapsgrunnlag.pdf").read_bytes().startswith(b"%PDF")
    index = (finished_copy.reports / "nye-drammen" / "index.html").read_text(encoding="utf-8")
    assert "AP2.3-barnevern/kunnskapsgrunnlag.ny.docx" in index and "De står urørt" in index
    assert not list(finished_copy.reports.glob(".ny-*")) and not list(finished_copy.processed.glob(".ny-*"))


def test_a_deleted_report_is_made_again_with_the_same_bytes(finished_copy: Project) -> None:
    folder = finished_copy.reports / "nye-drammen" / "AP2.6-kultur-idrett-fritid"
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    shutil.rmtree(folder)
    result = run.run(choose(finished_copy, "nye-drammen"))
    home = "AP2.6-kultur-idrett-fritid"
    assert result.built == [home, f"{home}/harmonisering"] and not result.computed
    after = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert sorted(before) == sorted(after)
    for name, content in before.items():
        assert after[name] == content, name


def test_a_failing_notebook_leaves_the_last_good(
    finished_copy: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pipeline.errors import KunnskapError

    notebooks = tmp_path / "notebooks"
    shutil.copytree(finished_copy.notebooks, notebooks)
    broken = notebooks / "kunnskapsgrunnlag.py"
    broken.write_text(broken.read_text(encoding="utf-8") + "\n# %%\n1 / 0\n", encoding="utf-8")
    monkeypatch.setattr(Project, "notebooks", property(lambda self: notebooks))
    before = {p: p.read_bytes() for p in finished_copy.reports.rglob("*") if p.is_file()}
    with pytest.raises(KunnskapError, match=r"kunnskapsgrunnlag\.py: AP2\.1-utdanning: ZeroDivisionError"):
        run.run(choose(finished_copy, "nye-drammen"))
    assert {p: p.read_bytes() for p in finished_copy.reports.rglob("*") if p.is_file()} == before


def test_a_notebook_that_prints_stops_the_run(
    finished_copy: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a library writes to the screen must not stand in a printed report."""
    from pipeline.errors import KunnskapError

    notebooks = tmp_path / "notebooks"
    shutil.copytree(finished_copy.notebooks, notebooks)
    chatty = notebooks / "oversikt.py"  # the first that is run
    text = chatty.read_text(encoding="utf-8")
    chatty.write_text(text.replace("# %%", "# %%\nprint('Ignoring fixed x limits')\n\n# %%", 1), encoding="utf-8")
    monkeypatch.setattr(Project, "notebooks", property(lambda self: notebooks))
    with pytest.raises(KunnskapError, match="Ignoring fixed x limits"):
        run.run(choose(finished_copy, "nye-drammen"))
