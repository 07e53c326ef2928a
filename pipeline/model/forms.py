"""What the municipalities fill in row by row: a form's columns, what it becomes, and what it is about."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from pipeline.model.block import Block
from pipeline.model.harmonisation import Object


class Column(Block):
    """A column of a form. `as_` is its name in the tables; without one it is only there for those who fill in."""

    field: str  # the entry of fields.toml that says what may stand in it
    as_: str = Field(default="", alias="as")
    key: bool = False
    fill: bool = False
    width: int = 30  # characters, in the sheet
    help: str = ""


class Form(Block):
    """A form. `table` is what it becomes: `form_<table>` as filled in, and published where there is such a table."""

    table: str = Field(pattern=r"^[a-z_]+$")
    adds: str  # what a report says that the form would bring
    object: Object | Literal[""] = ""
    short: str = ""  # what the object is called, where the form's title is longer
    about: str = ""  # the column that `kunnskap explain` finds rows by
    item: list[str] = []  # the columns whose words make an item's id, its head first
    empty: Literal["services", "fees", "assumptions"] = "services"  # what the rows of the empty form are about
    order: list[str] = []  # columns, as named in the tables, that published rows stand in the order of
    column: dict[str, Column]

    @property
    def fill(self) -> list[str]:
        """The columns somebody fills in; a row where all of them are empty is not there."""
        return [name for name, column in self.column.items() if column.fill]

    @property
    def named(self) -> dict[str, str]:
        """The form's column by its name in the tables."""
        return {column.as_: name for name, column in self.column.items() if column.as_}

    @property
    def by_member(self) -> bool:
        """Whether each municipality fills in rows of its own; what the group assumes is nobody's."""
        return "region" in self.named

    def faults(self) -> Iterator[str]:
        """What does not hold together within the block."""
        names = [column.as_ for column in self.column.values() if column.as_]
        yield from (f"to kolonner heter «{name}» (as)." for name in sorted({n for n in names if names.count(n) > 1}))
        yield from (f"kolonnen «{n}» finnes ikke." for n in [*self.item, self.about] if n and n not in self.column)
        yield from (f"ingen kolonne heter «{name}» (as)." for name in ["source", *self.order] if name not in names)
