"""Makes the reports of one merger: a notebook each, then every format."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Merger, Part
from pipeline.report import convert, words, workbook
from pipeline.report.cover import Cover
from pipeline.report.data import ReportData
from pipeline.report.notebook import Kernel

INDEX = "index"


@dataclass(frozen=True)
class Job:
    """One report: the index page (`part` None) or a sub-project's."""

    part: Part | None

    @property
    def name(self) -> str:
        return self.part.slug if self.part else INDEX


@dataclass(frozen=True)
class Site:
    """What all reports of a run share."""

    definitions: Definitions
    notebooks: Path
    merger: Merger
    processed: Path
    year: int


def jobs(definitions: Definitions, merger: Merger) -> list[Job]:
    return [*(Job(part) for part in definitions.parts(merger)), Job(None)]


def build_reports(site: Site, chosen: list[Job], folder: Path, kernel: Kernel, done: Callable[[str], None]) -> None:
    """Write the chosen reports under `folder`; `done(name)` is called as each is finished.

    While the kernel runs the next notebook, the last one's formats are made: two cores, one of each
    kind of work, and only one kernel and one pandoc in memory.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        finishing = []
        for job in chosen:
            home = folder / (job.part.slug if job.part else "")
            markdown = run_notebook(site, job, home, kernel)
            finishing.append(pool.submit(_finish, site, job, markdown, done))
            for finished in (f for f in finishing if f.done()):
                finished.result()
        for result in finishing:
            result.result()


def _finish(site: Site, job: Job, markdown: Path, done: Callable[[str], None]) -> None:
    convert_report(site, job, markdown)
    done(job.name)


def run_notebook(site: Site, job: Job, folder: Path, kernel: Kernel) -> Path:
    """Execute a report's notebook: its Markdown, figures and CSV files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    source = site.notebooks / ("kunnskapsgrunnlag.py" if job.part else "oversikt.py")
    parameters = {
        "merger": site.merger.id,
        "part": job.part.id if job.part else None,
        "year": site.year,
        "processed": str(site.processed),
        "folder": str(folder),
    }
    try:
        text = kernel.run(source, parameters)
    except CellExecutionError as error:
        problem = Problem(file=f"notebooks/{source.name}", found=f"{job.name}: {error.ename}: {error.evalue}")
        raise KunnskapError("En rapport kunne ikke lages:", [problem]) from error
    markdown = folder / ("kunnskapsgrunnlag.md" if job.part else "oversikt.md")
    markdown.write_text(text, encoding="utf-8", newline="\n")
    return markdown


def convert_report(site: Site, job: Job, markdown: Path) -> None:
    """HTML, PDF and Word; the index page is the overview's HTML, and a sub-project has a workbook as well."""
    data = ReportData(site.definitions, site.processed, site.merger, job.part, site.year)
    cover = _cover(data, job.part)
    if job.part is None:
        convert.to_html(markdown, markdown.with_name("index.html"), cover)
    else:
        convert.to_html(markdown, markdown.with_suffix(".html"), cover)
        workbook.write(data, markdown.with_name("tabeller.xlsx"))
    convert.to_pdf(markdown, markdown.with_suffix(".pdf"), cover)
    convert.to_word(markdown, markdown.with_suffix(".docx"), cover)


def _cover(data: ReportData, part: Part | None) -> Cover:
    members = ", ".join(region.name for region in data.members[:-1]) + " og " + data.members[-1].name
    record = data.set_record
    return Cover(
        title=part.title if part else f"Kunnskapsgrunnlag for {data.merger.name}",
        subtitle=f"{members}, hver for seg og samlet som {data.merged.name}" if part else f"{members} blir én kommune",
        part=f"{part.id} {part.title}" if part else data.merger.name,
        merger=data.merger.name,
        status=f"Regnskap {data.year}, {data.accounts_status(data.year)}",
        footer=f"Kilde: SSB og andre, se kildelisten. Sett: {record['title']}, laget {words.date(record['created'])}",
        synthetic=record["synthetic"] == "true",
        made=record["created"],
        downloads=_downloads(part),
    )


def _downloads(part: Part | None) -> str:
    if part is None:
        return ""
    files = (
        ("kunnskapsgrunnlag.pdf", "PDF til utskrift"),
        ("kunnskapsgrunnlag.docx", "Word"),
        ("tabeller.xlsx", "Excel"),
        ("../index.html", "Alle delprosjektene"),
    )
    return " · ".join(f'<a href="{file}">{word}</a>' for file, word in files)
