"""A filled-in file, CSV or Excel, as rows of text under the names of its columns; and text made a number or a date."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import KunnskapError, Problem

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
Row = dict[str, str]


def read_rows(path: Path, shown: str, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Line in the file and its columns as text; a line without anything is left out.

    Raises KunnskapError if a needed column is not there.
    """
    table = _csv(path) if path.suffix == ".csv" else _sheet(path, shown)
    header = [text.strip().lower() for text in next(table, [])]
    missing = [name for name in needed if name not in header]
    if missing:
        problem = Problem(
            file=shown,
            row=1,
            found=f"mangler kolonnene {', '.join(missing)}.",
            allowed=", ".join(columns),
            remedy="skriv en ny, tom fil med `kunnskap new`.",
        )
        raise KunnskapError("Filen har ikke de kolonnene den skal ha:", [problem])
    for number, values in enumerate(table, 2):
        cells = dict.fromkeys(columns, "") | dict(zip(header, (text.strip() for text in values), strict=False))
        if any(cells.values()):
            yield number, {name: cells[name] for name in columns}


def is_number(text: str) -> bool:
    """A number as a Norwegian writes it: spaces between thousands, comma before decimals."""
    return NUMBER.fullmatch(_close(text)) is not None


def plain_number(text: str) -> str:
    """The number with a decimal point and without spaces; text that is no number is left as it is."""
    return _close(text).replace(",", ".") if is_number(text) else text


def date_of(text: str) -> date | None:
    """15.06.2018 or 2018-06-15; None if it is no date."""
    found = re.fullmatch(r"(?:(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?)", text)
    if not found:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None


def _close(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", text)


def _csv(path: Path) -> Iterator[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252")  # what Excel on Windows writes as «CSV»
    yield from csv.reader(text.splitlines(), delimiter=";")


def _sheet(path: Path, shown: str) -> Iterator[list[str]]:
    try:
        frame = pd.read_excel(path, header=None, dtype=object)
    except (ValueError, OSError, KeyError) as error:
        problem = Problem(
            file=shown, found=f"kan ikke leses som Excel ({error}).", remedy="lagre den som xlsx på nytt."
        )
        raise KunnskapError("En fil kunne ikke leses:", [problem]) from error
    for row in frame.itertuples(index=False):
        yield ["" if pd.isna(cell) else _text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without «.0», decimals with a comma."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return str(cell)
