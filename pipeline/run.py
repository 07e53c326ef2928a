"""One run, top to bottom: raw set → validated → computed → reports. The map of the whole pipeline.

Everything is made beside what is there and put in its place only when all of it is done, so that a
run that stops leaves the last good `data/processed` and `reports` as they were.
"""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from pipeline import model, stamps
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import store
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import Definitions, Merger, Source
from pipeline.progress import Progress
from pipeline.project import Project

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection


@dataclass
class Result:
    """What a run did. `computed` and `built` are empty when nothing had changed."""

    set_name: str
    reports: Path
    computed: bool = False
    built: list[str] = field(default_factory=list)
    rooms: dict[str, tuple[str, str]] = field(default_factory=dict)  # where each was made, and where it goes
    kept: list[Path] = field(default_factory=list)

    @property
    def unchanged(self) -> bool:
        return not self.computed and not self.built


def run(
    project: Project,
    merger_id: str,
    set_name: str | None = None,
    year: int | None = None,
    progress: Progress = Progress(),  # noqa: B008 - frozen
) -> Result:
    """Validate, compute and report for one merger.

    `progress` is told what was read and computed, the number of reports once it is known, and each one made.
    Raises KunnskapError, with the last good results untouched.
    """
    chosen = store.choose_set(project, set_name, merger_id)
    result = Result(set_name=chosen, reports=project.reports / merger_id)
    whole = stamps.run_key(project, merger_id, chosen, year)
    if _is_done(result.reports, whole):
        return result

    definitions = model.load(project)
    merger = definitions.merger(merger_id)
    with ExitStack() as stack:
        processed = project.processed / merger.id
        key = stamps.compute_key(project, merger.id, chosen)
        if stamps.read_stamp(processed).get("key") != key or not _all_there(processed):
            fresh = _workroom(stack, project.processed)
            for text in in_own_process(compute_tables, project, merger.id, chosen, fresh):
                progress.tell(text)
            stamps.write_stamp(fresh, {"key": key, "set": chosen, "files": stamps.file_sums(fresh)})
            result.computed = True
        source = fresh if result.computed else processed
        made = _workroom(stack, project.reports)
        digests = _build(project, definitions, merger, year or merger.base_year, source, made, result, progress)
        if result.computed:
            _replace(fresh, processed)
        _publish(made, result, digests, whole)
    return result


# ------------------------------------------------------------------------------ the four rooms


def compute_tables(project: Project, merger_id: str, set_name: str, folder: Path) -> list[str]:
    """Read and validate a raw set, compute the processed tables, validate them, write them to `folder`.

    Returns what was done, a line each.
    """
    from pipeline.compute import build
    from pipeline.compute.changes import record_changes
    from pipeline.validate import identities
    from pipeline.validate.processed import validate_processed
    from pipeline.validate.raw import RawChecks

    definitions = model.load(project)
    merger = definitions.merger(merger_id)
    identities.check_register(definitions)
    with ExitStack() as stack:
        scratch = _workroom(stack, folder.parent)
        raw = read_set(project, definitions, merger, set_name)
        connection = stack.enter_context(closing(build.connect(scratch)))
        checks = RawChecks(definitions, merger, raw.frames, raw.files)
        if not checks.problems:
            build.prepare(connection, definitions, merger, raw.record, raw.frames, raw.files)
        for source, part in checks.sound(raw.parts()):
            build.put_aside(connection, definitions, source, part, scratch)
        checks.stop_on_faults()
        build.stage(connection, definitions, raw.frames, scratch)
        outcomes = identities.run_checks(connection, "staging")
        identities.tolerate(connection, identities.judge(outcomes, definitions))
        build.compute(connection, definitions, merger, raw.record, raw.files)
        outcomes += identities.run_checks(connection, "marts")
        judged = identities.judge(outcomes, definitions)
        identities.tolerate(connection, judged)
        build.keep(connection, "deviation", judged)
        older = store.previous_set(project, raw.record, merger_id)
        room = _workroom(stack, folder.parent)
        record_changes(connection, computed(project, definitions, merger, older, room) if older else None, older)
        # written while they are looked at; what does not stand the look is never put in place
        with ThreadPoolExecutor(max_workers=1) as pool:
            writing = pool.submit(build.publish, connection.cursor(), definitions, folder)
            validate_processed(connection, definitions)
            writing.result()
    return [
        f"Leste og kontrollerte {sum(map(len, raw.files.values()))} råfiler fra settet «{raw.record.title}»",
        f"Regnet ut og kontrollerte tabellene ({len(outcomes)} kontroller på tvers)",
    ]


@dataclass(frozen=True)
class RawSet:
    """A raw set: its record, its files and their contents by source. Cubes in parts are read as they are used."""

    record: SetRecord
    files: dict[str, list[RawFile]]
    frames: dict[str, "pd.DataFrame"]
    in_parts: list[Source]

    def parts(self) -> Iterator[tuple[str, "pd.DataFrame"]]:
        """The cubes that came in several files, with their source, a part at a time."""
        from pipeline.ingest.read import read_parts

        for source in self.in_parts:
            for part in read_parts(source, self.files[source.id], self.record.moved.get(source.id)):
                yield source.id, part


def read_set(project: Project, definitions: Definitions, merger: Merger, set_name: str) -> RawSet:
    """Every source of a set that the definitions still know, and what the merger's municipalities have filled in."""
    from pipeline.ingest import forms, local
    from pipeline.ingest.read import read_source

    record = store.set_record(project, set_name)
    files = {name: store.files_of(project, record, name) for name in record.places if name in definitions.sources}
    known = [definitions.sources[name] for name in files]
    in_parts = [source for source in known if source.kind == "cube" and len(files[source.id]) > 1]
    frames = {
        source.id: read_source(source, files[source.id], record.moved.get(source.id))
        for source in known
        if source not in in_parts
    }
    for source in definitions.sources.values():
        file = local.local_file(project, merger, source) if source.pull == "local" else None
        if file is None:
            continue
        files[source.id] = [file]
        if source.is_form:
            frames[source.id] = forms.read_form(definitions, source, file)
        else:
            frames[source.id] = local.read_local(merger, source, file)
    return RawSet(record, files, frames, in_parts)


def computed(
    project: Project, definitions: Definitions, merger: Merger, set_name: str, scratch: Path
) -> "DuckDBPyConnection":
    """The tables of a set, unchecked: to compare with, not to publish. `scratch` must be there as long as they are."""
    from pipeline.compute import build

    raw = read_set(project, definitions, merger, set_name)
    connection = build.connect(scratch)
    build.prepare(connection, definitions, merger, raw.record, raw.frames, raw.files)
    for source, part in raw.parts():
        build.put_aside(connection, definitions, source, part, scratch)
    build.stage(connection, definitions, raw.frames, scratch)
    build.compute(connection, definitions, merger, raw.record, raw.files)
    return connection


def in_own_process(function: Callable[..., Any], *arguments: object) -> Any:
    """Call in a process of its own, so that what it needed in memory is given back when it is done."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def _build(
    project: Project,
    definitions: Definitions,
    merger: Merger,
    year: int,
    processed: Path,
    folder: Path,
    result: Result,
    progress: Progress,
) -> dict[str, str]:
    """Build the reports whose inputs have changed; the key of every report, built or not."""
    from pipeline.report.build import Site, build_reports, jobs
    from pipeline.report.data import ReportData
    from pipeline.report.paper.notebook import Kernel

    known = stamps.read_stamp(result.reports)
    digests, chosen = {}, []
    for job in jobs(definitions, merger):
        data = ReportData(definitions, processed, merger, job.part, year)
        digests[job.name] = stamps.report_key(project, data, job.kind)
        same = known.get("reports", {}).get(job.name, {})
        if same.get("key") != digests[job.name] or not _exist(result.reports, same.get("files", {})):
            chosen.append(job)
    progress.plan(len(chosen))

    def done(name: str) -> None:
        result.built.append(name)
        progress.step(f"Laget {name}")

    if chosen:
        result.rooms = {job.name: (job.workroom, job.home) for job in chosen}
        site = Site(definitions, project.notebooks, merger, processed, year)
        with closing(Kernel(project.definitions)) as kernel:
            build_reports(site, chosen, folder, kernel, done)
    return digests


# ------------------------------------------------------------------------- keeping what is good


def _is_done(reports: Path, whole: str) -> bool:
    stamp = stamps.read_stamp(reports)
    files = {name for report in stamp.get("reports", {}).values() for name in report["files"]}
    return stamp.get("run") == whole and _exist(reports, files)


def _exist(folder: Path, names: Any) -> bool:
    return bool(names) and all((folder / name).is_file() for name in names)


def _all_there(processed: Path) -> bool:
    """The tables are those the stamp describes; a table changed by hand is computed again."""
    stamp = stamps.read_stamp(processed)
    return bool(stamp) and stamps.file_sums(processed, ["*.parquet"]) == stamp.get("files")


def _workroom(stack: ExitStack, beside: Path) -> Path:
    """A folder next to where the result goes, gone when the run ends."""
    beside.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=".ny-", dir=beside))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _publish(made: Path, result: Result, digests: dict[str, str], whole: str) -> None:
    """Put finished reports in place; a file somebody has written in is kept beside the new one."""
    target = result.reports
    target.mkdir(parents=True, exist_ok=True)
    stamp = stamps.read_stamp(target)
    reports = {name: entry for name, entry in stamp.get("reports", {}).items() if name in digests}
    for name in result.built:
        room, home = result.rooms[name]
        sums = stamps.file_sums(made / room)
        files = {(Path(home) / relative).as_posix(): digest for relative, digest in sums.items()}
        for relative in sums:
            place = (Path(home) / relative).as_posix()
            _put(made / room / relative, target / place, reports.get(name, {}).get("files", {}).get(place), result)
        for gone in set(reports.get(name, {}).get("files", {})) - set(files):
            (target / gone).unlink(missing_ok=True)
        reports[name] = {"key": digests[name], "files": files}
    stamps.write_stamp(target, {"run": whole, "set": result.set_name, "reports": reports})


def _put(new: Path, old: Path, made_last: str | None, result: Result) -> None:
    """Move a file into place. An old one that is not what the last run made has been edited: keep it."""
    old.parent.mkdir(parents=True, exist_ok=True)
    try:
        if old.is_file() and made_last and stamps.digest(old) != made_last:
            kept = _free_name(old)
            old.rename(kept)
            result.kept.append(kept)
        new.replace(old)
    except PermissionError as error:
        problem = Problem(file=old.name, found="filen er i bruk.", remedy="lukk den i Word eller Excel og kjør igjen.")
        raise KunnskapError("En rapport kunne ikke skrives:", [problem]) from error


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem}.redigert-{number}{path.suffix}")).exists():
        number += 1
    return name


def _replace(fresh: Path, target: Path) -> None:
    old = target.with_name(f".gammel-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
