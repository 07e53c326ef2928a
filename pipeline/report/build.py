"""Makes the reports of one merger: a notebook each, then every format."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline import words
from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Merger, Part
from pipeline.report.data import ReportData
from pipeline.report.formats.convert import convert
from pipeline.report.formats.cover import Cover
from pipeline.report.formats.word import reference_document
from pipeline.report.harmonise import economy, package
from pipeline.report.keys import Kind
from pipeline.report.knowledge import workbook
from pipeline.report.paper.notebook import Kernel
from pipeline.report.paper.worker import CellFailed

INDEX = "index"


@dataclass(frozen=True)
class Document:
    """What one notebook becomes: the notebook's name is that of the files."""

    notebook: str
    kind: str  # as it stands on every page
    formats: tuple[str, ...]


DOCUMENTS: dict[Kind, tuple[Document, ...]] = {
    "kunnskapsgrunnlag": (Document("kunnskapsgrunnlag", "Kunnskapsgrunnlag", ("html", "pdf", "docx")),),
    "harmonisering": (
        Document("harmonisering", "Harmonisering", ("html", "pdf", "docx")),
        Document("strategi", "Strategi, utkast", ("docx",)),
        Document("verksted", "Politisk verksted", ("pptx",)),
    ),
    "oversikt": (Document("oversikt", "Kunnskapsgrunnlag", ("html", "pdf", "docx")),),
    "økonomi": (),
}


@dataclass(frozen=True)
class Job:
    """What is made together and made again together: a sub-project's two sets of documents, or one for all of them."""

    kind: Kind
    part: Part | None = None

    @property
    def name(self) -> str:
        if self.part is None:
            return INDEX if self.kind == "oversikt" else self.kind
        return self.part.slug if self.kind == "kunnskapsgrunnlag" else f"{self.part.slug}/{self.kind}"

    @property
    def home(self) -> str:
        """The folder its files go to, below the merger's."""
        return self.part.slug if self.part else ""

    @property
    def workroom(self) -> str:
        """The folder they are made in: jobs with one home are apart until they are done."""
        return self.name.replace("/", ".")


@dataclass(frozen=True)
class Site:
    """What all reports of a run share."""

    definitions: Definitions
    notebooks: Path
    merger: Merger
    processed: Path
    year: int

    def data(self, job: Job) -> ReportData:
        """What a job may read."""
        return ReportData(self.definitions, self.processed, self.merger, job.part, self.year, job.kind)


def jobs(definitions: Definitions, merger: Merger) -> list[Job]:
    parts = definitions.parts(merger)
    kinds: tuple[Kind, ...] = ("kunnskapsgrunnlag", "harmonisering")
    # the overview reads the most, and a kernel never gives memory back: first, with what needs no notebook beside it
    return [Job("økonomi"), Job("oversikt"), *(Job(kind, part) for kind in kinds for part in parts)]


def build_reports(site: Site, chosen: list[Job], folder: Path, kernel: Kernel, done: Callable[[str], None]) -> None:
    """Write the chosen reports under `folder`; `done(name)` is called as each is finished.

    While the kernel runs a notebook, the workbook beside it and the last one's formats are made: two cores, one of
    each kind of work, and only one kernel and one pandoc in memory.
    """
    reference = folder / "reference.docx"
    reference_document(reference)
    with ThreadPoolExecutor(max_workers=1) as pool, _collected_by_hand():
        finishing = []
        for job in chosen:
            room = folder / job.workroom
            room.mkdir(parents=True, exist_ok=True)
            finishing.append(pool.submit(_write_workbook, site, job, room))
            for document in DOCUMENTS[job.kind]:
                run_notebook(site, job, document, room, kernel)
            finishing.append(pool.submit(_finish, site, job, room, reference, done))
            for finished in (f for f in finishing if f.done()):
                finished.result()
        for result in finishing:
            result.result()


def _finish(site: Site, job: Job, room: Path, reference: Path, done: Callable[[str], None]) -> None:
    data = site.data(job)
    for document in DOCUMENTS[job.kind]:
        convert_document(data, job, document, room, reference)
    gc.collect()
    done(job.name)


def _write_workbook(site: Site, job: Job, room: Path) -> None:
    """What is made of the tables alone."""
    data = site.data(job)
    if job.kind == "kunnskapsgrunnlag":
        workbook.write(data, room / "tabeller.xlsx")
    elif job.kind == "økonomi":
        economy.write(data, room / "økonomi.xlsx")
        package.write(data, room / "økonomi")


@contextmanager
def _collected_by_hand() -> Iterator[None]:
    """A workbook is hundreds of thousands of cells and no circles: looking for some while it grows costs a fifth of
    its time. What each job leaves is collected when it is done."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def run_notebook(site: Site, job: Job, document: Document, folder: Path, kernel: Kernel) -> Path:
    """Execute a document's notebook: its Markdown, figures and CSV files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    source = site.notebooks / f"{document.notebook}.py"
    parameters = {
        "merger": site.merger.id,
        "part": job.part.id if job.part else None,
        "year": site.year,
        "processed": str(site.processed),
        "folder": str(folder),
    }
    try:
        text = kernel.run(source, parameters)
    except CellFailed as error:
        problem = Problem(file=f"notebooks/{source.name}", found=f"{job.name}: {error.told}")
        raise KunnskapError("En rapport kunne ikke lages:", [problem]) from error
    markdown = folder / f"{document.notebook}.md"
    markdown.write_text(text, encoding="utf-8", newline="\n")
    return markdown


def convert_document(data: ReportData, job: Job, document: Document, folder: Path, reference: Path) -> None:
    """Every format of a document; the index page is the overview's HTML."""
    markdown = folder / f"{document.notebook}.md"
    targets = {end: markdown.with_suffix(f".{end}") for end in document.formats}
    if job.kind == "oversikt":
        targets["html"] = markdown.with_name("index.html")
    convert(markdown, targets, _cover(data, job, document), reference)


def _cover(data: ReportData, job: Job, document: Document) -> Cover:
    members = ", ".join(region.name for region in data.members[:-1]) + " og " + data.members[-1].name
    record, part = data.set_record, data.part
    return Cover(
        kind=document.kind,
        title=_title(data),
        subtitle=_subtitle(data, job, members),
        part=f"{part.id} {part.title}" if part else data.merger.name,
        merger=data.merger.name,
        status=f"Regnskap {data.year}, {data.accounts_status(data.year)}",
        footer=f"Kilde: SSB og andre, se kildelisten. Sett: {record['title']}, laget {words.date(record['created'])}",
        mark=data.mark(uses_forms=job.kind != "kunnskapsgrunnlag"),
        made=record["created"],
        downloads=_downloads(job),
    )


def _title(data: ReportData) -> str:
    if data.part is None:
        return f"Kunnskapsgrunnlag for {data.merger.name}"
    return data.part.title


def _subtitle(data: ReportData, job: Job, members: str) -> str:
    if data.part is None:
        return f"{members} blir én kommune"
    if job.kind == "harmonisering":
        return f"Harmonisering: fra {members} til {data.merged.name}"
    return f"{members}, hver for seg og samlet som {data.merged.name}"


def _downloads(job: Job) -> str:
    if job.part is None:
        return ""
    own = (
        (
            ("kunnskapsgrunnlag.pdf", "PDF til utskrift"),
            ("kunnskapsgrunnlag.docx", "Word"),
            ("tabeller.xlsx", "Excel"),
            ("harmonisering.html", "Harmonisering"),
        )
        if job.kind == "kunnskapsgrunnlag"
        else (
            ("harmonisering.pdf", "PDF til utskrift"),
            ("harmonisering.docx", "Word"),
            ("strategi.docx", "Utkast til strategi (Word)"),
            ("verksted.pptx", "Lysark til verkstedet"),
            ("../økonomi.xlsx", "Regn selv (Excel)"),
            ("kunnskapsgrunnlag.html", "Kunnskapsgrunnlaget"),
        )
    )
    files = (*own, ("../index.html", "Alle delprosjektene"))
    return " · ".join(f'<a href="{file}">{word}</a>' for file, word in files)
