"""`kunnskap status`: what is there, what it stands on, and what is missing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline import stamps
from pipeline.choice import Choice
from pipeline.compute.documents import evidence_word
from pipeline.errors import KunnskapError
from pipeline.ingest import store
from pipeline.ingest.handed_in import not_used
from pipeline.ingest.room import ROOM
from pipeline.ingest.store import NOT_SSB
from pipeline.model import EVIDENCE, Definitions, Merger
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.knowledge import aside


def status(choice: Choice) -> Iterator[str]:
    """Lines in Norwegian: sets, tables, reports and indicators of one merger."""
    project, merger = choice.project, choice.merger
    yield f"{merger.name}: {', '.join(member.name for member in merger.member)}"
    yield from _sets(project, choice.record.name)
    for other, problems in choice.definitions.merger_faults.items():
        yield f"Kan ikke brukes: sammenslåingen {other}. {problems[0]}"
    processed, reports = choice.processed, choice.reports
    if not (processed / "indicator.parquet").is_file():
        yield f"Tabeller     ikke regnet ut. Kjør `kunnskap run --merger {merger.id}`."
        return
    fresh = stamps.read_stamp(processed).get("documents") == stamps.document_key(choice)
    yield f"Tabeller     {project.shown(processed)} ({'ferske' if fresh else 'utdaterte: kjør `kunnskap run`'})"
    done = stamps.read_stamp(reports).get("reports", {})
    yield f"Rapporter    {len(done)} i {project.shown(reports)}" if done else "Rapporter    ikke laget."
    yield from _forms(merger, processed)
    yield from (f"             {text}" for text in not_used(project, choice.definitions, merger))
    data = ReportData(choice.definitions, processed, merger, None, choice.year)
    yield from aside.lines(data)
    yield from _indicators(data)


def _sets(project: Project, used: str) -> Iterator[str]:
    for name in store.set_names(project):
        try:
            record = store.set_record(project, name)
        except KunnskapError as error:
            yield f"Sett         {name}: kan ikke brukes. {error}"
            continue
        mark = " ← brukes" if name == used else ""
        synthetic = ", SYNTETISKE TALL" if record.synthetic else f", {NOT_SSB}" if record.server else ""
        about = f"{record.title}, laget {record.created}, {len(record.places)} kilder{synthetic}"
        yield f"Sett         {name} ({about}){mark}"
    if (project.raw / ROOM).is_dir():
        yield "Henting      ikke ferdig: `kunnskap fetch` fortsetter den."


def _forms(merger: Merger, processed: Path) -> Iterator[str]:
    """Which forms the municipalities have filled in."""
    path = (processed / "register_use.parquet").as_posix()
    rows = duckdb.sql(f"select title, rows_filled, example from '{path}'").fetchall()
    filled = [
        f"{title} ({count} rader{', EKSEMPEL' if example == 'true' else ''})" for title, count, example in rows if count
    ]
    told = f"{len(filled)} av {len(rows)} fylt ut: {', '.join(filled)}" if filled else f"ingen av {len(rows)} fylt ut"
    yield f"Skjemaer     {told}" + ("" if filled else f". `kunnskap new {merger.id}` skriver dem.")


def _indicators(data: ReportData) -> Iterator[str]:
    good, of = data.with_figures()
    yield f"Indikatorer  {good} av {of} har et samlet tall i {data.year} eller siste år med tall"
    yield from _evidence(data.definitions)
    yield ""
    for part in data.definitions.parts(data.merger):
        own = [i for i in data.definitions.indicators_of(part) if i.area not in data.definitions.cross_cutting]
        figures = [(i, data.figure(i, data.merged, data.shown_year(i))) for i in own]
        yield f"{part.id} {part.title}: {sum(f.ok for _, f in figures)} av {len(own)}"
        for indicator, figure in figures:
            told = (
                f"{figure.with_unit} ({data.shown_year(indicator)})"
                if figure.ok
                else f"{figure.label}. {figure.reason}"
            )
            yield f"  {indicator.id:<48} {told} [{evidence_word(data.definitions, indicator)}]"


def _evidence(definitions: Definitions) -> Iterator[str]:
    """How well the codes are known that SSB is asked for, those of the tables and those the indicators stand on."""
    codes = [
        known[0] for s in definitions.sources.values() if s.pull == "statbank" for code in s.contents
        if (known := s.known(code))
    ]  # fmt: skip
    own = [known[0] for i in definitions.indicators.values() if (known := definitions.evidence(i))]
    for name, levels in (("Koder", codes), ("Bygger på", own)):
        count = Counter(levels)
        yield f"{name:<12} " + ", ".join(f"{count[level]} {word}" for level, word in EVIDENCE.items() if count[level])
