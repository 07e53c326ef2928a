"""Page one of a harmonisation report: what differs most, what evening it out would change, what is not known yet."""

from collections.abc import Callable

from pipeline import words
from pipeline.model.harmonisation import is_kind
from pipeline.report.harmonise.data import Harmonised, Item

MILLION = 1e6
Rule = Callable[[Harmonised], str | None]
FIRST_ROUND = (
    "Regnestykkene er en *første runde*: tallene slik de er i dag, før noen endrer hvordan de bruker tjenesten, før "
    "lønn "
    "blir lik, før avtaler er forhandlet på nytt og før statens tilskudd i overgangen."
)


def findings(view: Harmonised) -> str:
    """The sentences as a numbered Markdown list."""
    told = sentences(view)
    return "::: {.funn}\n\n" + "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(told, 1)) + "\n\n:::\n"


def sentences(view: Harmonised) -> list[str]:
    rules: tuple[Rule, ...] = (spending, partial, coverage, fees, households, not_kroner, unknown)
    return [sentence for sentence in (rule(view) for rule in rules) if sentence]


def million(kr: float) -> str:
    return f"{words.number(kr / MILLION, 1)}{words.SPACE}mill.{words.SPACE}kr"


def basis(view: Harmonised, item: Item) -> str:
    """On what ground the levels are compared, in a few words."""
    if item.need_adjusted:
        return "per innbygger, korrigert for alder"
    target = view.data.definitions.indicators[item.id].denominator
    if target is None or target.ages in ("", "0-"):
        return "per innbygger"
    return (
        f"per innbygger {target.ages.replace('-', '–')} år"
        if target.ages[-1] != "-"
        else f"per innbygger {target.ages[:-1]} år og over"
    )


def service(view: Harmonised, item: Item) -> str:
    return view.data.definitions.area_title(item.service)


def spending(view: Harmonised) -> str | None:
    """The service in which lifting everybody to the highest member would cost the most."""
    told = spending_told(view)
    return f"**{told[0]}, {told[1]}.** {told[2]}" if told else None


def spending_told(view: Harmonised) -> tuple[str, str, str] | None:
    """The way up, the way down, and the levels behind them."""
    best: tuple[float, Item] | None = None
    for item, _ in view.spending():
        up = view.figure(item, "cost_change", "highest").value
        if up is not None and (best is None or up > best[0]):
            best = (up, item)
    if best is None:
        return None
    up, item = best
    down = view.figure(item, "cost_change", "lowest").value or 0
    (low, least), (high, most) = view.span(item)[0], view.span(item)[-1]
    return (
        f"{service(view, item)}: {million(up)} mer i året om alle brukte som {high.name}",
        f"{million(-down)} mindre om alle brukte som {low.name}",
        f"{words.number(most)} mot {words.number(least)}{words.SPACE}kr {basis(view, item)}, {item.year}.",
    )


def partial(view: Harmonised) -> str | None:
    """Where no service has a figure for every member: what there is, and who is missing."""
    if any(view.span(item) for item, _ in view.spending()):
        return None
    for item, _ in view.spending():
        levels = [(region, view.figure(item, "level", "today", region)) for region in view.data.members]
        known = [
            f"{words.number(figure.value)}{words.SPACE}kr i {region.name}"
            for region, figure in levels
            if figure.value is not None
        ]
        gone = [region.name for region, figure in levels if figure.value is None]
        if len(known) > 1:
            return (
                f"**{service(view, item)}: {words.listed(known)}; {words.listed(gone)} mangler.** "
                f"{words.capital(basis(view, item))}, {item.year}. "
                "Mangler én, regnes ingen sum."
            )
    return None


def coverage(view: Harmonised) -> str | None:
    """The coverage that takes most units to even out upwards, of those that can be told in units and kroner."""
    known = [
        (i, view.figure(i, "units_change", "highest").value)
        for i in view.items("coverage")
        if not i.not_kroner and view.differs(i)
    ]
    found = [(units, item) for item, units in known if units is not None]
    if not found:
        return None
    units, item = max(found, key=lambda pair: pair[0])
    high, most = view.span(item)[-1]
    cost = view.figure(item, "cost_change", "highest").value
    about = view.unit_cost(item)
    kr = ""
    if cost is not None and about:
        basis_word = "oppgitt enhetskostnad" if about["unit_cost_basis"] == "oppgitt" else "snittkostnad"
        kr = f" Til {basis_word} er det {million(cost)} i året."
    what = f"{item.title}: {words.number(units)} flere" if is_kind(item.id) else f"{words.number(units)} flere"
    return (
        f"**{what} {item.units_word} om alle fikk dekningen i {high.name}.** "
        f"{words.number(most, item.decimals)} {item.unit} der, {view.figure(item, 'level', 'today').text} samlet.{kr}"
    )


def fees(view: Harmonised) -> str | None:
    """The fee that differs most, in per cent of the lowest; what is free somewhere goes first."""
    best: tuple[float, Item] | None = None
    for item in view.items("fee"):
        levels = view.span(item)
        if not levels or not view.differs(item):
            continue
        low, high = levels[0][1], levels[-1][1]
        apart = (high - low) / low if low > 0 else float("inf")
        if best is None or apart > best[0]:
            best = (apart, item)
    if best is None:
        return None
    item = best[1]
    (low_region, least), (high_region, most) = view.span(item)[0], view.span(item)[-1]
    free = words.listed([region.name for region, price in view.span(item) if price == 0] or [""])
    cheap = f"gratis i {free}" if least == 0 else f"{words.number(least)}{words.SPACE}kr i {low_region.name}"
    dear = f"{words.number(most)}{words.SPACE}kr i {high_region.name}"
    text = f"**{item.title}: {cheap}, {dear}.** {words.capital(item.unit)}, {item.year}."
    change, fewer = view.figure(item, item.change, "lowest"), view.figure(item, "pay_less", "lowest")
    if change.value is not None and fewer.value is not None:
        where = "selvkostfondet" if item.self_cost else "kommunen"
        text += (
            f" Laveste sats for alle: {million(-change.value)} mindre til {where}, og {fewer.text} {item.units_word} "
            "betaler mindre."
        )
    return text


def households(view: Harmonised) -> str | None:
    """The typical household whose bill differs most."""
    best: tuple[float, str] | None = None
    for rows in view.households.values():
        sums = [r for r in rows if r["what"] == "sum" and r["scenario"] == "today" and r["status"] == "ok"]
        if len(sums) < len(view.data.members):
            continue
        low, high = min(sums, key=lambda r: r["value"]), max(sums, key=lambda r: r["value"])
        apart = high["value"] - low["value"]
        text = (
            f"**{low['title']}: {words.number(low['value'])}{words.SPACE}kr i året i {low['region_name']}, "
            f"{words.number(high['value'])} i {high['region_name']}.** "
            f"Det skiller {words.number(apart)}{words.SPACE}kr for den samme bruken."
        )
        if apart > 0 and (best is None or apart > best[0]):
            best = (apart, text)
    return best[1] if best else None


def not_kroner(view: Harmonised) -> str | None:
    """Differences that are there but are not a bill."""
    named = [
        item.title[:1].lower() + item.title[1:]
        for item in view.items("coverage")
        if item.not_kroner and view.differs(item)
    ]
    if not named:
        return None
    return (
        f"**Ikke alle forskjeller er kroner:** {words.listed(named[:3])} kan følge av ulikt behov, og er ikke regnet "
        "om til penger."
    )


def unknown(view: Harmonised) -> str | None:
    """The forms nobody has filled in, and so what the report cannot say."""
    empty = [row["title"].lower() for row in view.members_forms if not row["rows_filled"]]
    if not empty:
        return None
    return f"**Ikke fylt ut ennå:** {words.listed(empty)}. Bakerst står hva hvert skjema ville lagt til."
