"""What every report is written on: sheets, figures, the notebook's kernel, and the formats made of one Markdown."""

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import jupytext
import openpyxl
import pytest
from nbclient import NotebookClient
from PIL import Image

from pipeline.choice import choose
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


@pytest.mark.parametrize("members", [8, 20])
def test_no_two_members_look_the_same(members: int) -> None:
    marked = {(one["color"], one["marker"]) for one in map(style.member_style, range(members))}
    filled = {(one["color"], one["hatch"]) for one in map(style.member_bar, range(members))}
    assert len(marked) == len(filled) == members


def test_a_figure_for_a_slide_is_a_png_alone(tmp_path: Path) -> None:
    with style.enlarged():
        drawn(tmp_path / "v")
    assert [path.name for path in tmp_path.iterdir()] == ["v.png"]
    assert size(tmp_path / "v.png") == (968, 612)  # 0.85 of the width, 3.6 inches high


# ------------------------------------------------------------------------------------ notebooks


@pytest.fixture
def collector() -> Iterator[None]:
    """The worker stops the garbage collector of its process: this one gets its own back."""
    yield
    gc.unfreeze()
    gc.enable()


NOTEBOOK = """# %% tags=["parameters"]
part = "AP2.2"

# %%
from pipeline.report.paper.notebook import show

show(f"# {part}\\n")
show("")

# %% [markdown]
# Det vi *vet*.
"""


def noted(tmp_path: Path, more: str = "") -> Path:
    path = tmp_path / "prove.py"
    path.write_text(NOTEBOOK + more, encoding="utf-8")
    return path


def test_a_notebook_gives_its_own_words_and_what_it_shows(tmp_path: Path, collector: None) -> None:
    assert worker.run(noted(tmp_path), {"part": "AP2.7"}) == "# AP2.7\n\nDet vi *vet*.\n"


def test_a_worker_gets_ready_by_importing_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_tables.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    worker.get_ready(noted(tmp_path, "\n# %%\nimport own_tables\nraise SystemExit(1)\n"))
    assert "own_tables" in sys.modules


def test_a_notebook_begins_without_what_the_one_before_has_made(tmp_path: Path, collector: None) -> None:
    worker.run(noted(tmp_path, "\n# %%\nleft = 1\n"), {"part": "AP2.2"})
    with pytest.raises(worker.CellFailed, match="name 'left' is not defined"):
        worker.run(noted(tmp_path, "\n# %%\nshow(str(left))\n"), {"part": "AP2.2"})


@pytest.mark.parametrize(
    ("cell", "told"),
    [("print('hei')", "hei"), ("1 + 1", "2"), ("import sys; print('se opp', file=sys.stderr)", "se opp")],
)
def test_what_is_not_shown_may_not_stand_in_a_report(tmp_path: Path, collector: None, cell: str, told: str) -> None:
    with pytest.raises(KunnskapError, match=rf"prove\.py: cellen «.*» skrev «.*{re.escape(told)}"):
        worker.run(noted(tmp_path, f"\n# %%\n{cell}\n"), {"part": "AP2.2"})


def test_a_figure_of_two_documents_is_drawn_once_in_a_run_and_always_by_hand(tmp_path: Path) -> None:
    gap = ("caption", [["Svelvik", "41"]])
    asked = [gap, gap, ("caption", [["Svelvik", "42"]]), gap]
    assert [worker.drawn_before(tmp_path / "h-gap", what) for what in asked] == [False, False, False, False]
    before = worker.shown.set([])
    try:
        assert [worker.drawn_before(tmp_path / "h-gap", what) for what in asked] == [False, True, False, False]
        assert not worker.drawn_before(tmp_path / "other", gap)
    finally:
        worker.shown.reset(before)


def test_jupyter_gives_the_same_report_as_a_run(tables: Callable[[str], Path], tmp_path: Path) -> None:
    """The notebook a person opens and runs by hand is the one the run has run."""
    source = Project().notebooks / "strategi.py"
    parameters = {"merger": "nye-drammen", "part": "AP2.1", "year": 2018, "processed": str(tables("nye-drammen"))}
    with closing(notebook.Kernel(Project().definitions)) as kernel:
        ours = kernel.run(source, parameters | {"folder": str(tmp_path / "a")})
    opened = jupytext.read(source)
    first = next(cell for cell in opened.cells if worker.PARAMETERS in cell.metadata.get("tags", []))
    here = parameters | {"folder": str(tmp_path / "b")}
    first.source = "\n".join(f"{name} = {value!r}" for name, value in here.items())
    NotebookClient(opened, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute(
        env=os.environ | {"PYTHONPATH": str(Path(notebook.__file__).parents[3])}
    )
    told = [
        cell.source if cell.cell_type == "markdown" else output["data"]["text/markdown"]
        for cell in opened.cells
        for output in (cell.get("outputs", []) if cell.cell_type == "code" else [None])
    ]
    assert worker.tidy("\n\n".join(told)) == ours
    made = [{p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*.*")} for n in ("a", "b")]
    assert made[0] == made[1] != {}


def test_a_kernel_reads_the_definitions_again_when_a_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = tmp_path / "definitions"
    shutil.copytree(Project().definitions, definitions)
    monkeypatch.setenv("KUNNSKAP_DEFINITIONS", str(definitions))

    choose(Project(), "nye-drammen", "embedded").write_merger(tmp_path / "tabeller")

    def opened(part: str) -> notebook.Page:
        return notebook.open_report("nye-drammen", part, None, str(tmp_path / "tabeller"), str(tmp_path))

    first, again, other = opened("AP2.2"), opened("AP2.2"), opened("AP2.1")
    assert first.data is again.data
    assert other.data.definitions.terms is first.data.definitions.terms, "read once, each report its own part"
    terms = definitions / "terms.toml"
    terms.write_text(terms.read_text(encoding="utf-8") + '[proveord]\nterm = "x"\ntext = "y"\n', encoding="utf-8")
    assert "proveord" in opened("AP2.2").data.definitions.terms
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


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("AP2.2-oppvekst", ["barnehagelærere", "SSB 12209, SSB 11993 og det kommunene selv fyller ut."]),
        ("AP2.3-barnevern", ["undersøkelser innen frist, barn med plan", "Det står i det kommunene selv fyller ut."]),
    ],
)
def test_where_there_are_no_figures_it_is_told_what_is_lacking_and_where_it_stands(
    finished: Project, part: str, told: list[str]
) -> None:
    text = (finished.reports / "nye-drammen" / part / "kunnskapsgrunnlag.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("*Ingen tall om kvalitet"))
    assert "Det mangler blant annet " in line and all(words in line for words in told), line
