"""Runs the SQL files in order on one DuckDB connection and publishes the processed tables."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.compute.documents import document_tables
from pipeline.compute.forms import published_tables, raw_table, typed_tables
from pipeline.compute.inputs import definition_tables, dimension_columns
from pipeline.compute.order import ordered
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import Definitions, Merger, Source

SQL = Path(__file__).parent / "sql"
MEMORY = "2200MB"  # what the database may hold; Python beside it needs a third of that
CELL_TYPES = {"year": "integer", "value": "double"}


WRITERS = 2  # tables written at the same time
PARTS = "parts"  # folder of cells put aside, in the scratch folder
KNOWN = "select table_name from duckdb_tables() union all select view_name from duckdb_views() where not internal"


def connect(scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory database. One thread, so that sums are added in the same order every time.

    What does not fit below MEMORY goes to the folder `scratch`, as long as the connection lives.
    """
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set preserve_insertion_order = true")
    connection.execute("set enable_progress_bar = false")  # it would print in the middle of what is told
    run_files(connection, SQL / "macros")
    if scratch is not None:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = {_quoted(scratch / 'duckdb')}")
    return connection


def prepare(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    merger: Merger,
    record: SetRecord,
    frames: dict[str, pd.DataFrame],
    files: dict[str, list[RawFile]],
) -> None:
    """What cells are understood by: the definitions as `def_*`, the registers as `raw_*`, and when codes were valid."""
    redefine(connection, definitions, merger, record, files)
    for source in definitions.sources.values():
        if source.kind == "register":
            keep(connection, raw_table(source), _register(definitions, source, frames.get(source.id)))
    for name, query in typed_tables(definitions):
        connection.execute(f"create or replace table {name} as {query}")
    run_files(connection, SQL / "registers")


def redefine(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    merger: Merger,
    record: SetRecord,
    files: dict[str, list[RawFile]],
) -> None:
    """The definitions as `def_*`, for what the set's record says that there is."""
    for name, table in definition_tables(definitions, merger, record, files).items():
        keep(connection, name, table)


def put_aside(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, source: str, part: pd.DataFrame, scratch: Path
) -> None:
    """One part of a large cube becomes a Parquet file: as rows in memory a whole country would be too much."""
    folder = scratch / PARTS
    folder.mkdir(exist_ok=True)
    path = folder / f"{len(list(folder.iterdir())):05d}.parquet"
    with _observed(connection, definitions, source, part) as cells:
        connection.execute(f"copy ({cells}) to {_quoted(path)} (format parquet)")


def stage(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    frames: dict[str, pd.DataFrame],
    scratch: Path | None = None,
    gone: Sequence[tuple[str, str]] = (),
) -> None:
    """Cells become `observation`, with those put aside in `scratch`; staging SQL is run.

    `gone` are sources with the contents (empty: all of them) of which no cell that was put aside counts.
    """
    columns = table_columns(definitions, "observation")
    listed = ", ".join(f'"{name}" {CELL_TYPES.get(name, "varchar")}' for name in columns)
    connection.execute(f"create or replace table cell_read ({listed})")
    for name, frame in frames.items():
        if definitions.sources[name].kind == "cube":
            with _observed(connection, definitions, name, frame) as cells:
                connection.execute(f"insert into cell_read by name {cells}")
    parts = sorted((scratch / PARTS).glob("*.parquet")) if scratch is not None else []
    put_aside = (
        f"read_parquet([{', '.join(map(_quoted, parts))}], union_by_name = true)" if parts else "cell_read limit 0"
    )
    connection.execute(f"create or replace view cell_in_parts as from {put_aside}")
    keep(connection, "cell_gone", pd.DataFrame(gone, columns=["source", "contents"], dtype=str))
    set_aside(connection, NOTHING_ASIDE)
    run_files(connection, SQL / "staging")


NOTHING_ASIDE = pd.DataFrame(columns=["source", "contents", "indicator", "region", "year", "reason"], dtype=str)


def set_aside(connection: duckdb.DuckDBPyConnection, aside: pd.DataFrame) -> None:
    """Cells that contradict others count for nothing from here on: `aside_cell` says which, and why.

    `aside`: source, contents (empty: all), indicator (for a figure instead of cells), region, year, reason.
    """
    keep(connection, "aside_cell", aside.astype({"year": "Int32"}))
    connection.execute(
        """update cell_read as cell set value = null, status = 'unresolved'
        from aside_cell as aside
        where cell.status = 'ok' and aside.source = cell.source and aside.region = cell.region
            and aside.year = cell.year and aside.contents in ('', cell.ContentsCode)"""
    )


def compute(
    connection: duckdb.DuckDBPyConnection,
    definitions: Definitions,
    merger: Merger,
    record: SetRecord,
    files: dict[str, list[RawFile]],
) -> None:
    """Everything from observations to the processed tables."""
    run_files(connection, SQL / "marts")
    for name, query in published_tables(definitions):
        connection.execute(f"create or replace table {name} as {query}")
    for name, table in document_tables(definitions, merger, record, files).items():
        keep(connection, name, table)


def run_files(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Run a folder's SQL, each file after those whose tables it reads. Raises KunnskapError where that cannot be."""
    known = [name for (name,) in connection.execute(KNOWN).fetchall()]
    for path in ordered(folder.glob("*.sql"), known):
        connection.execute(path.read_text(encoding="utf-8"))


def publish(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, folder: Path, names: Sequence[str] = ()
) -> None:
    """Write every processed table, or those named, as Parquet; the same rows give the same bytes.

    Two tables at a time, each by one thread: two threads at one table would keep its order at the price of time.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def write(name: str) -> None:
        dust = definitions.tables[name].dust
        with connection.cursor() as own:
            columns = ", ".join(
                _undusted(column) if column in dust else f'"{column}"' for column in table_columns(definitions, name)
            )
            copy = f'copy (select {columns} from "{name}") to {_quoted(folder / f"{name}.parquet")}'
            own.execute(f"{copy} (format parquet, compression zstd)")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, names or definitions.tables))


DUST = 0.001  # of the unit: what is left of a difference where floating figures cancel, and no figure


def _undusted(column: str) -> str:
    return f'if(abs("{column}") < {DUST}, 0.0, "{column}") as "{column}"'


def table_columns(definitions: Definitions, name: str) -> list[str]:
    """A processed table's columns; the observation table has the sources' dimensions as well."""
    columns = definitions.tables[name].columns
    if name != "observation":
        return columns
    at = columns.index("ContentsCode")
    return [*columns[:at], *dimension_columns(definitions), *columns[at:]]


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
    """A register as text columns, with `<column>_status` from the corrections; empty if not in the set.

    A form keeps the row each row had in the file.
    """
    if frame is None:
        frame = pd.DataFrame(columns=source.columns, dtype=str).assign(row=pd.Series(dtype="int64"))
    frame = frame[[*(["row"] if source.is_form else []), *source.columns]].copy()
    for correction in definitions.corrections:
        if correction.source != source.id:
            continue
        marked = f"{correction.column}_status"
        if marked not in frame:
            frame[marked] = pd.Series("", index=frame.index, dtype=str)
        hit = (frame[list(correction.key)] == pd.Series(correction.key)).all(axis=1)
        frame.loc[hit, marked] = correction.status
    return frame


@contextmanager
def _observed(
    connection: duckdb.DuckDBPyConnection, definitions: Definitions, name: str, frame: pd.DataFrame
) -> Iterator[str]:
    """A query for the cells of a frame as observations: source, codes, value and status."""
    source = definitions.sources[name]
    signs = {sign: status.id for status in definitions.statuses.values() for sign in status.symbols}
    unsure = dict.fromkeys(definitions.provisional, "not_available")
    meaning = {**unsure, **signs, **source.symbols, "": source.symbols.get("", "not_available")}
    connection.register("incoming", frame)
    connection.register("incoming_source", pd.DataFrame({"source": [name]}, dtype=str))
    connection.register("sign", pd.DataFrame({"sign": meaning.keys(), "status": meaning.values()}, dtype=str))
    run_files(connection, SQL / "cells")
    yield f"select '{name}' as source, * from observed"
    connection.execute("drop view observed")
    connection.unregister("incoming")
    connection.unregister("incoming_source")
    connection.unregister("sign")


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
