"""`kunnskap check`: do the definitions still say what SSB publishes? Metadata only, no figures.

One row per table and per code the definitions name: found, moved (new code, same label), relabelled,
closed, gone, new years. The screen shows what needs a person; the table has all of it.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

from pipeline.ingest.client import CallFailed
from pipeline.ingest.metadata import CONTENTS, Metadata
from pipeline.ingest.resolve import UNKNOWN_CODE, Code, Resolution, resolve
from pipeline.ingest.statbank import SYNTHETIC, Statbank, TableGone, TableInfo, Unreadable
from pipeline.ingest.wanted import Wanted, wanted
from pipeline.model import Definitions, Merger, Source
from pipeline.progress import Progress
from pipeline.words import spreadsheet_text

State = Literal[
    "found", "relabelled", "code_found", "moved", "closed", "standing_still", "new_years", "unnamed", "unmatched",
    "gone", "failed",
]  # fmt: skip
WORDS: dict[State, str] = {
    "found": "funnet",
    "relabelled": "ny etikett",
    "code_found": "kode funnet",
    "moved": "flyttet",
    "closed": "avsluttet",
    "standing_still": "står stille",
    "new_years": "nye år",
    "unnamed": "koder ikke valgt",
    "unmatched": "passer ikke",
    "gone": "borte",
    "failed": "ikke svar",
}
NEEDS_A_PERSON: tuple[State, ...] = ("failed", "gone", "unmatched", "moved", "new_years", "standing_still", "closed")
SHOWN = 6  # lines per kind on the screen
CANDIDATES = 5  # tables looked into when a number is not known


@dataclass(frozen=True)
class Row:
    """One finding. `code` is empty for the table as a whole; `now` is what SSB has in its place."""

    source: str
    table: str
    dimension: str
    code: str
    label: str
    state: State
    now: str
    now_label: str
    note: str
    indicators: str

    @property
    def about(self) -> str:
        return " ".join(part for part in (self.table or self.source, self.dimension, self.code) if part)


@dataclass(frozen=True)
class Report:
    """What a check found. `synthetic`: the server makes its figures up, so nothing of it is evidence."""

    rows: list[Row]
    synthetic: bool

    @property
    def well(self) -> bool:
        """Nothing that an indicator rests on is missing."""
        return not any(
            row.state == "failed" or (row.state in ("gone", "unmatched") and row.indicators) for row in self.rows
        )


@dataclass(frozen=True)
class _Looked:
    """A table as SSB describes it today, or why it could not be looked at."""

    wanted: Wanted
    table: str
    info: TableInfo | None = None
    resolution: Resolution | None = None
    trouble: str = ""
    failed: bool = False


def check(
    definitions: Definitions,
    mergers: Sequence[Merger],
    statbank: Statbank,
    progress: Progress = Progress(),  # noqa: B008 - frozen
) -> Report:
    """Every pulled table of the definitions against SSB's metadata; two calls a table.

    Raises CallFailed only if nobody answers at all; a table that fails alone is a row.
    """
    chosen = wanted(definitions, mergers)
    progress.plan(2 * len(chosen))
    looked, silent = [], 0
    for one in chosen:
        progress.step(f"{one.source.statbank_table or one.source.id} {one.source.title}")
        try:
            looked.append(_look(statbank, one, progress.step))
            silent = 0
        except CallFailed as failure:
            silent += failure.offline
            if failure.everywhere or silent > 1:
                raise
            looked.append(_Looked(one, one.source.statbank_table, trouble=failure.found, failed=True))
    newest = _newest_years(looked)
    rows = [row for one in looked for row in _rows(definitions, one, newest)]
    metadata = [one.resolution.metadata for one in looked if one.resolution and one.resolution.metadata]
    return Report(rows, any(SYNTHETIC.casefold() in m.source.casefold() for m in metadata))


def _look(statbank: Statbank, one: Wanted, step: Callable[[str], None]) -> _Looked:
    source = one.source
    table = source.statbank_table
    if not table:
        table = _search(statbank, one)
        if not table:
            return _Looked(
                one, "", trouble=f"Tabellnummeret er ikke kjent, og et søk på «{source.search}» fant det ikke."
            )
    try:
        info = statbank.table(table)
        step("")
        _, metadata = statbank.metadata(table, source.codelist)
    except TableGone:
        follows = f" {source.successor} skal ha tatt over." if source.successor else ""
        return _Looked(one, table, trouble=f"SSB har ikke tabellen lenger.{follows}")
    except Unreadable as answer:
        return _Looked(one, table, trouble=str(answer), failed=True)
    return _Looked(one, table, info, resolve(one, metadata))


def _search(statbank: Statbank, one: Wanted) -> str:
    """The table that holds most of the contents codes; empty if none holds any."""
    codes = set(one.codes[CONTENTS])
    best, most = "", 0
    for word in one.source.search.split():
        for info in statbank.search(word)[:CANDIDATES]:
            try:
                _, metadata = statbank.metadata(info.table, {})
            except (TableGone, Unreadable):
                continue
            held = len(codes & set(_contents(metadata)))
            if held > most:
                best, most = info.table, held
        if best:
            break
    return best


def _contents(metadata: Metadata) -> dict[str, str]:
    dimension = metadata.dimensions.get(CONTENTS)
    return dimension.labels if dimension else {}


def _newest_years(looked: list[_Looked]) -> dict[str, int]:
    """The newest year among the open tables of each kind of region: what the others can be expected to have."""
    newest: dict[str, int] = {}
    for one in looked:
        if one.info and not one.info.discontinued and one.info.last[:4].isdigit():
            kind, year = one.wanted.source.region, int(one.info.last[:4])
            # prices on 1 January and projections run ahead of the accounts
            if one.wanted.source.timing in ("regnskapsåret", "rapporteringsåret", "kalenderåret"):
                newest[kind] = max(newest.get(kind, 0), year)
    return newest


# ------------------------------------------------------------------------------------------ rows


def _rows(definitions: Definitions, one: _Looked, newest: dict[str, int]) -> Iterator[Row]:
    source = one.wanted.source
    users = sorted(
        {i.id for i in definitions.indicators.values() for o in i.operands.values() if o.source == source.id}
    )
    whole = ", ".join(users)

    def row(state: State, now: str = "", now_label: str = "", note: str = "") -> Row:
        return Row(source.id, one.table, "", "", source.title, state, now, now_label, note, whole)

    if one.resolution is None or one.info is None:
        yield row("failed" if one.failed else "gone", note=one.trouble)
        return
    info, resolution = one.info, one.resolution
    if not source.statbank_table:
        yield row("moved", one.table, info.label, f"Tabellen er {one.table}.")
    if resolution.trouble:
        yield row("unmatched", now_label=info.label, note=resolution.trouble)
        return
    yield row("found", now_label=info.label, note=f"{info.first}–{info.last}, oppdatert {info.updated[:10]}")
    yield from _years(source, info, newest.get(source.region, 0), row)
    unnamed = one.wanted.unnamed
    for name in unnamed:
        yield _unnamed(one, name, whole)
    for code in resolution.codes:
        yield _code_row(one, code)


def _years(source: Source, info: TableInfo, newest: int, row: Callable[..., Row]) -> Iterator[Row]:
    last, successor, fixed = source.last_year or 0, source.successor, source.years_fixed
    ends = int(info.last[:4]) if info.last[:4].isdigit() else 0
    if info.discontinued:
        yield row(
            "closed", successor, note=f"Siste år er {info.last}." + (f" {successor} tar over." if successor else "")
        )
    elif ends > last and not fixed:
        yield row("new_years", info.last, note=f"Definisjonen går til {last}.")
    elif newest and ends < newest:
        yield row("standing_still", successor, note=f"Siste år er {info.last}; andre tabeller har {newest}.")


def _unnamed(one: _Looked, name: str, whole: str) -> Row:
    """A dimension, or the contents, that the definition has no codes for yet: what SSB has."""
    source = one.wanted.source
    assert one.resolution is not None and one.resolution.metadata is not None
    labels = one.resolution.metadata.dimensions[name].labels
    told = "; ".join(f"{code} {label}" for code, label in labels.items())
    note = "Definisjonen nevner ingen koder ennå, så ingenting hentes."
    return Row(source.id, one.table, name, "", source.title, "unnamed", "", told, note, whole)


def _code_row(one: _Looked, code: Code) -> Row:
    users = one.wanted.users.get((code.dimension, code.code), [])
    return Row(
        one.wanted.source.id,
        one.table,
        code.dimension,
        code.code,
        code.label,
        "code_found" if code.state == "moved" and code.code.startswith(UNKNOWN_CODE) else code.state,
        code.now,
        code.now_label,
        code.reason,
        ", ".join(dict.fromkeys(users)),
    )


# ----------------------------------------------------------------------------------- telling it


def lines(report: Report) -> Iterator[str]:
    """One screen in Norwegian: how many of each, then what needs a person, the gravest first."""
    counts = Counter(row.state for row in report.rows)
    tables = len({row.source for row in report.rows})
    codes = sum(1 for row in report.rows if row.code)
    synthetic = " SYNTETISK SERVER: dette sier ingenting om SSB." if report.synthetic else ""
    yield f"{tables} tabeller og {codes} koder er sammenlignet med SSBs metadata.{synthetic}"
    yield "  " + ", ".join(f"{WORDS[state]} {counts[state]}" for state in WORDS if counts[state])
    for state in NEEDS_A_PERSON:
        found = sorted((row for row in report.rows if row.state == state), key=lambda row: not row.indicators)
        if not found:
            continue
        yield f"{WORDS[state].capitalize()}:"
        for row in found[:SHOWN]:
            yield f"  {_told(row)}"
        if len(found) > SHOWN:
            yield f"  … og {len(found) - SHOWN} til."
    if report.well:
        yield "Alt indikatorene bygger på, finnes."


def _told(row: Row) -> str:
    text = row.about
    if row.state == "moved" and row.code:
        text += f" «{row.label}» heter nå {row.now}."
    elif row.state == "new_years":
        text += f" har {row.now}. {row.note}"
    elif row.note:
        text += f": {row.note}"
    names = row.indicators.split(", ")
    used = f" Brukes av {names[0]}" + (f" og {len(names) - 1} til." if len(names) > 1 else ".")
    return text + (used if row.indicators and row.state in ("gone", "unmatched", "moved", "failed") else "")


def write_table(report: Report, path: Path) -> None:
    """The same as a table: semicolon, UTF-8 with BOM, so that it opens right in a Norwegian spreadsheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow([field.name for field in fields(Row)])
        for row in report.rows:
            writer.writerow([spreadsheet_text(str(value)) for value in astuple(row)])
