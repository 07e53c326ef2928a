"""Cuts a query into as few parts as SSB's cell limit allows, each a block of the whole."""

from collections.abc import Iterator
from itertools import count, pairwise, product
from math import ceil, prod

Query = dict[str, list[str]]


def cells(query: Query) -> int:
    """The number of cells a query asks for, empty ones included: that is how SSB counts."""
    return prod(len(codes) for codes in query.values()) if query else 0


def split(query: Query, limit: int, whole: tuple[str, ...] = ()) -> list[Query]:
    """The parts in order, each with at most `limit` cells.

    The number of parts is the least that any grid of cuts gives. Dimensions in `whole` are cut only if
    nothing else helps: SSB's `updated` is that of the contents selected, so parts with different contents
    could not be compared.
    """
    if not cells(query):
        return []
    names = [name for name in query if name not in whole]
    fixed = prod(len(query[name]) for name in query if name in whole)
    if fixed > limit:
        names, fixed = list(query), 1
    cuts = _fewest([len(query[name]) for name in names], limit // fixed)
    chunks = {name: _chunks(query[name], pieces) for name, pieces in zip(names, cuts, strict=True)}
    choices = [chunks.get(name, [codes]) for name, codes in query.items()]
    return [dict(zip(query, choice, strict=True)) for choice in product(*choices)]


def _fewest(sizes: list[int], limit: int) -> tuple[int, ...]:
    """Into how many pieces each dimension is cut; the fewest parts, then the fewest dimensions cut."""
    for parts in count(max(1, ceil(prod(sizes) / limit))):
        fits = [
            cuts
            for cuts in _factors(parts, sizes)
            if prod(ceil(size / cut) for size, cut in zip(sizes, cuts, strict=True)) <= limit
        ]
        if fits:
            return min(fits, key=lambda cuts: (sum(cut > 1 for cut in cuts), cuts))
    raise AssertionError("single cells always fit")


def _factors(number: int, sizes: list[int]) -> Iterator[tuple[int, ...]]:
    """Every way to write `number` as a product of one factor per dimension, none above its size."""
    if not sizes:
        if number == 1:
            yield ()
        return
    for first in range(1, min(number, sizes[0]) + 1):
        if number % first == 0:
            for rest in _factors(number // first, sizes[1:]):
                yield (first, *rest)


def _chunks(codes: list[str], pieces: int) -> list[list[str]]:
    """As even as possible, so that no part is larger than the grid promises."""
    size, longer = divmod(len(codes), pieces)
    ends = [at * size + min(at, longer) for at in range(pieces + 1)]
    return [codes[start:end] for start, end in pairwise(ends)]
