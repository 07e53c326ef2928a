"""What is set aside: of a pulled table, what does not hold costs the figures it touches, and nothing else.

Faults of a table as it was read touch its contents or all of it; faults across tables touch the cells of a
region and a year, or one indicator's figure. Whatever is touched gets the status `unresolved` with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

import pandas as pd

from pipeline.errors import Problem
from pipeline.ingest.metadata import CONTENTS
from pipeline.ingest.store import SetRecord
from pipeline.model import Definitions, Merger, Source

MOST_REASONS = 2  # problems told in one reason; the rest are counted


@dataclass(frozen=True)
class Aside:
    """What a fault touches: a table, one of its contents, or one indicator; everywhere, or for a region and a year."""

    source: str = ""
    contents: str = ""
    indicator: str = ""
    region: str = ""
    year: int | None = None
    reason: str = ""


COLUMNS = list(Aside.__dataclass_fields__)
TYPES = {name: "Int64" if name == "year" else "str" for name in COLUMNS}


def table(aside: Iterable[Aside]) -> pd.DataFrame:
    """As rows, for the SQL: empty text and a null year stand for all of them."""
    return pd.DataFrame([asdict(one) for one in aside], columns=COLUMNS).astype(TYPES)


def of_source(source: Source, touched: set[str] | None, problems: Sequence[Problem]) -> list[Aside]:
    """A table's own faults: its contents that were touched, or all of it where `touched` is None.

    Where every content is touched nothing of the table is left.
    """
    if touched is None or touched >= {code for code, contents in source.contents.items() if not contents.optional}:
        return [Aside(source.id, reason=_reason(problems))]
    return [Aside(source.id, code, reason=_reason(_about(problems, code))) for code in sorted(touched)]


def _about(problems: Sequence[Problem], code: str) -> Sequence[Problem]:
    named = [problem for problem in problems if code in problem.found or code in problem.allowed]
    return named or problems


def _reason(problems: Sequence[Problem]) -> str:
    told = [_words(problem) for problem in problems[:MOST_REASONS]]
    more = f" … og {len(problems) - MOST_REASONS} til." if len(problems) > MOST_REASONS else ""
    return "Tallene er satt til side: " + " ".join(told) + more


def _words(problem: Problem) -> str:
    allowed = f" Ventet: {problem.allowed}." if problem.allowed else ""
    return f"{problem.found.rstrip('.')}.{allowed}"


def unresolved(record: SetRecord, aside: Iterable[Aside]) -> SetRecord:
    """The set's record as if what is set aside had not been found at the producer."""
    book = {
        source: {name: dict(codes) for name, codes in faults.items()} for source, faults in record.unresolved.items()
    }
    for one in aside:
        place = (CONTENTS, one.contents) if one.contents else ("", "")
        book.setdefault(one.source, {}).setdefault(place[0], {}).setdefault(place[1], one.reason)
    return replace(record, unresolved=book)


def without(frames: dict[str, pd.DataFrame], aside: Iterable[Aside]) -> dict[str, pd.DataFrame]:
    """The cells that are left: whole tables and whole contents that were set aside are gone."""
    left = dict(frames)
    for one in aside:
        if one.contents and one.source in left:
            left[one.source] = left[one.source][left[one.source][CONTENTS] != one.contents]
        else:
            left.pop(one.source, None)
    return left


def pulled(definitions: Definitions, source: str) -> bool:
    """Whether a fault costs the table and not the run: it was pulled from the Statbank, not written by the user."""
    return definitions.sources[source].pull == "statbank"


TOLD = ["merger", "source", "title", "dimension", "code", "region", "year", "indicators", "reason"]


def told(definitions: Definitions, merger: Merger, record: SetRecord, aside: Iterable[Aside]) -> pd.DataFrame:
    """The table `set_aside`: everything that was asked for and is not used, with the indicators that it costs.

    `record` as `unresolved` leaves it; what no indicator needs is left out. Empty text stands for all of it.
    """
    rows: list[tuple[str, str, str, str, int | None, list[str], str]] = [
        (source, dimension, code, "", None, _users(definitions, source, dimension, code), reason)
        for source, faults in record.unresolved.items()
        for dimension, codes in faults.items()
        for code, reason in codes.items()
    ]
    for one in aside:
        dimension = CONTENTS if one.contents else ""
        users = [one.indicator] if one.indicator else _users(definitions, one.source, dimension, one.contents)
        source = one.source or definitions.indicators[one.indicator].sources[0]
        rows.append((source, dimension, one.contents, one.region, one.year, users, one.reason))
    listed = [
        (merger.id, source, definitions.sources[source].title, dimension, code, region, year, ", ".join(users), reason)
        for source, dimension, code, region, year, users, reason in rows
        if users and source in definitions.sources
    ]
    frame = pd.DataFrame(sorted(listed, key=lambda row: tuple(map(str, row))), columns=TOLD)
    return frame.astype({name: "Int32" if name == "year" else "str" for name in TOLD})


def counted(definitions: Definitions, rows: Iterable[tuple[str, bool]]) -> str:
    """How much is set aside: tables with whether all of it is, whole tables first; empty for nothing."""
    listed = list(rows)
    whole = {source for source, all_of_it in listed if all_of_it}
    parts = {source for source, _ in listed} - whole
    of = sum(pulled(definitions, name) for name in definitions.sources)
    told = [f"{len(whole)} av {of} tabeller er satt til side."] if whole else []
    told += [f"Av {len(parts)} {'tabell' if len(parts) == 1 else 'tabeller'} er noe satt til side."] if parts else []
    return " ".join(told)


def _users(definitions: Definitions, source: str, dimension: str, code: str) -> list[str]:
    """The indicators that need a code, or anything of a table where there is none."""
    return [
        indicator.id
        for indicator in definitions.indicators.values()
        if any(
            operand.source == source and (not dimension or code in operand.cell_codes.get(dimension, []))
            for operand in indicator.operands.values()
        )
    ]
