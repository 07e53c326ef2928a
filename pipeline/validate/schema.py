"""Pandera schemas made from the field dictionary, and their failures in words a person understands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from pipeline.errors import Problem
from pipeline.model import FieldDef

NAMED = ("indicator", "ContentsCode", "region", "year")  # the columns that tell a person which figure it is
MOST_ROWS = 5  # rows named per kind of fault; the rest are counted


@dataclass(frozen=True)
class Seen:
    """What a look at a frame found: its faults in words, and the index of the rows at fault; None: not of rows."""

    problems: list[Problem]
    rows: list[int] | None


def check_frame(frame: pd.DataFrame, schema: pa.DataFrameSchema, table: str = "") -> list[Problem]:
    """Every fault of `frame` against `schema`, lazily, one Problem per row up to MOST_ROWS a kind.

    A raw frame carries `file` and `row`, which place the fault; for a processed one `table` names it.
    The error text of a check is "allowed|remedy", which is how the schema tells what to say.
    """
    return look(frame, schema, table).problems


def look(frame: pd.DataFrame, schema: pa.DataFrameSchema, table: str = "") -> Seen:
    """The faults of `check_frame`, and which rows they touch."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        rows = None if cases["index"].isna().any() else sorted({int(index) for index in cases["index"]})
        return Seen(_problems(_Places(frame, table), cases), rows)
    return Seen([], [])


@dataclass(frozen=True)
class _Places:
    """Where the rows of a frame stand, for the eye of the reader."""

    frame: pd.DataFrame
    table: str

    def file(self, index: Any) -> str:
        return f"tabellen {self.table}" if self.table else str(self.frame.loc[index, "file"])

    def row(self, index: Any) -> int:
        return int(index) + 1 if self.table else int(self.frame.loc[index, "row"])

    def figure(self, index: Any) -> str:
        """Which figure a row holds: contents or indicator, region and year, of those the frame has; and its value."""
        row = self.frame.loc[index]
        if "year_text" in row.index:
            row = row.drop("year").rename({"year_text": "year"})  # as the source writes it
        named = [str(row[name]) for name in NAMED if name in row.index and pd.notna(row[name])]
        if not named:
            return ""
        value = f" er {row['value']:g}" if "value" in row.index and pd.notna(row["value"]) else ""
        sign = f" med tegnet «{row['symbol']}»" if "symbol" in row.index and row["symbol"] else ""
        return f"{' '.join(named)}{value}{sign}"


def text_column(
    field: FieldDef, regions: Iterable[str] = (), point: str = "desimalpunktum", more: Iterable[pa.Check] = ()
) -> pa.Column:
    """A column of raw text under a field's rules: numbers are checked as the text they are.

    `point` is the decimal sign of the file, as it is told; `more` are checks beyond those of the field.
    """
    blank = "" if not field.blank else " eller tomt"
    checks: list[pa.Check] = []
    if not field.blank:
        checks.append(_check(lambda s: s != "", "ikke tomt"))
    if field.type in ("number", "integer"):
        word = "heltall" if field.type == "integer" else f"tall med {point}"
        checks.append(_check(_number_rule(field), f"{word}{_range_words(field)}{blank}"))
    elif field.type == "date":
        checks.append(
            _check(
                lambda s: pd.Series(pd.to_datetime(s, format="%Y-%m-%d", errors="coerce")).notna(),
                "dato som 2020-01-01",
            )
        )
    if field.pattern:
        checks.append(_check(_or_blank(lambda s: s.str.match(field.pattern)), field.allowed_words + blank))
    if field.allowed:
        checks.append(_check(_or_blank(lambda s: s.isin(field.allowed)), ", ".join(field.allowed) + blank))
    if field.region:
        checks.append(region_check(regions))
    return pa.Column(str, [*checks, *more], nullable=False)


def typed_column(field: FieldDef, statuses: Iterable[str]) -> pa.Column:
    """A column of a processed table under a field's rules."""
    checks: list[pa.Check] = []
    if field.minimum is not None or field.maximum is not None:
        checks.append(_check(_range_rule(field), f"tall{_range_words(field)}"))
    if field.pattern:
        checks.append(_check(lambda s: s.str.match(field.pattern), field.allowed_words))
    if field.allowed:
        checks.append(_check(lambda s: s.isin(field.allowed), ", ".join(field.allowed)))
    if field.status:
        known = list(statuses)
        checks.append(_check(lambda s: s.isin(known), ", ".join(known)))
    kinds: dict[str, Any] = {"number": float, "integer": None, "text": None, "date": None, "boolean": bool}
    return pa.Column(kinds[field.type], checks, nullable=field.blank, coerce=field.type == "number")


def region_check(regions: Iterable[str]) -> pa.Check:
    """A known municipality code, or one of SSB's codes for country, county, group or recast series."""
    known = set(regions)
    special = r"^(EAK|EAKUO|EKA\d\d|EKG\d\d|K-\d{4})$"
    return _check(
        _or_blank(lambda s: s.isin(known) | s.str.match(special)),
        "kommunenummer som har vært gyldig siden 1990 (KLASS 131), EAK, EAKUO, EKAnn eller EKGnn",
        "se etter skrivefeil, eller hent KLASS på nytt hvis kommunen er ny.",
    )


def rule(test: Any, allowed: str, remedy: str = "") -> pa.Check:
    """A column or frame check that says what is allowed and what to do."""
    return _check(test, allowed, remedy)


def frame_rule(test: Any, allowed: str) -> pa.Check:
    """A rule over several columns of a row; holes do not excuse a row."""
    return pa.Check(test, error=f"{allowed}|", ignore_na=False)


def _check(test: Any, allowed: str, remedy: str = "") -> pa.Check:
    return pa.Check(test, error=f"{allowed}|{remedy}", ignore_na=True)


def _or_blank(test: Any) -> Any:
    return lambda s: (s == "") | test(s)


def _number_rule(field: FieldDef) -> Any:
    def test(s: "pd.Series[str]") -> "pd.Series[bool]":
        number = pd.to_numeric(s, errors="coerce")
        good = number.notna()
        if field.type == "integer":
            good &= number % 1 == 0
        return (s == "") | (good & _in_range(number, field))

    return test


def _range_rule(field: FieldDef) -> Any:
    return lambda s: _in_range(pd.Series(pd.to_numeric(s)), field)


def _in_range(number: "pd.Series[float]", field: FieldDef) -> "pd.Series[bool]":
    low = number >= field.minimum if field.minimum is not None else number.notna()
    high = number <= field.maximum if field.maximum is not None else number.notna()
    return low & high


def _range_words(field: FieldDef) -> str:
    words = ""
    if field.minimum is not None:
        words += f" fra {field.minimum:g}"
    if field.maximum is not None:
        words += f" til {field.maximum:g}"
    return words


def _problems(places: _Places, failures: pd.DataFrame) -> list[Problem]:
    problems: list[Problem] = []
    # a rule over several columns fails once for every column of the row: the row is told once
    whole = failures["schema_context"] == "DataFrameSchema"
    again = whole & (failures["check"] != "multiple_fields_uniqueness") & failures.duplicated(["check", "index"])
    for (column, check), group in failures[~again].groupby(["column", "check"], sort=False, dropna=False):
        if check == "multiple_fields_uniqueness":
            continue
        problems += _cases(places, column, str(check), group)
    repeated = failures[failures["check"] == "multiple_fields_uniqueness"]
    return problems + (_duplicates(places, repeated) if len(repeated) else [])


def _duplicates(places: _Places, group: pd.DataFrame) -> list[Problem]:
    key = list(dict.fromkeys(group["column"]))
    first: dict[tuple[Any, ...], int] = {}
    problems = []
    for index in sorted({int(index) for index in group["index"]}):
        values = tuple(str(value) for value in places.frame.loc[index, key])
        if values not in first:
            first[values] = places.row(index)
            continue
        words = ", ".join(f"{name} {value}" for name, value in zip(key, values, strict=True) if value)
        problems.append(
            Problem(
                file=places.file(index),
                row=places.row(index),
                found=f"samme rad som rad {first[values]} ({words}).",
                allowed="hver rad én gang",
                remedy="fjern den ene.",
            )
        )
    return _limited(problems)


def _cases(places: _Places, column: Any, check: str, group: pd.DataFrame) -> list[Problem]:
    if check in ("column_in_dataframe", "column_in_schema"):
        return [Problem(file=places.table, found=f"kolonnen {case} mangler.") for case in group["failure_case"]]
    allowed, _, remedy = check.partition("|")
    if check == "not_nullable":
        allowed = "ikke tomt"
    group = group.drop_duplicates("index")
    of_row = group["schema_context"].iloc[0] == "DataFrameSchema"
    return _limited(
        [
            Problem(
                file=places.file(index) if pd.notna(index) else places.table,
                row=places.row(index) if pd.notna(index) else None,
                column="" if of_row or pd.isna(column) or column is None else str(column),
                found=_found(places, index, case, of_row),
                allowed=allowed,
                remedy=remedy,
            )
            for index, case in zip(group["index"], group["failure_case"], strict=True)
        ]
    )


def _found(places: _Places, index: Any, case: Any, of_row: bool) -> str:
    """What stands there, and of which figure: a rule over several columns is about the figure itself."""
    figure = places.figure(index) if pd.notna(index) else ""
    if of_row and figure:
        return f"{figure}."
    return f"fant «{case}»" + (f" ({figure})." if figure else ".")


def _limited(problems: list[Problem]) -> list[Problem]:
    hidden = len(problems) - MOST_ROWS
    if hidden <= 0:
        return problems
    return [*problems[:MOST_ROWS], Problem(file=problems[0].file, found=f"… og {hidden} rader til med samme feil.")]
