"""A path is a piece of land as its codes, state by state.

Land that was merged and later divided may have gone any way through: every way is a path, and rows do not tell which
of them hold land. They do tell that every code and every row holds some. So, for a set of paths Q:

    all land of a code lies in Q    if every path through the code is in Q
    some land surely lies in Q      if some row or code has all of its paths in Q (and only then)

Sets of paths are bit masks: bit i is path i.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.territory.history import History


@dataclass(frozen=True)
class Paths:
    """`codes[i][e]`: the code of path i in era e. `through[e][code]`: the paths through a code.

    `held`: the least sets of paths that surely hold land, one for each row and each code. `count`: how many paths.
    """

    codes: tuple[tuple[str, ...], ...]
    through: tuple[dict[str, int], ...]
    held: tuple[int, ...]

    @property
    def everything(self) -> int:
        return (1 << len(self.codes)) - 1

    def at(self, paths: int, era: int) -> set[str]:
        """The codes of some paths in an era."""
        return {self.codes[path][era] for path in bits(paths)}


def build_paths(history: History) -> Paths:
    codes: list[tuple[str, ...]] = [(code,) for code in sorted(history.eras[0].codes)]
    for step in history.steps:
        codes = [(*path, new) for path in codes for new in step.became[path[-1]]]
    through: list[dict[str, int]] = [defaultdict(int) for _ in history.eras]
    rows: dict[tuple[int, str, str], int] = defaultdict(int)
    for number, path in enumerate(codes):
        bit = 1 << number
        for era, code in enumerate(path):
            through[era][code] |= bit
            rows[era, path[era - 1] if era else code, code] |= bit
    return Paths(tuple(codes), tuple(dict(codes) for codes in through), tuple(sorted(set(rows.values()))))


def bits(mask: int) -> Iterator[int]:
    """The places of the ones in a mask."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
