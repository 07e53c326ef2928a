"""Territories in invented histories, against people with numbers.

The independent method: everyone has a number and lives in a code. On each change the people of a code that went to
several are dealt out among them, at least one to each. Afterwards a code is whole in a territory when everyone in it
lives in the territory. What is *sure* is what comes out in every way of dealing.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.territory import Atlas, Composition

FIRST = 2000
Move = tuple[str, str]
People = dict[str, frozenset[int]]
MANY = 400  # people in each code at the start, when dealt at random
DEALS = 4000  # all ways of dealing, up to so many


@dataclass(frozen=True)
class History:
    """Rows by year, as KLASS would have them; `moves`: where land went, also of codes without a row."""

    start: tuple[str, ...]
    rows: dict[int, list[Move]]
    moves: dict[int, list[Move]]
    end: tuple[str, ...]

    @property
    def newest(self) -> int:
        return FIRST + len(self.moves)

    def atlas(self) -> Atlas:
        rows = [(f"{year}-01-01", old, old, new, new) for year, pairs in self.rows.items() for old, new in pairs]
        return Atlas(rows, [(code, code) for code in self.end], date(self.newest, 1, 1), first=FIRST)


class Invention:
    """Codes that change one year at a time, the way KLASS writes it."""

    def __init__(self, draw: st.DrawFn, kinds: list[str]) -> None:
        self.draw, self.kinds = draw, kinds
        self.made = 0
        self.start = tuple(self.new() for _ in range(draw(st.integers(2, 4))))

    def new(self) -> str:
        self.made += 1
        return f"{1000 + self.made}"

    def history(self) -> History:
        codes, rows, moves = set(self.start), {}, {}
        for year in range(FIRST + 1, FIRST + 1 + self.draw(st.integers(1, 4))):
            rows[year], moved = self.year(sorted(codes))
            touched = {old for old, _ in moved}
            moves[year] = sorted({*moved, *((code, code) for code in codes - touched)})
            codes = {new for _, new in moves[year]}
        return History(self.start, rows, moves, tuple(sorted(codes)))

    def year(self, codes: list[str]) -> tuple[list[Move], list[Move]]:
        """(rows, moves) of one change to some of the codes."""
        kind = self.draw(st.sampled_from(self.kinds))
        chosen = self.draw(st.permutations(codes))
        one, *others = chosen
        other = others[0] if others else None
        if kind == "rename":
            rows = [(one, self.new())]
        elif kind == "name_only":
            rows = [(one, one)]
        elif kind == "merge" and other:
            new = self.new()
            rows = [(one, new), (other, new)]
        elif kind == "absorb" and other:  # the code survives, with a row to itself
            rows = [(one, one), (other, one)]
        elif kind == "swap" and other:
            rows = [(one, other), (other, one)]
        elif kind == "split":
            rows = [(one, self.new()), (one, self.new())]
        elif kind == "split_and_merge" and other:  # Snillfjord
            new = self.new()
            rows = [(one, new), (other, new), (one, self.new())]
        elif kind == "share" and other:  # Stokke: one part to a code that survives, one to a new code
            rows = [(other, other), (one, other), (one, self.new())]
        elif kind == "border" and other:  # both live on; the receiver has no row to itself
            return [(one, one), (one, other)], []
        else:
            rows = []
        return rows, rows


CHANGES = ["rename", "name_only", "merge", "absorb", "swap", "split", "split_and_merge", "share", "border"]


@st.composite
def histories(draw: st.DrawFn, kinds: list[str] = CHANGES) -> History:
    return Invention(draw, kinds).history()


def deal(people: People, moves: list[Move], cut: dict[str, list[list[int]]]) -> People:
    """People after a change; `cut[old]`: the people of a code in as many piles as it has receivers."""
    to: dict[str, list[str]] = defaultdict(list)
    for old, new in moves:
        to[old].append(new)
    found: dict[str, set[int]] = defaultdict(set)
    for old, news in to.items():
        piles = cut[old] if len(news) > 1 else [sorted(people[old])]
        for new, pile in zip(news, piles, strict=True):
            found[new] |= set(pile)
    return {code: frozenset(lives) for code, lives in found.items()}


def piles(people: frozenset[int], number: int) -> Iterator[list[list[int]]]:
    """All ways of dealing people into piles, none empty."""
    everyone = sorted(people)
    for chosen in product(range(number), repeat=len(everyone)):
        if len(set(chosen)) == number:
            yield [
                [one for one, pile in zip(everyone, chosen, strict=True) if pile == place] for place in range(number)
            ]


def at_random(history: History, seed: int) -> list[People]:
    """States of people, one a year, with many in each code, so that every way land can have gone is gone by some."""
    chance = random.Random(seed)
    states: list[People] = [
        {code: frozenset(range(place * MANY, (place + 1) * MANY)) for place, code in enumerate(history.start)}
    ]
    for moves in history.moves.values():
        cut = {}
        for old in {old for old, _ in moves}:
            number = sum(one == old for one, _ in moves)
            everyone = sorted(states[-1][old])
            chance.shuffle(everyone)
            cut[old] = [everyone[place::number] for place in range(number)]
        states.append(deal(states[-1], moves, cut))
    return states


def every_way(history: History, each: int) -> Iterator[list[People]]:
    """States of people for all ways of dealing, with `each` people in each code at the start."""
    start = {code: frozenset(range(place * each, (place + 1) * each)) for place, code in enumerate(history.start)}
    yield from _onwards([start], list(history.moves.values()))


def _onwards(states: list[People], ahead: list[list[Move]]) -> Iterator[list[People]]:
    if not ahead:
        yield states
        return
    moves, *later = ahead
    counts: dict[str, int] = defaultdict(int)
    for old, _ in moves:
        counts[old] += 1
    divided = [old for old, number in counts.items() if number > 1]
    for cuts in product(*(piles(states[-1][old], counts[old]) for old in divided)):
        yield from _onwards([*states, deal(states[-1], moves, dict(zip(divided, cuts, strict=True)))], later)


def verdicts(states: list[People], code: str, reference: int, year: int) -> dict[str, str]:
    """Code → whole or part, for one dealing."""
    land = states[reference - FIRST][code]
    return {
        other: "whole" if lives <= land else "part" for other, lives in states[year - FIRST].items() if lives & land
    }


def told(found: Composition) -> dict[str, str]:
    return {
        **dict.fromkeys(found.whole, "whole"),
        **dict.fromkeys(found.part_codes, "part"),
        **dict.fromkeys(found.unknown_codes, "unknown"),
    }


def questions(history: History, states: list[People]) -> Iterator[tuple[str, int, int]]:
    for reference in range(FIRST, history.newest + 1):
        for code in states[reference - FIRST]:
            for year in range(FIRST, history.newest + 1):
                yield code, reference, year


@settings(max_examples=150)
@given(histories(), st.integers(0, 1000))
def test_states_and_compositions_are_those_of_the_people(history: History, seed: int) -> None:
    """With land gone every possible way, whole is whole, and part or unknown is part."""
    atlas = history.atlas()
    states = at_random(history, seed)
    for year in range(FIRST, history.newest + 1):
        assert set(atlas.state(year)) == set(states[year - FIRST])
    for code, reference, year in questions(history, states):
        found = told(atlas.composition(atlas.territory([code], date(reference, 1, 1)), year))
        expected = verdicts(states, code, reference, year)
        assert {one: "part" if kind == "unknown" else kind for one, kind in found.items()} == expected


@settings(max_examples=60)
@given(histories())
def test_part_is_sure_and_unknown_is_not(history: History) -> None:
    """Over all ways of dealing a few people: part is part in each; of the unknown some way makes another thing."""
    atlas = history.atlas()
    seen: dict[tuple[str, int, int, str], set[str]] = defaultdict(set)
    ways = list(islice(every_way(history, 3), DEALS + 1))
    for states in ways:
        for question in questions(history, states):
            for other, kind in verdicts(states, *question).items():
                seen[(*question, other)].add(kind)
            for other in states[question[2] - FIRST].keys() - verdicts(states, *question).keys():
                seen[(*question, other)].add("none")
    for (code, reference, year, other), kinds in seen.items():
        found = told(atlas.composition(atlas.territory([code], date(reference, 1, 1)), year)).get(other, "none")
        if found != "unknown":
            assert kinds == {found}
        elif len(ways) <= DEALS:
            assert len(kinds) > 1


@settings(max_examples=60)
@given(histories(["rename", "name_only", "swap", "border"]))
def test_a_history_of_new_names_gives_no_parts(history: History) -> None:
    atlas = history.atlas()
    for reference in range(FIRST, history.newest + 1):
        for code in atlas.state(reference):
            periods = atlas.periods(atlas.territory([code], date(reference, 1, 1)))
            assert all(len(period.whole) == 1 and not period.part and not period.unknown for period in periods)


@settings(max_examples=60)
@given(histories(), st.data())
def test_a_union_holds_what_its_members_hold(history: History, data: st.DataObject) -> None:
    """Everything is always whole, and a code that is whole in a member is whole in the union."""
    atlas = history.atlas()
    reference = data.draw(st.integers(FIRST, history.newest))
    codes = sorted(atlas.state(reference))
    some = data.draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
    for year in range(FIRST, history.newest + 1):
        everything = atlas.composition(atlas.territory(codes, date(reference, 1, 1)), year)
        assert everything.whole == tuple(atlas.state(year))
        union = told(atlas.composition(atlas.territory(some, date(reference, 1, 1)), year))
        for code in some:
            for other, kind in told(atlas.composition(atlas.territory([code], date(reference, 1, 1)), year)).items():
                assert union[other] == kind or (union[other], kind) in {
                    ("whole", "part"),
                    ("whole", "unknown"),
                    ("part", "unknown"),
                    ("unknown", "part"),
                }


@settings(max_examples=60)
@given(histories())
def test_every_part_tells_why(history: History) -> None:
    atlas = history.atlas()
    for reference in range(FIRST, history.newest + 1):
        for code in atlas.state(reference):
            territory = atlas.territory([code], date(reference, 1, 1))
            for year in range(FIRST, history.newest + 1):
                found = atlas.composition(territory, year)
                assert len(found.reasons) == len(found.part) + len(found.unknown)
                for share in found.part:
                    assert share.code in share.reason and share.shared_with
                    assert all(held.year == reference and held.code != code for held in share.shared_with)
