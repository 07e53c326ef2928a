"""What a sentence about evening out may claim: rules of speech on plain figures, beside those of `report/claims.py`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline import words
from pipeline.report.claims import LEAST_PCT, Levels, Standing, price_words

CAUTION_PCT = 4 * LEAST_PCT  # levels that are in doubt are called alike up to this
MOST_NAMED = 3
COUNTS = ("ingen", "ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti")
NEED_LEFT_IN = "ulikt behov er ikke trukket fra"


@dataclass(frozen=True)
class Sides:
    """Who a common level takes money from, who it gives to, and for whom the ways of counting do not agree."""

    give: tuple[str, ...] = ()
    get: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        return bool(self.give and self.get)


def sides(ways: Sequence[Levels], least: float) -> Sides:
    """`ways`: what the weighted mean changes for each municipality, kr, in each way of counting that is as good.

    One that moves less than `least` kr in every way is not named at all.
    """
    give: list[str] = []
    get: list[str] = []
    unsure: list[str] = []
    for name in ways[0] if ways else ():
        changes = [way.get(name) for way in ways]
        known = [change for change in changes if change is not None]
        if len(known) < len(changes):
            return Sides()
        if all(change <= -least for change in known):
            give.append(name)
        elif all(change >= least for change in known):
            get.append(name)
        elif any(abs(change) >= least for change in known):
            unsure.append(name)
    return Sides(tuple(give), tuple(get), tuple(unsure))


def about_alike(standing: Standing) -> bool:
    """Whether the municipalities spend about as much: all are known, and the ends are less than five per cent apart.
    Ends
    that change with the way of counting, or two that are the same at one end, may be far apart."""
    return standing.pct is not None and standing.pct < LEAST_PCT


def span_of(values: Collection[float], decimals: int = 0) -> str:
    """`34–72`, or `34` where that is all there is as it is shown."""
    low, high = words.number(min(values), decimals), words.number(max(values), decimals)
    return low if low == high else f"{low}–{high}"


def years_words(years: str) -> str:
    """`2016, 2017, 2018` → `2016–2018`; `2015, 2017` → `2015 og 2017`."""
    found = [int(year) for year in years.split(", ")]
    whole = len(found) > 2 and found[-1] - found[0] == len(found) - 1
    return f"{found[0]}–{found[-1]}" if whole else words.listed([str(year) for year in found])


def in_doubt(levels: Levels, together: str, unit: str) -> str | None:
    """How levels with a caution are told: alike, with what they come to together, or only as not known well enough."""
    known = [value for value in levels.values() if value is not None]
    if len(known) < len(levels) or not known:
        return None
    if max(known) - min(known) < CAUTION_PCT / 100 * min(known):
        return f"omtrent lik dekning, samlet {together} {unit}"
    return f"forskjellen er usikker, samlet {together} {unit}"


def prices_of(years: Collection[int], where: str = "i hver rad") -> str:
    """The price year of a table's kroner; where its rows have different ones, each row says its own."""
    return price_words(min(years)) if len(set(years)) == 1 else f"kroner fra året {where}"


def priced(label: str, year: int, years: Collection[int]) -> str:
    """What stands in a figure, with its own price year where they are different."""
    return label if len(set(years)) == 1 else f"{label} ({price_words(year)})"


def forms_words(empty: int, of: int) -> str:
    """`Ingen av de fem skjemaene er fylt ut`, `To av fem skjemaer er ikke fylt ut`."""
    number = COUNTS[of] if of < len(COUNTS) else words.number(of)
    if empty == of:
        return f"Ingen av de {number} skjemaene er fylt ut" if of > 1 else "Skjemaet er ikke fylt ut"
    left = COUNTS[empty] if empty < len(COUNTS) else words.number(empty)
    return f"{words.capital(left)} av {number} skjemaer er ikke fylt ut"


def points_words(known: int, of: int) -> str:
    """`Ingen av de to punktene i plattformen har …`, `Ett av sju punkter i plattformen har et tall som måler dem`."""
    number = COUNTS[of] if of < len(COUNTS) else words.number(of)
    if of == 1:
        return f"Punktet i plattformen har {'et' if known else 'ikke noe'} tall som måler det"
    if not known:
        return f"Ingen av de {number} punktene i plattformen har et tall som måler dem"
    there = COUNTS[known] if known < len(COUNTS) else words.number(known)
    return f"{words.capital(there)} av {number} punkter i plattformen har et tall som måler dem"


def told_apart(there: Collection[str], groups: Mapping[str, Collection[str]]) -> set[str]:
    """The groups of services whose services all have figures of their own: counted there, and not twice."""
    return {name for name, services in groups.items() if set(services) <= set(there)}


def most_moved(moved: Mapping[str, float | None]) -> str | None:
    """What moves the most kroner; None where it is not known of any, or nothing moves."""
    known = {name: kr for name, kr in moved.items() if kr is not None and kr > 0}
    return max(known, key=lambda name: known[name]) if known else None


def months_words(months: float) -> str:
    """How long a fund lasts: `under en måned`, `14 måneder`, `5 år`; years from two on, where months are not the
    matter."""
    if months < 1:
        return "under en måned"
    if months < 24:
        whole = int(months)
        return f"{whole}{words.SPACE}måned{'' if whole == 1 else 'er'}"
    return f"{int(months / 12)}{words.SPACE}år"
