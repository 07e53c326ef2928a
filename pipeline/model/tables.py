"""What the processed tables hold: statuses, terms, the field dictionary, and the tables themselves."""

from typing import Literal, Self

from pydantic import model_validator

from pipeline.model.block import Block


class Status(Block):
    id: str
    label: str
    rank: int
    meaning: str
    symbols: list[str] = []
    provisional: list[str] = []  # signs that may stand beside a figure


class Term(Block):
    term: str
    text: str


class FieldDef(Block):
    """One entry of the field dictionary."""

    type: Literal["text", "number", "integer", "date", "boolean"]
    about: str
    pattern: str = ""
    allowed_words: str = ""
    allowed: list[str] = []
    allowed_of: Literal["", "accounts", "arrangements"] = ""  # the definitions that say what is allowed
    minimum: float | None = None
    maximum: float | None = None
    blank: bool = False
    region: bool = False
    status: bool = False
    people: bool = False  # a count of people: not shown where they are few


class Table(Block):
    """A processed table: its grain, its columns, and what it is for.

    `half`: the only half of the reports that reads it; nothing where both may. `figures`: what a status tells of,
    status column → the column with a figure exactly where that status is ok; `status` tells of `value` where nothing
    is said. `dust`: what is a difference, and so may be dust where figures cancel: see `pipeline/compute/build.py`.
    """

    about: str
    grain: list[str]
    columns: list[str]
    fields: dict[str, str] = {}
    half: Literal["", "harmonisation"] = ""
    figures: dict[str, str] = {}
    dust: list[str] = []

    @property
    def told(self) -> dict[str, str]:
        """Every status that tells of a column, and the column."""
        usual = {"status": "value"} if {"status", "value"} <= set(self.columns) else {}
        return usual | self.figures

    @model_validator(mode="after")
    def _figures_are_columns(self) -> Self:
        unknown = sorted({*self.figures, *self.figures.values(), *self.dust} - set(self.columns))
        if unknown:
            raise ValueError(f"figures eller dust nevner {', '.join(unknown)}, som ikke står i columns.")
        return self
