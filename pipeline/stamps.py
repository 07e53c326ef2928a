"""What a result was made from, as one checksum, so that unchanged work is not done again.

A key takes in everything, less what is known not to matter: it errs towards making a thing again.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.choice import Choice
from pipeline.ingest import store
from pipeline.moves import write_whole
from pipeline.project import HERE

if TYPE_CHECKING:  # a run with nothing to do needs none of it
    from pipeline.report.data import ReportData
    from pipeline.report.keys import Rows

STAMP = "stamp.json"
NO_PART_OF_A_RUN = ("commands/", "cli.py", "reference.py", "__main__.py", "definitions/")


def key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_sums(folder: Path, patterns: Iterable[str] = ("**/*",)) -> dict[str, str]:
    """Checksum of every file below a folder, by relative path; caches and hidden files left out."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    kept = [path for path in sorted(found) if "__pycache__" not in path.parts and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): digest(path) for path in kept}


@cache
def _made_by() -> list[str]:
    """The interpreter, and every library the project asks for."""
    wanted = [re.match(r"[\w.-]+", text) for text in requires("kunnskapsgrunnlag") or [] if "extra ==" not in text]
    names = [found[0] for found in wanted if found]
    return [f"python {sys.version_info[:2]}", *(f"{name} {version(name)}" for name in sorted(names))]


@cache
def _code(without: tuple[str, ...] = ()) -> dict[str, str]:
    """All code but the commands, and but the rooms named."""
    return {name: sum_ for name, sum_ in file_sums(HERE).items() if not name.startswith((*NO_PART_OF_A_RUN, *without))}


# ---------------------------------------------------------------------------------------- what is made


def _raw(choice: Choice) -> list[object]:
    """The raw set and the one before it, which the changes are told from, and what the municipalities filled in."""
    older = store.set_record(choice.project, choice.older).sets if choice.older else []
    sets = choice.record.sets + older
    folders = [*(choice.project.raw / name for name in sets), choice.project.local / choice.merger_id]
    return [sets, [file_sums(folder) for folder in folders]]


def run_key(choice: Choice) -> str:
    """Everything a run depends on; equal keys mean that there is nothing to do. Reads files, parses none."""
    written = [file_sums(choice.project.definitions), file_sums(choice.project.notebooks, ["*.py"])]
    return key(choice.merger_id, choice.asked_year, _raw(choice), written, _code(), _made_by())


def compute_key(choice: Choice) -> str:
    """What the computed tables are made from: the words on the cards are not."""
    from pipeline.report.keys import NO_CARD, own_only

    definitions = choice.definitions
    bare = {name: one.model_copy(update={"card": NO_CARD}) for name, one in definitions.indicators.items()}
    known = repr((replace(own_only(definitions, choice.merger), indicators=bare), choice.merger))
    return key(_raw(choice), known, _code(("report/",)), _made_by())


def document_key(choice: Choice) -> str:
    """What the tables that are the definitions themselves are made from, on top of the computed ones."""
    from pipeline.report.keys import own_only

    return key(compute_key(choice), repr(own_only(choice.definitions, choice.merger)))


def report_key(choice: Choice, data: "ReportData") -> str:
    """What one report can read: its own definitions and tables, and the code."""
    from pipeline.report.keys import definitions_key

    notebooks = file_sums(choice.project.notebooks, ["*.py"])
    tables = {name: _table(data.processed / f"{name}.parquet", rows) for name, rows in data.scope.rows.items()}
    about = [data.scope.kind, data.year, data.part.id if data.part else None]
    return key(about, definitions_key(data.scope), repr(data.merger), tables, notebooks, _code(), _made_by())


def _table(path: Path, rows: "Rows | None") -> object:
    """The file's checksum, or one of the report's own rows, whatever their order."""
    content = digest(path)
    if rows is None:
        return content
    count = total = together = 0
    for name, *sums in _sums(path, content, rows.column):
        if rows.hold(name):
            count, total, together = count + sums[0], total + sums[1], together ^ sums[2]
    return [count, total, together]


@lru_cache(maxsize=100)
def _sums(path: Path, content: str, column: str) -> list[tuple[Any, ...]]:
    """For each name in a column of a table: how many rows, and two sums over them. Every report picks its own."""
    from pipeline.report.data import rows_of

    sums = "count(*), sum(hash(t)::hugeint), bit_xor(hash(t))"
    return rows_of(f"select {column}, {sums} from read_parquet(?) as t group by all", path.as_posix())


# --------------------------------------------------------------------------------------------- stamps


def read_stamp(folder: Path) -> dict[str, Any]:
    """The stamp of a finished folder; an empty one if there is none or it cannot be read."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(folder: Path, stamp: dict[str, Any]) -> None:
    write_whole(folder / STAMP, (json.dumps(stamp, indent=1, sort_keys=True) + "\n").encode())
