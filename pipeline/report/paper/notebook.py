"""Runs a report notebook and gives its Markdown; and the few words a notebook itself uses."""

import os
from collections.abc import Iterator
from copy import deepcopy
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipeline import model
from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.paper.pages import Page

PARAMETERS = "parameters"
FRESH = "from pipeline.report.paper import worker; worker.fresh(get_ipython().user_ns)"


def open_report(merger: str, part: str | None, year: int | None, processed: str | None, folder: str | None) -> Page:
    """The report a notebook is about: definitions, processed tables and the folder it writes to."""
    return _open(merger, part, year, processed, folder)[0]


def open_harmonisation(
    merger: str, part: str, year: int | None, processed: str | None, folder: str | None
) -> tuple[Page, Harmonised]:
    """The same for a harmonisation report, with its view of the tables; pages say so where forms hold an example."""
    page, view = _open(merger, part, year, processed, folder)
    page.uses_forms = True
    return page, view


def _open(
    merger: str, part: str | None, year: int | None, processed: str | None, folder: str | None
) -> tuple[Page, Harmonised]:
    project = Project(definitions=Path(os.environ.get("KUNNSKAP_DEFINITIONS", Project().definitions)))
    tables = Path(processed) if processed else project.processed / merger
    view = _read(project, _contents(project.definitions), tables, _contents(tables), merger, part, year)
    about = view.data.part
    target = Path(folder) if folder else project.reports / merger / (about.slug if about else "")
    return Page(view.data, target), view


@lru_cache(maxsize=1)
def _loaded(project: Project, contents: str) -> Definitions:
    """Read once by a kernel for all its notebooks, and again when somebody has changed a file."""
    return model.load(project)


@lru_cache(maxsize=1)
def _read(
    project: Project, known: str, processed: Path, tables: str, merger: str, part: str | None, year: int | None
) -> Harmonised:
    """What a report reads. Notebooks about the same sub-project come after each other and share it; the checksums of
    the definitions and the tables say when it is another."""
    definitions = _loaded(project, known)
    found = definitions.merger(merger)
    about = next((p for p in definitions.parts(found) if p.id == part), None)
    return Harmonised(ReportData(definitions, processed, found, about, year or found.base_year))


def _contents(folder: Path) -> str:
    """A checksum of every file in a folder."""
    found = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def show(markdown: str) -> None:
    """Put Markdown into the notebook, nothing if there is none."""
    from IPython.display import Markdown, display

    if markdown:
        display(Markdown(markdown))  # type: ignore[no-untyped-call]


class Kernel:
    """One Jupyter kernel that runs report notebooks one after the other, each with a clean namespace.

    Starting a kernel and importing takes longer than most reports, so it is done once per worker.
    """

    def __init__(self, definitions: Path) -> None:
        from jupyter_client.manager import KernelManager

        self._manager = KernelManager(kernel_name="python3")
        environment = {**os.environ, "KUNNSKAP_DEFINITIONS": str(definitions), "PYTHONPATH": _path()}
        quiet = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
        self._manager.start_kernel(env=environment, extra_arguments=quiet)

    def run(self, source: Path, parameters: dict[str, Any]) -> str:
        """Execute the notebook with these parameters; its Markdown without code.

        Raises nbclient's CellExecutionError, which tells the cell, if a cell fails.
        """
        from nbclient import NotebookClient

        notebook = deepcopy(_cells(source.read_text(encoding="utf-8")))
        for cell in notebook.cells:
            if PARAMETERS in cell.metadata.get("tags", []):
                assignments = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
                cell.source = f"{FRESH}\n{assignments}"
        client = NotebookClient(notebook, km=self._manager, timeout=300)
        client.owns_km = False
        try:
            client.execute()
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
        _only_markdown(source, notebook)
        return _tidy("\n\n".join(_written(notebook)))

    def close(self) -> None:
        self._manager.shutdown_kernel(now=True)


@cache
def _cells(text: str) -> Any:
    """A notebook as it was written; the same one is run for every sub-project."""
    import jupytext

    return jupytext.reads(text, fmt="py:percent")


def _written(notebook: Any) -> Iterator[str]:
    """The Markdown of a notebook from top to bottom: its own cells, and what the others showed."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", []):
            yield output["data"]["text/markdown"]


def _only_markdown(source: Path, notebook: Any) -> None:
    """A warning or a print in a notebook would stand in the report: stop instead."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/markdown" not in output.get("data", {}):
                text = output.get("text") or str(output.get("data", output))
                problem = Problem(
                    file=f"notebooks/{source.name}",
                    found=f"cellen «{cell.source.splitlines()[0]}» skrev «{text.strip()[:300]}».",
                    allowed="bare Markdown, gjennom show(…)",
                )
                raise KunnskapError("Noe annet enn rapporten ville havnet i rapporten:", [problem])


def _path() -> str:
    """The kernel sees the same `pipeline` as this process."""
    here = str(Path(__file__).resolve().parents[3])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))


def _tidy(markdown: str) -> str:
    """One blank line between blocks, none at the start, one newline at the end."""
    lines: list[str] = []
    for line in markdown.split("\n"):
        clean = line.rstrip()
        if clean or (lines and lines[-1]):
            lines.append(clean)
    return "\n".join(lines).strip("\n") + "\n"
