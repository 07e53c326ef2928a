"""Coverage and spending: today, what making them alike would move, and year by year."""

from collections.abc import Sequence
from math import fsum

from pipeline import words
from pipeline.report.claims import price_words
from pipeline.report.data import Figure
from pipeline.report.harmonise.common import (
    TO,
    comparison_table,
    levels_today,
    member_names,
    own_year,
    sources_told,
    told_moves,
    years_told,
)
from pipeline.report.harmonise.data import Harmonised, Item, plus, signed
from pipeline.report.harmonise.findings import basis, in_doubt, service
from pipeline.report.harmonise.rules import NEED_LEFT_IN, prices_of, years_words
from pipeline.report.paper.pages import Cell, Page


def coverage(page: Page, view: Harmonised) -> str:
    """Coverage side by side with the comparators."""
    items = [i for i in view.items("coverage") if any(f.ok for f in levels_today(view, i))]
    labels = [f"{item.title}, {item.unit}, {item.year}" for item in items]
    return comparison_table(page, view, "h-dekning", "Dekning og standard i dag", items, labels)


def spending(page: Page, view: Harmonised) -> str:
    """What each service costs per inhabitant on its best basis, beside the group and the country."""
    items = [item for item, _ in view.spending() if any(f.ok for f in levels_today(view, item))]
    labels = [own_year(items, item, f"{service(view, item)}, {basis(view, item)}") for item in items]
    return comparison_table(
        page, view, "h-utgifter", f"Utgiftsnivået, netto kr, {years_told(view, items)}", items, labels
    )


def coverage_scenarios(page: Page, view: Harmonised) -> str:
    """Places that would be added or taken away, per member and in all, and kroner where they can be told."""
    items = [i for i in view.items("coverage") if view.differs(i) and view.figure(i, "units_change", "highest").ok]
    counted = [i for i in items if not i.not_kroner or view.figure(i, "cost_change", "highest").ok]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in counted:
        for at, scenario in enumerate(told_moves(view, counted)):
            moved: list[Cell] = [
                signed(view.figure(item, "units_change", scenario, r)) for r in [*members, view.data.merged]
            ]
            rows.append(
                [
                    own_year(counted, item, words.capital(item.counted)) if at == 0 else "",
                    TO[scenario],
                    *moved,
                    signed(view.thousand(item, scenario)),
                ]
            )
    table = page.table(
        "h-dekning-scenarier",
        "Samme dekning overalt, første runde: flere eller færre, og 1000 kr i året "
        f"({prices_of([i.year for i in counted])})",
        ["", "", *member_names(view), view.data.merged.name, "1000 kr"],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.2, 1.6, *[1.0] * (len(members) + 1), 1.1],
        source=sources_told(view, counted),
    )
    notes = [_cost_note(view, item) for item in counted]
    told = "".join(f"\n{note}\n" for note in notes if note) if table else ""
    return table + told + _not_kroner(view) + _doubted(view)


def _cost_note(view: Harmonised, item: Item) -> str:
    """What a unit was counted as, and that an average is not what one more costs."""
    cost = view.unit_cost(item)
    if cost is None:
        reason = view.figure(item, "cost_change", "highest").reason
        return f"{words.capital(item.counted)}: {words.literal(reason)} Oppgi den i skjemaet «Forutsetninger»."
    kr = f"{words.number(cost['unit_cost_kr'])}{words.SPACE}kr i året ({price_words(item.year)})"
    if cost["unit_cost_basis"] == "oppgitt":
        return f"{words.capital(item.counted)} er regnet til {kr}, som gruppen har oppgitt."
    known = next((c for c in view.data.definitions.harmonisation.coverage if c.indicator == item.id), None)
    about = known.cost_note if known else ""
    return f"{words.capital(item.counted)} er regnet til {kr}. {about}"


def _not_kroner(view: Harmonised) -> str:
    """Differences that are none in kroner, named as such with the reason."""
    told: dict[str, list[str]] = {}
    for item in view.items("coverage"):
        if item.not_kroner and view.differs(item):
            told.setdefault(item.not_kroner, []).append(item.title)
    return "".join(f"\n**Ikke regnet i kroner:** {words.listed(titles)}. {reason}\n" for reason, titles in told.items())


def _doubted(view: Harmonised) -> str:
    """Coverage that is not known well enough to be made into places or kroner."""
    told = [(item, text) for item in view.items("coverage") if (text := in_doubt(view, item))]
    return "".join(
        f"\n**Ikke regnet om til plasser eller kroner:** {item.title}: {text}. {item.caution}\n" for item, text in told
    )


def spending_scenarios(page: Page, view: Harmonised) -> str:
    """Kroner that each scenario moves, per member and in all; then the same on the other bases."""
    pairs = [(item, others) for item, others in view.spending() if view.figure(item, "level", "highest").ok]
    items = [item for item, _ in pairs]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in items:
        for at, scenario in enumerate(told_moves(view, items)):
            moved: list[Cell] = [signed(view.thousand(item, scenario, r)) for r in [*members, view.data.merged]]
            label = own_year(items, item, f"{service(view, item)}, {basis(view, item)}")
            rows.append([label if at == 0 else "", TO[scenario], *moved])
    table = page.table(
        "h-utgifter-scenarier",
        "Hva det ville kostet eller spart om nivået var likt, første runde: netto driftsutgifter, 1000 kr i året "
        f"({prices_of([i.year for i in items])})",
        ["", "", *member_names(view), view.data.merged.name],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.6, 1.6, *[1.0] * (len(members) + 1)],
        source=sources_told(view, items),
    )
    return table + "\n" + _need_left_in(view, items) + _other_bases(page, view, pairs) + _without(view)


def _need_left_in(view: Harmonised, items: Sequence[Item]) -> str:
    """The services whose kroner hold a need that could not be taken out."""
    named = list(dict.fromkeys(service(view, item) for item in items if view.need_left_in(item)))
    if not named:
        return ""
    return (
        f"\n**{words.listed(named)}: {NEED_LEFT_IN}.** Det meste av kostnadsnøkkelen er annet enn alder; forskjellen "
        "kan like "
        "gjerne være behov som valg.\n"
    )


def _other_bases(page: Page, view: Harmonised, pairs: list[tuple[Item, list[Item]]]) -> str:
    """The same sum in every way that is as good, and on every other ground: how much the scenarios depend on it."""
    rows: list[list[Cell]] = []
    for item, others in pairs:
        ways = [*_ways(view, item), *[(basis(view, other), *_ends(view, other)) for other in reversed(others)]]
        own = ("per innbygger, justert for alder" if item.need_adjusted else basis(view, item), *_ends(view, item))
        for at, (label, *cells) in enumerate([own, *ways] if ways else []):
            rows.append([own_year([i for i, _ in pairs], item, service(view, item)) if at == 0 else "", label, *cells])
    years = [item.year for item, _ in pairs]
    table = page.table(
        "h-utgifter-grunnlag",
        f"Det samme regnet på andre måter, {view.data.merged.name}, 1000 kr i året ({prices_of(years)})",
        ["", "måten", TO["lowest"], TO["average"] + ", flyttes", TO["highest"]],
        rows,
        text_columns=2,
        widths=[1.8, 2.8, 1.2, 1.2, 1.2],
    )
    told = (
        "\nAlderen er bare en del av kostnadsnøkkelen. I første linje følger resten av nøkkelen alderen, i neste er "
        "den som i "
        "landet. Snittet over flere år er avstanden til det felles nivået i snitt, i siste års kroner. Det som står "
        "seg på alle "
        "måter, er det sikreste. Også det kan ha andre grunner enn valg.\n"
    )
    return table + told if table else ""


def _ends(view: Harmonised, item: Item) -> list[Cell]:
    moved = view.moved_kr(item)
    return [
        signed(view.thousand(item, "lowest")),
        words.number(moved / 1000) if moved is not None else "–",
        signed(view.thousand(item, "highest")),
    ]


def _ways(view: Harmonised, item: Item) -> list[tuple[Cell, ...]]:
    """The rest of the key held at the country's level, and the mean of three years, where they are known."""
    told: list[tuple[Cell, ...]] = []
    for way in ("rest_held", "three_years"):
        found = view.sensitivity(item, way)
        if not found:
            continue
        whole = {scenario: found[view.data.merged.id, scenario] for scenario in ("lowest", "highest")}
        moved = fsum(max(found[r.id, "average"]["cost_change_kr"], 0) for r in view.data.members)
        years = years_words(whole["highest"]["years"])
        label = "resten av nøkkelen som i landet" if way == "rest_held" else f"avstanden i snitt {years}"
        low, high = (plus(whole[scenario]["cost_change_kr"] / 1000) for scenario in ("lowest", "highest"))
        told.append((label, low, words.number(moved / 1000), high))
    return told


def _without(view: Harmonised) -> str:
    """Services without a figure for every member, and why need could not be allowed for."""
    told = []
    for item, _ in view.spending():
        figure = view.figure(item, "level", "highest")
        if not figure.ok:
            told.append(f"{service(view, item)}: {words.literal(figure.reason)}")
    known = {item.service for item, _ in view.spending()}
    part = view.data.part
    for left in view.data.definitions.harmonisation.left_out:
        if part is not None and left.area in (*part.services, *part.also_show) and left.area not in known:
            told.append(f"{view.data.definitions.area_title(left.area)}: {left.why}")
    return f"\nIkke regnet ut. {' '.join(told)}\n" if told else ""


MOST_PHASED = 10  # rows


def phase_in(page: Page, view: Harmonised) -> str:
    """How much of each change has come after each year."""
    rows = view.data.query(
        "select * from {phase_in} where list_contains(?, subproject) and status = 'ok' order by step", view.subprojects
    )
    main = [item for item, _ in view.spending()] + [i for i in view.items("coverage") if not i.not_kroner]
    main += [i for i in view.fees() if not i.self_cost]
    main = [item for item in main if view.differs(item) and view.figure(item, item.change, "highest").ok]
    years: list[int] = sorted({row["budget_year"] for row in rows})
    shares = {row["budget_year"]: row["share_pct"] for row in rows}
    told_rows: list[tuple[float, list[Cell]]] = []
    for item in main:
        for scenario in told_moves(view, main):
            own = {
                row["budget_year"]: row["value"]
                for row in rows
                if (row["object"], row["item"], row["need_adjusted"], row["measure"], row["scenario"], row["year"])
                == (item.object, item.id, item.need_adjusted, item.change, scenario, item.year)
            }
            if own and scenario != "average" and abs(own[years[-1]]) >= 500:
                name = service(view, item) + ", utgiftsnivå" if item.object == "spending" else item.title
                name = own_year(main, item, name)
                told_rows.append(
                    (abs(own[years[-1]]), [name, TO[scenario], *[_phased(view, item, own[year]) for year in years]])
                )
    largest = sorted((size for size, _ in told_rows), reverse=True)[:MOST_PHASED]
    table = [row for size, row in told_rows if size in largest]
    more = (
        f"De {len(table)} største av {len(told_rows)}; alle står i regnearket for økonomi. "
        if len(table) < len(told_rows)
        else ""
    )
    caption = f"Innfasing: så mye av endringen er kommet hvert år, 1000 kr ({prices_of([i.year for i in main])})"
    header = ["", "", *[f"{year} ({words.number(shares[year])} %)" for year in years]]
    told = page.table("h-innfasing", caption, header, table, text_columns=2, widths=[2.6, 1.6, *[1.1] * len(years)])
    if not told:
        return ""
    own_phase = shares != dict(zip(years, view.data.definitions.harmonisation.assumptions.phase_in_pct, strict=False))
    source = "Trinnene er gruppens egne." if own_phase else view.data.definitions.harmonisation.assumptions.source
    return (
        told
        + f"\n{more}Pluss er mer inntekt for satser, og mer utgift for dekning og utgiftsnivå. {source}\n"
        + _need_left_in(view, [item for item in main if item.object == "spending"])
    )


def _phased(view: Harmonised, item: Item, kr: float) -> Figure:
    """What has come of an item's change, in 1000 kr."""
    data = view.data
    return signed(data.marked(Figure(kr / 1000, "ok", "", "", "1000 kr", 0), data.merged.id, item.year))
