"""A merger: members the day before, the successor that day, and what the merged municipality is in each year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipeline.errors import Problem
from pipeline.territory.checks import merger_date_fault, require
from pipeline.territory.land import Composition, Mark, Place, Territory
from pipeline.territory.survey import Survey
from pipeline.territory.words import day, listed


@dataclass(frozen=True)
class Member:
    """A municipality of the day before, and the codes its land had that day (itself, when nothing happened to it)."""

    code: str
    name: str
    became: tuple[str, ...]


@dataclass(frozen=True)
class Divided:
    """A member whose land went to several codes that day: `others` are those beside `nearest`, (code, name)."""

    code: str
    name: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Merger:
    """`successor`: the one code all members, and nobody else, became; None where the merger is not real, or not yet.

    `nearest`: the successor, else the code most members became (at least two). `came_along`: who else became it, and
    is no member. `elsewhere`: members that did not become it. `divided`: members of which the successor got a part; an
    imagined merger has all of its members in every year.
    """

    when: date
    members: tuple[Member, ...]
    successor: str | None
    nearest: str | None
    came_along: tuple[Member, ...]
    elsewhere: tuple[Member, ...]
    divided: tuple[Divided, ...]
    whole: tuple[str, ...]
    reference: date  # of the members
    survey: Survey = field(repr=False, compare=False)

    @property
    def surviving(self) -> bool:
        """The successor has the code of one of its members: same code, larger land from the date on."""
        return self.successor in {member.code for member in self.members}

    @property
    def problems(self) -> list[Problem]:
        """Where the members are not those of KLASS; whether that stops anything is the caller's to say."""
        return [Problem(found=found) for found in (*self._left_out(), *self._not_members())]

    # ---------- territories

    def member_territory(self, code: str) -> Territory:
        return Territory((code,), self.reference)

    @property
    def territory(self) -> Territory:
        """What the merged municipality is from the date on: the successor, else the union of the members."""
        if self.successor:
            return Territory((self.successor,), self.when)
        return Territory(tuple(member.code for member in self.members), self.reference)

    # ---------- year by year

    def merged(self, year: int) -> Composition:
        """The merged municipality in a year: before the date the members (of a divided one the part that came along,
        or all of it where it is counted whole), from the date on the successor's land, whatever its codes became.
        """
        return self.composed(year, before=year < self.when.year)

    def member(self, code: str, year: int) -> Composition:
        """A member's own land in a year; no codes of its own in a year where it is only part of one."""
        return self.survey.composition(self.member_territory(code), year)

    def composed(self, year: int, before: bool) -> Composition:
        """The merged municipality's land in a year, as it was up to the date (`before`) or is from it on.

        Accounts of y and population of 1.1. y+1 are to be asked for with the same `before`: a member counted whole is
        whole only until the date, and the last year before it has accounts without the people of the same land.
        """
        land = self._land_before() if before else self.survey.land(self.territory)
        found = self.survey.compose(land, year, self.territory.year)
        marks = tuple(self._whole_mark(one) for one in self.divided if one.code in self.whole)
        return replace(found, marks=(*found.marks, *marks)) if before and found.answer != "not_yet" else found

    def _land_before(self) -> int:
        members = self.survey.land(Territory(tuple(member.code for member in self.members), self.reference))
        if not self.successor:
            return members
        return members & self.survey.land(self.territory) | self.survey.land(Territory(self.whole, self.reference))

    def _whole_mark(self, one: Divided) -> Mark:
        others = listed(name for _, name in one.others)
        what = "en del ble" if len(one.others) == 1 else "deler ble også"
        text = f"{one.name} ({one.code}) er regnet med hel i årene før {self.when.year}; {what} {others}."
        return Mark("whole", self.when.year, (one.code,), text)

    # ---------- sentences

    def _left_out(self) -> list[str]:
        who = ((f"{one.code} {one.name}", " (en del)" if len(one.became) > 1 else "") for one in self.came_along)
        return [f"KLASS: også {name}{part} ble {self.nearest} den dagen." for name, part in who]

    def _not_members(self) -> list[str]:
        return [f"KLASS: {one.code} {one.name} {_became(one)}, ikke {self.nearest}." for one in self.elsewhere]


def read_merger(survey: Survey, codes: Sequence[str], when: date, whole: Sequence[str]) -> Merger:
    """Raises KunnskapError on a date, members or `whole` that do not hold."""
    fault = merger_date_fault(survey.ground, when)
    require([fault] if fault else [], "Sammenslåingen kan ikke brukes:")
    reference = _day_before(survey, when)
    territory = survey.union([Place(code, reference) for code in codes])
    moves = _moves(survey, when)
    members = tuple(_member(survey, code, reference, moves) for code in territory.codes)
    _require_whole(members, whole, when)
    nearest = _nearest(members, moves)
    joined = sorted(old for old, news in moves.items() if nearest in news and old not in territory.codes)
    real = nearest is not None and not joined and all(nearest in one.became for one in members)
    return Merger(
        when=when,
        members=members,
        successor=nearest if real else None,
        nearest=nearest,
        came_along=tuple(_member(survey, code, reference, moves) for code in joined),
        elsewhere=tuple(one for one in members if nearest and nearest not in one.became),
        divided=tuple(_divided(survey, one, nearest, when) for one in members if real and len(one.became) > 1),
        whole=tuple(whole),
        reference=reference,
        survey=survey,
    )


def _day_before(survey: Survey, when: date) -> date:
    """The day whose codes the members have: the day before, or the newest known where that lies later."""
    return date(when.year - 1, 12, 31) if when.year - 1 <= survey.newest else date(survey.newest, 1, 1)


def _moves(survey: Survey, when: date) -> dict[str, tuple[str, ...]]:
    """Old code → new codes on a date; none on a date without changes."""
    return next((step.became for step in survey.ground.history.steps if step.year == when.year), {})


def _member(survey: Survey, code: str, reference: date, moves: dict[str, tuple[str, ...]]) -> Member:
    return Member(code, survey.name(code, reference.year), moves.get(code, (code,)))


def _nearest(members: tuple[Member, ...], moves: dict[str, tuple[str, ...]]) -> str | None:
    """The code most members became: at least two of them, or the only one together with others."""
    counted = Counter(code for one in members for code in one.became).most_common(2)
    code, times = counted[0]
    tie = len(counted) > 1 and counted[1][1] == times
    merged = sum(code in news for news in moves.values()) > 1
    return None if tie or not merged or times < min(2, len(members)) else code


def _divided(survey: Survey, one: Member, nearest: str | None, when: date) -> Divided:
    others = tuple((code, survey.name(code, when.year)) for code in one.became if code != nearest)
    return Divided(one.code, one.name, others)


def _require_whole(members: tuple[Member, ...], whole: Sequence[str], when: date) -> None:
    by_code = {one.code: one for one in members}
    found = [f"{code} skal regnes hel, men er ikke blant medlemmene." for code in whole if code not in by_code]
    found += [
        f"{code} {by_code[code].name} skal regnes hel, men ble ikke delt {day(when)}."
        for code in whole
        if code in by_code and len(by_code[code].became) == 1
    ]
    require(found, "Sammenslåingen kan ikke brukes:")


def _became(one: Member) -> str:
    return "fortsatte som før" if one.became == (one.code,) else f"ble {listed(one.became)}"
