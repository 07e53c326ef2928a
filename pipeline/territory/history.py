"""States and what moved between them.

All changes of KLASS 131 fall on 1 January, so that a calendar year is a state: the codes valid from 1.1. to 31.12.
States are found backwards from the codes valid at the newest date, one 1 January at a time (newyear.py).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.territory.newyear import NewYear, Pair
from pipeline.territory.rows import Change


@dataclass(frozen=True)
class Era:
    """Years with the same codes: from `first` until the next era begins."""

    first: int
    codes: frozenset[str]


@dataclass(frozen=True)
class Step:
    """What happened on 1 January of `year`. `moves` holds every code's land, also of codes that go on as themselves."""

    year: int
    moves: tuple[Pair, ...]
    borders: tuple[Pair, ...]

    @cached_property
    def became(self) -> dict[str, tuple[str, ...]]:
        """Old code → new codes, of all land."""
        found: dict[str, tuple[str, ...]] = {}
        for old, new in self.moves:
            found[old] = (*found.get(old, ()), new)
        return found

    @cached_property
    def divided(self) -> tuple[str, ...]:
        """Old codes whose land went to several."""
        return tuple(old for old, news in self.became.items() if len(news) > 1)


@dataclass(frozen=True)
class History:
    """Eras from `first` to `newest` (years); `steps[i]` leads from `eras[i]` to `eras[i + 1]`."""

    first: int
    newest: int
    eras: tuple[Era, ...]
    steps: tuple[Step, ...]

    @cached_property
    def _starts(self) -> list[int]:
        return [era.first for era in self.eras]

    def era(self, year: int) -> int:
        """The place of the era that holds a year within [first, newest]."""
        return bisect_right(self._starts, year) - 1

    def last_year(self, era: int) -> int:
        return self.eras[era + 1].first - 1 if era + 1 < len(self.eras) else self.newest

    def valid(self, code: str, year: int) -> bool:
        return self.first <= year <= self.newest and code in self.eras[self.era(year)].codes

    def spells(self, code: str) -> tuple[tuple[int, int], ...]:
        """(first year, last year) of each unbroken time a code was valid within [first, newest]."""
        found: list[tuple[int, int]] = []
        for place, era in enumerate(self.eras):
            if code not in era.codes:
                continue
            begun = found.pop()[0] if found and found[-1][1] == era.first - 1 else era.first
            found.append((begun, self.last_year(place)))
        return tuple(found)


def build_history(changes: tuple[Change, ...], current: Iterable[str], first: int, newest: int) -> History:
    """States of the years [first, newest]. `current`: the codes valid in `newest`.

    Changes up to `first` and after `newest` move nothing here. Raises KunnskapError when rows and codes contradict.
    """
    rows: dict[int, set[Pair]] = defaultdict(set)
    for change in changes:
        rows[change.year].add((change.old, change.new))
    alive = _alive_before(rows)
    known = frozenset(current)
    eras: list[Era] = []
    steps: list[Step] = []
    for year in sorted((year for year in rows if first < year <= newest), reverse=True):
        change_day = NewYear(year, frozenset(rows[year]), known, alive[year])
        change_day.require_sense()
        eras.append(Era(year, known))
        steps.append(Step(year, change_day.moves(), tuple(sorted(change_day.borders))))
        known = change_day.before
    eras.append(Era(first, known))
    return History(first, newest, tuple(reversed(eras)), tuple(reversed(steps)))


def _alive_before(rows: dict[int, set[Pair]]) -> dict[int, dict[str, bool]]:
    """For each year of changes: whether a code was alive after the last earlier row that names it."""
    alive: dict[str, bool] = {}
    snapshots: dict[int, dict[str, bool]] = {}
    for year in sorted(rows):
        snapshots[year] = dict(alive)
        alive |= {old: False for old, _ in rows[year]}
        alive |= {new: True for _, new in rows[year]}
    return snapshots
