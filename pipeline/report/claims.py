"""What a sentence may claim: the rules of speech, each a small function on plain figures.

They decide *whether* something may be said and give the words that must not vary; who says it finds the figures and the
rest of the sentence. Levels are what a rule compares: name of each municipality → its figure, None where it has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from pipeline import words
from pipeline.model import Indicator

Levels = Mapping[str, float | None]

LEAST_PCT = 5.0  # a smaller difference than this is not worth telling, whatever the figure
YEARS_LOOKED_AT = 3
YEARS_ALIKE = 2  # of those, how many must have the same municipalities at the ends
RATE_UNITS = ("prosent", "indeks")

Why = Literal[
    "", "missing", "alone", "tie", "small", "within_uncertainty", "caution", "other_way", "one_year", "unsteady"
]


def comparable(indicator: Indicator) -> bool:
    """Whether it may be said who has most or least of it: what does not grow with the size of the municipality.

    Counts and amounts do; what is divided does not, nor a published mean (weighted when put together), a price or a
    rate. A published figure that is only counted (services at a desk) does.
    """
    if indicator.formula == "amount" or indicator.kind == "beløp":
        return False
    if indicator.formula != "value" or indicator.merge == "W" or indicator.kind == "pris":
        return True
    return indicator.unit in RATE_UNITS or " per " in indicator.unit


@dataclass(frozen=True)
class Standing:
    """Who lies highest and lowest, where that may be said; else `why` it may not, and no names.

    `pct` is how much the highest is above the lowest, in per cent of the lowest; None where the lowest is 0 or less.
    """

    why: Why
    highest: str = ""
    lowest: str = ""
    pct: float | None = None

    @property
    def told(self) -> bool:
        return not self.why

    @property
    def alike(self) -> bool:
        """Whether the figures are known and no more apart than that they may be called alike."""
        return self.why in ("small", "within_uncertainty")


def standing(
    levels: Levels,
    *,
    earlier: Sequence[Levels] | None = None,
    treatments: Sequence[Levels] = (),
    uncertainty: Levels | None = None,
    slack: float = 0.0,
    caution: str = "",
    decimals: int | None = None,
) -> Standing:
    """Whether the municipality with the highest and the one with the lowest figure may be named.

    `earlier`: the same figure one year before, two years before …, for what is measured every year: two of three years
    must have the same ends. None for what is simply so, a price. `treatments`: the figure made in other ways that are
    as good (the rest of a cost key): each must have the same ends, as far apart. `uncertainty`: plus/minus of each
    where it is known. `slack`: what the method itself may be off (rounding), in the figure's unit. `caution`: of the
    indicator, says that small differences mean nothing: then nobody is named. `decimals`: as shown, for what is a tie.
    """
    apart = _ends(levels, decimals)
    if apart.why:
        return apart
    if caution:
        return Standing("caution", pct=apart.pct)
    high, low = levels[apart.highest] or 0.0, levels[apart.lowest] or 0.0
    if not _far_enough(high, low):
        return Standing("small", pct=apart.pct)
    chance = uncertainty or {}
    if high - low <= hypot(chance.get(apart.highest) or 0.0, chance.get(apart.lowest) or 0.0) + slack:
        return Standing("within_uncertainty", pct=apart.pct)
    for other in treatments:
        same = _ends(other, decimals)
        if (same.highest, same.lowest) != (apart.highest, apart.lowest):
            return Standing("other_way", pct=apart.pct)
        if not _far_enough(other[same.highest] or 0.0, other[same.lowest] or 0.0):
            return Standing("other_way", pct=apart.pct)
    if earlier is not None:
        ends = [_ends(year, decimals) for year in earlier[: YEARS_LOOKED_AT - 1]]
        same_ends = 1 + sum((each.highest, each.lowest) == (apart.highest, apart.lowest) for each in ends)
        if same_ends < YEARS_ALIKE:
            known = [each for each in ends if each.why != "missing"]
            return Standing("unsteady" if known else "one_year", pct=apart.pct)
    return apart


def _ends(levels: Levels, decimals: int | None) -> Standing:
    """The highest and the lowest, unless one is missing or there is more than one of either."""
    known = {name: value for name, value in levels.items() if value is not None}
    if len(known) < len(levels):
        return Standing("missing")
    if len(known) < 2:
        return Standing("alone")
    order = sorted(known, key=lambda name: known[name])
    low, high = known[order[0]], known[order[-1]]
    pct = 100 * (high - low) / low if low > 0 else None
    shown = [known[name] if decimals is None else float(f"{known[name]:.{decimals}f}") for name in order]
    if shown[0] == shown[1] or shown[-1] == shown[-2]:
        return Standing("tie", pct=pct)
    return Standing("", order[-1], order[0], pct)


def _far_enough(high: float, low: float) -> bool:
    """At least five per cent apart: of the lower one, or where that is not above 0, of the larger of the two."""
    base = low if low > 0 else max(abs(high), abs(low))
    return 100 * (high - low) >= LEAST_PCT * base and high > low


def years_of_all(levels: Mapping[int, Levels]) -> list[int]:
    """The years in which every municipality has a figure, oldest first."""
    return sorted(year for year, each in levels.items() if each and all(value is not None for value in each.values()))


def newest_usable(usable: Iterable[int], report_year: int) -> int | None:
    """The newest year up to the report's in which the thing can be computed; None where there is none."""
    return max((year for year in usable if year <= report_year), default=None)


def of_base(part: float, base: float | None) -> float | None:
    """Per cent of a base; None where the base is unknown, or 0 or less: then the difference is told in its unit."""
    return None if base is None or base <= 0 else 100 * part / base


def has_rate(figures: Iterable[float]) -> bool:
    """Whether a change over these figures may be told in per cent: none of them is 0 or less."""
    values = list(figures)
    return bool(values) and min(values) > 0


# ---------------------------------------------------------------------------------------- words


def price_words(year: int) -> str:
    """The price year of kroner that are not of the year they stand beside: `2018-kroner`."""
    return f"{year}-kroner"


def when(timing: str, year: int) -> str:
    """The year as a source with this timing counts it: `2018`, or `skoleåret 2025–26` by its autumn or spring."""
    if timing == "høsten i skoleåret":
        return f"skoleåret {words.school_year(year)}"
    if timing == "våren i skoleåret":
        return f"skoleåret {words.school_year(year - 1)}"
    return str(year)


def plus_minus(uncertainty: float | None, unit: str = "", decimals: int = 1) -> str:
    """`± 0,4 skalapoeng`; nothing where the uncertainty is not known, for unknown is not 0."""
    if uncertainty is None:
        return ""
    return f"±{words.SPACE}{words.number(uncertainty, decimals)}" + (f"{words.SPACE}{unit}" if unit else "")


def counted(count: int, one: str, many: str) -> str:
    """`1 skole`, `3 skoler`, `ingen skoler`."""
    return f"{words.number(count) if count else 'ingen'}{words.SPACE}{one if count == 1 else many}"


def signed_words(value: float, more: str = "mer", less: str = "mindre") -> str:
    """The sign in words, beside a figure told without it."""
    return more if value >= 0 else less
