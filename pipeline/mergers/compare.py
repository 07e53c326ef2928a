"""Whom a merger is compared with: the country, KOSTRA groups and counties of each state, and named municipalities.

A group or a county is one thing in one definition of it: groups were redefined in 2020, counties in 2018, 2020 and
2024. Two of the same name are never joined.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.mergers.land import periods, place_of
from pipeline.model.mergers import Comparator, Land
from pipeline.model.services import County
from pipeline.territory import Atlas, Territory

OPEN = 2099  # a comparator that is still there
GROUPS_REDEFINED = 2020  # KLASS 112 before and from: never chained
FIRST_GROUPS = 2015


# ---------------------------------------------------------------------------------- KOSTRA groups


def groups(of_year: dict[int, str], members: Iterable[dict[int, str]], newest: int) -> list[Comparator]:
    """The groups the merger and its members belonged to: the merger's own first, in each definition of them."""
    told: dict[tuple[str, bool], list[int]] = {}
    for years in (of_year, *members):
        for year, group in sorted(years.items()):
            told.setdefault((group, year >= GROUPS_REDEFINED), []).append(year)
    ordered = sorted(told, key=lambda key: (key[1], -Counter(of_year.values())[key[0]], key[0]))
    codes = Counter(group for group, _ in ordered)
    return [_group(group, after, codes[group] > 1) for group, after in ordered]


def group_id(group: str, year: int, both: bool) -> str:
    """A group's code, with the year of its definition where the merger meets both definitions of the code."""
    return f"{group}-{GROUPS_REDEFINED}" if both and year >= GROUPS_REDEFINED else group


def _group(group: str, after: bool, both: bool) -> Comparator:
    first, last = (GROUPS_REDEFINED, OPEN) if after else (FIRST_GROUPS, GROUPS_REDEFINED - 1)
    own = group_id(group, first, both)
    span = f"{first}–" if after else f"{first}–{last}"
    return Comparator(
        id=own,
        name=f"KOSTRA-gruppe {group.removeprefix('EKG').lstrip('0')} ({span})",
        kind="kostra_group",
        plus=[] if own == group else [group],
        years=(first, last),
    )


# --------------------------------------------------------------------------------------- counties


def counties(lands: Sequence[Land], region: str, known: dict[str, list[County]], newest: int) -> list[Comparator]:
    """The counties the merger lay in, each in its own years, named as it was called then."""
    years: dict[str, list[int]] = {}
    told = {one.year for one in lands if one.region == region and one.codes}
    for land in (one for one in lands if one.year >= FIRST_GROUPS):
        if land.region == region or land.year not in told:  # where it cannot be put together, where its members lay
            for code in land.codes:
                years.setdefault(code[:2], []).append(land.year)
    found = []
    for number, at in years.items():
        county = next((c for c in known.get(number, []) if c.first <= at[-1] <= c.last), None)
        if county is None:
            continue
        first, last = max(county.first, FIRST_GROUPS), county.last
        found.append((first, number, _county(number, county, first, last, newest)))
    return [comparator for _, _, comparator in sorted(found, key=lambda one: one[:2])]


def _county(number: str, county: County, first: int, last: int, newest: int) -> Comparator:
    begins, ends = first > FIRST_GROUPS, last < newest
    span = f"{first}–{last if ends else ''}" if begins else f"til {last}"
    name = f"{county.name} ({span})" if begins or ends else county.name
    return Comparator(id=f"EKA{number}", name=name, kind="county", years=(first, last if ends else OPEN))


# ------------------------------------------------------------------------------------------ peers


def peers(atlas: Atlas, codes: Sequence[str], reference: date, first: int) -> list[Comparator]:
    """Named municipalities in every year in which their land is whole, a comparator for each code it had.

    A period in which it was several municipalities stands as their sum, unless one of them is compared with itself.
    """
    land = {code: place for code in codes if (place := place_of(atlas, code, reference)) is not None}
    spans = {code: list(periods(atlas, place, first)) for code, place in land.items()}
    alone = {codes_[0] for found in spans.values() for _, _, codes_ in found if len(codes_) == 1}
    names = Counter(name for name in {c: atlas.name(c, p.year) for c, p in land.items()}.values())
    made = {code: list(_peer(atlas, land[code], spans[code], alone, names)) for code in land}
    oldest = [found[0] for found in made.values() if found]
    return [*oldest, *(one for found in made.values() for one in found[1:])]


def _peer(
    atlas: Atlas,
    land: Territory,
    spans: Sequence[tuple[int, int, tuple[str, ...]]],
    alone: set[str],
    names: Counter[str],
) -> Iterator[Comparator]:
    ends = max((last for _, last, _ in spans), default=0)
    for first, last, codes in spans:
        if len(codes) > 1 and alone & set(codes):
            continue
        name = atlas.name(land.codes[0], land.year)
        if names[name] > 1 and ends < atlas.newest:
            name += f" (til {ends})"
        yield Comparator(
            id="+".join(codes),
            name=name,
            kind="peer",
            plus=list(codes) if len(codes) > 1 else [],
            years=(first, OPEN if last >= atlas.newest else last),
        )
