"""Runs a report notebook and gives its Markdown; and the few words a notebook itself uses."""

import logging
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile, gettempdir, mkdtemp
from typing import Any

from pipeline import model
from pipeline.model import Definitions, Merger
from pipeline.project import MERGER, Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.keys import Kind
from pipeline.report.paper import worker
from pipeline.report.paper.pages import Page


def open_report(merger: str, part: str | None, year: int | None, processed: str | None, folder: str | None) -> Page:
    """The report a notebook is about: definitions, processed tables and the folder it writes to.

    It is the overview, or with a sub-project its kunnskapsgrunnlag.
    """
    return _open(merger, part, year, processed, folder, "kunnskapsgrunnlag" if part else "oversikt")[0]


def open_harmonisation(
    merger: str, part: str, year: int | None, processed: str | None, folder: str | None
) -> tuple[Page, Harmonised]:
    """The same for a harmonisation report, with its view of the tables; pages say so where forms hold an example."""
    page, view = _open(merger, part, year, processed, folder, "harmonisering")
    page.uses_forms = True
    return page, view


def _open(
    merger: str, part: str | None, year: int | None, processed: str | None, folder: str | None, kind: Kind
) -> tuple[Page, Harmonised]:
    project = _project()
    tables = Path(processed) if processed else project.processed / merger
    view = _read(project, _contents(project.definitions), tables, _contents(tables), part, year, kind)
    about = view.data.part
    target = Path(folder) if folder else project.reports / merger / (about.slug if about else "")
    return Page(view.data, target), view


def _project() -> Project:
    return Project(definitions=Path(os.environ.get("KUNNSKAP_DEFINITIONS", Project().definitions)))


@lru_cache(maxsize=1)
def _loaded(project: Project, contents: str) -> Definitions:
    """Read once by a kernel for all its notebooks, and again when somebody has changed a file."""
    return model.load(project)


@lru_cache(maxsize=1)
def _read(
    project: Project,
    known: str,
    processed: Path,
    tables: str,
    part: str | None,
    year: int | None,
    kind: Kind,
) -> Harmonised:
    """What a report reads. Notebooks about the same sub-project come after each other and share it; the checksums of
    the definitions and the tables say when it is another."""
    definitions = _loaded(project, known)
    found = Merger.model_validate_json((processed / MERGER).read_text(encoding="utf-8"))
    about = next((p for p in definitions.parts(found) if p.id == part), None)
    return Harmonised(ReportData(definitions, processed, found, about, year or found.base_year, kind))


def _contents(folder: Path) -> str:
    """A checksum of every file in a folder."""
    found = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def show(markdown: str) -> None:
    """Put Markdown into the notebook, nothing if there is none."""
    shown = worker.shown.get()
    if not markdown:
        return
    if shown is not None:
        shown.append(markdown)
        return
    from IPython.display import Markdown, display

    display(Markdown(markdown))  # type: ignore[no-untyped-call]


class Kernel:
    """A process that runs report notebooks one after the other, each with a clean namespace.

    Starting one and importing takes longer than most reports, so it is done once. What it runs is the notebook a
    person opens in Jupyter, cell by cell, without what Jupyter needs to talk with a person.
    """

    def __init__(self, definitions: Path) -> None:
        context = get_context("spawn")
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(str(definitions),))

    def start(self, notebooks: Path) -> None:
        """Start the process while something else is done: it reads the notebooks and the definitions, and imports.

        What fails here fails again, and is told, where a notebook is run.
        """
        self._pool.submit(_get_ready, sorted(notebooks.glob("*.py")))

    def run(self, source: Path, parameters: dict[str, Any]) -> str:
        """The Markdown of the notebook, run with these parameters.

        Raises CellFailed if a cell fails, and KunnskapError if one puts something else than Markdown into the report.
        """
        return self._pool.submit(worker.run, source, parameters).result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin(definitions: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run takes it down: two would tell of one interruption
    os.environ["KUNNSKAP_DEFINITIONS"] = definitions
    os.environ["MPLCONFIGDIR"] = _figures_folder()
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # what it finds of fonts and settings is not for a report


def _figures_folder() -> str:
    """Where matplotlib keeps what it knows of fonts: our own, so that a person's settings for it are not read."""
    home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    for base in (home, gettempdir()):
        try:
            folder = Path(base).expanduser() / "kunnskapsgrunnlag" / "matplotlib"
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                return str(folder)
        except (OSError, RuntimeError):  # no home, or none that can be written in
            continue
    return mkdtemp()


def _get_ready(notebooks: list[Path]) -> None:
    for notebook in notebooks:
        worker.get_ready(notebook)
    project = _project()
    _loaded(project, _contents(project.definitions))
