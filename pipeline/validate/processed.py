"""Processed tables against the contract in definitions/tables.toml."""

from collections.abc import Iterator, Sequence

import duckdb
import pandas as pd
import pandera.pandas as pa

from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Table
from pipeline.validate import schema

IN_MEMORY = "observation_in_memory"  # the cells that were not put aside in parts
AT_A_TIME = 20  # vectors of 2048 rows: what Pandera holds in memory
SHOWN = 5  # duplicates named


def validate_processed(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, names: Sequence[str] = ()
) -> None:
    """Columns, types, ranges, statuses and grain of every processed table, or of those named; all faults at once.

    Beyond the columns: a figure stands exactly where its status is ok, and a hole has a reason. Rows are looked at a
    few at a time, the grain in the database. Cells put aside when they were read have been through Pandera part by
    part, and no cell is in two parts: of them only value and status are looked at again.
    """
    problems: list[Problem] = []
    for name in names or definitions.tables:
        table = definitions.tables[name]
        held = IN_MEMORY if name == "observation" else name
        columns = [column[0] for column in connection.execute(f'select * from "{held}" limit 0').description or []]
        rules = table_schema(definitions, name, table, columns)
        for frame in _frames(connection, held):
            problems += schema.check_frame(frame, rules, name)
        problems += _repeated(connection, held, name, _grain(table, name, columns))
        if held != name:
            problems += _unlike_status(connection, name, definitions)
    if problems:
        raise KunnskapError("De beregnede tabellene er ikke slik de skal være:", problems)


def _frames(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[pd.DataFrame]:
    """The rows of a table, some at a time, numbered as in the whole. A table without rows is one empty frame."""
    result, start = connection.cursor().execute(f'select * from "{name}"'), 0
    while True:
        frame = result.fetch_df_chunk(AT_A_TIME)
        if len(frame) or not start:
            yield frame.set_axis(range(start, start + len(frame)))
        if frame.empty:
            return
        start += len(frame)


def _grain(table: Table, name: str, found: list[str]) -> list[str]:
    return [*table.grain, *([c for c in found if c not in table.columns] if name == "observation" else [])]


def _repeated(connection: duckdb.DuckDBPyConnection, held: str, name: str, grain: list[str]) -> list[Problem]:
    """Rows that have the grain of another."""
    listed = ", ".join(f'"{column}"' for column in grain)
    rows = connection.execute(
        f'select {listed}, count(*) as times from "{held}" group by all having count(*) > 1 order by all limit {SHOWN}'
    ).fetchall()
    problems = []
    for *key, times in rows:
        told = ", ".join(f"{column} {code}" for column, code in zip(grain, key, strict=True) if code is not None)
        found = f"{times} rader har {told}."
        problems.append(Problem(file=f"tabellen {name}", found=found, allowed="hver rad én gang"))
    return problems


def _unlike_status(connection: duckdb.DuckDBPyConnection, name: str, definitions: Definitions) -> list[Problem]:
    """Rows with a value and a status that do not belong together, or a status there is not."""
    row = connection.execute(
        f"select count(*) from \"{name}\" where (value is not null) <> (status = 'ok') or not list_contains(?, status)",
        [list(definitions.statuses)],
    ).fetchone()
    wrong = row[0] if row else 0
    allowed = "verdi når status er ok, ellers ingen"
    return [Problem(file=f"tabellen {name}", found=f"{wrong} rader.", allowed=allowed)] if wrong else []


def table_schema(definitions: Definitions, name: str, table: Table, found: list[str]) -> pa.DataFrameSchema:
    columns = {
        column: schema.typed_column(definitions.fields[table.fields.get(column, column)], definitions.statuses)
        for column in table.columns
    }
    if name == "observation":
        columns |= {column: pa.Column(nullable=True) for column in found if column not in table.columns}
    return pa.DataFrameSchema(columns, checks=_rules(table))


def _rules(table: Table) -> list[pa.Check]:
    rules = [_figure_rule(status, figure) for status, figure in table.told.items()]
    if {"status", "reason"} <= set(table.columns):
        rules.append(
            schema.frame_rule(lambda f: (f["status"] == "ok") | f["reason"].notna(), "en grunn der status ikke er ok")
        )
    return rules


def _figure_rule(status: str, figure: str) -> pa.Check:
    allowed = "verdi når status er ok, ellers ingen"
    if (status, figure) != ("status", "value"):
        allowed = f"{figure} når {status} er ok, ellers ingen"
    return schema.frame_rule(lambda f: f[figure].notna() == (f[status] == "ok"), allowed)
