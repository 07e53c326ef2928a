"""What people pay: the fees side by side, what one fee would bring, self-cost, and typical households."""

from collections.abc import Sequence

from pipeline import words
from pipeline.report.data import Row
from pipeline.report.harmonise.common import (
    TO,
    compared_with,
    member_names,
    own_year,
    sources_told,
    span_text,
    told_moves,
    years_told,
)
from pipeline.report.harmonise.data import MOVES, Harmonised, Item, in_thousand, signed
from pipeline.report.harmonise.rules import months_words, prices_of
from pipeline.report.knowledge.tables import heading
from pipeline.report.paper.pages import Cell, Page


def fees(page: Page, view: Harmonised) -> str:
    """Every fee beside the others', with the range; what the state sets is marked, and price times hours stand
    beside what
    is paid where there is a cap on the hours."""
    items = view.items("fee")
    paid = _paid(view)
    beside, others = compared_with(view, items)
    rows: list[list[Cell]] = []
    for item in items:
        own: list[Cell] = []
        for region in view.data.members:
            figure, parts = view.figure(item, "level", "today", region), paid.get((item.id, region.id, item.year))
            own.append(f"{figure.text} ({parts})" if parts and figure.ok else figure)
        compared: list[Cell] = [beside[item].get(region.id, "–") for region in others]
        rows.append(
            [
                f"{item.title} *(staten)*" if item.state_set else item.title,
                item.unit,
                *own,
                view.figure(item, "level", "today"),
                *compared,
                span_text(view, item),
            ]
        )
    table = page.table(
        "h-satser",
        f"Satsene, {years_told(view, items)}",
        ["", "enhet", *member_names(view), "veid snitt", *[heading(r) for r in others], "spenn"],
        rows,
        text_columns=2,
        merged=2 + len(view.data.members),
        widths=[2.6, 1.2, *[1.0] * (len(view.data.members) + 1 + len(others)), 1.2],
        source=sources_told(view, items),
    )
    told = (
        "\nI parentes: pris per time × timer en bruker betaler for. Pris og tak jevnes ut sammen, som det en bruker "
        "betaler.\n"
    )
    capped = any((item.id, r.id, item.year) in paid for item in items for r in view.data.members)
    return table + (told if capped else "") + _set_by_state(items)


def _paid(view: Harmonised) -> dict[tuple[str, str, int], str]:
    """`310 × 2` by item, municipality and year: the price of an hour and the hours a user pays for, where there is a
    cap."""
    rows = view.data.query(
        "select item, region, year, price_kr, level / nullif(price_kr, 0) as hours from {item_region} as own "
        "where object = 'fee' and level is not null and exists (select 1 from {item_region} as other where "
        "other.item = own.item and other.year = own.year and other.hour_cap is not null)"
    )
    return {
        (row["item"], row["region"], row["year"]): f"{words.number(row['price_kr'])}×"
        + words.number(row["hours"], 1).removesuffix(",0")
        for row in rows
        if row["hours"] is not None
    }


def _set_by_state(items: Sequence[Item]) -> str:
    """The prices that are not the municipalities' to even out, and by which rule."""
    why: dict[str, list[str]] = {}
    for item in items:
        if item.state_set:
            why.setdefault(item.state_set, []).append(item.title)
    return "".join(
        f"\n**Staten setter prisen eller taket:** {words.listed(titles)} ({rule}). Det regnes ikke på å jevne ut "
        "disse.\n"
        for rule, titles in why.items()
    )


def fee_scenarios(page: Page, view: Harmonised) -> str:
    """What each common level would bring in, and for how many the bill goes up or down: a fee in a row."""
    items = [i for i in view.fees() if view.differs(i) and not i.self_cost]
    rows: list[list[Cell]] = [
        [
            own_year(items, item, item.title),
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
        "Én sats for alle, første runde: inntekt i året, 1000 kr "
        f"({prices_of([i.year for i in items])}), og hvor mange som betaler mer og mindre",
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
        source=sources_told(view, items),
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
    items = [i for i in view.fees() if i.self_cost]
    members = view.data.members
    rows: list[list[Cell]] = []
    for item in items:
        fund = [in_thousand(view.figure(item, "fund", "today", r)) for r in members]
        rows.append(
            [
                own_year(items, item, item.title),
                "fond i dag (underskudd: minus)",
                *fund,
                in_thousand(view.figure(item, "fund", "today")),
            ]
        )
        for scenario in told_moves(view, items):
            moved: list[Cell] = [signed(view.thousand(item, scenario, r)) for r in [*members, view.data.merged]]
            rows.append(["", f"årlig endring, {TO[scenario]}", *moved])
    table = page.table(
        "h-selvkost",
        f"Gebyrer under selvkost: fondet i dag, og hva én sats flytter i det, 1000 kr "
        f"({prices_of([i.year for i in items])})",
        ["", "", *member_names(view), view.data.merged.name],
        rows,
        text_columns=2,
        merged=2 + len(members),
        widths=[2.0, 2.2, *[1.0] * (len(members) + 1)],
        source=sources_told(view, items),
    )
    told = (
        "\nGebyret kan bare dekke kostnaden. Lavere eller høyere sats gir derfor **ikke** mer eller mindre i "
        "budsjettet: det flyttes i selvkostfondet og må jevnes ut over årene. "
        "Et underskudd tar den nye kommunen med seg.\n"
    )
    return table + told + _fund_lasts(view, items) if table else ""


def _fund_lasts(view: Harmonised, items: Sequence[Item]) -> str:
    """How long each common fund lasts the lowest price for all."""
    told = [
        f"{item.title}: {months_words(months.value)}"
        for item in items
        if (months := view.figure(item, "fund_months", "lowest")).value is not None
    ]
    return f"\nSå lenge varer det felles fondet med laveste sats for alle: {'; '.join(told)}.\n" if told else ""


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
                [known[name].text, *member_names(view)],
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
