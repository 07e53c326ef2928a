"""What a code was called in a year, by the rows; in the newest state by the list of valid codes."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.territory.rows import Change


@dataclass(frozen=True)
class Names:
    """Names by code: since which year a name was new, until which year one was old, and the names of `newest`."""

    since: Mapping[str, list[tuple[int, str]]]
    until: Mapping[str, list[tuple[int, str]]]
    current: Mapping[str, str]
    newest: int

    def of(self, code: str, year: int) -> str:
        """The name in the state of `year`. A code nothing is known of is its own name."""
        if year >= self.newest and code in self.current:
            return self.current[code]
        begun = [name for since, name in self.since.get(code, ()) if since <= year]
        if begun:
            return begun[-1]
        ended = [name for until, name in self.until.get(code, ()) if until > year]
        if ended:
            return ended[0]
        later = [name for _, name in self.since.get(code, ())]
        return self.current.get(code) or (later[0] if later else code)

    def shown(self, code: str, year: int) -> str:
        """Heim (5055)"""
        return f"{self.of(code, year)} ({code})"


def read_names(changes: tuple[Change, ...], current: Mapping[str, str], newest: int) -> Names:
    since: dict[str, list[tuple[int, str]]] = defaultdict(list)
    until: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for change in changes:  # oldest first
        since[change.new].append((change.year, change.new_name))
        until[change.old].append((change.year, change.old_name))
    return Names(dict(since), dict(until), dict(current), newest)
