"""What every report is written on: sheets, figures, the notebook's kernel, and the formats made of one Markdown."""

import gc
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from pipeline.errors import KunnskapError
from pipeline.project import Project
from pipeline.report.formats.convert import convert
from pipeline.report.formats.cover import Cover
from pipeline.report.formats.word import reference_document
from pipeline.report.paper import notebook, style, worker
from pipeline.report.paper.sheets import Book

COVER = Cover("Prøve", "Tittel", "Undertittel", "AP2.2", "Nye Drammen", "Regnskap 2018", "Kilde", "", "2026-11-05")


def written(path: Path, mark: str) -> openpyxl.worksheet.worksheet.Worksheet:
    """A book of one table: a name, a share with its hole, and whether."""
    book = Book(path, "Prøve", datetime(2026, 11, 5), about="Nye Drammen", mark=mark)
    rows = [
        {"name": "=Svelvik", "share_pct": 41.25, "own": True},
        {"name": "0711", "share_pct": None, "own": False},
    ]
    share = book.style("plain", "#,##0.0")
    book.long("Tall", ["name", "share_pct", "own"], rows, [20, 10, 8], lambda column, row: share)
    book.close()
    return openpyxl.load_workbook(path)["Tall"]


def test_a_table_keeps_its_headings_in_sight_and_a_hole_is_an_empty_cell(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", mark="")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [["name", "share_pct", "own"], ["=Svelvik", 41.25, "ja"], ["0711", None, "nei"]]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B2", "A1:C3", "$1:$1")
    assert sheet["A2"].data_type == "s"  # what looks like a formula is a text
    assert (sheet["B2"].number_format, sheet.column_dimensions["A"].width > 20) == ("#,##0.0", True)
    assert sheet.oddFooter.left.text == "Nye Drammen"


def test_a_marked_book_says_so_above_the_headings_and_at_the_foot(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", mark="SYNTETISKE TALL")
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == ["SYNTETISKE TALL", "name", "=Svelvik"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B3", "A2:C4", "$1:$2")
    assert sheet.oddFooter.left.text == "Nye Drammen SYNTETISKE TALL"


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, mark="")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# ------------------------------------------------------------------------------------- figures


def drawn(path: Path) -> None:
    drawing, (axes,) = style.canvas(2.0)
    axes.plot([2018, 2019], [1, 3], label="Svelvik")
    drawing.legend(loc="outside lower center")
    style.save(drawing, path)


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def test_a_figure_is_an_svg_for_print_and_a_png_of_the_same_shape_for_word(tmp_path: Path) -> None:
    drawn(tmp_path / "f")
    assert 'width="482.4pt" height="144pt"' in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert size(tmp_path / "f.png") == (1139, 340)  # 6.7 × 2 inches at 170 dots


def test_a_figure_for_a_slide_is_a_png_alone(tmp_path: Path) -> None:
    with style.enlarged():
        drawn(tmp_path / "v")
    assert [path.name for path in tmp_path.iterdir()] == ["v.png"]
    assert size(tmp_path / "v.png") == (968, 612)  # 0.85 of the width, 3.6 inches high


# ------------------------------------------------------------------------------------ notebooks


@pytest.fixture
def collector() -> Iterator[None]:
    """The worker stops the garbage collector of its kernel: this process gets its own back."""
    kept = set(worker._start)
    worker._start.clear()
    yield
    worker._start.clear()
    worker._start.update(kept)
    gc.unfreeze()
    gc.enable()


def test_a_notebook_begins_without_what_the_one_before_has_made(collector: None) -> None:
    names: dict[str, object] = {"In": [], "display": print}
    worker.fresh(names)
    names |= {"part": "AP2.2", "page": object(), "_i3": "page = …"}
    worker.fresh(names)
    assert names == {"In": [], "display": print}


def test_a_kernel_reads_the_definitions_again_when_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = tmp_path / "definitions"
    shutil.copytree(Project().definitions, definitions)
    monkeypatch.setenv("KUNNSKAP_DEFINITIONS", str(definitions))

    def opened(part: str) -> notebook.Page:
        return notebook.open_report("nye-drammen", part, None, str(tmp_path / "tabeller"), str(tmp_path))

    first, again, other = opened("AP2.2"), opened("AP2.2"), opened("AP2.1")
    assert first.data is again.data
    assert other.data.definitions.terms is first.data.definitions.terms, "read once, each report its own part"
    terms = definitions / "terms.toml"
    terms.write_text(terms.read_text(encoding="utf-8") + '[proveord]\nterm = "x"\ntext = "y"\n', encoding="utf-8")
    assert "proveord" in opened("AP2.2").data.definitions.terms
    (tmp_path / "tabeller").mkdir()
    (tmp_path / "tabeller" / "region.parquet").write_bytes(b"1")
    before = opened("AP2.2").data
    (tmp_path / "tabeller" / "region.parquet").write_bytes(b"2")
    assert opened("AP2.2").data is not before


# -------------------------------------------------------------------------------------- formats


def test_one_markdown_gives_every_format(tmp_path: Path) -> None:
    reference_document(tmp_path / "reference.docx")
    (tmp_path / "a.md").write_text("# Innretning\n\nÅtte barnehager.\n", encoding="utf-8")
    targets = {end: tmp_path / f"b.{end}" for end in ("html", "pdf", "docx", "pptx")}
    convert(tmp_path / "a.md", targets, COVER, tmp_path / "reference.docx")
    assert "Åtte barnehager." in targets["html"].read_text(encoding="utf-8")
    starts = {end: path.read_bytes()[:4] for end, path in targets.items() if end != "html"}
    assert starts == {"pdf": b"%PDF", "docx": b"PK\x03\x04", "pptx": b"PK\x03\x04"}
    assert not (tmp_path / "a.typ").exists()


def test_what_pandoc_cannot_write_is_told_with_the_document(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Innretning\n", encoding="utf-8")
    with pytest.raises(KunnskapError, match=r"(?s)a\.md.*borte"):
        convert(tmp_path / "a.md", {"html": tmp_path / "borte" / "a.html"}, COVER, tmp_path / "reference.docx")
