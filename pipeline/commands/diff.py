"""`kunnskap diff SET_A SET_B`: every figure that changed, appeared or disappeared, and the cells behind it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline import words
from pipeline.choice import choose
from pipeline.compute.changes import record_changes
from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.run import computed

KINDS = {"changed": "Endret", "appeared": "Nytt", "disappeared": "Borte"}


def diff(project: Project, merger_id: str, set_a: str, set_b: str) -> Iterator[str]:
    """Lines in Norwegian, the largest relative change first. Both sets are computed with today's definitions."""
    newer = choose(project, merger_id, set_b)
    older = newer.of_set(choose(project, merger_id, set_a).record.name)
    merger, definitions = newer.merger, newer.definitions
    real = {one.record.synthetic for one in (older, newer)}
    if len(real) > 1:
        problem = Problem(found=f"{set_a} og {set_b}.", allowed="to hentede sett, eller to syntetiske")
        raise KunnskapError("Syntetiske tall sammenlignes ikke med virkelige:", [problem])
    with (
        TemporaryDirectory() as room,
        TemporaryDirectory() as old_room,
        closing(computed(newer, Path(room))) as connection,
    ):
        record_changes(connection, computed(older, Path(old_room)), older.record.name)
        cursor = connection.execute("select * from change")
        columns = [column[0] for column in cursor.description or []]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    if real == {True}:
        yield "SYNTETISKE TALL"
    yield f"{merger.name}: fra {older.record.name} til {newer.record.name}. {_counted(rows)}"
    for kind, word in KINDS.items():
        found = sorted((row for row in rows if row["kind"] == kind), key=lambda r: -abs(r["difference_pct"] or 0))
        for row in found:
            yield f"{word}  {_line(definitions, row)}"
            if row["cells"]:
                more = row["cells_changed"] - row["cells"].count(" → ")
                yield f"        {row['cells']}" + (f"; … og {more} celler til" if more > 0 else "")


def _counted(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "Ingen tall er endret."
    told = [
        f"{count} {word.lower()}" for kind, word in KINDS.items() if (count := sum(row["kind"] == kind for row in rows))
    ]
    return words.capital(words.listed(told)) + "."


def _line(definitions: Definitions, row: dict[str, Any]) -> str:
    indicator = definitions.indicators[row["indicator"]]

    def shown(value: float | None) -> str:
        return "–" if value is None else words.number(value, indicator.decimals)

    text = (
        f"{row['indicator']}  {row['region_name']} {row['year']}: {shown(row['old_value'])} → {shown(row['new_value'])}"
    )
    if row["difference_pct"] is not None and row["new_value"] is not None:
        sign = "+" if row["difference_pct"] > 0 else ""
        text += f" {indicator.unit} ({sign}{words.number(row['difference_pct'], 2)} %)"
    return text
