"""What a person has set up on their own machine does not reach the reports."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.report.formats.pandoc import pandoc
from pipeline.report.paper import notebook

HOSTILE = "axes.facecolor: red\nfont.size: 20\nfont.family: serif\nlines.color: red\nno.such.key: 3\n"
LOOK = (
    "import json, matplotlib; from pipeline.report.paper import style; "
    "print(json.dumps({name: str(value) for name, value in matplotlib.rcParams.items()}, sort_keys=True))"
)


def figures_of(folder: Path, **settings: str) -> dict[str, str]:
    """How figures look in a process of its own, started in `folder`."""
    root = str(Path(__file__).parents[1])
    made = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=folder, env={**os.environ, "PYTHONPATH": root, **settings},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(made.stdout))


def test_figures_look_as_ours_whatever_matplotlib_is_told(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE, encoding="utf-8")
    clean = tmp_path / "ren"
    clean.mkdir()
    ours = figures_of(clean, MPLCONFIGDIR=str(clean))
    assert figures_of(tmp_path) == ours, "a file in the folder one stands in"
    assert figures_of(clean, MATPLOTLIBRC=str(tmp_path / "matplotlibrc")) == ours, "a file that a variable names"
    assert figures_of(clean, MPLCONFIGDIR=str(tmp_path)) == ours, "a file in a person's own folder"


def test_documents_are_set_by_the_pandoc_that_comes_with_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by another one on PATH, nor with a person's own reference documents."""
    plain = [pandoc(["--print-default-data-file", name])[0] for name in ("reference.docx", "reference.pptx")]
    fake = tmp_path / "bin" / "pandoc"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho pandoc 99.0\n", encoding="utf-8")
    fake.chmod(0o755)
    for place in (".pandoc", ".local/share/pandoc", "pandoc"):
        (tmp_path / place).mkdir(parents=True)
        for name in ("reference.docx", "reference.pptx"):
            (tmp_path / place / name).write_bytes(b"en annens mal")
    for name in ("HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C")
    assert not pandoc(["--version"])[0].startswith(b"pandoc 99.0")
    assert [pandoc(["--print-default-data-file", name])[0] for name in ("reference.docx", "reference.pptx")] == plain
    html, fault = pandoc(["-f", "markdown", "-t", "html"], "Røyken på Åssiden".encode())
    assert (html.decode().strip(), fault) == ("<p>Røyken på Åssiden</p>", "")


def test_what_pandoc_complains_of_is_told() -> None:
    assert "Unknown input format" in pandoc(["-f", "finnes-ikke"])[1]


@pytest.mark.parametrize("home", ["a file, not a folder", "nowhere"])
def test_fonts_are_looked_up_somewhere_where_home_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    for name in ("LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "fil").write_bytes(b"")
    monkeypatch.setenv("HOME", str(tmp_path / "fil") if home == "a file, not a folder" else "/proc/finnes-ikke")
    monkeypatch.setattr(notebook, "gettempdir", lambda: str(tmp_path))
    assert notebook._figures_folder() == str(tmp_path / "kunnskapsgrunnlag" / "matplotlib")
