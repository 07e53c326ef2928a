"""A filled-in file as rows of text under the names of its columns, and what in it is not used."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.delimited import LOOKED_FOR_HEADER
from pipeline.ingest.sheets import ERROR, NO_VALUE, Line, Sheet, read_sheets

Row = dict[str, str]
NOT_AS_IT_SHOULD = "Filen har ikke de kolonnene den skal ha:"
MOST_TOLD = 5  # cells of a kind, before the rest are counted


@dataclass
class Filled:
    """The rows of a file with their numbers in it, how it was read where that is not the usual way, and what of it is
    not used."""

    rows: list[tuple[int, Row]]
    seen: list[str] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)


def read_rows(path: Path, shown: str, columns: Sequence[str], needed: Sequence[str]) -> Filled:
    """The rows below the header, wherever it stands; a line without anything is left out.

    Raises KunnskapError if a needed column is not there, stands twice, or a cell holds an error.
    """

    def is_header(cells: Sequence[str]) -> bool:
        return set(needed) <= {cell.strip().casefold() for cell in cells}

    sheets = read_sheets(path, shown, is_header)
    found = [(sheet, at) for sheet in sheets if (at := _header(sheet, is_header)) is not None]
    if not found:
        raise _no_header(shown, sheets, columns, needed)
    if len(found) > 1:
        names = ", ".join(f"«{sheet.name}»" for sheet, _ in found)
        raise _not_as_it_should(
            shown, f"har {len(found)} ark med de kolonnene: {names}.", "behold det ene, og slett de andre."
        )
    [(sheet, at)] = found
    number, header = sheet.lines[at]
    filled = Filled([])
    if sheet.seen or at:
        filled.seen = [*([sheet.seen] if sheet.seen else []), *([f"overskriften står i rad {number}"] if at else [])]
    filled.not_used = [
        *(f"arket «{other.name}» ({_rows(len(other.lines))})" for other in sheets if other is not sheet),
        *(f"rad {line} over overskriften: «{_short(cells)}»" for line, cells in sheet.lines[:at]),
    ]
    places = _places(shown, number, header, columns)
    faults: list[Problem] = []
    beside: dict[str, list[int]] = {}
    for line, cells in sheet.lines[at + 1 :]:
        faults += _errors(shown, line, header, cells)
        for place, text in enumerate(cells):
            name = header[place].strip() if place < len(header) else ""
            if text and place not in places.values():
                beside.setdefault(name, []).append(line)
        row = {name: cells[place] if (place := places.get(name, len(cells))) < len(cells) else "" for name in columns}
        if any(row.values()):
            filled.rows.append((line, row))
    if sheet.name == "" and "" in beside:  # in CSV a cell too many has moved the others
        faults += [
            Problem(file=shown, row=line, found="har flere celler enn overskriften: et skilletegn står i en tekst.",
                    remedy="sett teksten i anførselstegn, eller fyll ut xlsx-filen.")
            for line in beside.pop("")[:MOST_TOLD]
        ]  # fmt: skip
    if faults:
        raise KunnskapError("Celler som ikke kan leses:", faults)
    filled.not_used += [
        f"kolonnen «{name}», som skjemaet ikke har ({_in_rows(lines)})"
        if name
        else f"celler uten overskrift ({_in_rows(lines)})"
        for name, lines in beside.items()
    ]
    return filled


def date_of(text: str) -> date | None:
    """15.06.2018 or 2018-06-15; None if it is no date."""
    found = re.fullmatch(r"(?:(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?)", text, re.ASCII)
    if not found:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None


def _header(sheet: Sheet, is_header: Callable[[Sequence[str]], bool]) -> int | None:
    """Which of the first lines has every needed name; None if none has."""
    return next((at for at, (_, cells) in enumerate(sheet.lines[:LOOKED_FOR_HEADER]) if is_header(cells)), None)


def _places(shown: str, number: int, header: Sequence[str], columns: Sequence[str]) -> dict[str, int]:
    """Where each column stands."""
    names = [name.strip().casefold() for name in header]
    twice = [name for name, count in Counter(names).items() if count > 1 and name in columns]
    if twice:
        found, remedy = (
            f"kolonnen {', '.join(twice)} står flere ganger.",
            "slett eller gi nytt navn til den som ikke gjelder.",
        )
        raise _not_as_it_should(shown, found, remedy, "hver kolonne én gang", number)
    return {name: names.index(name) for name in columns if name in names}


def _errors(shown: str, line: int, header: Sequence[str], cells: Sequence[str]) -> Iterator[Problem]:
    """What a spreadsheet writes where it could not work a value out."""
    for place, text in enumerate(cells):
        if not ERROR.fullmatch(text):
            continue
        column = header[place] if place < len(header) else ""
        if text == NO_VALUE:
            found, remedy = "formelen har ingen lagret verdi.", "åpne filen i Excel, la den regne, og lagre den."
        else:
            found, remedy = f"fant «{text}».", "rett formelen, eller skriv tallet selv."
        yield Problem(file=shown, row=line, column=column, found=found, remedy=remedy)


def _no_header(shown: str, sheets: list[Sheet], columns: Sequence[str], needed: Sequence[str]) -> KunnskapError:
    """Of the lines that could have been the header, what the most likely one lacks."""
    lines: list[Line] = [line for sheet in sheets for line in sheet.lines[:LOOKED_FOR_HEADER]]
    have = [({cell.strip().casefold() for cell in cells}, number) for number, cells in lines]
    names, number = max(have, key=lambda one: len(one[0] & set(needed)), default=(set(), 1))
    missing = [name for name in needed if name not in names]
    if len(missing) == len(needed):
        remedy = "kopier tallene over i en tom fil fra `kunnskap new`, under disse overskriftene."
        return _not_as_it_should(shown, "har ingen rad med skjemaets overskrifter.", remedy, ", ".join(columns))
    remedy = "gi kolonnene disse navnene, eller ta en tom fil fra `kunnskap new`."
    return _not_as_it_should(shown, f"mangler kolonnene {', '.join(missing)}.", remedy, ", ".join(columns), number)


def _not_as_it_should(shown: str, found: str, remedy: str, allowed: str = "", row: int | None = None) -> KunnskapError:
    return KunnskapError(NOT_AS_IT_SHOULD, [Problem(file=shown, row=row, found=found, allowed=allowed, remedy=remedy)])


def _in_rows(lines: list[int]) -> str:
    listed = ", ".join(map(str, lines[:MOST_TOLD]))
    return f"rad {listed}" + (f" og {len(lines) - MOST_TOLD} til" if len(lines) > MOST_TOLD else "")


def _rows(count: int) -> str:
    return f"{count} {'rad' if count == 1 else 'rader'}"


def _short(cells: Sequence[str]) -> str:
    text = " ".join(cell for cell in cells if cell)
    return text if len(text) <= 60 else f"{text[:59]}…"
