"""In which order SQL files are run: what a file reads stands in its header, what it makes is its name.

    -- given  observation, def_component(region, component, sign),
    --        def_region

Columns in brackets are for the reader. A test holds every header against what the SQL really reads.
"""

import heapq
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from pipeline.errors import KunnskapError, Problem

GIVEN = re.compile(r"^-- given (.*(?:\n--(?:  .*)?$)*)", re.MULTILINE)


def given(text: str) -> list[str]:
    """The tables a SQL file says that it reads, in the order it names them; none without a header."""
    found = GIVEN.search(text)
    if found is None:
        return []
    listed = re.sub(r"\([^)]*\)", "", found[1].replace("\n--", " "))
    return [name for part in listed.split(",") if (name := part.strip())]


def ordered(files: Iterable[Path], known: Collection[str]) -> list[Path]:
    """Files so that each comes after those whose tables it reads; by name where that leaves a choice.

    `known` are the tables that are there. Raises KunnskapError on a table nobody makes, and on a circle.
    """
    by_name = {path.stem: path for path in files}
    reads = {name: given(path.read_text(encoding="utf-8")) for name, path in by_name.items()}
    missing = [
        Problem(
            file=by_name[name].name,
            found=f"leser tabellen «{table}», som ingen fil i {by_name[name].parent.name} lager.",
            allowed="tabeller som finnes når mappen kjøres, og de filene i den lager",
            remedy="rett linjen «-- given».",
        )
        for name, tables in sorted(reads.items())
        for table in tables
        if table not in by_name and table not in known
    ]
    if missing:
        raise KunnskapError("SQL-filene henger ikke sammen:", missing)
    waiting = {name: {table for table in tables if table in by_name} for name, tables in reads.items()}
    ready = sorted(name for name, tables in waiting.items() if not tables)
    order: list[Path] = []
    while ready:
        name = heapq.heappop(ready)
        order.append(by_name[name])
        del waiting[name]
        for other, tables in waiting.items():
            if name in tables:
                tables.discard(name)
                if not tables:
                    heapq.heappush(ready, other)
    if waiting:
        raise KunnskapError("SQL-filene henger ikke sammen:", [_circle(by_name, waiting)])
    return order


def _circle(files: dict[str, Path], waiting: dict[str, set[str]]) -> Problem:
    """Files that wait for each other, followed from one to the next until one comes again."""
    path = [min(waiting)]
    while (following := min(waiting[path[-1]])) not in path:
        path.append(following)
    circle = [*path[path.index(following) :], following]
    return Problem(
        file=files[following].name,
        found=f"{' leser '.join(circle)}.",
        allowed="ingen fil som leser seg selv, heller ikke gjennom andre",
        remedy="ta ut den ene linjen i «-- given», og det som leses.",
    )
