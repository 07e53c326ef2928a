"""Figures that the municipalities fill in themselves: `data/local/<merger>/<source>.xlsx`, or as CSV, xlsm, xls, ods.

One row a number: which (`tall`), whose (`kommune`), when (`år`), how much (`verdi`), and where it is from. A row
without a value is not filled in yet. One bad row and nothing of the file is used.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.numbers import is_number, plain_number, why_not, without_per_cent
from pipeline.ingest.rows import Row, date_of, read_rows
from pipeline.ingest.sheets import ENDINGS, content_of
from pipeline.ingest.store import Origin, RawFile
from pipeline.model import Contents, Merger, Source
from pipeline.project import Project

COLUMNS = ("tall", "hva", "enhet", "kommune", "navn", "år", "verdi", "kilde", "dato", "merknad")
NEEDED = ("tall", "kommune", "år", "verdi", "kilde", "dato")
CONFIDENTIAL = ":"
SIGNS = (".", "..", ":", "-")  # SSB's: not applicable, missing, confidential, nil
MOST = 20


def local_file(project: Project, merger: Merger, source: Source) -> RawFile | None:
    """The file of a local source that somebody has filled in, or None. Two of them would be one too many."""
    folder = project.local / merger.id
    there = [path for path in files_in(folder) if is_of(source, path)]
    found = [path for path in there if len(there) == 1 or _is_filled(source, path, project.shown(path))]
    if len(found) > 1:
        problem = Problem(
            file=project.shown(folder),
            found=f"{' og '.join(path.name for path in found)} er fylt ut.",
            remedy="behold den ene.",
        )
        raise KunnskapError("Det er ikke klart hvilken fil som gjelder:", [problem])
    if not found:
        return None
    path = found[0]
    origin = Origin(
        producer=source.producer,
        title=source.title,
        licence=source.licence,
        sha256=_digest(path, project.shown(path)),
    )
    return RawFile(path=path, shown=project.shown(path), origin=origin)


def files_in(folder: Path) -> list[Path]:
    """What somebody may have put in the folder; not what programs leave there while a file is open."""
    there = folder.iterdir() if folder.is_dir() else []
    return sorted(path for path in there if path.is_file() and not path.name.startswith(("~$", ".")))


def is_of(source: Source, path: Path) -> bool:
    """Whether a file is named as the form is, in capitals or not, with an ending that is read."""
    return path.stem.casefold() == source.id.casefold() and path.suffix.casefold() in ENDINGS


def _digest(path: Path, shown: str) -> str:
    return hashlib.sha256(content_of(path, shown)).hexdigest()


def columns_of(source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a local source's file, and those that somebody fills in."""
    return (tuple(source.columns), tuple(source.form.fill)) if source.form else (COLUMNS, ("verdi",))


def needed_of(source: Source) -> tuple[str, ...]:
    """The columns without which a form's file cannot be read."""
    return tuple(source.columns) if source.is_form else NEEDED


def _is_filled(source: Source, path: Path, shown: str) -> bool:
    columns, fill = columns_of(source)
    return any(any(row[name] for name in fill) for _, row in read_rows(path, shown, columns, needed_of(source)).rows)


def read_local(merger: Merger, source: Source, file: RawFile) -> pd.DataFrame:
    """Cells as `ingest.read.read_cube` gives them. Raises KunnskapError that names every row that cannot be used."""
    filled = read_rows(file.path, file.shown, COLUMNS, NEEDED)
    problems: list[Problem] = []
    cells: dict[tuple[str, int, str], tuple[int, float | None, str]] = {}
    for number, row in filled.rows:
        if not row["verdi"]:
            continue
        row = _per_cent(source, row)
        faults = list(_faults(source, merger, row))
        if not faults:
            key = (row["kommune"], int(row["år"]), row["tall"])
            if key in cells:
                faults.append(("tall", f"samme tall, kommune og år som rad {cells[key][0]}.", "hvert tall én gang"))
            cells[key] = (number, *_shown(source.contents[row["tall"]], row["verdi"]))
        problems += [
            Problem(file=file.shown, row=number, column=column, found=found, allowed=allowed, remedy="rett raden.")
            for column, found, allowed in faults
        ]
    if problems:
        raise KunnskapError("Tall som kommunene har fylt inn, kan ikke brukes:", problems[:MOST])
    return _frame(file, cells)


def _names(merger: Merger, year: str) -> dict[str, str]:
    """The codes that can have figures in a year, with whose they are; those of today where the year cannot be read."""
    own = merger.own_code_in(int(year)) if _is_year(year) else {}
    return own or {member.code: member.name for member in merger.member}


def _per_cent(source: Source, row: Row) -> Row:
    """A cell shown as per cent is per cent, where the number is one."""
    contents = source.contents.get(row["tall"])
    return row | {"verdi": without_per_cent(row["verdi"])} if contents and contents.unit == "prosent" else row


def _faults(source: Source, merger: Merger, row: Row) -> Iterator[tuple[str, str, str]]:
    """Column, what was found, what is allowed."""
    if row["tall"] not in source.contents:
        yield "tall", f"fant «{row['tall']}».", ", ".join(source.contents)
    names = _names(merger, row["år"])
    if row["kommune"] not in names:
        when = f", som ikke gjelder i {row['år']}" if row["kommune"] in merger.region_codes else ""
        yield "kommune", f"fant «{row['kommune']}»{when}.", ", ".join(f"{code} {name}" for code, name in names.items())
    first, last = source.first_year or 0, source.last_year or 9999
    if not _is_year(row["år"]) or not first <= int(row["år"]) <= last:
        yield "år", f"fant «{row['år']}».", f"{first} til {last}"
    contents = source.contents.get(row["tall"])
    most = contents.maximum if contents else None
    if row["verdi"] not in SIGNS and not is_number(row["verdi"], most):
        yield "verdi", f"fant «{row['verdi']}».", f"{why_not(row['verdi'], most)}, eller {' '.join(SIGNS)}"
    elif contents and (span := _outside(contents, row["verdi"])):
        yield "verdi", f"fant «{row['verdi']}».", span
    if not row["kilde"]:
        yield "kilde", "tomt.", "hvor tallet kommer fra"
    if not date_of(row["dato"]):
        yield "dato", f"fant «{row['dato']}».", "dato som 15.06.2018"


def _shown(contents: Contents, text: str) -> tuple[float | None, str]:
    """A count of so few people that one might be known again is confidential, as SSB would have it."""
    value, sign = _value(text, contents.maximum)
    few = value is not None and 0 < value < contents.suppress_below
    return (None, CONFIDENTIAL) if few else (value, sign)


def _outside(contents: Contents, text: str) -> str:
    """The span a number falls outside of; empty if it is inside, or no number."""
    low, high = contents.minimum, contents.maximum
    value = _value(text, high)[0]
    if value is None or ((low is None or value >= low) and (high is None or value <= high)):
        return ""
    words = [f"{word} {edge:.15g}" for word, edge in (("fra", low), ("til", high)) if edge is not None]
    return "tall " + " ".join(words)


def _value(text: str, most: float | None = None) -> tuple[float | None, str]:
    if text in SIGNS:
        return (0.0, "") if text == "-" else (None, text)
    return float(plain_number(text, most)), ""


def _is_year(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}", text) is not None


def _frame(file: RawFile, cells: dict[tuple[str, int, str], tuple[int, float | None, str]]) -> pd.DataFrame:
    texts = {"file", "region", "year_text", "ContentsCode", "symbol"}
    frame = pd.DataFrame(
        {
            "file": [file.shown] * len(cells),
            "row": [number for number, _, _ in cells.values()],
            "region": [region for region, _, _ in cells],
            "year": pd.array([year for _, year, _ in cells], dtype="Int64"),
            "year_text": [str(year) for _, year, _ in cells],
            "ContentsCode": [code for _, _, code in cells],
            "value": pd.array([value for _, value, _ in cells.values()], dtype="float64"),
            "symbol": [sign for _, _, sign in cells.values()],
        }
    )
    return frame.astype(dict.fromkeys(texts, "category"))
