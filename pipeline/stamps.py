"""What a result was made from, as one checksum, so that unchanged work is not done again."""

import hashlib
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.ingest import store
from pipeline.project import HERE, Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise.data import TABLES, Harmonised

STAMP = "stamp.json"
COMPUTE_LIBRARIES = ("duckdb", "pandas", "pandera", "numpy", "orjson")
REPORT_LIBRARIES = (
    "matplotlib",
    "jupytext",
    "pypandoc_binary",
    "typst",
    "xlsxwriter",
    "python-docx",
    "python-pptx",
)
COMPUTE_CODE = (
    "ingest",
    "validate",
    "compute",
    "model.py",
    "block.py",
    "harmonisation.py",
    "errors.py",
    "project.py",
    "run.py",
)


def key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_sums(folder: Path, patterns: Iterable[str] = ("**/*",)) -> dict[str, str]:
    """Checksum of every file below a folder, by relative path; caches and hidden files left out."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    kept = [path for path in sorted(found) if "__pycache__" not in path.parts and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): digest(path) for path in kept}


def compute_key(project: Project, merger: str, set_name: str) -> str:
    """The raw set and the one before it, the definitions, the code and libraries that make the processed tables."""
    code = {name: digest for name, digest in file_sums(HERE).items() if name.startswith(COMPUTE_CODE)}
    made_by = [sys.version_info[:2], *(version(name) for name in COMPUTE_LIBRARIES)]
    record = store.set_record(project, set_name)
    older = store.previous_set(project, record, merger)  # what changed since is one of the tables
    sets = record.sets + (store.set_record(project, older).sets if older else [])
    raw = [file_sums(folder) for folder in [*(project.raw / name for name in sets), project.local / merger]]
    return key(merger, sets, raw, file_sums(project.definitions), code, made_by)


def run_key(project: Project, merger: str, set_name: str, year: int | None) -> str:
    """Everything a run depends on; equal keys mean that there is nothing to do."""
    return key(compute_key(project, merger, set_name), year, _report_code(project))


def _report_code(project: Project) -> str:
    made_by = [version(name) for name in REPORT_LIBRARIES]
    return key(file_sums(HERE / "report"), file_sums(project.notebooks, ["*.py"]), made_by)


def report_key(project: Project, data: ReportData, kind: str) -> str:
    """What one report reads, so that a changed definition rebuilds only the reports it touches."""
    return key(_report_code(project), data.year, kind, _harmonised(data) if kind in EVENED_OUT else _described(data))


EVENED_OUT = ("harmonisering", "økonomi")


def _harmonised(data: ReportData) -> list[object]:
    """The harmonisation tables of the sub-project, the indicators its guidelines look up, and the questions."""
    view = Harmonised(data)
    tables: dict[str, object] = {}
    for name in (*TABLES, "raw_set", "region", "indicator", "need", *(["source"] if data.part is None else [])):
        columns = data.definitions.tables[name].columns
        if name in ("indicator", "need"):
            tables[name] = _sum(data, name, " where list_contains(?, indicator)", view.indicators)
        elif "subproject" in columns and data.part is not None:
            tables[name] = _sum(data, name, " where list_contains(?, subproject)", view.subprojects)
        else:
            tables[name] = _sum(data, name)
    known = data.definitions.harmonisation
    about: list[object] = [data.merger, data.part, data.definitions.statuses, data.accounts_status(data.year)]
    about += [known.questions, known.assumptions, known.coverage]
    return [
        tables,
        [repr(item) for item in about],
        [data.definitions.indicators[i].short for i in view.indicators if i in data.definitions.indicators],
    ]


def _described(data: ReportData) -> list[object]:
    ids = [indicator.id for indicator in data.indicators]
    about_all = data.part is None
    tables: dict[str, object] = {}
    for name, table in data.definitions.tables.items():
        if name == "observation" or (name in ("indicator_card", "comparison") and about_all):
            continue
        if (name == "reconciliation" or name in TABLES) and not about_all:
            continue
        if "indicator" in table.columns:
            tables[name] = _sum(data, name, " where list_contains(?, indicator)", ids)
        elif name == "source" and not about_all:
            forms = [form.id for form in data.definitions.forms]
            tables[name] = _sum(data, name, " where not list_contains(?, source)", forms)
        else:
            tables[name] = _sum(data, name)
    definitions = data.definitions
    terms = [definitions.terms[t] for i in data.indicators for t in i.card.terms] if not about_all else []
    about = [
        data.merger,
        data.part,
        definitions.groupings if about_all else None,
        terms,
        definitions.statuses,
        definitions.need,
    ]
    # the index page prints no cards: only what it draws of an indicator counts
    indicators = [i.model_dump(exclude={"card"} if about_all else set()) for i in data.indicators]
    return [tables, [repr(item) for item in about], indicators]


def _sum(data: ReportData, table: str, where: str = "", *parameters: object) -> object:
    """A checksum of the rows, whatever their order."""
    sums = f"select count(*) as n, sum(hash(t)::hugeint) as s, bit_xor(hash(t)) as x from {{{table}}} as t{where}"
    return data.query(sums, *parameters)


def read_stamp(folder: Path) -> dict[str, Any]:
    """The stamp of a finished folder; an empty one if there is none or it cannot be read."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(folder: Path, stamp: dict[str, Any]) -> None:
    (folder / STAMP).write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")
