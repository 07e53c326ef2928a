"""Runs the SQL files in order on one DuckDB connection and publishes the processed tables."""

from pathlib import Path

import duckdb
import pandas as pd

from pipeline.compute.documents import document_tables
from pipeline.compute.inputs import definition_tables, dimension_columns
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import Definitions, Merger, Source

SQL = Path(__file__).parent / "sql"


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory database. One thread, so that sums are added in the same order every time."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set preserve_insertion_order = true")
    return connection


def stage(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    merger: Merger,
    record: SetRecord,
    frames: dict[str, pd.DataFrame],
    files: dict[str, list[RawFile]],
) -> None:
    """Raw frames and definitions become `raw_*`, `def_*` and `observation`; staging SQL is run."""
    for name, table in definition_tables(definitions, merger, record, files).items():
        keep(connection, name, table)
    for source in definitions.sources.values():
        if source.kind == "register":
            keep(connection, register_table(source), _register(definitions, source, frames.get(source.id)))
    _observations(connection, definitions, frames)
    run_files(connection, SQL / "staging")


def compute(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    merger: Merger,
    record: SetRecord,
    files: dict[str, list[RawFile]],
) -> None:
    """Everything from observations to the processed tables."""
    run_files(connection, SQL / "marts")
    for name, table in document_tables(definitions, merger, record, files).items():
        keep(connection, name, table)


def run_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for path in sorted(folder.glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))


def publish(connection: duckdb.DuckDBPyConnection, definitions: Definitions, folder: Path) -> None:
    """Write every processed table as Parquet; the same rows give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in definitions.tables:
        columns = ", ".join(f'"{column}"' for column in table_columns(definitions, name))
        path = (folder / f"{name}.parquet").as_posix().replace("'", "''")
        connection.execute(f"copy (select {columns} from \"{name}\") to '{path}' (format parquet, compression zstd)")


def table_columns(definitions: Definitions, name: str) -> list[str]:
    """A processed table's columns; the observation table has the sources' dimensions as well."""
    columns = definitions.tables[name].columns
    if name != "observation":
        return columns
    at = columns.index("ContentsCode")
    return [*columns[:at], *dimension_columns(definitions), *columns[at:]]


def register_table(source: Source) -> str:
    return "raw_" + source.id.replace("-", "_")


def keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Copy a frame into the database. All-empty text columns would otherwise lose their type."""
    connection.register("incoming", frame)
    casts = ", ".join(
        f'"{column}"::varchar as "{column}"'
        if frame[column].dtype.kind in "OT" or str(frame[column].dtype) == "str"
        else f'"{column}"'
        for column in frame.columns
    )
    connection.execute(f'create or replace table "{name}" as select {casts} from incoming')
    connection.unregister("incoming")


def _register(definitions: Definitions, source: Source, frame: pd.DataFrame | None) -> pd.DataFrame:
    """A register as text columns, with `<column>_status` from the corrections; empty if not in the set."""
    if frame is None:
        frame = pd.DataFrame(columns=source.columns, dtype=str)
    frame = frame[source.columns].copy()
    for correction in definitions.corrections:
        if correction.source != source.id:
            continue
        marked = f"{correction.column}_status"
        if marked not in frame:
            frame[marked] = pd.Series("", index=frame.index, dtype=str)
        hit = (frame[list(correction.key)] == pd.Series(correction.key)).all(axis=1)
        frame.loc[hit, marked] = correction.status
    return frame


def _observations(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, frames: dict[str, pd.DataFrame]
) -> None:
    """The cubes under one roof: source, region, year, every dimension, ContentsCode, value, status.

    Source by source, so that no more than one of them is in memory as rows at a time.
    """
    columns = ["source", "region", "year", *dimension_columns(definitions), "ContentsCode", "value", "status"]
    kinds = {"year": "integer", "value": "double"}
    listed = ", ".join(f'"{name}" {kinds.get(name, "varchar")}' for name in columns)
    connection.execute(f"create or replace table observation ({listed})")
    signs = {sign: status.id for status in definitions.statuses.values() for sign in status.symbols}
    for name, frame in frames.items():
        source = definitions.sources[name]
        if source.kind != "cube":
            continue
        meaning = {**signs, **source.symbols, "": source.symbols.get("", "not_available")}
        connection.register("incoming", frame)
        connection.register("sign", pd.DataFrame({"sign": meaning.keys(), "status": meaning.values()}, dtype=str))
        dimensions = "".join(f'"{code}"::varchar as "{code}", ' for code in source.dimensions)
        connection.execute(
            f"""insert into observation by name
            select $source as source, region::varchar as region, year::integer as year, {dimensions}
                ContentsCode::varchar as ContentsCode, if(isnan(value), null, value) as value,
                if(value is null or isnan(value), sign.status, 'ok') as status
            from incoming left join sign on sign.sign = incoming.symbol::varchar""",
            {"source": name},
        )
        connection.unregister("incoming")
        connection.unregister("sign")
