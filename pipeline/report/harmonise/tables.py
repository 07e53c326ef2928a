"""The tables of a harmonisation report, as Markdown with a CSV each. Names begin with «h-»: the folder is shared."""

from collections.abc import Sequence

from pipeline.harmonisation import SCENARIOS
from pipeline.report import words
from pipeline.report.data import Figure, Region, Row
from pipeline.report.harmonise.data import MOVES, Harmonised, Item, in_thousand, plus, signed
from pipeline.report.harmonise.findings import basis, service
from pipeline.report.pages import Cell, Page
from pipeline.report.tables import heading

TO = {
    "lowest": "ned til laveste",
    "average": "til veid snitt",
    "highest": "opp til høyeste",
    "target": "til gruppens mål",
}
OBJECTS = (
    ("fee", "Brukerbetalinger", "brukerbetalinger"),
    ("coverage", "Dekning og standard", "dekning"),
    ("distribution", "Tildelingsmodeller", "tildelingsmodeller"),
    ("grant", "Tilskuddsordninger", "tilskuddsordninger"),
    ("opening", "Åpningstider", "apningstider"),
)


def _moves(view: Harmonised, items: Sequence[Item]) -> list[str]:
    """The scenarios that are told: the group's own level only where it has set one."""
    return [name for name in MOVES if name != "target" or view.has_target(list(items))]


def _names(view: Harmonised) -> list[str]:
    return [region.name for region in view.data.members]


def _levels(view: Harmonised, item: Item) -> list[Figure]:
    return [view.figure(item, "level", "today", region) for region in view.data.members]


def _range(view: Harmonised, item: Item) -> str:
    found = view.span(item)
    return f"{words.number(found[0][1], item.decimals)}–{words.number(found[-1][1], item.decimals)}" if found else "–"


# --------------------------------------------------------------------------------------- glance


def glance(page: Page, view: Harmonised) -> str:
    """The five objects and the spending level in a row each: how far apart, in kroner or not, and what is missing."""
    rows: list[list[Cell]] = []
    for object_, title, form in OBJECTS:
        rows.append([title, *_glance(view, object_, form)])
    told = [i for i, _ in view.spending() if view.span(i)]
    widest = max(told, key=lambda i: view.figure(i, "cost_change", "highest").value or 0, default=None)
    rows.append(
        ["Utgiftsnivå", f"{service(view, widest)}: {_range(view, widest)} kr {basis(view, widest)}", "ja"]
        if widest
        else ["Utgiftsnivå", "*ingen tall for alle kommunene*", "–"]
    )
    return page.table(
        "h-korthet",
        "De fem tingene som skal harmoniseres, og utgiftsnivået",
        ["", "forskjellen i dag", "kan regnes i kroner?"],
        rows,
        text_columns=3,
        widths=[1.4, 4.2, 1.6],
    )


def _glance(view: Harmonised, object_: str, form: str) -> list[Cell]:
    there = filled(view, form)
    if object_ == "fee":
        apart = [i for i in view.items("fee") if view.differs(i)]
        own = [i for i in apart if i.self_cost]
        if not view.items("fee"):
            return [f"*{_empty(there)}*", "ja, når skjemaet er fylt ut"]
        return [
            f"{len(apart)} av {len(view.items('fee'))} satser er ulike",
            "nei, flyttes i fondet" if apart and len(own) == len(apart) else "ja",
        ]
    if object_ == "coverage":
        known = [i for i in view.items("coverage") if view.span(i)]
        if not known:
            return ["*ingen dekningstall for alle kommunene*", "–"]
        item = known[0]
        return [
            f"{item.title}: {_range(view, item)} {item.unit}",
            "ikke som mål i seg selv" if item.not_kroner else "ja, med forbehold om behov",
        ]
    if object_ == "distribution":
        models = view.register("distribution_model")
        different = len({row["title"] for row in models})
        return [
            _count(different, "modell", "ulike modeller") if models else f"*{_empty(there)}*",
            "nei, men fordeler penger mellom enheter",
        ]
    if object_ == "grant":
        grants = view.register("grant_scheme")
        schemes = len({row["title"] for row in grants})
        return [
            _count(schemes, "ordning", "ordninger") if grants else f"*{_empty(there)}*",
            "beløpene ja, virkningen nei",
        ]
    hours = view.register("opening_hours")
    places = len({row["place"] for row in hours})
    return [_count(places, "sted", "steder") if hours else f"*{_empty(there)}*", "nei, timer og bemanning"]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def filled(view: Harmonised, form: str) -> bool:
    return any(row["register"] == form and row["rows_filled"] for row in view.registers)


def _empty(there: bool) -> str:
    return "ingen rader for dette delprosjektet" if there else "ikke fylt ut ennå"


def missing_form(view: Harmonised, form: str) -> str:
    """What filling in a form would add, where nobody has done it for this sub-project."""
    row = next(row for row in view.registers if row["register"] == form)
    merger = view.data.merger.id
    where = "har ingen rader for dette delprosjektet" if row["rows_filled"] else "er ikke fylt ut"
    return (
        f"*Skjemaet «{row['title']}» {where}.* Fylles det ut (`data/local/{merger}/{form}.xlsx`), viser rapporten "
        f"{row['adds']}.\n"
    )


# ------------------------------------------------------------------------------------------ fees


def fees(page: Page, view: Harmonised) -> str:
    """Every fee beside the others', with the range, and where users pay for fewer hours than they get."""
    items = view.items("fee")
    caps = {
        (row["item"], row["region"], row["year"]): row["hour_cap"]
        for row in view.data.query("select item, region, year, hour_cap from {item_region} where hour_cap is not null")
    }
    beside, others = _beside(view, items)
    rows: list[list[Cell]] = []
    for item in items:
        own: list[Cell] = []
        for region in view.data.members:
            figure, cap = view.figure(item, "level", "today", region), caps.get((item.id, region.id, item.year))
            own.append(f"{figure.text} (tak {words.number(cap, 1).removesuffix(',0')})" if cap is not None else figure)
        compared: list[Cell] = [beside[item].get(region.id, "–") for region in others]
        rows.append([item.title, item.unit, *own, view.figure(item, "level", "today"), *compared, _range(view, item)])
    table = page.table(
        "h-satser",
        f"Satsene i dag, {_year(view, items)}",
        ["", "enhet", *_names(view), "veid snitt", *[heading(r) for r in others], "spenn"],
        rows,
        text_columns=2,
        merged=2 + len(view.data.members),
        widths=[2.6, 1.2, *[1.0] * (len(view.data.members) + 1 + len(others)), 1.2],
        source=_source(view, items),
    )
    told = "\nTak: så mange timer betaler en bruker for; timer over det er gratis. Regnestykkene lar taket stå.\n"
    return table + (
        told if any((item.id, r.id, item.year) in caps for item in items for r in view.data.members) else ""
    )


def _beside(view: Harmonised, items: Sequence[Item]) -> tuple[dict[Item, dict[str, Figure]], list[Region]]:
    """What the group and the country have, and which of the two have a figure for any of the items."""
    beside = {item: {region.id: figure for region, figure in view.comparator(item)} for item in items}
    others = [region for region in (view.data.group_for(view.data.year), view.data.country) if region]
    return beside, [r for r in others if any(r.id in beside[i] and beside[i][r.id].ok for i in items)]


def fee_scenarios(page: Page, view: Harmonised) -> str:
    """What each common level would bring in, and for how many the bill goes up or down: a fee in a row."""
    items = [i for i in view.items("fee") if view.differs(i) and not i.self_cost]
    rows: list[list[Cell]] = [
        [
            item.title,
            view.figure(item, "level", "lowest"),
            signed(view.thousand(item, "lowest")),
            view.figure(item, "pay_less", "lowest"),
            view.figure(item, "level", "average"),
            view.figure(item, "pay_more", "average"),
            view.figure(item, "pay_less", "average"),
            view.figure(item, "level", "highest"),
            signed(view.thousand(item, "highest")),
            view.figure(item, "pay_more", "highest"),
        ]
        for item in items
    ]
    table = page.table(
        "h-satser-scenarier",
        "Én sats for alle, første runde: inntekt, 1000 kr i året, og hvor mange som betaler mer og mindre",
        [
            "",
            "laveste, kr",
            "inntekt",
            "betaler mindre",
            "snitt, kr",
            "betaler mer",
            "betaler mindre",
            "høyeste, kr",
            "inntekt",
            "betaler mer",
        ],
        rows,
        widths=[2.7, *[1.0] * 9],
        source=_source(view, items),
    )
    told = "\nMed veid snitt er inntekten den samme som i dag.\n" if table else ""
    return (
        table
        + told
        + "\n"
        + _own_fees(page, view, items)
        + (_elasticity(view) if table else "")
        + _not_counted(view, items)
    )


def _own_fees(page: Page, view: Harmonised, items: Sequence[Item]) -> str:
    """Fees the group has set a level for."""
    rows: list[list[Cell]] = [
        [
            item.title,
            view.figure(item, "level", "target"),
            signed(view.thousand(item, "target")),
            view.figure(item, "pay_more", "target"),
            view.figure(item, "pay_less", "target"),
        ]
        for item in items
        if view.figure(item, "level", "target").ok
    ]
    return page.table(
        "h-satser-mal",
        "Satsene gruppen selv har satt",
        ["", "mål, kr", "inntekt, 1000 kr", "betaler mer", "betaler mindre"],
        rows,
        source="skjemaet «Forutsetninger»",
    )


def _elasticity(view: Harmonised) -> str:
    value = view.data.query("select max(abs(elasticity)) as most from {item_target} where object = 'fee'")[0]["most"]
    if value:
        return "\nBruken er antatt å endre seg med prisen, slik det står i skjemaet «Forutsetninger».\n"
    return "\nIngen er antatt å bruke mer eller mindre når prisen endres (elastisitet 0).\n"


def _not_counted(view: Harmonised, items: Sequence[Item]) -> str:
    """Fees whose levels are known but not their users: kroner cannot be told, and why."""
    why: dict[str, list[str]] = {}
    for item in items:
        figure = view.figure(item, item.change, "highest")
        if not figure.ok:
            why.setdefault(figure.reason, []).append(item.title)
    told = [f"{words.listed(titles)}: {words.literal(reason)}" for reason, titles in why.items()]
    return f"\nIkke regnet i kroner. {' '.join(told)}\n" if told else ""


def self_cost(page: Page, view: Harmonised) -> str:
    """Fees that may only cover the cost: what a common level moves within the fund, with each member's fund today."""
    items = [i for i in view.items("fee") if i.self_cost]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in items:
        fund = [in_thousand(view.figure(item, "fund", "today", r)) for r in members]
        rows.append(
            [item.title, "fond i dag (underskudd: minus)", *fund, in_thousand(view.figure(item, "fund", "today"))]
        )
        for scenario in _moves(view, items):
            moved: list[Cell] = [signed(view.thousand(item, scenario, r)) for r in [*members, view.data.merged]]
            rows.append(["", f"årlig endring, {TO[scenario]}", *moved])
    table = page.table(
        "h-selvkost",
        "Gebyrer under selvkost: fondet i dag, og hva én sats flytter i det, 1000 kr",
        ["", "", *_names(view), view.data.merged.name],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.0, 2.2, *[1.0] * (len(members) + 1)],
        source=_source(view, items),
    )
    told = (
        "\nGebyret kan bare dekke kostnaden. Lavere eller høyere sats gir derfor **ikke** mer eller mindre i "
        "budsjettet: det flyttes i selvkostfondet og må jevnes ut over årene. "
        "Et underskudd tar den nye kommunen med seg.\n"
    )
    return table + told if table else ""


def households(page: Page, view: Harmonised) -> str:
    """What typical households pay in each municipality, line by line, and in the scenarios."""
    members = view.data.members
    known = view.data.definitions.harmonisation.households
    parts = []
    for name, rows in view.households.items():
        lines = list(dict.fromkeys(row["line"] for row in rows))
        found = {(r["line"], r["scenario"], r["region"]): r for r in rows}
        table: list[list[Cell]] = []
        for line in lines:
            own = [found[line, "today", r.id] for r in members]
            title = "**I dag, i alt**" if own[0]["what"] == "sum" else own[0]["what"]
            table.append([title, *[_bill(view, row, bold=own[0]["what"] == "sum") for row in own]])
        scenarios = [s for s in MOVES if s != "target" or any(found[999, s, r.id]["status"] == "ok" for r in members)]
        table += [[f"– {TO[s]}", *[_bill(view, found[999, s, r.id]) for r in members]] for s in scenarios]
        parts.append(
            page.table(
                f"h-husholdning-{name}",
                f"{known[name].title}, kr i året, {rows[0]['year']}",
                [known[name].text, *_names(view)],
                table,
                label_width=2.8,
                source="skjemaet «Brukerbetalinger»",
            )
        )
    return "\n".join(parts)


def _bill(view: Harmonised, row: Row, bold: bool = False) -> Cell:
    if row["status"] != "ok":
        return f"*{view.data.definitions.statuses[row['status']].label}*"
    text = words.number(row["value"])
    return f"**{text}**" if bold else text


# ------------------------------------------------------------------------- coverage and spending


def coverage(page: Page, view: Harmonised) -> str:
    """Coverage side by side with the comparators."""
    items = [i for i in view.items("coverage") if any(f.ok for f in _levels(view, i))]
    labels = [f"{item.title}, {item.unit}, {item.year}" for item in items]
    return _compared(page, view, "h-dekning", "Dekning og standard i dag", items, labels)


def spending(page: Page, view: Harmonised) -> str:
    """What each service costs per inhabitant on its best basis, beside the group and the country."""
    items = [item for item, _ in view.spending()]
    labels = [f"{service(view, item)}, {basis(view, item)}" for item in items]
    return _compared(page, view, "h-utgifter", f"Utgiftsnivået i dag, netto kr, {_year(view, items)}", items, labels)


def _compared(
    page: Page, view: Harmonised, name: str, caption: str, items: Sequence[Item], labels: Sequence[str]
) -> str:
    """Members, merged and comparators of each item, with the range."""
    beside, others = _beside(view, items)
    rows: list[list[Cell]] = []
    for item, label in zip(items, labels, strict=True):
        compared: list[Cell] = [beside[item].get(r.id, "–") for r in others]
        own: list[Cell] = [*_levels(view, item), view.figure(item, "level", "today")]
        rows.append([label, *own, *compared, _range(view, item)])
    return page.table(
        name,
        caption,
        ["", *_names(view), view.data.merged.name, *[heading(r) for r in others], "spenn"],
        rows,
        merged=1 + len(view.data.members),
        widths=[2.8, *[1.0] * (len(view.data.members) + 1 + len(others)), 1.3],
        source=_source(view, items),
    )


def coverage_scenarios(page: Page, view: Harmonised) -> str:
    """Places that would be added or taken away, per member and in all, and kroner where they can be told."""
    items = [i for i in view.items("coverage") if view.differs(i) and view.figure(i, "units_change", "highest").ok]
    counted = [i for i in items if not i.not_kroner or view.figure(i, "cost_change", "highest").ok]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in counted:
        for at, scenario in enumerate(_moves(view, counted)):
            moved: list[Cell] = [
                signed(view.figure(item, "units_change", scenario, r)) for r in [*members, view.data.merged]
            ]
            rows.append(
                [
                    words.capital(item.counted) if at == 0 else "",
                    TO[scenario],
                    *moved,
                    signed(view.thousand(item, scenario)),
                ]
            )
    table = page.table(
        "h-dekning-scenarier",
        "Samme dekning overalt, første runde: flere eller færre plasser, og kroner, 1000 kr i året",
        ["", "", *_names(view), view.data.merged.name, "1000 kr"],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.2, 1.6, *[1.0] * (len(members) + 1), 1.1],
        source=_source(view, counted),
    )
    notes = [_cost_note(view, item) for item in counted]
    told = "".join(f"\n{note}\n" for note in notes if note) if table else ""
    return table + told + _not_kroner(view)


def _cost_note(view: Harmonised, item: Item) -> str:
    """What a unit was counted as, and that an average is not what one more costs."""
    cost = view.unit_cost(item)
    if cost is None:
        reason = view.figure(item, "cost_change", "highest").reason
        return f"{words.capital(item.counted)}: {words.literal(reason)} Oppgi den i skjemaet «Forutsetninger»."
    kr = f"{words.number(cost['unit_cost_kr'])}{words.SPACE}kr"
    if cost["unit_cost_basis"] == "oppgitt":
        return f"{words.capital(item.counted)} er regnet til {kr} i året, som gruppen har oppgitt."
    known = next((c for c in view.data.definitions.harmonisation.coverage if c.indicator == item.id), None)
    about = known.cost_note if known else ""
    return f"{words.capital(item.counted)} er regnet til {kr} i året. {about}"


def _not_kroner(view: Harmonised) -> str:
    """Differences that are none in kroner, named as such with the reason."""
    told: dict[str, list[str]] = {}
    for item in view.items("coverage"):
        if item.not_kroner and view.differs(item):
            told.setdefault(item.not_kroner, []).append(item.title)
    return "".join(f"\n**Ikke regnet i kroner:** {words.listed(titles)}. {reason}\n" for reason, titles in told.items())


def spending_scenarios(page: Page, view: Harmonised) -> str:
    """Kroner that each scenario moves, per member and in all; then the same on the other bases."""
    pairs = [(item, others) for item, others in view.spending() if view.figure(item, "level", "highest").ok]
    items = [item for item, _ in pairs]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in items:
        for at, scenario in enumerate(_moves(view, items)):
            moved: list[Cell] = [signed(view.thousand(item, scenario, r)) for r in [*members, view.data.merged]]
            rows.append([f"{service(view, item)}, {basis(view, item)}" if at == 0 else "", TO[scenario], *moved])
    table = page.table(
        "h-utgifter-scenarier",
        "Samme utgiftsnivå overalt, første runde: endring i netto driftsutgifter, 1000 kr i året",
        ["", "", *_names(view), view.data.merged.name],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.6, 1.6, *[1.0] * (len(members) + 1)],
        source=_source(view, items),
    )
    return table + "\n" + _other_bases(page, view, pairs) + _without(view)


def _other_bases(page: Page, view: Harmonised, pairs: list[tuple[Item, list[Item]]]) -> str:
    rows: list[list[Cell]] = []
    for item, others in pairs:
        for other in [item, *reversed(others)] if others else []:
            moved: list[Cell] = [signed(view.thousand(other, s)) for s in ("lowest", "highest")]
            rows.append([service(view, item) if other is item else "", basis(view, other), *moved])
    table = page.table(
        "h-utgifter-grunnlag",
        f"Det samme regnestykket på andre grunnlag, {view.data.merged.name}, 1000 kr i året",
        ["", "sammenlignet", TO["lowest"], TO["highest"]],
        rows,
        text_columns=2,
        widths=[2.0, 2.6, 1.2, 1.2],
    )
    told = (
        "\nJo mer av behovet som er regnet med, jo mer av forskjellen som står igjen, kan handle om valg. "
        "Også den kan ha andre grunner.\n"
    )
    return table + told if table else ""


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


# ---------------------------------------------------------------------------- phase-in, registers


MOST_PHASED = 10  # rows


def phase_in(page: Page, view: Harmonised) -> str:
    """How much of each change has come after each year."""
    rows = view.data.query(
        "select * from {phase_in} where list_contains(?, subproject) and status = 'ok' order by step", view.subprojects
    )
    main = [item for item, _ in view.spending()] + [i for i in view.items("coverage") if not i.not_kroner]
    main += [i for i in view.items("fee") if not i.self_cost]
    years: list[int] = sorted({row["budget_year"] for row in rows})
    shares = {row["budget_year"]: row["share_pct"] for row in rows}
    told_rows: list[tuple[float, list[Cell]]] = []
    for item in main:
        for scenario in _moves(view, main):
            own = {
                row["budget_year"]: row["value"]
                for row in rows
                if (row["object"], row["item"], row["need_adjusted"], row["measure"], row["scenario"], row["year"])
                == (item.object, item.id, item.need_adjusted, item.change, scenario, item.year)
            }
            if own and scenario != "average" and abs(own[years[-1]]) >= 500:
                name = service(view, item) + ", utgiftsnivå" if item.object == "spending" else item.title
                told_rows.append(
                    (abs(own[years[-1]]), [name, TO[scenario], *[plus(own[year] / 1000) for year in years]])
                )
    largest = sorted((size for size, _ in told_rows), reverse=True)[:MOST_PHASED]
    table = [row for size, row in told_rows if size in largest]
    more = (
        f"De {len(table)} største av {len(told_rows)}; alle står i økonomi.xlsx. "
        if len(table) < len(told_rows)
        else ""
    )
    caption = "Innfasing: så mye av endringen er kommet hvert år, 1000 kr"
    header = ["", "", *[f"{year} ({words.number(shares[year])} %)" for year in years]]
    told = page.table("h-innfasing", caption, header, table, text_columns=2, widths=[2.6, 1.6, *[1.1] * len(years)])
    if not told:
        return ""
    own_phase = shares != dict(zip(years, view.data.definitions.harmonisation.assumptions.phase_in_pct, strict=False))
    source = "Trinnene er gruppens egne." if own_phase else view.data.definitions.harmonisation.assumptions.source
    return told + f"\n{more}Pluss er mer inntekt for satser, og mer utgift for dekning og utgiftsnivå. {source}\n"


def models(page: Page, view: Harmonised) -> str:
    rows = view.register("distribution_model")
    table: list[list[Cell]] = [
        [
            view.data.definitions.area_title(row["service"]),
            row["region_name"],
            words.literal(row["title"]),
            words.literal(row["description"]),
            str(row["since"] or "–"),
            words.literal(row["source"]),
        ]
        for row in rows
    ]
    return page.table(
        "h-modeller",
        "Tildelingsmodellene i dag",
        ["tjeneste", "kommune", "modell", "slik virker den", "siden", "kilde"],
        table,
        text_columns=6,
        widths=[1.1, 1.1, 1.4, 3.0, 0.6, 1.6],
    )


def grants(page: Page, view: Harmonised) -> str:
    """Every scheme in a row, kr and recipients per member; what a member does not have is told as that."""
    rows = view.register("grant_scheme")
    years = [row["year"] for row in rows]
    year = view.data.year if view.data.year in years else max(years, default=0)
    found = {(row["service"], row["title"], row["region"]): row for row in rows if row["year"] == year}
    table: list[list[Cell]] = []
    for service_id, title in dict.fromkeys((row["service"], row["title"]) for row in rows if row["year"] == year):
        own = [found.get((service_id, title, region.id)) for region in view.data.members]
        about = next(row["description"] for row in own if row)
        table.append([f"{words.literal(title)}. {words.literal(about)}", *[_grant(row) for row in own]])
    return page.table(
        "h-tilskudd",
        f"Tilskuddsordningene i {year}: 1000 kr (mottakere)",
        ["", *_names(view)],
        table,
        label_width=3.4,
        source="skjemaet «Tilskuddsordninger»",
    )


def _grant(row: Row | None) -> str:
    if row is None:
        return "*ikke oppgitt*"
    got = "få" if row["recipients"] is None else words.number(row["recipients"])
    return f"{words.number(row['amount_kr'] / 1000)} ({got})"


def opening(page: Page, view: Harmonised) -> str:
    """Weekly hours, staffed and not, a place in a row."""
    rows = view.register("opening_hours")
    years = [row["year"] for row in rows]
    year = view.data.year if view.data.year in years else max(years, default=0)
    found = {(row["service"], row["place"], row["staffing"], row["region"]): row for row in rows if row["year"] == year}
    table: list[list[Cell]] = []
    for key in dict.fromkeys((row["service"], row["place"], row["staffing"]) for row in rows if row["year"] == year):
        own = [found.get((*key, region.id)) for region in view.data.members]
        hours: list[Cell] = [words.number(row["weekly_hours"], 1) if row else "*ikke oppgitt*" for row in own]
        table.append([f"{words.literal(key[1])}, {key[2]}", *hours])
    return page.table(
        "h-apningstider",
        f"Åpningstid, timer i uken, {year}",
        ["", *_names(view)],
        table,
        label_width=3.0,
        source="skjemaet «Åpningstider»",
    )


def registers(page: Page, view: Harmonised) -> str:
    """The forms: how far they are filled in, and what each would add."""
    rows: list[list[Cell]] = [
        [row["title"], f"{row['rows_filled']} rader" if row["rows_filled"] else "*tomt*", words.capital(row["adds"])]
        for row in view.registers
    ]
    told = f"\nSkjemaene skrives av `kunnskap new {view.data.merger.id}` og fylles ut i Excel.\n"
    return (
        page.table(
            "h-skjemaer",
            "Skjemaene, og hva hvert av dem gir rapporten",
            ["skjema", "fylt ut", "det gir"],
            rows,
            text_columns=3,
            widths=[1.6, 0.8, 4.4],
        )
        + told
    )


# ------------------------------------------------------------------------------------ guidelines


def guidelines(page: Page, view: Harmonised, name: str = "h-foringer") -> str:
    """Every point of the plans, and what the figures show for each member; never a grade."""
    parts = []
    for set_id in dict.fromkeys(row["set"] for row in view.guidelines):
        own = [row for row in view.guidelines if row["set"] == set_id]
        rows: list[list[Cell]] = []
        for point in own:
            rows += _point(view, point)
        parts.append(
            page.table(
                f"{name}-{set_id.replace('_', '-')}",
                own[0]["title"],
                ["punktet", "det som finnes om det", *_names(view), view.data.merged.name],
                rows,
                text_columns=2,
                merged=2 + len(view.data.members),
                widths=[2.9, 2.1, *[0.95] * len(view.data.members), 1.15],
                source=own[0]["source"],
            )
        )
    return "\n".join(parts)


def _point(view: Harmonised, point: Row) -> list[list[Cell]]:
    """Rows of one point: an indicator, fee or form each; «ingen tall» where there is nothing."""
    regions = [*view.data.members, view.data.merged]
    rows: list[list[Cell]] = []
    for indicator_id in _split(point["indicators"]):
        told = _indicator_line(view, indicator_id)
        if told:
            rows.append(["", *told])
    for fee_id in _split(point["fees"]):
        for item in view.items("fee"):
            if item.id.split(": ")[0] == fee_id:
                levels: list[Cell] = [*_levels(view, item), view.figure(item, "level", "today")]
                rows.append(["", f"{item.title}, {item.unit}", *levels])
    for form in _split(point["registers"]):
        title = next(row["title"] for row in view.registers if row["register"] == form)
        if filled(view, form) and view.register(FORM_TABLES[form]):
            rows.append(["", f"se «{title}» foran", *[""] * len(regions)])
    if not rows:
        rows = [["", "–", *["*ingen tall*"] * len(regions)]]
    number = f"{point['guideline']}. " if point["guideline"][:1].isupper() else ""
    rows[0][0] = number + point["text"] + (f" *{point['note']}*" if point["note"] else "")
    return rows


FORM_TABLES = {
    "brukerbetalinger": "fee",
    "dekning": "standard",
    "tildelingsmodeller": "distribution_model",
    "tilskuddsordninger": "grant_scheme",
    "apningstider": "opening_hours",
}


def _split(text: str | None) -> list[str]:
    return [name for name in (text or "").split(", ") if name]


def _indicator_line(view: Harmonised, indicator_id: str) -> list[Cell] | None:
    """An indicator's title and figures in the report's year, else the newest; None where nobody has one."""
    known = view.data.definitions.indicators[indicator_id]
    found = view.indicator_rows.get(indicator_id, {})
    regions = [*view.data.members, view.data.merged]
    years = {year for (_, year), row in found.items() if row["status"] == "ok"}
    if not years:
        return None
    year = view.data.year if view.data.year in years else max(years)
    cells: list[Cell] = []
    for region in regions:
        row = found.get((region.id, year))
        label = view.data.definitions.statuses[row["status"] if row else "not_in_set"].label
        cells.append(words.number(row["value"], known.decimals) if row and row["value"] is not None else f"*{label}*")
    unit = "" if known.unit.lower() in known.short.lower() else f", {known.unit}"
    return [f"{known.short}{unit}, {year}", *cells]


# --------------------------------------------------------------------------------------- small


def questions(view: Harmonised, about: str) -> str:
    """Open questions as a list with room to write."""
    told = view.questions(about)
    return "\n".join(f"- {text}" for text in told) + "\n" if told else ""


def _year(view: Harmonised, items: Sequence[Item]) -> str:
    years = sorted({item.year for item in items}) or [view.data.year]
    return words.listed([str(year) for year in years])


def _source(view: Harmonised, items: Sequence[Item]) -> str:
    """Tables and forms behind items, as written under a table."""
    ids = [item.id for item in items]
    rows = view.data.query(
        "select distinct source from {harmonisation} where list_contains(?, item) and role = 'member' and source is "
        "not null",
        ids,
    )
    names = {name.strip() for row in rows for name in row["source"].replace(";", ",").split(",")} if rows else set()
    titles = {source.id: source.title for source in view.data.definitions.sources.values()}
    forms = {source.id: source.title for source in view.data.definitions.forms}
    told = set()
    for name in names:
        head = name.split(":")[0]
        if head in forms:
            told.add(f"skjemaet «{forms[head]}»")
        elif name.isdigit():
            told.add(f"SSB {name}")
        elif name in titles:
            told.add(titles[name])
        elif name.startswith("kostnadsnøkkel"):
            told.add(name.split(" (")[0])
    return ", ".join(sorted(told))


def scenario_words() -> str:
    return ", ".join(f"*{TO[name]}*" for name in SCENARIOS if name in TO)
