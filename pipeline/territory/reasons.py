"""Why a code does not lie wholly in the land: who else holds it, since when or until when, in a sentence."""

from dataclasses import dataclass

from pipeline.territory.ground import Ground
from pipeline.territory.land import Held
from pipeline.territory.words import listed


@dataclass(frozen=True)
class Shared:
    """A code of `year` with paths `inside` and `outside` land whose codes have their meaning in `reference` (year)."""

    ground: Ground
    code: str
    year: int
    inside: int
    outside: int
    reference: int

    @property
    def era(self) -> int:
        return self.ground.history.era(self.year)

    def apart(self) -> int | None:
        """The era that tells inside from outside by codes: that of the reference, else the nearest one."""
        eras = range(len(self.ground.history.eras))
        reference = self.ground.history.era(self.reference)
        for era in [reference, *sorted(eras, key=lambda era: abs(era - self.era))]:
            if self.ground.paths.at(self.inside, era).isdisjoint(self.ground.paths.at(self.outside, era)):
                return era
        return None

    def others(self) -> tuple[Held, ...]:
        """Who else holds the code, as codes of the era that tells."""
        era = self.apart()
        if era is None:
            return ()
        year = self._year_of(era)
        codes = sorted(self.ground.paths.at(self.outside, era))
        return tuple(Held(code, year, self.ground.names.of(code, year)) for code in codes)

    def parted(self, other: Held) -> int:
        """The year in which another's land joined the code's, or left it (the new state's year)."""
        paths, eras = self.ground.paths, self.ground.history.eras
        theirs = self.outside & self.ground.through(other.code, other.year)
        ahead = other.year > self.year
        era = self.era
        while 0 <= era < len(eras) and not paths.at(self.inside, era).isdisjoint(paths.at(theirs, era)):
            era += 1 if ahead else -1
        return eras[era if ahead else era + 1].first

    def _year_of(self, era: int) -> int:
        """The reference year if it lies in the era, else the era's year nearest to the code's."""
        if era == self.ground.history.era(self.reference):
            return self.reference
        return self.ground.history.eras[era].first if era > self.era else self.ground.history.last_year(era)


def part_reason(shared: Shared, others: tuple[Held, ...]) -> str:
    """Norwegian, for a code of which a part surely lies outside."""
    code = shared.ground.names.shown(shared.code, shared.year)
    if not others:
        return f"Bare en del av {code} hører med."
    return _divided(shared, code, others) if others[0].year > shared.year else _larger(shared, code, others)


def unknown_reason(shared: Shared) -> str:
    """Norwegian, for a code the rows cannot decide; names the municipalities that were divided in between."""
    names = shared.ground.names
    told = f"KLASS sier ikke hvor mye av {names.shown(shared.code, shared.year)} som hører med"
    divided = [f"{names.shown(code, year - 1)} ble delt i {year}" for code, year in _divisions(shared)]
    return f"{told}: {listed(divided)}." if divided else f"{told}."


def _divided(shared: Shared, code: str, others: tuple[Held, ...]) -> str:
    years = listed(sorted({shared.parted(other) for other in others}))
    what = "en del ble" if len(others) == 1 else "deler ble også"
    return f"{code} ble delt i {years}: {what} {listed(other.name for other in others)}."


def _larger(shared: Shared, code: str, others: tuple[Held, ...]) -> str:
    names = [_joined(shared, other) for other in others]
    years = [shared.parted(other) for other in others]
    if len(set(years)) == 1:
        return f"{code} er større: også {listed(names)} er med fra {years[0]}."
    each = listed(f"{name} fra {year}" for name, year in zip(names, years, strict=True))
    return f"{code} er større: også {each} er med."


def _joined(shared: Shared, other: Held) -> str:
    """The other's name, or «en del av» it when not all of its land is in the code."""
    theirs = shared.ground.through(other.code, other.year) & shared.ground.live
    within = shared.inside | shared.outside
    return f"{'en del av ' if theirs & ~within else ''}{other.name} ({other.code})"


def _divisions(shared: Shared) -> list[tuple[str, int]]:
    """(code, year) of divisions between the two states of land that both the code and the land have paths through."""
    low, high = sorted((shared.year, shared.reference))
    ground = shared.ground
    found: list[tuple[str, int]] = []
    for step in ground.history.steps:
        if low < step.year <= high:
            found += [(code, step.year) for code in step.divided]
    return [
        (code, year)
        for code, year in found
        if ground.through(code, year - 1) & shared.inside and ground.through(code, year - 1) & shared.outside
    ]
