"""One run, top to bottom: raw set → validated → computed → reports. The map of the whole pipeline.

Everything is made beside what is there and put in its place only when all of it is done, so that a
run that stops leaves the last good `data/processed` and `reports` as they were.
"""

import shutil
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from pipeline import stamps
from pipeline.choice import Choice
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import store
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.progress import Progress
from pipeline.project import MERGER
from pipeline.publish import Result, alone, is_at_rest, is_ours, publish, room_of

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from pipeline.model import Source
    from pipeline.report.paper.notebook import Kernel
    from pipeline.validate import identities

TABLES = ("*.parquet", MERGER)


def run(
    choice: Choice,
    progress: Progress = Progress(),  # noqa: B008 - frozen
) -> Result:
    """Validate, compute and report for one merger.

    `progress` is told what was read and computed, the number of reports once it is known, and each one made.
    Raises KunnskapError, with the last good results untouched.
    """
    result = Result(set_name=choice.record.name, reports=choice.reports)
    whole = stamps.run_key(choice)
    if is_at_rest(choice) and _is_done(choice, whole):
        return result
    with ExitStack() as stack:
        stack.enter_context(alone(choice))
        if _is_done(choice, whole):  # what another run had begun was all there was to do
            return result
        from pipeline.report.paper.notebook import Kernel

        kernel = stack.enter_context(closing(Kernel(choice.project.definitions)))
        kernel.start(choice.project.notebooks)  # while the tables are made
        tables = _tables(choice, stack, progress)
        result.computed = tables != choice.processed
        made = _workroom(stack, choice, choice.project.reports)
        digests = _build(choice, tables, made, kernel, result, progress)
        publish(choice, tables, made, result, digests, whole)
    return result


def _tables(choice: Choice, stack: ExitStack, progress: Progress) -> Path:
    """The folder of the processed tables: as they are where nothing has changed, else made beside them."""
    computed, documented = stamps.compute_key(choice), stamps.document_key(choice)
    there = stamps.read_stamp(choice.processed) if _all_there(choice.processed) and not _too_lenient(choice) else {}
    if there.get("documents") == documented:
        return choice.processed
    fresh = _workroom(stack, choice, choice.project.processed) / "tabeller"
    fresh.mkdir()  # in the room, which only its maker can read
    if there.get("key") == computed:
        for path in choice.processed.glob("*.parquet"):
            shutil.copyfile(path, fresh / path.name)
        done = Computed(write_documents(choice, fresh), bool(there["lenient"]))
    else:
        done = in_own_process(compute_tables, choice, fresh)
    for text in done.told:
        progress.tell(text)
    sums = stamps.file_sums(fresh, TABLES)
    record = {
        "key": computed,
        "documents": documented,
        "set": choice.record.name,
        "lenient": done.lenient,
        "files": sums,
    }
    stamps.write_stamp(fresh, record)
    return fresh


# ------------------------------------------------------------------------------ the four rooms


@dataclass(frozen=True)
class Computed:
    """What was done, a line each; `lenient`: something was let pass that a strict run stops on."""

    told: list[str]
    lenient: bool = False


def compute_tables(choice: Choice, folder: Path) -> Computed:
    """Read and validate the raw set, compute the processed tables, validate them, write them to `folder`."""
    from pipeline.compute import build
    from pipeline.compute.changes import record_changes
    from pipeline.ingest import handed_in
    from pipeline.validate import aside, identities
    from pipeline.validate.processed import validate_processed
    from pipeline.validate.raw import RawChecks

    definitions, merger = choice.definitions, choice.merger
    identities.check_register(definitions)
    choice.write_merger(folder)
    with ExitStack() as stack:
        scratch = _workroom(stack, choice, folder.parent)
        raw = read_set(choice)
        connection = stack.enter_context(closing(build.connect(scratch)))
        checks = RawChecks(definitions, merger, raw.record, raw.frames, raw.files, raw.unread, choice.strict)
        checks.stop()  # what a person wrote is made typed tables of next
        build.prepare(connection, definitions, merger, raw.record, raw.frames, raw.files)
        for source, part in checks.sound(raw.parts()):
            build.put_aside(connection, definitions, source, part, scratch)
        left_out = checks.judge()
        record, frames = aside.unresolved(raw.record, left_out), aside.without(raw.frames, left_out)
        if left_out:
            build.redefine(connection, definitions, merger, record, raw.files)
        build.stage(connection, definitions, frames, scratch, [(one.source, one.contents) for one in left_out])
        judged, checked = _computed_and_checked(choice, connection, record, raw.files)
        build.keep(connection, "deviation", judged.rows)
        not_used = aside.told(definitions, merger, record, judged.aside)
        build.keep(connection, "set_aside", not_used)
        before = (
            computed(choice.of_set(choice.older), _workroom(stack, choice, folder.parent)) if choice.older else None
        )
        record_changes(connection, before, choice.older)
        # written while they are looked at; what does not stand the look is never put in place
        with ThreadPoolExecutor(max_workers=1) as pool:
            writing = pool.submit(build.publish, connection.cursor(), definitions, folder)
            validate_processed(connection, definitions)
            writing.result()
    told = [
        f"Leste og kontrollerte {sum(map(len, raw.files.values()))} råfiler fra settet «{raw.record.title}»",
        f"Regnet ut og kontrollerte tabellene ({checked} kontroller på tvers)",
        *judged.told,
        *handed_in.not_used(choice.project, definitions, merger),
    ]
    places = not_used[["source", "dimension", "region"]].itertuples(index=False)
    counted = aside.counted(definitions, [(source, not dimension + region) for source, dimension, region in places])
    told += [f"{counted} Hvorfor står på oversikten og i `kunnskap status`"] if counted else []
    return Computed(told, bool(left_out or judged.aside or judged.told))


def _computed_and_checked(
    choice: Choice, connection: "DuckDBPyConnection", record: SetRecord, files: dict[str, list[RawFile]]
) -> "tuple[identities.Judged, int]":
    """The tables of what was staged, held against each other; and how many checks that took.

    A figure that contradicts the producer's own is known only when it is computed: it is set aside, and what is made
    of it computed once more.
    """
    from pipeline.compute import build
    from pipeline.validate import aside, identities

    definitions, merger = choice.definitions, choice.merger
    seen: dict[tuple[str, str], identities.Outcome] = {}

    def judge(stage: str) -> identities.Judged:
        seen.update({(outcome.check, outcome.item): outcome for outcome in identities.run_checks(connection, stage)})
        return identities.judge(list(seen.values()), definitions, merger.deviation, choice.strict)

    judged, before = judge("staging"), -1
    while len(judged.aside) > before:
        before = len(judged.aside)
        build.set_aside(connection, aside.table(judged.aside))
        identities.tolerate(connection, judged.rows)
        build.compute(connection, definitions, merger, record, files)
        judged = judge("marts")
    identities.tolerate(connection, judged.rows)
    return judged, len(seen)


@dataclass(frozen=True)
class RawSet:
    """A raw set: its record, its files and their contents by source. Cubes in parts are read as they are used.

    `unread` is what is wrong with the files of a pulled table that cannot be read at all.
    """

    record: SetRecord
    files: dict[str, list[RawFile]]
    frames: dict[str, "pd.DataFrame"]
    in_parts: list["Source"]
    unread: dict[str, list[Problem]]

    def parts(self) -> Iterator[tuple[str, "pd.DataFrame"]]:
        """The cubes that came in several files, with their source, a part at a time."""
        from pipeline.ingest.read import read_parts

        for source in self.in_parts:
            try:
                for part in read_parts(source, self.files[source.id], self.record.moved.get(source.id)):
                    yield source.id, part
            except KunnskapError as error:
                self.unread[source.id] = error.problems


def raw_files(choice: Choice) -> dict[str, list[RawFile]]:
    """The files of every source of the set that the definitions still know, and those the municipalities filled in."""
    from pipeline.ingest import local

    project, definitions, record = choice.project, choice.definitions, choice.record
    files = {name: store.files_of(project, record, name) for name in record.places if name in definitions.sources}
    for source in definitions.sources.values():
        file = local.local_file(project, choice.merger, source) if source.pull == "local" else None
        if file is not None:
            files[source.id] = [file]
    return files


def read_set(choice: Choice) -> RawSet:
    """The contents of those files; of a cube that came in parts, the files only."""
    from pipeline.ingest import forms, local
    from pipeline.ingest.read import read_source

    definitions, record, files = choice.definitions, choice.record, raw_files(choice)
    known = [definitions.sources[name] for name in files]
    in_parts = [source for source in known if source.kind == "cube" and len(files[source.id]) > 1]
    frames: dict[str, pd.DataFrame] = {}
    unread: dict[str, list[Problem]] = {}
    for source in known:
        if source.is_form:
            frames[source.id] = forms.read_form(definitions, source, files[source.id][0])
        elif source.pull == "local":
            frames[source.id] = local.read_local(choice.merger, source, files[source.id][0])
        elif source not in in_parts:
            try:
                frames[source.id] = read_source(source, files[source.id], record.moved.get(source.id))
            except KunnskapError as error:
                if source.pull != "statbank":
                    raise
                unread[source.id] = error.problems
    return RawSet(record, files, frames, in_parts, unread)


def computed(choice: Choice, scratch: Path) -> "DuckDBPyConnection":
    """The tables of a set, unchecked: to compare with, not to publish. `scratch` must be there as long as they are."""
    from pipeline.compute import build

    definitions, raw = choice.definitions, read_set(choice)
    connection = build.connect(scratch)
    build.prepare(connection, definitions, choice.merger, raw.record, raw.frames, raw.files)
    for source, part in raw.parts():
        build.put_aside(connection, definitions, source, part, scratch)
    build.stage(connection, definitions, raw.frames, scratch)
    build.compute(connection, definitions, choice.merger, raw.record, raw.files)
    return connection


def write_documents(choice: Choice, folder: Path) -> list[str]:
    """Make only the tables that are the definitions themselves anew, beside the computed ones in `folder`."""
    from pipeline.compute import build
    from pipeline.compute.documents import document_tables
    from pipeline.validate.processed import validate_processed

    definitions = choice.definitions
    choice.write_merger(folder)
    made = document_tables(definitions, choice.merger, choice.record, raw_files(choice))
    with closing(build.connect()) as connection:
        for name, table in made.items():
            build.keep(connection, name, table)
        validate_processed(connection, definitions, list(made))
        build.publish(connection, definitions, folder, list(made))
    return ["Skrev kortene på nytt; tallene er de samme"]


def in_own_process(function: Callable[..., Any], *arguments: object) -> Any:
    """Call in a process of its own, so that what it needed in memory is given back when it is done."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), initializer=_quiet) as pool:
        return pool.submit(function, *arguments).result()


def _quiet() -> None:
    """An interruption is told once, by the run; the processes it started are taken down with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _build(
    choice: Choice, tables: Path, folder: Path, kernel: "Kernel", result: Result, progress: Progress
) -> dict[str, str]:
    """Build the reports whose inputs have changed; the key of every report, built or not."""
    from pipeline.report.build import Site, build_reports, jobs

    known = stamps.read_stamp(choice.reports).get("reports", {})
    site = Site(choice.definitions, choice.project.notebooks, choice.merger, tables, choice.year)
    digests, chosen = {}, []
    for job in jobs(choice.definitions, choice.merger):
        digests[job.name] = stamps.report_key(choice, site.data(job))
        same = known.get(job.name, {})
        if same.get("key") != digests[job.name] or not _as_made(choice.reports, same.get("files", {})):
            chosen.append(job)
    progress.plan(len(chosen))

    def done(name: str) -> None:
        result.built.append(name)
        progress.step(f"Laget {name}")

    if chosen:
        result.rooms = {job.name: (job.workroom, job.home) for job in chosen}
        build_reports(site, chosen, folder, kernel, done)
    return digests


# ------------------------------------------------------------------------------------- what is there


def _is_done(choice: Choice, whole: str) -> bool:
    stamp = stamps.read_stamp(choice.reports)
    files = {name: digest for report in stamp.get("reports", {}).values() for name, digest in report["files"].items()}
    same = stamp.get("run") == whole and not _too_lenient(choice)
    return same and _as_made(choice.reports, files) and _all_there(choice.processed)


def _as_made(folder: Path, files: dict[str, str]) -> bool:
    """Every file is as the stamp says, or a document that somebody has written in since."""
    return bool(files) and all(is_ours(folder / name, digest) for name, digest in files.items())


def _too_lenient(choice: Choice) -> bool:
    """Whether the tables were made letting something pass that is to stop the run now."""
    return choice.strict and bool(stamps.read_stamp(choice.processed).get("lenient"))


def _all_there(processed: Path) -> bool:
    """The tables are those the stamp describes; a table changed by hand is computed again."""
    stamp = stamps.read_stamp(processed)
    return bool(stamp) and stamps.file_sums(processed, TABLES) == stamp.get("files")


def _workroom(stack: ExitStack, choice: Choice, beside: Path) -> Path:
    """A folder next to where the result goes, gone when the run ends."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=room_of(choice), dir=beside))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder
