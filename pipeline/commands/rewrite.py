"""`kunnskap check --write`: puts what is certain into the definitions, and leaves the rest of the files alone.

Certain is: a code that moved or was known by label only (one code with the same label), a label that was a
paraphrase until now, a table whose number was found, new years of an open table. What has been found in SSB's
metadata is known from there from now on; what figures have proved stays proved.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Table

from pipeline.commands.check import Report, Row
from pipeline.ingest.metadata import CONTENTS
from pipeline.model import EVIDENCE, Definitions, Evidence
from pipeline.model.indicators import OPERANDS
from pipeline.moves import Move, alone, carry_on, carry_out, clean, write_whole
from pipeline.project import Project

LOCK, ROOM = ".definisjoner.lock", ".ny"
READ: Evidence = "metadata"  # how well a code is known once SSB's own label has been read


def rewrite(project: Project, definitions: Definitions, report: Report) -> list[str]:
    """Change the definition files, all of them or none; what was changed, a line each."""
    with alone(project.processed / LOCK, "en annen `kunnskap check --write`"):
        carry_on(project.changing_definitions)
        changed = dict(_changed(project, definitions, report))
        waits = project.definitions / ROOM  # on the same disk: a move is one step there
        clean([waits])
        moves = []
        for path, (text, _) in changed.items():
            name = path.relative_to(project.definitions)
            write_whole(_made(waits / "nye" / name), text.encode())
            moves.append(Move(path, waits / "nye" / name, waits / "gamle" / name))
        if moves:
            carry_out(project.changing_definitions, moves)
        clean([waits])
    return [f"{project.shown(path)}: {change}" for path, (_, told) in changed.items() for change in told]


def finish(project: Project) -> None:
    """What an earlier change of the definitions began and did not finish, because it was killed."""
    with alone(project.processed / LOCK, "`kunnskap check --write`"):
        carry_on(project.changing_definitions)
        clean([project.definitions / ROOM])


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _changed(
    project: Project, definitions: Definitions, report: Report
) -> Iterator[tuple[Path, tuple[str, list[str]]]]:
    """The definition files that change: the new text of each, and what is new in it."""
    by_source: dict[str, list[Row]] = {}
    for row in report.rows:
        by_source.setdefault(row.source, []).append(row)
    for path in sorted(project.definitions.glob("sources/*.toml")):
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        changes = [
            change
            for block in document.get("source", [])
            for change in _source(definitions, block, by_source.get(str(block["id"]), []))
        ]
        if changes:
            yield path, (tomlkit.dumps(document), changes)
    new = [row for row in report.rows if row.state in ("moved", "code_found") and row.code]
    moved = {(row.source, row.dimension, row.code): row.now for row in new}
    for path in sorted(project.definitions.glob("indicators/*.toml")):
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        changes = [change for block in document.get("indicator", []) for change in _indicator(block, moved)]
        if changes:
            yield path, (tomlkit.dumps(document), changes)


def _source(definitions: Definitions, block: Table, rows: list[Row]) -> Iterator[str]:
    source = definitions.sources[str(block["id"])]
    for row in rows:
        if row.state == "new_years":
            block["last_year"] = int(row.now[:4])
            yield f"{source.id}: last_year {source.last_year} → {row.now[:4]}"
        elif row.state == "moved" and not row.code:
            block["table"] = row.now
            yield f"{source.id}: table {row.now}"
        elif row.state in ("moved", "code_found"):
            where = block["contents"] if row.dimension == CONTENTS else block.get("labels", {}).get(row.dimension, {})
            if row.code in where:
                _rename(where, row.code, row.now)
                yield f"{source.id}: {row.dimension} {row.code} → {row.now}"
                if row.dimension == CONTENTS:
                    where[row.now]["was"] = [*where[row.now].get("was", []), row.code]
                    yield from _read(where[row.now], f"{source.id} {row.now}", row.table)
        elif row.state == "relabelled" and row.dimension == CONTENTS and source.contents[row.code].paraphrased:
            contents: Any = block["contents"]
            contents[row.code]["label"] = row.now_label
            yield f"{source.id}: {row.code} heter «{row.now_label}»"
            yield from _read(contents[row.code], f"{source.id} {row.code}", row.table)
        elif row.state == "found" and row.dimension == CONTENTS and row.code in source.contents:
            yield from _read(block["contents"][row.code], f"{source.id} {row.code}", row.table)
        elif row.state == "found" and not row.code:
            yield from _read(block, source.id, row.table)


def _read(entry: Any, name: str, table: str) -> Iterator[str]:
    """The evidence lifted: SSB's own words have been read. What stood for less is told."""
    entry.pop("paraphrased", None)
    known: list[Evidence] = list(EVIDENCE)
    before: Evidence = entry["evidence"]
    if known.index(before) > known.index(READ):
        entry["evidence"] = READ
        entry["where"] = f"SSBs metadata for tabell {table}"
        yield f"{name}: {EVIDENCE[before]} → {EVIDENCE[READ]}"


def _rename(table: Any, old: str, new: str) -> None:
    """The same entries in the same order, one of them under another key."""
    items = [(new if key == old else key, value) for key, value in table.items()]
    for key in list(table):
        table.remove(key)
    for key, value in items:
        table.append(key, value)


def _indicator(block: Any, moved: dict[tuple[str, str, str], str]) -> Iterator[str]:
    for name in OPERANDS:
        operand = block.get(name)
        if operand is None:
            continue
        for dimension, codes in list(operand.items()):
            was = [str(code) for code in codes] if isinstance(codes, list) else [str(codes)]
            now = [moved.get((str(operand.get("table", "")), dimension, code), code) for code in was]
            if now != was:
                operand[dimension] = now if isinstance(codes, list) else now[0]
                yield f"{block['id']}: {dimension} {', '.join(was)} → {', '.join(now)}"
