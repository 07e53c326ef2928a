"""Norway's municipalities, state by state: codes, land, and what makes up land in a year."""

from collections.abc import Iterable, Sequence
from datetime import date

from pipeline.territory.checks import place_faults, require, year_fault
from pipeline.territory.compose import compose, not_yet
from pipeline.territory.facts import NO_FACTS, Facts
from pipeline.territory.ground import Ground, lay
from pipeline.territory.history import build_history
from pipeline.territory.land import Composition, Period, Place, Territory, periods_of
from pipeline.territory.names import read_names
from pipeline.territory.paths import build_paths
from pipeline.territory.rows import Row, read_changes, read_codes

FIRST = 1990  # KLASS 131 has its changes from here on


class Survey:
    """Everything but mergers; states from `first` to `newest` (years).

    `changes`: rows of KLASS 131, as mappings with the columns changeOccurred, oldCode, oldName, newCode and newName, or
    as sequences in that order. `codes`: code and name of those valid at the date `at`; its year is the newest state.
    Rows after it, as of future changes, are not used. Raises KunnskapError when rows, codes or facts contradict.
    """

    def __init__(
        self,
        changes: Iterable[Row],
        codes: Iterable[Row],
        at: date,
        facts: Facts = NO_FACTS,
        first: int = FIRST,
    ) -> None:
        rows, current = read_changes(changes), read_codes(codes)
        history = build_history(rows, current, first, at.year)
        self._ground: Ground = lay(history, read_names(rows, current, at.year), build_paths(history), facts)
        self._composed: dict[tuple[int, int, int], Composition] = {}
        self.first, self.newest = first, at.year

    # ---------- codes

    def state(self, year: int) -> dict[str, str]:
        """Code → name, of the municipalities of a year."""
        self._require_year(year)
        codes = self._ground.history.eras[self._ground.history.era(year)].codes
        return {code: self.name(code, year) for code in sorted(codes)}

    def valid(self, code: str, year: int) -> bool:
        return self._ground.history.valid(code, year)

    def name(self, code: str, year: int) -> str:
        """What a code was called in a year; of a code not valid then, the nearest name, and at last the code itself."""
        return self._ground.names.of(code, year)

    def spells(self, code: str) -> tuple[tuple[int, int], ...]:
        """(first year, last year) of each time a code was valid; empty for one that never was.

        A first year equal to `first` means «or earlier», a last year equal to `newest` means «still».
        """
        return self._ground.history.spells(code)

    # ---------- land

    def territory(self, codes: Iterable[str], reference: date) -> Territory:
        """All land of some codes at a date. Raises KunnskapError, one sentence a fault."""
        return self.union([Place(code, reference) for code in codes])

    def union(self, places: Sequence[Place]) -> Territory:
        """Places of one state put together. Raises KunnskapError, one sentence a fault."""
        require(place_faults(self._ground, places), "Kommunekodene kan ikke brukes:")
        return Territory(tuple(sorted(place.code for place in places)), places[0].reference)

    def composition(self, territory: Territory, year: int) -> Composition:
        """The codes that make up a territory in a year. Raises KunnskapError on a year before `first`."""
        return self.compose(self.land(territory), year, territory.year)

    def periods(self, territory: Territory, first: int | None = None, last: int | None = None) -> tuple[Period, ...]:
        """The composition of all known years, or of those from `first` to `last`, years with the same codes as one."""
        years = range(self.first if first is None else first, (self.newest if last is None else last) + 1)
        return periods_of(self.composition(territory, year) for year in years)

    # ---------- for the room itself

    @property
    def ground(self) -> Ground:
        return self._ground

    def land(self, territory: Territory) -> int:
        """The paths of a territory."""
        land = 0
        for code in territory.codes:
            land |= self._ground.through(code, territory.year)
        return land

    def compose(self, land: int, year: int, reference: int) -> Composition:
        """The composition of a set of paths; `reference` is the year whose codes others are named by."""
        if year > self.newest:
            return not_yet(self._ground, year)
        self._require_year(year)
        key = land, year, reference
        if key not in self._composed:
            self._composed[key] = compose(self._ground, land, year, reference)
        return self._composed[key]

    def _require_year(self, year: int) -> None:
        fault = year_fault(self._ground, date(year, 1, 1))
        require([fault] if fault else [], "Året kan ikke brukes:")
