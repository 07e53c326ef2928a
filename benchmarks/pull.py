"""A whole pull from the test server: time, memory and calls, beside its promises and the least the cell limit allows.

    python benchmarks/pull.py [MERGER]

The server runs in a process of its own and has no pace. Works in a copy; your own sets are not touched.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

import psutil

from pipeline.ingest.split import Query, cells, split

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the test server is not part of what is installed

from tests.statbank import Server  # noqa: E402

LIMIT = 800_000
PULL = """
import sys
from pathlib import Path
from pipeline import model
from pipeline.ingest.connection import connect
from pipeline.ingest.fetch import fetch
from pipeline.mergers.pulled import Who
from pipeline.project import Project

project = Project(root=Path(sys.argv[1]))
definitions = model.load(project)
with connect() as at:
    fetch(project, definitions, Who(project, definitions, [definitions.merger_file(sys.argv[2])]), at, "ny")
"""


def pulled(root: Path, merger: str, server: Server) -> tuple[float, float]:
    """Seconds and peak MB of the process that pulls."""
    settings = {
        "KUNNSKAP_STATBANK_URL": server.statbank_url,
        "KUNNSKAP_KLASS_URL": server.klass_url,
        "KUNNSKAP_CALLS_PER_MINUTE": "0",
    }
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", PULL, str(root), merger], env={**os.environ, **settings}, cwd=ROOT
    )
    watched, peak = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.02)
    if process.wait():
        raise SystemExit("the pull failed")
    return time.perf_counter() - start, peak / 1e6


def queries(folder: Path) -> list[list[Query]]:
    """The parts of every table in a set, from their origin records."""
    tables: dict[Path, list[Query]] = {}
    for path in sorted(folder.glob("[0-9]*/*.origin.json")):
        query = json.loads(path.read_text(encoding="utf-8"))["query"]
        query.pop("codelist", None)
        tables.setdefault(path.parent, []).append(query)
    return list(tables.values())


def largest_first(query: Query, limit: int) -> int:
    """The usual way to split: the longest dimension in chunks, the next one where that is not enough."""
    if cells(query) <= limit:
        return 1
    name = max(query, key=lambda dimension: len(query[dimension]))
    rest = cells(query) // len(query[name])
    size = max(1, limit // rest)
    chunks = [query[name][at : at + size] for at in range(0, len(query[name]), size)]
    return sum(largest_first({**query, name: chunk}, limit) for chunk in chunks)


def main(merger: str) -> None:
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        root = Path(folder)
        shutil.copytree(ROOT / "data" / "raw" / "embedded", root / "data" / "raw" / "embedded")
        seconds, peak = pulled(root, merger, server)
        tables = queries(root / "data" / "raw" / "ny")
        data = sum(1 for call in server.calls if call.path.endswith("/data"))
        calls = len(server.calls)
    least = sum(ceil(sum(map(cells, parts)) / LIMIT) for parts in tables)
    whole = {
        "KOKkommuneregion0000": [str(at) for at in range(891)],
        "KOKregnskapsomfa0000": ["A", "B"],
        "KOKfunksjon0000": [str(at) for at in range(97)],
        "KOKart0000": [str(at) for at in range(35)],
        "ContentsCode": ["KOSbelop0000"],
        "Tid": [str(at) for at in range(11)],
    }
    rows = [
        ("whole fetch, no pace", f"{seconds:.1f} s", "60 s", seconds / 60),
        ("peak memory", f"{peak:.0f} MB", "500 MB", peak / 500),
        ("data calls, beside the least possible", f"{data}", f"{least}", data / least),
        ("all calls, at 30 a minute", f"{calls / 30:.1f} min", "6 min", calls / 30 / 6),
        (
            "parts of all of 12367, beside longest dimension first",
            f"{len(split(whole, LIMIT))}",
            f"{largest_first(whole, LIMIT)}",
            len(split(whole, LIMIT)) / largest_first(whole, LIMIT),
        ),
    ]
    print(f"{merger}, {len(tables)} tables, {sum(cells(part) for parts in tables for part in parts):,} cells\n")
    print(f"| {'what':<54} | {'measured':>9} | {'against':>8} | ratio |")
    print(f"|{'-' * 56}|{'-' * 11}|{'-' * 10}|-------|")
    for what, found, against, ratio in rows:
        print(f"| {what:<54} | {found:>9} | {against:>8} | {ratio:>5.2f} |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "nye-drammen")
