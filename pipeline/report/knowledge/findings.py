"""Page one's sentences, each picked by a rule and carrying the figure that picked it.

Five places: the largest gap in spending once need is allowed for, the gap in coverage, the quality that differs most
and has a direction, the trend, and what is missing. What may be said of the figures `claims` decides; a rule without
figures that may be told yields its place to the next one in its list. The last place is always what is missing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline import words
from pipeline.model import HEADINGS, Indicator, age_codes
from pipeline.report import claims
from pipeline.report.claims import Levels, Standing
from pipeline.report.data import BACKGROUND, Figure, Region, ReportData, Row
from pipeline.report.knowledge.spending import leading

Rule = Callable[[ReportData], str | None]
WORTH_TELLING = 5  # index points of need between the members
NOT_ADJUSTED = "Ulikt behov er ikke trukket fra."
# what is said instead of who lies at the ends, where they are apart but not to be named
SHIFTING = {
    "unsteady": "hvem som ligger høyest og lavest, skifter fra år til år",
    "one_year": "kommunene ligger ulikt, og bare ett år er kjent",
    "other_way": "hvem som bruker mest, avhenger av hvordan resten av kostnadsnøkkelen regnes",
    "tie": "flere kommuner ligger likt ytterst",
    "caution": "små forskjeller er usikre",
}


def findings(data: ReportData) -> str:
    """The sentences as a numbered Markdown list."""
    told = sentences(data)
    return "::: {.funn}\n\n" + "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(told, 1)) + "\n\n:::\n"


def sentences(data: ReportData) -> list[str]:
    told: list[str] = []
    for rules in (
        (spending_gap, against_country, amount),
        (coverage, against_country, amount),
        (quality_gap, results, need, share, target_group),
        (trend, target_group, share, against_country, amount),
    ):
        sentence = next((s for s in (rule(data) for rule in rules) if s and s not in told), None)
        if sentence:
            told.append(sentence)
    return [*told, holes(data)]


# ------------------------------------------------------------------------------ the members beside each other


@dataclass(frozen=True)
class Compared:
    """The members' figures of one indicator, and whether the ends may be named.

    Of one year, or the mean of three where a target group is small: `whole` is that of the merged municipality.
    """

    indicator: Indicator
    year: int
    levels: Levels
    standing: Standing
    whole: float | None = None
    of_three: bool = False

    @property
    def when(self) -> str:
        return f"snitt av {self.year - 2}–{self.year}" if self.of_three else str(self.year)

    @property
    def together(self) -> str:
        """The figure of the whole with its unit; empty where there is none."""
        return "" if self.whole is None else words.with_unit(self.whole, self.indicator.decimals, self.indicator.unit)

    def text(self, region: str) -> str:
        return words.number(self.levels[region] or 0.0, self.indicator.decimals)

    @property
    def span(self) -> tuple[float, float]:
        known = [value for value in self.levels.values() if value is not None]
        return min(known), max(known)


def compared(data: ReportData, indicator: Indicator) -> Compared | None:
    """In the newest year up to the report's that all have a figure for; None for counts and amounts."""
    year = data.usable_year(indicator)
    if year is None or not claims.comparable(indicator):
        return None
    levels = data.levels(indicator, year)
    means = data.three_year_levels(indicator, year)
    whole = data.figure(indicator, data.merged, year).value
    of_three = means is not None and any(
        data.three_years[indicator.id, region.id, year]["uncertain"] == "true" for region in data.members
    )
    if of_three and means is not None:
        levels, whole = means, data.three_years[indicator.id, data.merged.id, year]["mean"]
    before = [year - 1, year - 2]
    earlier = [
        (data.three_year_levels(indicator, at) if of_three else None) or data.levels(indicator, at) for at in before
    ]
    standing = claims.standing(
        levels,
        earlier=earlier,
        uncertainty={r.id: data.figure(indicator, r, year).uncertainty for r in data.members},
        # a published figure is rounded at both ends
        slack=10.0**-indicator.decimals if indicator.formula == "value" else 0.0,
        caution=indicator.caution,
        decimals=indicator.decimals,
    )
    return None if standing.why == "alone" else Compared(indicator, year, levels, standing, whole, of_three)


def adjusted(data: ReportData, indicator: Indicator) -> Compared | None:
    """As `compared`, of spending adjusted for age, both with the rest of the cost key like the ages and held."""
    year = data.need_year(indicator)
    if year is None:
        return None
    like_age = [data.need_levels(indicator, year - back, "adjusted_per_inhabitant") for back in (0, 1, 2)]
    held = data.need_levels(indicator, year, "adjusted_rest_held")
    standing = claims.standing(like_age[0], earlier=like_age[1:], treatments=[held], decimals=0)
    return None if standing.why == "alone" else Compared(indicator, year, like_age[0], standing)


def _widest(found: Iterable[Compared | None]) -> Compared | None:
    """Of those whose ends may be named, the one furthest apart: in per cent, and before it what has no per cent."""
    told = [one for one in found if one and one.standing.told]
    return max(told, key=lambda one: float("inf") if one.standing.pct is None else one.standing.pct, default=None)


def _own_first(data: ReportData, indicators: Iterable[Indicator]) -> list[list[Indicator]]:
    """The sub-project's own services, and after them the groups of services that several sub-projects show."""
    every = list(indicators)
    own = [i for i in every if data.part and i.area in data.part.services]
    return [own, [i for i in every if i not in own]]


def spending_gap(data: ReportData) -> str | None:
    """What the members spend on the service: adjusted for age where it can be; the sub-project's own service first."""
    for chosen in _own_first(data, leading(data)):
        sentence = need_gap(data, [i for i in chosen if i.need_key]) or widest_gap(data, chosen)
        if sentence:
            return sentence
    return None


def need_gap(data: ReportData, indicators: Iterable[Indicator]) -> str | None:
    """The service whose spending differs most once the members' ages are allowed for; or that it hardly does."""
    found = [one for one in (adjusted(data, indicator) for indicator in indicators) if one and one.span[0] > 0]
    one = _widest(found) or next(iter(found), None)
    if one is None:
        return None
    area = data.definitions.area_title(one.indicator.area)
    low, high = (words.number(end) for end in one.span)
    if one.standing.told:
        most, least = _named(data, one.standing.highest), _named(data, one.standing.lowest)
        return (
            f"**{area}, justert for alder: {most.name} bruker mest, {least.name} minst.** "
            f"{high} mot {low}{words.SPACE}kr per innbygger i {one.year}, {_percent(one.standing)} mer. "
            f"{_unadjusted(data, one)}"
        )
    if one.standing.alike:
        message = f"{area}: kommunene bruker omtrent like mye når alderen er regnet med."
    else:
        message = f"{area}, justert for alder: {SHIFTING[one.standing.why]}."
    return f"**{message}** Fra {low} til {high}{words.SPACE}kr per innbygger i {one.year}. {_unadjusted(data, one)}"


def _unadjusted(data: ReportData, one: Compared) -> str:
    """Who is at the ends before the ages are allowed for, whoever they are after it."""
    plain = data.need_levels(one.indicator, one.year, "per_inhabitant")
    order = sorted((value, name) for name, value in plain.items() if value is not None)
    (least, low), (most, high) = order[0], order[-1]
    return (
        f"Uten justering er det {_named(data, high).name} ({words.number(most)}{words.SPACE}kr) og "
        f"{_named(data, low).name} ({words.number(least)}{words.SPACE}kr) som ligger ytterst."
    )


def widest_gap(data: ReportData, indicators: Iterable[Indicator]) -> str | None:
    """The spending whose members lie furthest apart where the ages are not allowed for; the sentence says that."""
    found = [one for one in (compared(data, indicator) for indicator in indicators) if one]
    one = _widest(found) or next(iter(found), None)
    if one is None:
        return None
    indicator = one.indicator
    low, high = (words.number(end, indicator.decimals) for end in one.span)
    below = (
        "" if one.span[0] >= 0
        else " Et negativt tall er ikke overskudd: gebyrene skal også dekke renter på investeringene."
    )  # fmt: skip
    ends = f"{words.number(one.span[1], indicator.decimals)} mot {low}{words.SPACE}{indicator.unit}"
    said = f"{indicator.title}, {one.when}" if one.of_three else f"{indicator.title} i {one.when}"
    if one.standing.told:
        most, least = _named(data, one.standing.highest), _named(data, one.standing.lowest)
        if below:
            message = f"{indicator.short}: høyest i {most.name}, lavest i {least.name}."
        else:
            message = f"{indicator.short}: {most.name} bruker mest, {least.name} minst; {words.uncapital(NOT_ADJUSTED)}"
        apart = f", {_percent(one.standing)} mer" if one.standing.pct is not None else ""
        return f"**{message}** {said}: {ends}{apart}.{below}"
    message = "kommunene bruker omtrent like mye" if one.standing.alike else SHIFTING[one.standing.why]
    span = f"fra {low} til {high}{words.SPACE}{indicator.unit}"
    return f"**{indicator.short}: {message}.** {said}: {span}.{below or f' {NOT_ADJUSTED}'}"


def coverage(data: ReportData) -> str | None:
    """The coverage that differs most between the members, lowest first; or that it is much the same."""
    chosen = [
        i for i in data.indicators if i.kind == "dekningsgrad" and i.area not in BACKGROUND and not data.replaced(i)
    ]
    for own in _own_first(data, chosen):
        found = [one for one in (compared(data, indicator) for indicator in own) if one]
        one = _widest(found) or next(iter(found), None)
        if one is not None:
            return _coverage(data, one)
    return None


def _coverage(data: ReportData, one: Compared) -> str:
    indicator = one.indicator
    at = f", {one.when}" if one.of_three else f" i {one.when}"
    together = f"{one.together} samlet{at}" if one.together else words.capital(one.when)
    low, high = (words.number(end, indicator.decimals) for end in one.span)
    if one.standing.told:
        most, least = _named(data, one.standing.highest), _named(data, one.standing.lowest)
        return (
            f"**{indicator.title}: lavest i {least.name}, høyest i {most.name}.** "
            f"{low} mot {high}{words.SPACE}{indicator.unit}{at}"
            f"{f'; {one.together} samlet' if one.together else ''}. {_neither(indicator)}"
        ).rstrip()
    if one.standing.why == "caution":
        return f"**{indicator.title}: omtrent lik dekning.** {together}. {indicator.caution}"
    message = "omtrent lik dekning" if one.standing.alike else SHIFTING[one.standing.why]
    span = f"kommunene fra {low} til {high}{words.SPACE}{indicator.unit}"
    return f"**{indicator.title}: {message}.** {together}; {span}. {_neither(indicator)}".rstrip()


def quality_gap(data: ReportData) -> str | None:
    """The quality that differs most between the members, where one way is better."""
    one = _widest(compared(data, indicator) for indicator in _quality(data))
    if one is None:
        return None
    indicator = one.indicator
    ends = [_named(data, one.standing.highest), _named(data, one.standing.lowest)]
    best, worst = ends if indicator.direction == "higher" else ends[::-1]
    better = "høyere" if indicator.direction == "higher" else "lavere"
    at = f", {one.when}" if one.of_three else f" i {data.when(indicator, one.year)}"
    return (
        f"**{indicator.title}: best i {best.name}, svakest i {worst.name}.** "
        f"{one.text(best.id)} mot {one.text(worst.id)}{words.SPACE}{indicator.unit}{at}; {better} er bedre."
    )


def _quality(data: ReportData) -> list[Indicator]:
    return [
        i
        for i in data.indicators
        if i.kind == "kvalitet" and i.direction != "neutral" and i.area not in BACKGROUND and claims.comparable(i)
    ]


def results(data: ReportData) -> str | None:
    """The quality of the whole that is furthest from the country, beyond its uncertainty or five per cent."""
    if data.country is None:
        return None
    best: tuple[float, Indicator, int] | None = None
    for indicator in _quality(data):
        years = data.years(indicator, [data.merged])
        year = claims.newest_usable(years, data.year) or max(years, default=None)
        if year is None:
            continue
        far = beyond(data.figure(indicator, data.merged, year), data.figure(indicator, data.country, year))
        if far is not None and far > 0 and (best is None or far > best[0]):
            best = (far, indicator, year)
    if best is None:
        return None
    _, indicator, year = best
    whole, country = data.figure(indicator, data.merged, year), data.figure(indicator, data.country, year)
    assert whole.value is not None and country.value is not None
    side = "over" if whole.value > country.value else "under"
    uncertainty = claims.plus_minus(whole.uncertainty)
    return (
        f"**{indicator.title}: {data.merged.name} ligger {side} landet.** "
        f"{whole.text} mot {country.text}{words.SPACE}{indicator.unit} i {data.when(indicator, year)}"
        f"{f', med usikkerhet {uncertainty}' if uncertainty else ''}. {_others(data, indicator)}"
    ).rstrip()


def beyond(whole: Figure, country: Figure) -> float | None:
    """How far two figures lie apart beyond what may be chance or rounding, in per cent of the country; None if unknown.

    Where the uncertainty is known it decides, with the rounding of both; else it takes five per cent.
    """
    if whole.value is None or country.value is None or country.value <= 0:
        return None
    apart = abs(whole.value - country.value)
    if whole.uncertainty is None:
        return 100 * apart / country.value - claims.LEAST_PCT
    chance = whole.uncertainty + (country.uncertainty or 0.0) + 10.0**-whole.decimals
    return 100 * (apart - chance) / country.value


def _others(data: ReportData, told: Indicator) -> str:
    """That other results stand in the report, so that one is not taken for all."""
    others = any(i.id != told.id and data.years(i, [data.merged]) for i in _quality(data))
    return "Flere tall står under Kvalitet." if others else ""


def need(data: ReportData) -> str | None:
    """The age need that differs most between the members."""
    found = [compared(data, i) for i in data.indicators if i.area == "behov" and i.for_services]
    known = [one for one in found if one and one.standing.told and one.span[1] - one.span[0] >= WORTH_TELLING]
    if not known:
        return None
    one = max(known, key=lambda each: each.span[1] - each.span[0])
    low, high = one.span
    service = one.indicator.short.removeprefix("Behov, ").removesuffix(" (alder)")
    return (
        f"**{_what_differs(data, one.indicator)} er ulik, og dermed behovet for {service}.** "
        f"Alderen alene tilsier et behov {words.percent_apart(high, 100)} landet i "
        f"{_named(data, one.standing.highest).name} og {words.percent_apart(low, 100)} landet i "
        f"{_named(data, one.standing.lowest).name} i {one.year} (følsomhet, vekter fra {data.definitions.need.year})."
    )


def _what_differs(data: ReportData, indicator: Indicator) -> str:
    """The ages a cost key counts, where they are one span; else all of them."""
    keys = data.definitions.need
    key = indicator.numerator.need_key if indicator.numerator else ""
    spans = [keys.ages[name] for name in keys.keys.get(key, {}) if name in keys.ages]
    ages = sorted({int(code.rstrip("+")) for span in spans for code in age_codes(span)})
    whole = not ages or ages != list(range(ages[0], ages[-1] + 1)) or ages[0] == 0
    return "Aldersfordelingen" if whole else f"Andelen innbyggere {ages[0]}–{ages[-1]} år"


def _neither(indicator: Indicator) -> str:
    return "Verken høyt eller lavt er bra i seg selv." if indicator.direction == "neutral" else ""


# ------------------------------------------------------------------------------------ the whole


def against_country(data: ReportData) -> str | None:
    """The leading spending figure of the whole against the country, in the newest year up to the report's with both."""
    if data.country is None:
        return None
    for indicator in leading(data):
        both = set(data.years(indicator, [data.merged])) & set(data.years(indicator, [data.country]))
        year = claims.newest_usable(both, data.year)
        if year is None:
            continue
        whole, country = data.figure(indicator, data.merged, year), data.figure(indicator, data.country, year)
        if whole.value is None or country.value is None or country.value <= 0 or whole.value < 0:
            continue
        area = data.definitions.area_title(indicator.area)
        near = abs(100 * whole.value / country.value - 100) < claims.LEAST_PCT
        apart = "omtrent som" if near else words.percent_apart(whole.value, country.value)
        return (
            f"**{area}: {data.merged.name} ligger {apart} landet.** "
            f"{indicator.title} i {year}: {whole.with_unit} mot {country.with_unit}. {NOT_ADJUSTED}"
        )
    return None


def amount(data: ReportData) -> str | None:
    """What the leading service costs in all, where the country is no yardstick; and why it is none."""
    for indicator in leading(data):
        total = next((i for i in data.indicators if i.id == f"{indicator.area}.netto_driftsutgifter"), None)
        year = claims.newest_usable(data.years(total, [data.merged]), data.year) if total else None
        if total is None or year is None:
            continue
        whole = data.figure(total, data.merged, year)
        return f"**{total.title}: {whole.with_unit} samlet i {year}.** {_no_yardstick(data, indicator, whole, year)}"
    return None


def _no_yardstick(data: ReportData, indicator: Indicator, whole: Figure, year: int) -> str:
    """Why the country is not told beside an amount: it has no figure, or one of the two is negative."""
    country = data.figure(indicator, data.country, year) if data.country else None
    if country is None or not country.ok:
        return f"Landets tall for {year}: {country.label if country else 'ikke hentet'}."
    if (whole.value or 0) < 0 or (country.value or 0) <= 0:
        return f"Prosent av landet gir ikke mening når tallene er negative (landet: {country.with_unit} per innbygger)."
    return f"Landet brukte {country.with_unit} ({words.uncapital(indicator.title)})."


def target_group(data: ReportData) -> str | None:
    """The size of the first age group, its change since 2005, and where it changed the most and the least."""
    wanted = data.part.target_ages[0] if data.part and data.part.target_ages else "0-"
    ages = [i for i in data.indicators if i.area == "befolkning" and i.numerator and i.numerator.ages == wanted]
    count = next((i for i in ages if i.formula == "amount"), None)
    change = next((i for i in ages if i.formula == "change"), None)
    if count is None or change is None or not data.years(change, [data.merged]):
        return None
    newest = data.years(change, [data.merged])[-1]
    at = min(data.year + 1, data.merger.merge_date.year - 1)
    whole = data.figure(change, data.merged, newest)
    earlier = f"; i {at} var det {data.figure(count, data.merged, at).text}" if at < newest else ""
    text = (
        f"**{count.short}: {data.figure(count, data.merged, newest).text} i {data.merged.name} i {newest}.** "
        f"Det er {_more(whole)} enn i 2005{earlier}."
    )
    levels = data.levels(change, at)
    standing = claims.standing(
        levels, earlier=[data.levels(change, at - back) for back in (1, 2)], decimals=change.decimals
    )
    if standing.told:
        high, low = _named(data, standing.highest), _named(data, standing.lowest)
        text += (
            f" Fra 2005 til {at} var endringen høyest i {high.name} ({_signed(data.figure(change, high, at))} prosent) "
            f"og lavest i {low.name} ({_signed(data.figure(change, low, at))} prosent)."
        )
    return text


def _more(change: Figure) -> str:
    text = change.text.lstrip(words.MINUS)
    return f"{text}{words.SPACE}prosent {'flere' if (change.value or 0) >= 0 else 'færre'}"


def share(data: ReportData) -> str | None:
    """The share of the seven areas' money."""
    for indicator in data.indicators:
        if not indicator.id.endswith(".andel_av_sju"):
            continue
        year = data.usable_year(indicator)
        if year is None:
            continue
        known = [value for value in data.levels(indicator, year).values() if value is not None]
        whole = data.figure(indicator, data.merged, year)
        if whole.ok and min(known) > 0:
            low, high = words.number(min(known), 1), words.number(max(known), 1)
            return (
                f"**{data.definitions.area_title(indicator.area)} får {whole.with_unit} av netto driftsutgifter til de "
                f"sju områdene** i {data.merged.name} i {year}. Kommunene spenner fra {low} til "
                f"{high}{words.SPACE}prosent."
            )
    return None


# ------------------------------------------------------------------------------------- over time


def trend(data: ReportData) -> str | None:
    """The line through up to five years of the leading spending figure, on one side of the merger."""
    lead = [data.definitions.indicators[data.part.lead]] if data.part and data.part.lead else []
    for indicator in [*lead, *leading(data)]:
        rows = data.query(
            "select * from {trend} where indicator = ? and role = 'merged' and slope is not null "
            "and crosses_merger = 'false' order by year desc",
            indicator.id,
        )
        if rows:
            return trend_told(data, indicator, rows[0])
    return None


def trend_told(data: ReportData, indicator: Indicator, row: Row) -> str:
    """A row of the trend table in words: beside the country, in both prices or with why not, and what broke it."""
    first, last = row["first_year"], row["year"]
    end = data.figure(indicator, data.merged, last)
    broken = f" {row['break_reason']}" if row["break_reason"] else ""
    what = "utgiften" if indicator.is_spending else "tallet"
    if row["slope_pct"] is None:  # per cent of something negative tells nothing
        start = data.figure(indicator, data.merged, first)
        return (
            f"**{indicator.short}: {_way(row['slope'])} i snitt {_kroner(abs(row['slope']), indicator)} i året "
            f"fra {first} til {last}{_beside(row['country_slope'], indicator.decimals)}.** {indicator.title} i "
            f"{data.merged.name}: {start.with_unit} i {first} og {end.with_unit} i {last}, løpende priser.{broken}"
        )
    return (
        f"**{indicator.short}: {what} {_way(row['slope_pct'])} i snitt {_rate(abs(row['slope_pct']))} i året "
        f"fra {first} til {last}{_beside(row['country_slope_pct'])}.** "
        f"{data.merged.name}: {end.with_unit} i {last}, løpende priser. {_fixed(row)}{broken}"
    ).rstrip()


def _way(slope: float) -> str:
    return "økte" if slope > 0 else "gikk ned"


def _rate(slope: float) -> str:
    return f"{words.number(slope, 1)}{words.SPACE}prosent"


def _kroner(slope: float, indicator: Indicator) -> str:
    return f"{words.number(slope, indicator.decimals)}{words.SPACE}{indicator.unit}"


def _beside(slope: float | None, decimals: int = 1) -> str:
    """The country's change over the same years, with a sign where it went down."""
    return "" if slope is None else f" (landet {words.number(slope, decimals)})"


def _fixed(row: Row) -> str:
    if row["price_year"] is None:
        return ""
    slope = row["fixed_slope_pct"]
    if slope is None:
        return "Faste priser: prisveksten er ikke kjent for alle årene."
    return (
        f"I {claims.price_words(row['price_year'])}: {_way(slope)} {_rate(abs(slope))} i året"
        f"{_beside(row['country_fixed_slope_pct'])}."
    )


def holes(data: ReportData) -> str:
    """How much of the report has figures, and which of the plan's headings have none."""
    good, of = data.with_figures()
    empty = [
        title.lower()
        for heading, title in HEADINGS.items()
        if not any(
            data.figure(i, r, data.shown_year(i)).ok for i in data.own(heading) for r in [*data.members, data.merged]
        )
    ]
    bare = f" Ingen tall i dette settet om {words.listed(empty)}." if empty else ""
    if good == of:
        return f"**Det mangler:** ingenting; alle de {of} indikatorene har tall for {data.merged.name}.{bare}"
    return f"**Det mangler:** {of - good} av {of} indikatorer er uten tall for {data.merged.name}.{bare}"


def _named(data: ReportData, region: str) -> Region:
    return next(r for r in data.regions if r.id == region)


def _percent(standing: Standing) -> str:
    return f"{words.number(standing.pct or 0)}{words.SPACE}prosent"


def _signed(figure: Figure) -> str:
    return ("+" if (figure.value or 0) > 0 else "") + figure.text
