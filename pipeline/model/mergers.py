"""Who merges: what a user writes in five lines, and what is worked out of it.

`MergerFile` is a file of `definitions/mergers/`. `Merger` is what `pipeline.mergers` makes of it with KLASS: names,
codes year by year, successor, comparators. Nothing else in the project says what a code was before.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from pipeline.errors import Problem
from pipeline.model.block import Block
from pipeline.model.sources import Deviation

Code = str
Kind = Literal["country", "country_without_oslo", "county", "kostra_group", "peer"]


class Deadline(Block):
    basis: date
    workshop: date


class MergerFile(Block):
    """What the user writes; the id is the file's name.

    `members`: codes valid the day before `date`, or today's where that lies ahead. `whole`: members that were divided
    that day and are counted whole in the years before. `what_if`: the merger is imagined, though KLASS tells of another
    with some of the members. The rest has defaults: `peers` are codes of the same day or of today, `kostra_groups` is
    needed only where the set has no KLASS 112 (code → group).
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    date: date
    members: list[Code] = Field(min_length=1)
    base_year: int
    whole: list[Code] = []
    what_if: bool = False
    merged_name: str = ""
    names: dict[Code, str] = {}
    peers: list[Code] = []
    kostra_groups: dict[Code, str] = {}
    subprojects: str = "ap2"
    groupings: list[str] = ["temaplaner"]
    deadlines: dict[str, Deadline] = {}
    deviation: list[Deviation] = []  # known disagreements in the figures of this merger

    def faults(self, shown: str) -> list[Problem]:
        """What does not go together in a file that is `shown` so to a person."""
        found = []
        if len(self.members) == 1:
            one = "én kommune kan ikke slås sammen alene."
            found.append(Problem(one, file=shown, column="members", allowed="minst to kommuner"))
        if self.base_year >= self.date.year:
            year = f"base_year er {self.base_year}, men sammenslåingen er i {self.date.year}."
            found.append(Problem(year, file=shown, column="base_year", allowed="et år før sammenslåingen"))
        return found


class Member(Block):
    """A municipality the day before. `groups`: its KOSTRA group by year, where it is known."""

    code: Code
    name: str
    groups: dict[int, str] = {}
    kostra_group: str = ""  # the last one known before the merger


class Successor(Block):
    """A code the merged municipality has had for itself, from and to (not included)."""

    code: Code
    from_: date = Field(alias="from")
    to: date | None = None


class Comparator(Block):
    """Something to compare with: a region code, or regions put together (`plus`) less others (`minus`)."""

    id: str
    name: str
    kind: Kind
    plus: list[Code] = []
    minus: list[Code] = []
    years: tuple[int, int] = (1986, 2099)


class Land(Block):
    """What codes a region is in one state (year), as seen from before (`version` 0) or after the merger (1).

    `use`: the one code's own figures, the sum of several, or not valid, with the reason. `mark`: what must be told
    beside a figure that can be used.
    """

    region: str
    version: int
    year: int
    use: Literal["own", "sum", "not_valid"]
    codes: list[Code] = []
    names: list[str] = []
    reason: str = ""
    mark: str = ""


class Merger(Block):
    """A merger with everything that follows from its file. Years are states: 1 January to 31 December."""

    id: str
    name: str
    merged_name: str
    merge_date: date
    base_year: int
    newest_year: int  # the newest state KLASS tells of
    subprojects: str
    groupings: list[str]
    member: list[Member]
    successor: list[Successor]
    recast_code: str  # SSB's code for the series recast to today's municipality (agg_KommSummer); empty if none
    comparator: list[Comparator]
    group_of_year: dict[int, str]  # the KOSTRA group to compare with, year by year
    land: list[Land]
    divided: list[str]  # why figures from before and after the merger are not of the same land; mostly empty
    other_land: dict[Code, dict[int, str]]  # codes that are another piece of land the year after: why, by year
    notes: list[str]  # what was found on the way and a reader should know
    deadlines: dict[str, Deadline] = {}
    deviation: list[Deviation] = []

    @property
    def real(self) -> bool:
        """Whether there is a municipality with figures of its own."""
        return bool(self.successor)

    @property
    def own_from(self) -> int:
        """The first year with figures of the merged municipality's own; 0 where there is none, or none yet."""
        return self.successor[0].from_.year if self.successor else 0

    def own_code_in(self, year: int) -> dict[str, str]:
        """The codes with figures in a year that belong to a member or the merged municipality alone: whose name."""
        names = {self.id: self.merged_name, **{member.code: member.name for member in self.member}}
        used = (land for land in self.land if land.year == year and land.region in names and land.use == "own")
        return {land.codes[0]: names[land.region] for land in used}

    def mark_in(self, region: str, year: int) -> str:
        """What must be told beside a figure of a member or the merged municipality in a year; mostly nothing."""
        version = int(region == self.id and year >= self.merge_date.year)
        found = (one.mark for one in self.land if (one.region, one.version, one.year) == (region, version, year))
        return next(found, "")

    def codes_in(self, year: int) -> list[Code]:
        """Every code that a member or the merged municipality is found under in a year."""
        return list(dict.fromkeys(code for land in self._own_land if land.year == year for code in land.codes))

    @property
    def own_codes(self) -> list[Code]:
        """Every code that members and the merged municipality have had, in the order they are met."""
        return list(dict.fromkeys(code for land in self._own_land for code in land.codes))

    @property
    def _own_land(self) -> list[Land]:
        own = {self.id, *(member.code for member in self.member)}
        return [land for land in self.land if land.region in own]

    @property
    def region_codes(self) -> list[Code]:
        """Every region code that figures are looked up for: own, and what comparators are made of."""
        compared = [code for c in self.comparator for code in (c.plus + c.minus or [c.id])]
        return list(dict.fromkeys([*self.own_codes, *compared]))
