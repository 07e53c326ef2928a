"""The forms that the municipalities fill in to harmonise: `data/local/<merger>/<form>.xlsx`, or CSV, xlsm, xls, ods.

A form becomes a register like any other: text columns with file and row in front, numbers with a decimal point and
dates as 2018-06-15, so that Pandera checks them as it checks all raw text. A row that nobody has filled in is left out.
"""

import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.numbers import plain_number, why_not
from pipeline.ingest.rows import date_of, read_rows
from pipeline.ingest.store import RawFile
from pipeline.model import Definitions, FieldDef, Source


def read_form(definitions: Definitions, source: Source, file: RawFile) -> pd.DataFrame:
    """Columns file, row and the form's own, as text. Raises KunnskapError if a column is missing, and on what is no
    number, or could be two, where there should be one."""
    fields = {name: definitions.fields[source.fields[name]] for name in source.columns}
    filled = read_rows(file.path, file.shown, source.columns, source.columns)
    used = [(number, row) for number, row in filled.rows if any(row[name] for name in source.as_form.fill)]
    problems = [
        Problem(
            file=file.shown, row=number, column=name, found=f"fant «{row[name]}».", allowed=words, remedy="rett raden."
        )
        for number, row in used
        for name, field in fields.items()
        if (words := _no_number(field, row[name]))
    ]
    if problems:
        raise KunnskapError("Tall i skjemaene kan ikke brukes:", problems)
    rows = [
        {"file": file.shown, "row": number, **{name: _plain(fields[name], text) for name, text in row.items()}}
        for number, row in used
    ]
    return pd.DataFrame(rows, columns=["file", "row", *source.columns]).astype(
        dict.fromkeys(["file", *source.columns], "str")
    )


def _no_number(field: FieldDef, text: str) -> str:
    """What may stand instead of a text that is not the number it should be; empty where nothing is wrong."""
    if field.type not in NUMBERS or not text:
        return ""
    return why_not(text, field.maximum)


NUMBERS = ("number", "integer")


def _plain(field: FieldDef, text: str) -> str:
    if field.type in NUMBERS:
        return plain_number(text, field.maximum)
    day = date_of(text) if field.type == "date" else None
    return day.isoformat() if day else text
