"""One 1 January with changes: which codes were there before it, and where each code's land went.

A code that received land that day was *there before* if it is an old code of the day itself, if an earlier row shows
it alive, or if it only received from codes that live on under a row to themselves (land moved between neighbours; such
receivers have no row to themselves). Otherwise it was born that day.

A row between two codes that both go on is a *moved border*: no land is followed across it, both are carried on whole.
It is a *division* when the old code ceases or the receiver is born.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.errors import KunnskapError, Problem
from pipeline.territory.words import listed

Pair = tuple[str, str]  # old code, new code


@dataclass(frozen=True)
class NewYear:
    """`after`: the codes valid from the day on. `alive`: what earlier rows say of codes (named and not ceased)."""

    year: int
    pairs: frozenset[Pair]
    after: frozenset[str]
    alive: Mapping[str, bool]

    @cached_property
    def givers(self) -> dict[str, set[str]]:
        """New code → the codes it received from."""
        return _grouped((new, old) for old, new in self.pairs)

    @cached_property
    def receivers(self) -> dict[str, set[str]]:
        """Old code → the codes its land went to."""
        return _grouped(self.pairs)

    @cached_property
    def there_before(self) -> frozenset[str]:
        """The codes of the day's rows that were valid the day before."""
        return frozenset(self.receivers) | {code for code in self.givers if self._was_there(code)}

    @cached_property
    def before(self) -> frozenset[str]:
        """All codes valid the day before."""
        born = set(self.givers) - self.there_before
        return (self.after - born) | frozenset(self.receivers)

    @cached_property
    def borders(self) -> frozenset[Pair]:
        return frozenset(
            (old, new) for old, new in self.pairs if old != new and self._goes_on(old) and self._goes_on(new)
        )

    def moves(self) -> tuple[Pair, ...]:
        """(old, new) for all land, sorted; a code without a row, or with moved borders alone, goes on as itself."""
        moved = self.pairs - self.borders
        gave = {old for old, _ in moved}
        return tuple(sorted(moved | {(code, code) for code in self.before - gave}))

    def require_sense(self) -> None:
        """Raises KunnskapError when the day's rows and the codes valid after it contradict each other."""
        lost = sorted(set(self.givers) - self.after)
        kept = sorted(code for code in self.receivers if code in self.after and not self._may_go_on(code))
        found = [f"{code} ble til 1.1.{self.year}, men ingen rad sier når den falt bort." for code in lost]
        for code in kept:
            became = listed(sorted(self.receivers[code]))
            found.append(f"{code} ble til {became} 1.1.{self.year}, men gjelder fortsatt.")
        if found:
            heading = "Endringene og kodelisten i KLASS 131 passer ikke sammen; hent dem på nytt:"
            raise KunnskapError(heading, [Problem(found=text) for text in found])

    def _was_there(self, code: str) -> bool:
        if code in self.alive:
            return self.alive[code]
        return all((giver, giver) in self.pairs for giver in self.givers[code])

    def _goes_on(self, code: str) -> bool:
        """Valid before and after as itself: under a row to itself, or without any row that takes its land away."""
        if code not in self.after or code not in self.there_before:
            return False
        return (code, code) in self.pairs or code not in self.receivers or code not in self.givers

    def _may_go_on(self, code: str) -> bool:
        """A code that gave land and is still valid must have received, or only have given to codes known before."""
        return code in self.givers or all(self.alive.get(new, False) for new in self.receivers[code])


def _grouped(pairs: Iterable[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return dict(found)
