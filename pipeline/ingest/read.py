"""One reading path for every raw file, embedded or pulled, CSV or JSON.

A cube (Statbank table) becomes one row per cell:
    file, row, region, year, <the source's dimensions>, ContentsCode, value (float or NaN), symbol
A register becomes its own columns as text, with file and row in front.
`row` is the line in a CSV file (the header is line 1) or the cell's number in a JSON file, from 1.
"""

import json
from typing import Any

import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import jsonstat
from pipeline.ingest.store import RawFile
from pipeline.model import Source

NIL = "-"  # SSB's sign for zero: a figure, not a hole


def read_source(source: Source, files: list[RawFile]) -> pd.DataFrame:
    """All raw files of one source as one frame; raises KunnskapError on files that cannot be read."""
    read_one = read_cube if source.kind == "cube" else read_register
    return pd.concat([read_one(source, file) for file in files], ignore_index=True)


def read_cube(source: Source, file: RawFile) -> pd.DataFrame:
    """Cells of a Statbank table or a table laid out like one; codes as text, one row per cell."""
    long = _csv_cells(source, file) if file.path.suffix == ".csv" else _json_cells(source, file)
    year = long[source.time].where(long[source.time].str.match(source.time_pattern), "")
    return pd.DataFrame(
        {
            "file": file.shown,
            "row": long["row"],
            "region": _aliased(source, "region", long[source.region]),
            "year": pd.to_numeric(year.str[:4], errors="coerce").astype("Int64"),
            "year_text": long[source.time],
            **{name: _aliased(source, name, long[name]) for name in source.dimensions},
            "ContentsCode": long["ContentsCode"],
            "value": long["value"].mask(long["value"].isna() & (long["symbol"] == NIL), 0.0),
            "symbol": long["symbol"].mask(long["symbol"] == NIL, ""),
        }
    )


def read_register(source: Source, file: RawFile) -> pd.DataFrame:
    """Rows of a list of units, all columns as text; a hole is an empty text."""
    frame = _csv(file) if file.path.suffix == ".csv" else _json_rows(source, file)
    _require(file, list(frame.columns), source.columns)
    frame = frame[source.columns]
    frame.insert(0, "file", file.shown)
    frame.insert(1, "row", range(2, len(frame) + 2) if file.path.suffix == ".csv" else range(1, len(frame) + 1))
    return frame


def _csv_cells(source: Source, file: RawFile) -> pd.DataFrame:
    wide = _csv(file)
    identifiers = [source.region, source.time, *source.dimensions]
    needed = [code for code, contents in source.contents.items() if not contents.optional]
    _require(file, list(wide.columns), [*identifiers, *needed])
    contents = [code for code in source.contents if code in wide.columns]
    unknown = [name for name in wide.columns if name not in {*identifiers, *contents, *source.ignore}]
    if unknown:
        raise _unreadable(file, f"har kolonner som kilden {source.id} ikke har: {', '.join(unknown)}.")
    wide.insert(0, "row", range(2, len(wide) + 2))
    long = wide.melt(["row", *identifiers], contents, var_name="ContentsCode", value_name="text")
    long["value"] = pd.to_numeric(long["text"], errors="coerce").astype("float64")
    long["symbol"] = long["text"].where(long["value"].isna(), "")
    return long


def _json_cells(source: Source, file: RawFile) -> pd.DataFrame:
    try:
        long = jsonstat.read(_json(file))
    except jsonstat.JsonStatError as error:
        raise _unreadable(file, error.problem.found, error.problem.allowed) from error
    wanted = {source.region, source.time, "ContentsCode", *source.dimensions}
    if set(long.columns) - {"value", "symbol"} != wanted:
        found = ", ".join(name for name in long.columns if name not in ("value", "symbol"))
        raise _unreadable(file, f"har dimensjonene {found}.", ", ".join(sorted(wanted)))
    if long.empty:
        raise _unreadable(file, "filen har ingen celler.")
    long.insert(0, "row", range(1, len(long) + 1))
    return long


def _csv(file: RawFile) -> pd.DataFrame:
    try:
        frame = pd.read_csv(file.path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
    except pd.errors.EmptyDataError as error:
        raise _unreadable(file, "filen er tom.") from error
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise _unreadable(file, f"kan ikke leses som CSV i UTF-8 ({error}).") from error
    if frame.empty:
        raise _unreadable(file, "filen har overskrifter, men ingen rader.")
    return frame


def _json(file: RawFile) -> Any:
    text = file.path.read_bytes()
    if not text.strip():
        raise _unreadable(file, "filen er tom.")
    try:
        return json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _unreadable(file, f"ikke gyldig JSON; filen kan være avkortet ({error}).") from error


def _json_rows(source: Source, file: RawFile) -> pd.DataFrame:
    content = _json(file)
    rows = content.get(source.list_key) if isinstance(content, dict) else None
    if not rows:
        raise _unreadable(file, f"har ingen liste «{source.list_key}» med innhold.")
    return pd.DataFrame(rows).astype(object).where(lambda frame: frame.notna(), "").astype(str)


def _aliased(source: Source, name: str, codes: "pd.Series[str]") -> "pd.Series[str]":
    return codes.replace(source.alias[name]) if name in source.alias else codes


def _require(file: RawFile, found: list[str], needed: list[str]) -> None:
    missing = [name for name in needed if name not in found]
    if missing:
        raise _unreadable(file, f"mangler kolonnene {', '.join(missing)}.", ", ".join(needed))


def _unreadable(file: RawFile, found: str, allowed: str = "") -> KunnskapError:
    remedy = "hent settet på nytt."
    if "embedded" in file.path.parts:
        remedy = f"hent filen fram igjen med `git checkout -- {file.shown}`."
    problem = Problem(file=file.shown, found=found, allowed=allowed, remedy=remedy)
    return KunnskapError("En råfil kan ikke leses:", [problem])
