"""Runs a report notebook and gives its Markdown; and the few words a notebook itself uses."""

import os
from pathlib import Path
from typing import Any

from pipeline import model
from pipeline.errors import KunnskapError, Problem
from pipeline.model import MERGER, Merger
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.keys import Kind
from pipeline.report.paper.pages import Page

PARAMETERS = "parameters"


def open_report(
    merger: str, part: str | None, year: int | None, processed: str | None, folder: str | None, kind: Kind | None = None
) -> Page:
    """The report a notebook is about: definitions, processed tables and the folder it writes to.

    Without a kind it is the overview, or with a sub-project its kunnskapsgrunnlag.
    """
    project = Project(definitions=Path(os.environ.get("KUNNSKAP_DEFINITIONS", Project().definitions)))
    definitions = model.load(project)
    tables = Path(processed) if processed else project.processed / merger
    found = Merger.model_validate_json((tables / MERGER).read_text(encoding="utf-8"))
    about = next((p for p in definitions.parts(found) if p.id == part), None)
    data = ReportData(
        definitions=definitions,
        processed=tables,
        merger=found,
        part=about,
        year=year or found.base_year,
        kind=kind or ("kunnskapsgrunnlag" if about else "oversikt"),
    )
    target = Path(folder) if folder else project.reports / merger / (about.slug if about else "")
    return Page(data, target)


def open_harmonisation(
    merger: str, part: str, year: int | None, processed: str | None, folder: str | None
) -> tuple[Page, Harmonised]:
    """The same for a harmonisation report, with its view of the tables; pages say so where forms hold an example."""
    page = open_report(merger, part, year, processed, folder, "harmonisering")
    page.uses_forms = True
    return page, Harmonised(page.data)


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
        import jupytext
        import nbformat
        from nbclient import NotebookClient
        from nbconvert.exporters import MarkdownExporter

        notebook = jupytext.read(source)
        for cell in notebook.cells:
            if PARAMETERS in cell.metadata.get("tags", []):
                assignments = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
                cell.source = f"%reset -f\n{assignments}"
        client = NotebookClient(notebook, km=self._manager, timeout=300)
        client.owns_km = False
        try:
            client.execute()
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
        _only_markdown(source, notebook)
        exporter = MarkdownExporter()  # type: ignore[no-untyped-call]
        exporter.exclude_input = True
        body, _ = exporter.from_notebook_node(nbformat.from_dict(notebook))  # type: ignore[no-untyped-call]
        return _tidy(body)

    def close(self) -> None:
        self._manager.shutdown_kernel(now=True)


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
