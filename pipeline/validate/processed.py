"""Processed tables against the contract in definitions/tables.toml."""

import duckdb
import pandera.pandas as pa

from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Table
from pipeline.validate import schema


def validate_processed(connection: duckdb.DuckDBPyConnection, definitions: Definitions) -> None:
    """Columns, types, ranges, statuses and grain of every processed table; all faults at once.

    Beyond the columns: a value stands exactly where status is ok, and a hole has a reason.
    """
    problems: list[Problem] = []
    for name, table in definitions.tables.items():
        frame = connection.execute(f'select * from "{name}"').df()
        problems += schema.check_frame(frame, table_schema(definitions, name, table, list(frame.columns)), name)
    if problems:
        raise KunnskapError("De beregnede tabellene er ikke slik de skal være:", problems)


def table_schema(definitions: Definitions, name: str, table: Table, found: list[str]) -> pa.DataFrameSchema:
    columns = {
        column: schema.typed_column(definitions.fields[table.fields.get(column, column)], definitions.statuses)
        for column in table.columns
    }
    grain = list(table.grain)
    if name == "observation":
        extra = [column for column in found if column not in table.columns]
        columns |= {column: pa.Column(nullable=True) for column in extra}
        grain += extra
    return pa.DataFrameSchema(columns, checks=_rules(table), unique=grain)


def _rules(table: Table) -> list[pa.Check]:
    rules = []
    if {"value", "status"} <= set(table.columns) and "comparator" not in table.columns:
        rules.append(
            schema.frame_rule(
                lambda f: f["value"].notna() == (f["status"] == "ok"), "verdi når status er ok, ellers ingen"
            )
        )
    if {"status", "reason"} <= set(table.columns):
        rules.append(
            schema.frame_rule(lambda f: (f["status"] == "ok") | f["reason"].notna(), "en grunn der status ikke er ok")
        )
    return rules
