"""Page one of a harmonisation report: what differs, what a common level would move, what is not known yet."""

from collections.abc import Callable

from pipeline import words
from pipeline.report import claims
from pipeline.report.claims import Levels
from pipeline.report.data import Row
from pipeline.report.harmonise import rules
from pipeline.report.harmonise.data import Harmonised, Item

MILLION = 1e6
LEAST_KR = 50_000  # less than this a year is not told of a municipality on page one
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
    ordered: tuple[Rule, ...] = (
        spending, partial, coverage, fees, households, not_kroner, unknown, older_year,
    )  # fmt: skip
    return [sentence for sentence in (rule(view) for rule in ordered) if sentence]


def million(kr: float) -> str:
    return f"{words.number(kr / MILLION, 1)}{words.SPACE}mill.{words.SPACE}kr"


def basis(view: Harmonised, item: Item) -> str:
    """On what ground the levels are compared, in a few words."""
    if item.need_adjusted:
        return "per innbygger, justert for alder"
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


# ------------------------------------------------------------------------------------- spending


def spending(view: Harmonised) -> str | None:
    """What a common level would move in the sub-project's own service, and what the highest level would cost."""
    told = spending_told(view)
    return f"**{told[0]}.** {told[1]}" if told else None


def spending_told(view: Harmonised) -> tuple[str, str] | None:
    """The message, and what stands behind it."""
    item = _leading(view)
    if item is None:
        return None
    message, who = _common_level(view, item)
    return message, " ".join(part for part in (who, _levels(view, item), _to_the_highest(view, item)) if part)


def _leading(view: Harmonised) -> Item | None:
    """The spending that is told: the first that has a common level."""
    return next((i for i, _ in view.spending() if view.span(i) and view.moved_kr(i) is not None), None)


def moved(view: Harmonised) -> str:
    """What a common level of the spending that is told would move, alone."""
    item = _leading(view)
    return "" if item is None else f"{service(view, item)}: likt nivå ville flyttet {_moved(view, item)}"


def _moved(view: Harmonised, item: Item) -> str:
    return f"{million(view.moved_kr(item) or 0)} i året ({claims.price_words(item.year)})"


def _common_level(view: Harmonised, item: Item) -> tuple[str, str]:
    """What the weighted mean moves, and from whom to whom where every way of counting agrees."""
    name = service(view, item)
    if rules.about_alike(view.standing(item)):
        age = " når alderen er regnet med" if item.need_adjusted else ""
        return f"{name}: kommunene bruker omtrent like mye{age}", (f"Likt nivå ville flyttet {_moved(view, item)}.")
    caveat = f"; {rules.NEED_LEFT_IN}" if view.need_left_in(item) else ""
    message = f"{name}: likt nivå ville flyttet {_moved(view, item)}{caveat}"
    found = rules.sides(_ways(view, item), LEAST_KR)
    if not found.told:
        return message, "Hvilke kommuner som ville brukt mer og mindre, avhenger av år og regnemåte."
    unsure = f"; for {words.listed(list(found.unsure))} avhenger det av år og regnemåte" if found.unsure else ""
    return message, (
        f"{words.listed(list(found.give))} ville brukt mindre enn i dag, {words.listed(list(found.get))} mer{unsure}. "
        "Samlet endres ingenting."
    )


def _ways(view: Harmonised, item: Item) -> list[Levels]:
    """What the weighted mean changes for each member, kr: as it is told, and in every other way that is as good."""
    members = view.data.members
    told = {region.name: view.figure(item, item.change, "average", region).value for region in members}
    others = [view.sensitivity(item, way) for way in ("rest_held", "three_years")]
    return [told, *({r.name: way[r.id, "average"]["cost_change_kr"] for r in members} for way in others if way)]


def _levels(view: Harmonised, item: Item) -> str:
    """The members' levels: who lies where, if that may be said, else how far apart they are."""
    found, standing = view.span(item), view.standing(item)
    mean = view.figure(item, "level", "today").text
    where = f"{basis(view, item)}, {item.year}"
    if standing.told:
        (low, least), (high, most) = found[0], found[-1]
        ends = f"{words.number(most)}{words.SPACE}kr i {high.name}, {words.number(least)} i {low.name}, {mean} samlet"
        return f"{ends} ({where})."
    return (
        f"Kommunene ligger mellom {words.number(found[0][1])} og {words.number(found[-1][1])}{words.SPACE}kr, "
        f"{mean} samlet ({where})."
    )


def _to_the_highest(view: Harmonised, item: Item) -> str:
    """What it would cost if all spent as the one that spends most: over three years where it is known, since one year
    of a small municipality does not set the level; as a span where who it is or how much depends on how it is counted.
    """
    if rules.about_alike(view.standing(item)):
        return ""
    steady = view.sensitivity(item, "three_years").get((view.data.merged.id, "highest"))
    own = view.figure(item, "cost_change", "highest").value
    price = claims.price_words(item.year)
    if own is None:
        return ""
    if view.standing(item).told and steady is not None and steady["target_region"] == view.span(item)[-1][0].id:
        high = view.span(item)[-1][0].name
        return (
            f"Hvis hele {view.data.merged.name} brukte like mye per innbygger som {high} i snitt "
            f"{rules.years_words(steady['years'])}, "
            f"ville det kostet {million(steady['cost_change_kr'])} mer i året ({price})."
        )
    held = view.sensitivity(item, "rest_held").get((view.data.merged.id, "highest"))
    costs = [own, *(row["cost_change_kr"] for row in (steady, held) if row is not None)]
    span = rules.span_of([kr / MILLION for kr in costs])
    depends = ", alt etter år og regnemåte" if "–" in span else ""
    return (
        f"Hvis alle brukte som den som bruker mest, ville det kostet {span}{words.SPACE}mill.{words.SPACE}kr mer i "
        f"året ({price}){depends}."
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


# ------------------------------------------------------------------------------------- coverage


def coverage(view: Harmonised) -> str | None:
    """The coverage in which a common level moves most kroner; where none is known in kroner, the one in doubt."""
    items = {i.id: i for i in view.items("coverage") if not i.not_kroner and view.differs(i)}
    found = rules.most_moved({name: view.moved_kr(item) for name, item in items.items()})
    if found is None:
        return _in_doubt(view)
    item = items[found]
    (low, least), (high, most) = view.span(item)[0], view.span(item)[-1]
    levels = (
        f"{words.number(most, item.decimals)} {item.unit} i {high.name}, "
        f"{words.number(least, item.decimals)} i {low.name}, {view.figure(item, 'level', 'today').text} samlet "
        f"({item.year})"
    )
    units, cost = view.figure(item, "units_change", "highest"), view.figure(item, "cost_change", "highest").value
    about = view.unit_cost(item)
    if units.value is None or cost is None or about is None:
        return None
    basis_word = (
        "Med den oppgitte enhetskostnaden" if about["unit_cost_basis"] == "oppgitt" else "Med dagens snittkostnad"
    )
    return (
        f"**{item.title}: {levels}.** Hvis alle fikk dekningen i {high.name}, trengtes {units.text} flere "
        f"{item.units_word}. {basis_word} blir det {million(cost)} mer i året ({claims.price_words(item.year)})."
    )


def _in_doubt(view: Harmonised) -> str | None:
    for item in view.items("coverage"):
        told = in_doubt(view, item)
        if told:
            return f"**{service(view, item)}: {told}.** {item.caution}"
    return None


def in_doubt(view: Harmonised, item: Item) -> str | None:
    """How a coverage with a caution is told: `omtrent lik dekning, samlet 95,2 prosent (2018)`."""
    together = view.figure(item, "level", "today")
    if not item.caution or not together.ok:
        return None
    told = rules.in_doubt(view.levels(item), together.text, item.unit)
    return f"{told} ({item.year})" if told else None


# ----------------------------------------------------------------------------------------- fees


def fees(view: Harmonised) -> str | None:
    """The fee in which one common price moves most kroner between those who pay; led by the weighted mean."""
    items = {i.id: i for i in view.fees() if view.differs(i)}
    if not items:
        return None
    found = rules.most_moved({name: view.moved_kr(item) for name, item in items.items()})
    if found is None:
        years = words.listed(sorted({str(item.year) for item in items.values()}))
        known = len([item for item in view.fees() if view.span(item)])
        apart = f"{len(items)} av {known} satser er ulike" if known > 1 else "Satsen er ulik"
        return (
            f"**{apart} ({years}).** Hvor mye penger det gjelder, kan ikke regnes før "
            "antall brukere er fylt ut for alle kommunene."
        )
    item = items[found]
    (low, least), (high, most) = view.span(item)[0], view.span(item)[-1]
    cheap = "gratis" if least == 0 else words.number(least)
    prices = f"{words.number(most)}{words.SPACE}kr i {high.name}, {cheap} i {low.name}"
    mean = view.figure(item, "level", "average")
    more, fewer = view.figure(item, "pay_more", "average"), view.figure(item, "pay_less", "average")
    text = (
        f"**{item.title}: {prices} ({item.year}).** {words.capital(item.unit)}. Med snittet for alle, "
        f"{mean.text}{words.SPACE}kr, flyttes {million(view.moved_kr(item) or 0)} i året "
        f"({claims.price_words(item.year)})"
    )
    if more.value is not None and fewer.value is not None:
        text += f": {more.text} {item.units_word} betaler mer og {fewer.text} mindre"
    return text + (f". {_fund(view, item)}" if item.self_cost else ".")


def _fund(view: Harmonised, item: Item) -> str:
    """What the lowest price for all takes out of the fund, and how long that lasts."""
    change, months = view.figure(item, "fund_change", "lowest"), view.figure(item, "fund_months", "lowest")
    if change.value is None or change.value >= 0:
        return ""
    lasts = f"; det varer i {rules.months_words(months.value)}" if months.value is not None else ""
    taken = f"Med laveste sats for alle tas {million(-change.value)} i året av selvkostfondet"
    return f"{taken} ({claims.price_words(item.year)}){lasts}."


def households(view: Harmonised) -> str | None:
    """The typical household whose bill differs most."""
    best: tuple[float, str] | None = None
    for rows in view.households.values():
        sums = [r for r in rows if r["what"] == "sum" and r["scenario"] == "today"]
        found = claims.standing({row["region_name"]: row["value"] for row in sums}, decimals=0)
        if not found.told and found.why != "tie":
            continue
        text = _bills(view, sums)
        apart = max(row["value"] for row in sums) - min(row["value"] for row in sums)
        if apart > 0 and (best is None or apart > best[0]):
            best = (apart, text)
    return best[1] if best else None


def _bills(view: Harmonised, sums: list[Row]) -> str:
    low, high = min(sums, key=lambda r: r["value"]), max(sums, key=lambda r: r["value"])
    apart = words.number(high["value"] - low["value"])
    return (
        f"**{low['title']}: {words.number(low['value'])}{words.SPACE}kr i året {_where(sums, low)}, "
        f"{words.number(high['value'])} {_where(sums, high)} ({low['year']}).** "
        f"Det skiller {apart}{words.SPACE}kr i året for den samme bruken."
    )


def _where(sums: list[Row], end: Row) -> str:
    """All the municipalities with the same bill."""
    same = [row["region_name"] for row in sums if round(row["value"]) == round(end["value"])]
    return f"i {words.listed(same)}"


# ------------------------------------------------------------------------------- what is not told


def not_kroner(view: Harmonised) -> str | None:
    """Differences that are there but are not a bill."""
    named = [words.uncapital(item.title) for item in view.items("coverage") if item.not_kroner and view.differs(item)]
    if not named:
        return None
    return (
        f"**Ikke alle forskjeller er kroner:** {words.listed(named[: rules.MOST_NAMED])} kan følge av ulikt behov, og "
        "er ikke regnet om til penger."
    )


def unknown(view: Harmonised) -> str | None:
    """The forms nobody has filled in, and so what the report cannot say."""
    empty = [row["title"].lower() for row in view.members_forms if not row["rows_filled"]]
    if not empty:
        return None
    return f"**{rules.forms_words(len(empty), len(view.members_forms))}:** {words.listed(empty)}. {BACK}"


BACK = "Bakerst står hva hvert skjema ville lagt til."


def older_year(view: Harmonised) -> str | None:
    """That the figures are of an earlier year than the report's, where they are."""
    years = {item.year for item, _ in view.spending() if view.span(item)}
    if not years or max(years) >= view.data.year:
        return None
    return (
        f"**Utgiftene er fra {max(years)}:** det siste året til og med {view.data.year} der alle kommunene som slår "
        "seg "
        "sammen, har tall."
    )
