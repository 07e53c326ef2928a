"""Many files put in their places as one: all of them or none, whatever stops it halfway.

What is to go where is written down (the journal), whole, before the first move. What was there is set beside until all
is done. A move that is refused takes the others back; a process that is killed leaves the journal, and whoever comes
next carries on where it stopped. Every step can be done twice.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock

from pipeline.errors import KunnskapError, Problem


@dataclass(frozen=True)
class Move:
    """`new` goes to `to`; None: what is there goes away. `old` is where what was there waits until all is done."""

    to: Path
    new: Path | None
    old: Path


def carry_out(journal: Path, moves: Sequence[Move]) -> None:
    """All the moves, or none of them. Raises KunnskapError where a file is held by another program."""
    for move in moves:
        _try(move.to)
    written = [[str(move.to), str(move.new or ""), str(move.old)] for move in moves]
    write_whole(journal, json.dumps(written, indent=1).encode())
    try:
        for move in moves:
            _forward(move)
    except OSError as error:
        for move in reversed(moves):
            _back(move)
        journal.unlink()
        raise _held(Path(error.filename or moves[0].to)) from error
    journal.unlink()


def carry_on(journal: Path) -> None:
    """Finish what was begun and stopped, if there is anything."""
    if not journal.is_file():
        return
    written = json.loads(journal.read_text(encoding="utf-8"))
    for to, new, old in written:
        _forward(Move(Path(to), Path(new) if new else None, Path(old)))
    journal.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """The file is the old one or the new one, never half of it, also when the power goes."""
    beside = path.with_name(f".{path.name}.ny")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


@contextmanager
def alone(lock: Path, at_it: str) -> Iterator[None]:
    """Nobody else does the same meanwhile. Raises KunnskapError, with `at_it` in its words, if somebody does."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = filelock.FileLock(lock)
    try:
        held.acquire(timeout=0)
    except filelock.Timeout as error:
        problem = Problem(found=f"{at_it} holder på i samme mappe.", remedy="vent til den er ferdig, og prøv igjen.")
        raise KunnskapError("To kan ikke gjøre dette på en gang:", [problem]) from error
    try:
        yield
    finally:
        held.release()


def clean(folders: Iterable[Path]) -> None:
    """Remove folders of work that nobody will finish."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _forward(move: Move) -> None:
    if move.new is not None and not move.new.exists():
        return  # done before
    if move.to.exists() and not move.old.exists():
        move.old.parent.mkdir(parents=True, exist_ok=True)
        move.to.rename(move.old)
    if move.new is not None:
        move.to.parent.mkdir(parents=True, exist_ok=True)
        move.new.rename(move.to)


def _back(move: Move) -> None:
    if move.new is not None and not move.new.exists() and move.to.exists():
        move.to.rename(move.new)
    if move.old.exists() and not move.to.exists():
        move.old.rename(move.to)


def _try(path: Path) -> None:
    """Whether a file can be replaced: one that is open in Word or Excel cannot even be opened for writing."""
    if not path.is_file():
        return
    try:
        with path.open("r+b"):
            pass
    except OSError as error:
        raise _held(path) from error


def _held(path: Path) -> KunnskapError:
    problem = Problem(
        file=path.name,
        found="filen er i bruk, eller kan ikke skrives.",
        remedy="lukk den i Word, Excel eller leseren, og kjør igjen. Alt er som det var.",
    )
    return KunnskapError("Resultatet kunne ikke legges på plass:", [problem])
