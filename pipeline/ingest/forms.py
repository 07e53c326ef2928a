"""The forms that the municipalities fill in to harmonise: `data/local/<merger>/<form>.csv` or `.xlsx`.

A form becomes a register like any other: text columns with file and row in front, numbers with a decimal point and
dates as 2018-06-15, so that Pandera checks them as it checks all raw text. A row that nobody has filled in is left out.
"""

import pandas as pd

from pipeline.ingest.rows import date_of, plain_number, read_rows
from pipeline.ingest.store import RawFile
from pipeline.model import Definitions, Source


def read_form(definitions: Definitions, source: Source, file: RawFile) -> pd.DataFrame:
    """Columns file, row and the form's own, as text. Raises KunnskapError if a column is missing."""
    types = {name: definitions.fields[source.fields[name]].type for name in source.columns}
    rows = [
        {"file": file.shown, "row": number, **{name: _plain(types[name], text) for name, text in row.items()}}
        for number, row in read_rows(file.path, file.shown, source.columns, source.columns)
        if any(row[name] for name in source.as_form.fill)
    ]
    return pd.DataFrame(rows, columns=["file", "row", *source.columns]).astype(
        dict.fromkeys(["file", *source.columns], "str")
    )


def _plain(kind: str, text: str) -> str:
    if kind in ("number", "integer"):
        return plain_number(text)
    day = date_of(text) if kind == "date" else None
    return day.isoformat() if day else text
