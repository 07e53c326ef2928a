"""Page one's sentences, each picked by a rule and carrying the figure that picked it.

Five places: what separates the members most, where the whole stands against the country, the target
group, a fact about need, coverage or quality, and what is missing. A rule without figures yields its
place to the next one in its list; the last place is always what is missing.
"""

from collections.abc import Callable

from pipeline.model import HEADINGS, Indicator
from pipeline.report import words
from pipeline.report.data import Figure, Region, ReportData, Row

WORTH_TELLING = 5  # index points of need between the members
Rule = Callable[[ReportData], str | None]


def findings(data: ReportData) -> str:
    """The sentences as a numbered Markdown list."""
    told: list[str] = []
    for rules in (
        (need_gap, widest_gap),
        (against_country, amount),
        (target_group,),
        (results, coverage, recipients, need, share, trend),
    ):
        sentence = next((s for s in (rule(data) for rule in rules) if s), None)
        if sentence:
            told.append(sentence)
    told.append(holes(data))
    return "::: {.funn}\n\n" + "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(told, 1)) + "\n\n:::\n"


def _priority(data: ReportData) -> list[Indicator]:
    """Net expenditure per inhabitant, the target group's before all inhabitants'."""
    chosen = [i for i in data.indicators if i.kind == "prioritering" and i.formula == "ratio" and ".netto_per" in i.id]
    return sorted(chosen, key=lambda i: i.id.endswith(".netto_per_innbygger"))


def _lead(data: ReportData) -> list[Indicator]:
    """One per area: the most specific priority figure."""
    best: dict[str, Indicator] = {}
    for indicator in _priority(data):
        if indicator.area != "okonomi":
            best.setdefault(indicator.area, indicator)
    return list(best.values())


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
        (data.spreads[(i.id, data.year)]["spread_pct"], i) for i in _lead(data) if (i.id, data.year) in data.spreads
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
    for indicator in _lead(data):
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
    for indicator in _lead(data):
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
    for indicator in _lead(data):
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
        if indicator.kind != "dekningsgrad" or indicator.direction != "neutral" or not row or row["status"] != "ok":
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
        if indicator.kind != "dekningsgrad" or not row or row["status"] != "ok":
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


def trend(data: ReportData) -> str | None:
    """The leading priority figure of the whole, from the first year to the newest."""
    for indicator in _lead(data):
        years = data.years(indicator, [data.merged])
        if len(years) > 1:
            first, last = (data.figure(indicator, data.merged, year) for year in (years[0], years[-1]))
            return (
                f"**Utviklingen.** {indicator.title} i {data.merged.name}: {first.with_unit} i {years[0]} "
                f"og {last.with_unit} i {years[-1]}, i løpende priser."
            )
    return None


def holes(data: ReportData) -> str:
    """How much of the report has figures, and which of the plan's headings have none."""
    good, of = data.with_figures()
    background = ("befolkning", "behov", "okonomi")  # about the municipality, not about the service
    empty = [
        title.lower()
        for heading, title in HEADINGS.items()
        if not any(
            data.figure(i, r, data.shown_year(i)).ok
            for i in data.under(heading)
            if i.area not in background
            for r in [*data.members, data.merged]
        )
    ]
    bare = f" Ingen tall i dette settet om {words.listed(empty)}." if empty else ""
    fees = "" if any("brukerbetaling" in i.id for i in data.indicators) else " Brukerbetaling er ikke blant dem ennå."
    return f"**Det mangler:** {of - good} av {of} indikatorer er uten samlet tall.{bare}{fees}"


def _named(data: ReportData, region: str) -> Region:
    return next(r for r in data.regions if r.id == region)


def _signed(figure: Figure) -> str:
    return ("+" if (figure.value or 0) > 0 else "") + figure.text
