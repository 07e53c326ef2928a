"""What is known of the ground: history, names and paths, with the stated facts laid over the paths."""

from dataclasses import dataclass

from pipeline.errors import KunnskapError, Problem
from pipeline.territory.facts import SHOWN, BorderFact, Facts, SameLand
from pipeline.territory.history import History
from pipeline.territory.names import Names
from pipeline.territory.paths import Paths


@dataclass(frozen=True)
class Border:
    """A border that moved on 1 January of `year`. `directed`: land went from `old` to `new`."""

    year: int
    old: str
    new: str
    directed: bool


@dataclass(frozen=True)
class Ground:
    """`live`: the paths that no stated fact rules out. `ruled_out`: fact → the paths it rules out."""

    history: History
    names: Names
    paths: Paths
    borders: tuple[Border, ...]
    live: int
    ruled_out: tuple[tuple[SameLand, int], ...]

    def through(self, code: str, year: int) -> int:
        """All paths through a code in a year's state, also those that facts rule out."""
        return self.paths.through[self.history.era(year)].get(code, 0)


def lay(history: History, names: Names, paths: Paths, facts: Facts) -> Ground:
    """Raises KunnskapError when a fact names a code that was not valid, or contradicts the rows.

    Facts of years that no state is known of are left out.
    """
    facts = _within(history, facts)
    problems = [Problem(file=SHOWN, found=found) for found in _faults(history, facts)]
    if problems:
        raise KunnskapError("Opplysningene om land passer ikke med KLASS 131:", problems)
    ruled_out = tuple((fact, _ruled_out(history, paths, fact)) for fact in facts.same)
    live = paths.everything
    for fact, mask in ruled_out:
        live &= ~mask
        if not all(held & live for held in paths.held):
            found = f"{fact.code}@{fact.year} = {fact.other_code}@{fact.other_year} motsier endringene."
            raise KunnskapError("Opplysningene om land passer ikke med KLASS 131:", [Problem(file=SHOWN, found=found)])
    return Ground(history, names, paths, _borders(history, facts), live, ruled_out)


def _within(history: History, facts: Facts) -> Facts:
    years = range(history.first, history.newest + 1)
    return Facts(
        tuple(fact for fact in facts.same if fact.year in years and fact.other_year in years),
        tuple(fact for fact in facts.borders if fact.year in years and fact.year - 1 in years),
    )


def _faults(history: History, facts: Facts) -> list[str]:
    named = [(fact.code, fact.year) for fact in facts.same]
    named += [(fact.other_code, fact.other_year) for fact in facts.same]
    named += [(fact.old, fact.year - 1) for fact in facts.borders]
    named += [(fact.new, fact.year) for fact in facts.borders]
    return [f"{code} gjaldt ikke i {year}." for code, year in named if not history.valid(code, year)]


def _ruled_out(history: History, paths: Paths, fact: SameLand) -> int:
    """Paths through one of the two and not the other."""
    one = paths.through[history.era(fact.year)][fact.code]
    other = paths.through[history.era(fact.other_year)][fact.other_code]
    return one ^ other


def _borders(history: History, facts: Facts) -> tuple[Border, ...]:
    """Moved borders of rows and facts, each once."""
    rows = {(step.year, old, new): True for step in history.steps for old, new in step.borders}
    stated: dict[tuple[int, str, str], bool] = {_key(fact): fact.directed for fact in facts.borders}
    return tuple(Border(*key, directed) for key, directed in sorted({**stated, **rows}.items()))


def _key(fact: BorderFact) -> tuple[int, str, str]:
    return fact.year, fact.old, fact.new
