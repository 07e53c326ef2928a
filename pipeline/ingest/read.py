"""One reading path for every raw file, embedded or pulled, CSV or JSON.

A cube (Statbank table) becomes one row per cell:
    file, row, region, year, year_text, <the source's dimensions>, ContentsCode, value (float or NaN), symbol
Codes, files and symbols are categoricals, so that a whole country fits in memory. A register becomes its own
columns as text, with file and row in front. `row` is the line in a CSV file (the header is line 1) or the
cell's number in a JSON file, from 1.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import jsonstat
from pipeline.ingest.resolve import UNKNOWN_CODE
from pipeline.ingest.store import RawFile
from pipeline.model import Source

NIL = "-"  # SSB's sign for zero: a figure, not a hole
Moved = Mapping[str, Mapping[str, str]]  # dimension → the definition's code → SSB's


def read_source(source: Source, files: list[RawFile], moved: Moved | None = None) -> pd.DataFrame:
    """All raw files of one source as one frame, the same however the pull was cut into parts.

    `moved` are codes that SSB has under another name than the definitions. Raises KunnskapError on files that
    cannot be read or that contradict each other.
    """
    if source.kind == "register":
        return pd.concat([read_register(source, file) for file in files], ignore_index=True)
    parts = [read_cube(source, file, moved or {}) for file in files]
    return parts[0] if len(parts) == 1 else join(source, parts)


def read_parts(source: Source, files: list[RawFile], moved: Moved | None = None) -> Iterator[pd.DataFrame]:
    """A cube file by file, in order, so that no more than one of them has to be in memory.

    A cell that an earlier file has is left out. Which files could have cells in common their codes tell: only those
    are held against each other, and a pull cuts a table so that none could.
    """
    seen: list[tuple[RawFile, dict[str, set[str]]]] = []
    for file in files:
        frame = read_cube(source, file, moved)
        codes = {name: set(frame[name].cat.categories) for name in cell_key(source)}
        for earlier, known in seen:
            if all(codes[name] & known[name] for name in codes):
                whole = join(source, [read_cube(source, earlier, moved), frame])
                frame = whole[whole["file"] == file.shown].reset_index(drop=True)
        seen.append((file, codes))
        if len(frame):
            yield frame


def cell_key(source: Source) -> list[str]:
    """The columns that together name a cell of a cube."""
    return ["region", "year_text", *source.dimensions, "ContentsCode"]


def join(source: Source, parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Parts of one table put together: sorted by their codes, cells that came twice kept once."""
    texts = [name for name in parts[0].columns if isinstance(parts[0][name].dtype, pd.CategoricalDtype)]
    known = {name: sorted({code for part in parts for code in part[name].cat.categories}) for name in texts}
    alike = [part.assign(**{name: part[name].cat.set_categories(known[name]) for name in texts}) for part in parts]
    key = cell_key(source)
    whole = pd.concat(alike, ignore_index=True).sort_values([*key, "file", "row"], kind="stable", ignore_index=True)
    again = whole.duplicated(key)
    if again.any():
        different = again & ~whole.duplicated([*key, "value", "symbol"])
        if different.any():
            row = whole[different].iloc[0]
            problem = Problem(
                file=str(row["file"]),
                row=int(row["row"]),
                found=f"{' '.join(str(row[name]) for name in key)} står i flere deler med ulike verdier.",
                remedy="hent settet på nytt.",
            )
            raise KunnskapError("Delene av en tabell er ikke fra samme utgave:", [problem])
        whole = whole[~again].reset_index(drop=True)
    return whole


def read_cube(source: Source, file: RawFile, moved: Moved | None = None) -> pd.DataFrame:
    """Cells of a Statbank table or a table laid out like one; one row per cell."""
    long = _csv_cells(source, file) if file.path.suffix == ".csv" else _json_cells(source, file)
    back = {name: {now: ours for ours, now in codes.items()} for name, codes in (moved or {}).items()}
    earlier = _earlier_codes(source)
    back["ContentsCode"] = earlier | {
        now: earlier.get(ours, ours) for now, ours in back.get("ContentsCode", {}).items()
    }
    named = {name: _renamed(long[name], back.get(name, {})) for name in [*source.dimensions, "ContentsCode"]}
    period = long[source.time].cat.categories.to_series()
    sound = period.where(period.str.match(source.time_pattern))
    years = sound.map(source.years) if source.years else pd.to_numeric(sound.str[:4], errors="coerce")
    symbol = long["symbol"]
    nil = symbol == NIL
    value = long["value"]
    if nil.any() and not value[nil].any():  # beside another figure than 0 it contradicts it, and stays to be told
        value = value.mask(value.isna() & nil, 0.0)
        symbol = _renamed(symbol, {NIL: ""})
    return pd.DataFrame(
        {
            "file": pd.Categorical([file.shown]).repeat(len(long)),
            "row": long["row"],
            "region": _renamed(long[source.region], source.alias.get("region", {})),
            "year": long[source.time].map(years.astype("Int64")).astype("Int64"),
            "year_text": long[source.time],
            **{name: _renamed(named[name], source.alias.get(name, {})) for name in source.dimensions},
            "ContentsCode": named["ContentsCode"],
            "value": value,
            "symbol": symbol,
        }
    )


def _earlier_codes(source: Source) -> dict[str, str]:
    """What a contents code was called in sets that are older than its name → the code."""
    return {earlier: code for code, contents in source.contents.items() for earlier in contents.was}


def _renamed(codes: "pd.Series[Any]", names: Mapping[str, str]) -> "pd.Series[Any]":
    """Other names for some categories; two that get the same name become one."""
    categories = codes.cat.categories
    if not any(code in names for code in categories):
        return codes
    renamed = [names.get(code, code) for code in categories]
    unique = list(dict.fromkeys(renamed))
    at = pd.Series([unique.index(name) for name in renamed] + [-1])
    return pd.Series(
        pd.Categorical.from_codes(at.to_numpy()[codes.cat.codes.to_numpy()], categories=pd.Index(unique, dtype=str)),
        index=codes.index,
    )


def read_register(source: Source, file: RawFile) -> pd.DataFrame:
    """Rows of a list of units, all columns as text; a hole is an empty text."""
    frame = _csv(file) if file.path.suffix == ".csv" else _json_rows(source, file)
    query = file.origin.query if isinstance(file.origin.query, dict) else {}
    frame = frame.assign(**{name: str(query[name]) for name in source.query_columns if name in query})
    _require(file, list(frame.columns), source.columns)
    frame = frame[source.columns]
    frame.insert(0, "file", file.shown)
    frame.insert(1, "row", range(2, len(frame) + 2) if file.path.suffix == ".csv" else range(1, len(frame) + 1))
    return frame


def _csv_cells(source: Source, file: RawFile) -> pd.DataFrame:
    wide = _csv(file)
    identifiers = [source.region, source.time, *source.dimensions]
    _require(file, list(wide.columns), [*identifiers, *_asked_for(source, file)])
    contents = [code for code in [*source.contents, *_earlier_codes(source)] if code in wide.columns]
    unknown = [name for name in wide.columns if name not in {*identifiers, *contents, *source.ignore}]
    if unknown:
        raise _unreadable(file, f"har kolonner som kilden {source.id} ikke har: {', '.join(unknown)}.")
    wide.insert(0, "row", range(2, len(wide) + 2))
    long = wide.melt(["row", *identifiers], contents, var_name="ContentsCode", value_name="text")
    long["value"] = pd.to_numeric(long["text"], errors="coerce").astype("float64")
    long["symbol"] = long["text"].where(long["value"].isna(), "")
    texts = [*identifiers, "ContentsCode", "symbol"]
    return long.drop(columns="text").astype(dict.fromkeys(texts, "category"))


def _asked_for(source: Source, file: RawFile) -> list[str]:
    """The contents a file must have: those its origin record says were asked for; else all whose codes are known."""
    query = file.origin.query if isinstance(file.origin.query, dict) else {}
    asked = query.get("ContentsCode")
    if isinstance(asked, list):
        return [str(code) for code in asked]
    return [code for code, c in source.contents.items() if not c.optional and not code.startswith(UNKNOWN_CODE)]


def _json_cells(source: Source, file: RawFile) -> pd.DataFrame:
    try:
        long = jsonstat.read(_json(file))
    except jsonstat.JsonStatError as error:
        raise _unreadable(file, error.problem.found, error.problem.allowed) from error
    wanted = {source.region, source.time, "ContentsCode", *source.dimensions}
    # of a dimension the definition does not name a pull takes one code: all of it
    whole = [name for name in long.columns if name not in {*wanted, "value", "symbol"} and _one_code(long[name])]
    long = long.drop(columns=whole)
    if set(long.columns) - {"value", "symbol"} != wanted:
        found = ", ".join(name for name in long.columns if name not in ("value", "symbol"))
        raise _unreadable(file, f"har dimensjonene {found}.", ", ".join(sorted(wanted)))
    if long.empty:
        raise _unreadable(file, "filen har ingen celler.")
    long.insert(0, "row", range(1, len(long) + 1))
    return long


def _one_code(codes: "pd.Series[Any]") -> bool:
    return len(codes.cat.categories) == 1


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
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _unreadable(file, f"ikke gyldig JSON; filen kan være avkortet ({error}).") from error


def _json_rows(source: Source, file: RawFile) -> pd.DataFrame:
    content = _json(file)
    rows = content.get(source.list_key) if isinstance(content, dict) else None
    if not rows:
        raise _unreadable(file, f"har ingen liste «{source.list_key}» med innhold.")
    return pd.DataFrame(rows).astype(object).where(lambda frame: frame.notna(), "").astype(str)


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
