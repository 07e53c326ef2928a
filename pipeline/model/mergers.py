"""Who merges, under which codes, and what they are compared with."""

from datetime import date
from typing import Literal

from pydantic import Field

from pipeline.model.block import Block


class Member(Block):
    code: str = Field(pattern=r"^\d{4}$")
    name: str
    kostra_group: str = ""


class Successor(Block):
    code: str = Field(pattern=r"^\d{4}$")
    from_: date = Field(alias="from")
    to: date | None = None


class Comparator(Block):
    """Something to compare with: a region code, or regions put together (`plus`) less others (`minus`)."""

    id: str
    name: str
    kind: Literal["country", "country_without_oslo", "county", "kostra_group", "peer"]
    plus: list[str] = []
    minus: list[str] = []
    years: tuple[int, int] = (1986, 2099)


class Deadline(Block):
    basis: date
    workshop: date


class Merger(Block):
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    merged_name: str
    merge_date: date
    base_year: int
    subprojects: str
    groupings: list[str] = []
    member: list[Member] = Field(min_length=2)
    successor: list[Successor] = []
    comparator: list[Comparator] = []
    deadlines: dict[str, Deadline] = {}

    @property
    def own_codes(self) -> list[str]:
        """The municipality codes of the members and of the merged municipality."""
        return [member.code for member in self.member] + [successor.code for successor in self.successor]

    @property
    def region_codes(self) -> list[str]:
        """Every region code that figures are looked up for: own, and what comparators are made of."""
        compared = [code for c in self.comparator for code in (c.plus + c.minus or [c.id])]
        return list(dict.fromkeys([*self.own_codes, *compared]))

    @property
    def recast_code(self) -> str:
        """SSB's code for the series recast to today's municipality (codelist agg_KommSummer); empty if none."""
        return f"K-{self.successor[-1].code}" if self.successor else ""

    def faults(self) -> list[tuple[str, str]]:
        """Found and allowed: successors one after the other from the merger on, a base year before it."""
        faults = []
        start = self.merge_date
        for successor in self.successor:
            if successor.from_ != start:
                faults.append((f"{successor.code} gjelder fra {successor.from_}.", f"{start}"))
            start = successor.to or date.max
        if self.base_year >= self.merge_date.year:
            faults.append((f"base_year {self.base_year}.", "et år før sammenslåingen"))
        return faults
