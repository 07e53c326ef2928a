"""Rows of KLASS 131 as they come, made into dataclasses. Source: SSB, `/classifications/131/changes` and `/codesAt`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.errors import KunnskapError, Problem
from pipeline.territory.words import day

Row = Mapping[str, object] | Sequence[object]

CHANGE_COLUMNS = ("changeOccurred", "oldCode", "oldName", "newCode", "newName")
CODE_COLUMNS = ("code", "name")
NOWHERE = "9999"  # «Uoppgitt» stands in codesAt and is no place


@dataclass(frozen=True)
class Change:
    """On 1 January of `year` all or a part of `old` became all or a part of `new`."""

    year: int
    old: str
    old_name: str
    new: str
    new_name: str


def read_changes(rows: Iterable[Row]) -> tuple[Change, ...]:
    """Rows of changes, oldest first. Raises KunnskapError on a row that the model of states cannot hold."""
    problems: list[Problem] = []
    changes: set[Change] = set()
    for number, row in enumerate(rows, start=1):
        changed, old, old_name, new, new_name = _values(row, CHANGE_COLUMNS)
        found = _fault(changed, old, new)
        if found:
            problems.append(Problem(found=found, row=number))
        else:
            changes.add(Change(int(changed[:4]), old, old_name, new, new_name))
    if problems:
        raise KunnskapError("Endringene i KLASS 131 kan ikke følges:", problems)
    return tuple(sorted(changes, key=lambda change: (change.year, change.old, change.new)))


def read_codes(rows: Iterable[Row]) -> dict[str, str]:
    """Code → name of the codes valid at one date, without «Uoppgitt»."""
    pairs = (_values(row, CODE_COLUMNS) for row in rows)
    return {code: name for code, name in pairs if code and code != NOWHERE}


def _values(row: Row, columns: tuple[str, ...]) -> tuple[str, ...]:
    values = [row.get(name) for name in columns] if isinstance(row, Mapping) else list(row)[: len(columns)]
    return tuple("" if value is None else str(value) for value in values)


def _fault(changed: str, old: str, new: str) -> str:
    try:
        when = date.fromisoformat(changed[:10])
    except ValueError:
        return f"«{changed}» er ikke en dato."
    if (when.month, when.day) != (1, 1):
        return f"{old} → {new} er datert {day(when)}; kommuner kan bare endres 1. januar."
    if not old or not new:
        return f"raden fra {day(when)} mangler {'den gamle' if not old else 'den nye'} koden ({old}{new})."
    return ""
