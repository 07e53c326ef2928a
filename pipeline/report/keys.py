"""What a report may read, and the key made of it: all that it can read stands in the key, so none of it changes unseen.

A report is given its own definitions and its own tables: everything, less what is known not to touch it (the
indicators it does not show, other mergers and their guidelines, the cards where none is printed, the tables of the
other half, the rows of other sub-projects). What was taken away is not there to be read.
"""

import hashlib
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pipeline.model import Card, Definitions, Indicator, Merger, Part

Kind = Literal["kunnskapsgrunnlag", "harmonisering", "oversikt", "økonomi"]
NO_CARD = Card(what="", why="", read="")


@dataclass(frozen=True)
class Rows:
    """The rows of a table with one of these names in a column, or with none of them; without a name it is neither."""

    column: str
    names: frozenset[str]
    without: bool = False

    def hold(self, name: str | None) -> bool:
        return name is not None and (name in self.names) is not self.without

    @property
    def condition(self) -> str:
        listed = ", ".join(f"'{_quoted(name)}'" for name in sorted(self.names)) or "''"
        return f"{self.column} {'not in' if self.without else 'in'} ({listed})"


@dataclass(frozen=True)
class Scope:
    """`rows` says of every table that may be read which of its rows; None takes the table as it is."""

    kind: Kind
    definitions: Definitions
    rows: dict[str, Rows | None]

    def source(self, table: str, processed: Path) -> str:
        """The table as SQL: its file, or the rows of it that are the report's.

        Raises LookupError for a table outside the scope: its changes would not be seen.
        """
        if table not in self.rows:
            raise LookupError(f"{self.kind} may not read {table}: it is not in its key")
        file, own = f"'{_quoted(processed.as_posix())}/{table}.parquet'", self.rows[table]
        return f"(select * from {file} where {own.condition})" if own else file


def whole(definitions: Definitions) -> Scope:
    """Everything, for commands that look things up."""
    return Scope("oversikt", definitions, dict.fromkeys(definitions.tables))


def scope_of(definitions: Definitions, merger: Merger, part: Part | None, kind: Kind) -> Scope:
    """What one report may read. With `part` None it is about the whole merger."""
    shown = _shown(definitions, merger, part, kind)
    cards = kind == "kunnskapsgrunnlag"
    indicators = {name: _carded(indicator, cards) for name, indicator in shown.items()}
    own = replace(own_only(definitions, merger), indicators=indicators)
    forms = {form.as_form.table for form in definitions.forms}
    rows: dict[str, Rows | None] = {}
    for name, table in definitions.tables.items():
        evened_out = table.half == "harmonisation" or name in forms
        if (name == "indicator_card" and not cards) or (evened_out and kind == "kunnskapsgrunnlag"):
            continue
        if name == "set_aside" and kind != "oversikt":  # elsewhere the reason stands with the figure
            continue
        rows[name] = _rows(definitions, merger, part, kind, name, shown)
    return Scope(kind, own, rows)


def own_only(definitions: Definitions, merger: Merger) -> Definitions:
    """The definitions without anything of another merger: its files touch nothing of this one."""
    guidelines = {merger.id: definitions.harmonisation.guidelines.get(merger.id, [])}
    harmonisation = replace(definitions.harmonisation, guidelines=guidelines)
    return replace(definitions, mergers={}, merger_faults={}, harmonisation=harmonisation)


def _carded(indicator: Indicator, cards: bool) -> Indicator:
    return indicator if cards else indicator.model_copy(update={"card": NO_CARD})


def _shown(definitions: Definitions, merger: Merger, part: Part | None, kind: Kind) -> dict[str, Indicator]:
    """The indicators a report shows or looks up, in the order they are defined in."""
    if part is None:
        return definitions.indicators
    names = {indicator.id for indicator in definitions.indicators_of(part)}
    names |= {
        name
        for split in definitions.decompositions.values()
        if split.cost in names
        for name in (split.users, split.inhabitants)
    }
    if kind == "harmonisering":
        points = [point for plan in definitions.harmonisation.guidelines.get(merger.id, []) for point in plan.guideline]
        names |= {name for point in points for name in point.indicators}
        names |= definitions.harmonisation.indicators
    return {name: indicator for name, indicator in definitions.indicators.items() if name in names}


def _rows(
    definitions: Definitions, merger: Merger, part: Part | None, kind: Kind, name: str, shown: dict[str, Indicator]
) -> Rows | None:
    """A report's own rows of a table."""
    if part is None:
        return None
    columns = definitions.tables[name].columns
    if "indicator" in columns:
        return Rows("indicator", frozenset(shown))
    if "subproject" in columns:
        return Rows("subproject", frozenset(definitions.subprojects_of(merger, part)))
    if name == "observation":  # a report looks into it for schools; a whole country of other cells is not its own
        return Rows("source", frozenset(source for i in shown.values() for source in i.sources))
    if name == "source" and kind == "kunnskapsgrunnlag":  # no form is read there
        return Rows("source", frozenset(form.id for form in definitions.forms), without=True)
    return None


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def definitions_key(scope: Scope) -> str:
    """What most reports of a run share, all sources for one, is written out once for all of them."""
    known = scope.definitions
    parts = [f"{field.name} {_digest(_Same(getattr(known, field.name)))}" for field in fields(known)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class _Same:
    """Something that is equal to itself only, whatever else it holds."""

    def __init__(self, thing: object) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


@lru_cache(maxsize=100)
def _digest(same: _Same) -> str:
    return hashlib.sha256(repr(same.thing).encode()).hexdigest()
