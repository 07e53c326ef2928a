"""Puts what a run has made in its place, all of it or nothing; what a person has written in stays where it is.

A file is ours where the record says what we made and it still is that. Any other file is somebody's: a document stays
under its own name and the new one is put beside it (`strategi.ny.docx`), told on the index page; a page of a kind that
nobody writes in (HTML, PDF) is set aside as `….redigert-1.html`, and the new one takes its place.
"""

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import moves, stamps
from pipeline.choice import Choice
from pipeline.moves import Move

DOCUMENTS = (".docx", ".xlsx", ".pptx", ".md", ".csv")  # what people write on in
INDEX = "index.html"
BESIDE = re.compile(r"<!--ny utgave-->.*?<!--/ny utgave-->", re.DOTALL)


@dataclass
class Result:
    """What a run did. `computed` and `built` are empty when nothing had changed."""

    set_name: str
    reports: Path
    computed: bool = False
    built: list[str] = field(default_factory=list)
    rooms: dict[str, tuple[str, str]] = field(default_factory=dict)  # where each was made, and where it goes
    beside: dict[Path, Path] = field(default_factory=dict)  # a document somebody has written in → the new one
    aside: list[Path] = field(default_factory=list)  # pages somebody has changed, where they are now

    @property
    def unchanged(self) -> bool:
        return not self.computed and not self.built


@contextmanager
def alone(choice: Choice) -> Iterator[None]:
    """Nobody else makes this merger's results meanwhile, and what an earlier run began is finished.

    Raises KunnskapError if somebody does.
    """
    folder = choice.project.processed
    with moves.alone(folder / f".{choice.merger_id}.lock", f"en annen kjøring av {choice.merger_id}"):
        moves.carry_on(_journal(choice))
        moves.clean(list(_left_over(choice)))
        yield


def is_at_rest(choice: Choice) -> bool:
    """Whether nothing was begun and not finished, nor left behind."""
    return not _journal(choice).is_file() and not any(_left_over(choice))


def finish_if_idle(choice: Choice) -> None:
    """What an earlier run began is finished before its results are looked at, if nobody is at it."""
    if _journal(choice).is_file():
        with alone(choice):
            pass


def _left_over(choice: Choice) -> Iterator[Path]:
    for folder in (choice.project.processed, choice.project.reports):
        yield from folder.glob(f"{room_of(choice)}*")


def room_of(choice: Choice) -> str:
    """What the folders of a run's work are called, up to what makes each its own."""
    return f".ny-{choice.merger_id}~"  # no id has that sign: another merger's folders begin differently


def publish(choice: Choice, tables: Path, made: Path, result: Result, digests: dict[str, str], whole: str) -> None:
    """The tables, where they are new, and the reports that were made, in one."""
    target = result.reports
    stamp = stamps.read_stamp(target)
    known = stamp.get("reports", {})
    reports = {name: entry for name, entry in known.items() if name in digests}
    waits = made / "gamle"
    plan: list[Move] = []
    for name in result.built:
        room, home = result.rooms[name]
        before = _recorded(known.get(name, {}))
        entry: dict[str, Any] = {"key": digests[name], "files": {}, "beside": {}}
        for relative, digest in stamps.file_sums(made / room).items():
            place = (Path(home) / relative).as_posix()
            plan += _placed(made / room / relative, target, place, digest, before, entry, result, waits)
        plan += _gone(target, known.get(name, {}), entry, waits)
        reports[name] = entry
    for name in set(known) - set(digests):
        plan += _gone(target, known[name], {"files": {}, "beside": {}}, waits)
    plan += _told_on_index(made, target, reports, plan, waits)
    result.beside = {
        target / old: target / new for entry in reports.values() for old, new in entry.get("beside", {}).items()
    }
    staged = made / stamps.STAMP
    stamps.write_stamp(made, {"run": whole, "set": result.set_name, "reports": reports})
    plan.append(Move(target / stamps.STAMP, staged, waits / stamps.STAMP))
    if result.computed:
        plan.insert(0, Move(choice.processed, tables, tables.with_name(f"{tables.name}-gammel")))
    target.mkdir(parents=True, exist_ok=True)
    moves.carry_out(_journal(choice), plan)


def is_ours(path: Path, digest: str) -> bool:
    """Whether a file is as it was made, or a document that somebody has written in since: nothing to make again."""
    if not path.is_file():
        return False
    return stamps.digest(path) == digest or (path.suffix in DOCUMENTS and _is_whole(path))


def _placed(
    new: Path,
    target: Path,
    place: str,
    digest: str,
    before: set[str],
    entry: dict[str, Any],
    result: Result,
    waits: Path,
) -> list[Move]:
    """Where a new file goes, and what becomes of one that is there and is not ours."""
    to = target / place
    there = stamps.digest(to) if to.is_file() else None
    if there is None or there in before or there == digest:
        entry["files"][place] = digest
        return [Move(to, new, waits / place)]
    if to.suffix in DOCUMENTS and _is_whole(to):
        free = next(name for name in _beside(place) if _free(target / name, before | {digest}))
        entry["files"][free] = digest
        entry["beside"][place] = free
        return [Move(target / free, new, waits / free)]
    kept = _free_name(to)
    copy = waits / "til side" / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(to, copy)
    result.aside.append(kept)
    entry["files"][place] = digest
    return [Move(kept, copy, waits / "ingen" / place), Move(to, new, waits / place)]


def _gone(target: Path, was: dict[str, Any], now: dict[str, Any], waits: Path) -> list[Move]:
    """Files that are no longer made; one that somebody has changed stays."""
    left = {place: digest for place, digest in was.get("files", {}).items() if place not in now["files"]}
    return [
        Move(target / place, None, waits / place)
        for place, digest in left.items()
        if (target / place).is_file() and stamps.digest(target / place) == digest
    ]


def _recorded(entry: dict[str, Any]) -> set[str]:
    return set(entry.get("files", {}).values())


def _told_on_index(
    made: Path, target: Path, reports: dict[str, dict[str, Any]], plan: list[Move], waits: Path
) -> list[Move]:
    """The index page leads to the new edition of what somebody has written in."""
    staged = next((move.new for move in plan if move.to == target / INDEX), None)
    entry = next((one for one in reports.values() if INDEX in one.get("files", {})), None)
    current = staged or target / INDEX
    if entry is None or current is None or not current.is_file():
        return []
    pairs = sorted(pair for one in reports.values() for pair in one.get("beside", {}).items())
    text = current.read_text(encoding="utf-8")
    told = BESIDE.sub(lambda _: f"<!--ny utgave-->{_links(pairs)}<!--/ny utgave-->", text, count=1)
    ours = staged is not None or stamps.digest(target / INDEX) == entry["files"][INDEX]
    if told == text or not ours:
        return []
    path = staged or made / INDEX
    path.write_text(told, encoding="utf-8", newline="\n")
    entry["files"][INDEX] = stamps.digest(path)
    return [] if staged is not None else [Move(target / INDEX, path, waits / INDEX)]


def _links(pairs: list[tuple[str, str]]) -> str:
    if not pairs:
        return ""
    items = "".join(f'<li><a href="{old}">{old}</a>: <a href="{new}">ny utgave</a></li>' for old, new in pairs)
    return f"<p>Noen har skrevet i disse. De står urørt, og den nye utgaven ligger ved siden av:</p><ul>{items}</ul>"


def _beside(place: str) -> Iterator[str]:
    path = Path(place)
    yield path.with_name(f"{path.stem}.ny{path.suffix}").as_posix()
    number = 2
    while True:
        yield path.with_name(f"{path.stem}.ny-{number}{path.suffix}").as_posix()
        number += 1


def _free(path: Path, ours: set[str]) -> bool:
    return not path.exists() or stamps.digest(path) in ours


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem}.redigert-{number}{path.suffix}")).exists():
        number += 1
    return name


def _is_whole(path: Path) -> bool:
    """Whether a document can be opened at all: one that was cut or emptied is nobody's work."""
    if path.suffix in (".md", ".csv"):
        return path.stat().st_size > 0
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, OSError):
        return False


def _journal(choice: Choice) -> Path:
    return choice.project.processed / f".{choice.merger_id}.flyttes.json"
