"""Page one's sentences, each picked by a rule and carrying the figure that picked it.

Five places: the largest gap in spending once need is allowed for, the largest gap in coverage, the quality that differs
most and has a direction, the trend, and what is missing. A rule without figures yields its place to the next one in its
list; the last place is always what is missing.
"""

from collections.abc import Callable

from pipeline import words
from pipeline.model import HEADINGS, Indicator
from pipeline.report.data import BACKGROUND, Figure, Region, ReportData, Row
from pipeline.report.knowledge.spending import leading

WORTH_TELLING = 5  # index points of need between the members
Rule = Callable[[ReportData], str | None]


def findings(data: ReportData) -> str:
    """The sentences as a numbered Markdown list."""
    told = sentences(data)
    return "::: {.funn}\n\n" + "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(told, 1)) + "\n\n:::\n"


def sentences(data: ReportData) -> list[str]:
    told: list[str] = []
    for rules in (
        (need_gap, widest_gap),
        (coverage_gap, coverage, recipients, against_country, amount),
        (quality_gap, results, need, share, target_group),
        (trend, target_group, against_country, amount),
    ):
        sentence = next((s for s in (rule(data) for rule in rules) if s and s not in told), None)
        if sentence:
            told.append(sentence)
    return [*told, holes(data)]


def need_gap(data: ReportData) -> str | None:
    """The service whose spending differs most between the members once their ages are allowed for."""
    best: tuple[float, Indicator, list[tuple[Region, Row]]] | None = None
    for indicator in (i for i in data.indicators if i.need_key):
        rows = [(region, data.needs.get((indicator.id, region.id))) for region in data.members]
        known = [(region, row) for region, row in rows if row and row["status"] == "ok"]
        if len(known) < len(rows) or min(row["adjusted_per_inhabitant"] for _, row in known) <= 0:
            continue
        known.sort(key=lambda pair: pair[1]["adjusted_per_inhabitant"])
        gap = known[-1][1]["adjusted_per_inhabitant"] / known[0][1]["adjusted_per_inhabitant"]
        if best is None or gap > best[0]:
            best = (gap, indicator, known)
    if best is None:
        return None
    gap, indicator, known = best
    (low, least), (high, most) = known[0], known[-1]

    def kr(row: Row, column: str) -> str:
        return words.number(row[column])

    area = data.definitions.area_title(indicator.area)
    return (
        f"**{area}, korrigert for alder: {high.name} bruker mest, {low.name} minst.** "
        f"{kr(most, 'adjusted_per_inhabitant')} mot {kr(least, 'adjusted_per_inhabitant')}{words.SPACE}kr "
        f"per innbygger, {words.number(100 * (gap - 1))}{words.SPACE}prosent mer; uten korrigering "
        f"{kr(most, 'per_inhabitant')} mot {kr(least, 'per_inhabitant')}."
    )


def widest_gap(data: ReportData) -> str | None:
    """The priority figure with the largest relative gap between the members."""
    gaps = [
        (data.spreads[(i.id, data.year)]["spread_pct"], i) for i in leading(data) if (i.id, data.year) in data.spreads
    ]
    known = [(gap, indicator) for gap, indicator in gaps if gap is not None]
    if not known:
        return _negative_gap(data)
    gap, indicator = max(known, key=lambda pair: pair[0])
    row = data.spreads[(indicator.id, data.year)]
    high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
    return (
        f"**{indicator.short}: {high.name} bruker mest, {low.name} minst.** "
        f"{data.figure(indicator, high).with_unit} mot {data.figure(indicator, low).with_unit}, "
        f"{words.number(gap)}{words.SPACE}prosent mer."
    )


def _negative_gap(data: ReportData) -> str | None:
    """Where a per cent makes no sense (negative net figures), the gap in kr."""
    for indicator in leading(data):
        row = data.spreads.get((indicator.id, data.year))
        if row and row["status"] == "ok":
            high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
            return (
                f"**{indicator.short}: høyest i {high.name}, lavest i {low.name}.** "
                f"{data.figure(indicator, high).with_unit} mot {data.figure(indicator, low).with_unit}. "
                "Et negativt tall er ikke overskudd: gebyrene skal også dekke renter på investeringene."
            )
    return None


def against_country(data: ReportData) -> str | None:
    """The leading priority figure of the merged municipality against the country."""
    if data.country is None:
        return None
    for indicator in leading(data):
        whole, country = data.figure(indicator, data.merged), data.figure(indicator, data.country)
        if whole.value is not None and country.value is not None and country.value > 0 and whole.value >= 0:
            apart = words.percent_apart(whole.value, country.value)
            return (
                f"**{data.definitions.area_title(indicator.area)}: {data.merged.name} ligger {apart} landet.** "
                f"{indicator.title}: {whole.with_unit} mot {country.with_unit}. Tallet er ikke korrigert for behov."
            )
    return None


def amount(data: ReportData) -> str | None:
    """What the leading service costs in all, where the country is no yardstick; and why it is none."""
    for indicator in leading(data):
        total = next((i for i in data.indicators if i.id == f"{indicator.area}.netto_driftsutgifter"), None)
        whole = data.figure(total, data.merged) if total else None
        if total is None or whole is None or whole.value is None:
            continue
        country = data.figure(indicator, data.country) if data.country else None
        if whole.value < 0 or (country is not None and country.value is not None and country.value <= 0):
            per = (
                f" ({data.country.name.lower()}: {country.with_unit} per innbygger)" if data.country and country else ""
            )
            why = f"Prosent av landet gir ikke mening når tallene er negative{per}."
        else:
            why = "Tall for landet er ikke i datasettet."
        return f"**{total.title}: {whole.with_unit} samlet.** {why}"
    return None


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
    text = (
        f"**{count.short}: {data.figure(count, data.merged, newest).text} i {data.merged.name} i {newest}.** "
        f"Det er {_more(whole)} enn i 2005; i {at} var det {data.figure(count, data.merged, at).text}."
    )
    row = data.spreads.get((change.id, at))
    if row and row["status"] == "ok":
        high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
        text += (
            f" Fra 2005 til {at} var endringen høyest i {high.name} ({_signed(data.figure(change, high, at))} prosent) "
            f"og lavest i {low.name} ({_signed(data.figure(change, low, at))} prosent)."
        )
    return text


def _more(change: Figure) -> str:
    text = change.text.lstrip(words.MINUS)
    return f"{text}{words.SPACE}prosent {'flere' if (change.value or 0) >= 0 else 'færre'}"


def results(data: ReportData) -> str | None:
    """The published result that is furthest from the country beyond its uncertainty."""
    best: tuple[float, Indicator, int] | None = None
    for indicator in data.indicators:
        if indicator.kind != "kvalitet" or data.country is None:
            continue
        for year in data.years(indicator, [data.merged])[-1:]:
            whole, country = data.figure(indicator, data.merged, year), data.figure(indicator, data.country, year)
            if whole.value is None or country.value is None:
                continue
            # both figures are whole points: each may be half a point off before the uncertainty comes on top
            beyond = abs(whole.value - country.value) - 1 - (whole.uncertainty or 0)
            if beyond > 0 and (best is None or beyond > best[0]):
                best = (beyond, indicator, year)
    if best is None:
        return None
    _, indicator, year = best
    whole, country = data.figure(indicator, data.merged, year), data.figure(indicator, data.country, year)  # type: ignore[arg-type]
    assert whole.value is not None and country.value is not None
    side = "over" if whole.value > country.value else "under"
    return (
        f"**{indicator.title}: {data.merged.name} ligger {side} landet.** "
        f"{whole.text} mot {country.text} skalapoeng i "
        f"{words.school_year(year)}, med usikkerhet ± {words.number(whole.uncertainty or 0, 1)}. "
        f"{_others(data, indicator)}"
    )


def _others(data: ReportData, told: Indicator) -> str:
    """That the other results stand in the report, so that one is not taken for all."""
    others = sum(
        1 for i in data.indicators if i.kind == "kvalitet" and i.id != told.id and data.years(i, [data.merged])
    )
    return f"De {others} andre prøvene står under Kvalitet." if others else ""


def coverage(data: ReportData) -> str | None:
    """Coverage of the members in the report's year."""
    for indicator in data.indicators:
        row = data.spreads.get((indicator.id, data.year))
        if indicator.kind != "dekningsgrad" or indicator.area in BACKGROUND or not row or row["status"] != "ok":
            continue
        told = [f"{r.name} {data.figure(indicator, r).text}" for r in [*data.members, data.merged]]
        low, high = (words.number(row[end], indicator.decimals) for end in ("lowest", "highest"))
        return (
            f"**{indicator.title}: fra {low} til {high}{words.SPACE}{indicator.unit} i {data.year}.** "
            f"{', '.join(told)}. {indicator.caution}"
        ).rstrip()
    return None


def recipients(data: ReportData) -> str | None:
    """Coverage figures with a direction: told as a span, with where."""
    for indicator in data.indicators:
        row = data.spreads.get((indicator.id, data.year))
        if indicator.kind != "dekningsgrad" or indicator.area in BACKGROUND or not row or row["status"] != "ok":
            continue
        high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
        return (
            f"**{indicator.title}: {data.figure(indicator, low).text} til {data.figure(indicator, high).with_unit}.** "
            f"Lavest i {low.name}, høyest i {high.name}; {data.figure(indicator, data.merged).with_unit} samlet."
        )
    return None


def need(data: ReportData) -> str | None:
    """The age need that differs most between the members."""
    rows = [(i, data.spreads.get((i.id, data.year))) for i in data.indicators if i.area == "behov" and i.for_services]
    known = [(row["highest"] - row["lowest"], i, row) for i, row in rows if row and row["status"] == "ok"]
    known = [item for item in known if item[0] >= WORTH_TELLING]
    if not known:
        return None
    _, indicator, row = max(known, key=lambda item: item[0])
    high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
    return (
        f"**Alderen gir ulikt behov for {indicator.short.removeprefix('Behov, ').removesuffix(' (alder)')}.** "
        f"Alderen alene tilsier {_need(data.figure(indicator, high))} landet i {high.name} og "
        f"{_need(data.figure(indicator, low))} landet i {low.name} (vekter fra {data.definitions.need.year})."
    )


def _need(figure: Figure) -> str:
    apart = words.percent_apart(figure.value or 0, 100)
    return f"et behov {apart}"


def share(data: ReportData) -> str | None:
    """The share of the seven areas' money."""
    for indicator in data.indicators:
        row = data.spreads.get((indicator.id, data.year))
        if indicator.id.endswith(".andel_av_sju") and row and row["status"] == "ok" and row["lowest"] > 0:
            whole = data.figure(indicator, data.merged)
            low, high = (words.number(row[key], 1) for key in ("lowest", "highest"))
            return (
                f"**{whole.with_unit} av pengene til de sju områdene** går hit i {data.merged.name}. "
                f"Kommunene spenner fra {low} til {high}{words.SPACE}prosent."
            )
    return None


def coverage_gap(data: ReportData) -> str | None:
    """The coverage that differs most between the members, in per cent of the lowest."""
    found = _widest(data, [i for i in data.indicators if i.kind == "dekningsgrad" and i.area not in BACKGROUND])
    if found is None:
        return None
    indicator, row = found
    high, low = _named(data, row["highest_region"]), _named(data, row["lowest_region"])
    year = row["year"]
    told = f"{data.figure(indicator, low, year).text} mot {data.figure(indicator, high, year).with_unit}"
    whole = data.figure(indicator, data.merged, year)
    together = f" {whole.with_unit} samlet." if whole.ok else ""
    return (
        f"**{indicator.title}: lavest i {low.name}, høyest i {high.name}.** {told} i {year}.{together} "
        f"{indicator.caution or _neither(indicator)}"
    ).rstrip()


def quality_gap(data: ReportData) -> str | None:
    """The quality that differs most between the members, where one way is better."""
    chosen = [
        i for i in data.indicators if i.kind == "kvalitet" and i.direction != "neutral" and i.area not in BACKGROUND
    ]
    found = _widest(data, chosen)
    if found is None:
        return None
    indicator, row = found
    ends = [_named(data, row["highest_region"]), _named(data, row["lowest_region"])]
    best, worst = ends if indicator.direction == "higher" else ends[::-1]
    better = "høyere" if indicator.direction == "higher" else "lavere"
    year = row["year"]
    return (
        f"**{indicator.title}: best i {best.name}, svakest i {worst.name}.** "
        f"{data.figure(indicator, best, year).text} mot {data.figure(indicator, worst, year).with_unit} i {year}; "
        f"{better} er bedre."
    )


def _widest(data: ReportData, indicators: list[Indicator]) -> tuple[Indicator, Row] | None:
    """The indicator whose members lie furthest apart in the year it is shown for."""
    rows = [(i, data.spreads.get((i.id, data.shown_year(i)))) for i in indicators]
    known = [(i, row) for i, row in rows if row and row["status"] == "ok" and row["spread_pct"]]
    return max(known, key=lambda pair: pair[1]["spread_pct"], default=None)


def _neither(indicator: Indicator) -> str:
    return "Verken høyt eller lavt er bra i seg selv." if indicator.direction == "neutral" else ""


def trend(data: ReportData) -> str | None:
    """The line through five years of the leading spending figure: after the merger where there are years enough."""
    lead = [data.definitions.indicators[data.part.lead]] if data.part and data.part.lead else []
    for indicator in [*lead, *leading(data)]:
        rows = data.query(
            "select * from {trend} where indicator = ? and role = 'merged' and slope_pct is not null "
            "and crosses_merger = 'false' order by year desc",
            indicator.id,
        )
        if rows:
            return _trend(data, indicator, rows[0])
    return None


def _trend(data: ReportData, indicator: Indicator, row: Row) -> str:
    first = row["year"] - row["years_used"] + 1
    end = data.figure(indicator, data.merged, row["year"])
    if row["value"] <= 0:  # per cent of something negative tells nothing
        start = data.figure(indicator, data.merged, first)
        return (
            f"**Utviklingen.** {indicator.title} i {data.merged.name}: {start.with_unit} i {first} og "
            f"{end.with_unit} i {row['year']}, i løpende priser."
        )
    slope = row["slope_pct"]
    way = "økte" if slope > 0 else "gikk ned"
    years = f"{first}–{row['year']}"
    if row["fixed_slope_pct"] is not None:
        fixed = f"I faste {row['price_year']}-priser: {words.number(row['fixed_slope_pct'], 1)}{words.SPACE}prosent."
    else:
        fixed = "Løpende priser: prisveksten er ikke kjent for alle årene."
    return (
        f"**Utviklingen: {indicator.short} {way} med {words.number(abs(slope), 1)}{words.SPACE}prosent i året.** "
        f"{data.merged.name}, linjen gjennom {years}, til {end.with_unit}. {fixed}"
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
    return f"**Det mangler:** {of - good} av {of} indikatorer er uten samlet tall.{bare}"


def _named(data: ReportData, region: str) -> Region:
    return next(r for r in data.regions if r.id == region)


def _signed(figure: Figure) -> str:
    return ("+" if (figure.value or 0) > 0 else "") + figure.text
