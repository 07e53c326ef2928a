"""The figures of a harmonisation report."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from pipeline import words
from pipeline.model.harmonisation import is_kind
from pipeline.report.data import Row
from pipeline.report.harmonise.common import TO, own_year, years_told
from pipeline.report.harmonise.data import Harmonised, Item
from pipeline.report.harmonise.findings import basis, service
from pipeline.report.harmonise.rules import NEED_LEFT_IN, priced, prices_of
from pipeline.report.knowledge.profile import profile, value_profile
from pipeline.report.paper.pages import Cell, Page
from pipeline.report.paper.style import COLOURS, GREY, RANGE, canvas, legend, legend_handles, member_bar, member_style

LABEL = 30  # characters of a label before it is broken
MOST = 8  # items a figure has room for
BESIDE = "ved hver linje"  # where the price year stands when there is more than one


def gap(page: Page, view: Harmonised, name: str = "h-gap") -> str:
    """Bars to both sides of today: what lifting everybody up or bringing everybody down would move, by member."""
    items = _with_kroner(view)
    if not items:
        return ""
    members = view.data.members
    drawing, (axes,) = canvas(1.0 + 0.42 * len(items))
    rows: list[list[Cell]] = []
    for at, item in enumerate(items):
        for scenario in ("lowest", "highest"):
            edge = 0.0
            for number, region in enumerate(members):
                value = (view.thousand(item, scenario, region).value or 0) / 1000
                axes.barh(
                    at, value, left=edge, height=0.62, linewidth=0.4, zorder=2, **member_bar(number)
                )  # fmt: skip
                edge += value
            side = "left" if scenario == "highest" else "right"
            text = words.number(edge, 1) if edge < 0 else f"+{words.number(edge, 1)}"
            axes.annotate(
                text, (edge, at), xytext=(3 if side == "left" else -3, 0), textcoords="offset points", ha=side,
                va="center", fontsize=7.5,
            )  # fmt: skip
        cells: list[Cell] = [
            view.thousand(item, s, r) for s in ("lowest", "highest") for r in [*members, view.data.merged]
        ]
        rows.append([_priced(view, item, items), *cells])
    axes.axvline(0, color="#111111", linewidth=0.8, zorder=3)
    axes.set_yticks(range(len(items)), [fill(_priced(view, item, items), LABEL) for item in items])
    axes.set_ylim(len(items) - 0.4, -0.6)
    reach = [view.thousand(item, s).value or 0 for item in items for s in ("lowest", "highest")]
    room = 0.16 * (max(reach) - min(reach)) / 1000
    axes.set_xlim(min(reach) / 1000 - room, max(reach) / 1000 + room)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("mill. kr i året: til venstre ned til laveste, til høyre opp til høyeste")
    handles = [
        Patch(facecolor=bar["color"], hatch=bar["hatch"], edgecolor=bar["edgecolor"], label=region.name)
        for bar, region in ((member_bar(n), region) for n, region in enumerate(members))
    ]
    legend(drawing, handles)
    header = [
        "",
        *[f"{word}, {r.name}, 1000 kr" for word in ("laveste", "høyeste") for r in [*members, view.data.merged]],
    ]
    told = "; ".join(
        f"{_priced(view, item, items)}: {view.thousand(item, 'lowest').text} til "
        f"{view.thousand(item, 'highest').text} tusen "
        "kroner"
        for item in items
    )
    return page.figure(
        name,
        drawing,
        f"**Hva det ville kostet eller spart om nivået var likt, {prices_of([i.year for i in items], BESIDE)}.** "
        "Endring i "
        "netto "
        "utgifter per år om alle brukte eller ga som den laveste, og som den høyeste kommunen det året. Fargene "
        "viser hvor "
        f"endringen kommer.{_need_note(view, items)}",
        f"Endring i utgifter om nivået var likt, {prices_of([i.year for i in items], BESIDE)}. {told}.",
        header,
        rows,
    )


def need_note(view: Harmonised) -> str:
    """What must be said beside kroner of services whose need could not be taken out; mostly nothing."""
    return _need_note(view, _with_kroner(view))


def _need_note(view: Harmonised, items: Sequence[Item]) -> str:
    named = [service(view, item) for item in items if item.object == "spending" and view.need_left_in(item)]
    return f" {words.listed(named)}: {NEED_LEFT_IN}." if named else ""


def _priced(view: Harmonised, item: Item, items: Sequence[Item]) -> str:
    return priced(_name(view, item), item.year, [other.year for other in items])


def _name(view: Harmonised, item: Item) -> str:
    return (
        (item.plain if is_kind(item.id) else item.units_word)
        if item.object == "coverage"
        else f"{service(view, item)}, {basis(view, item)}"
    )


def _with_kroner(view: Harmonised) -> list[Item]:
    """Spending on its best basis, then coverage that can be told in kroner, with every member in it."""
    items = [item for item, _ in view.spending()]
    items += [item for item in view.items("coverage") if not item.not_kroner]
    return [item for item in items if view.thousand(item, "highest").ok and view.differs(item)][:MOST]


def households(page: Page, view: Harmonised, name: str = "h-husholdninger") -> str:
    """What typical households pay a year: members by colour and shape, the range drawn, the common levels as ticks."""
    known = view.data.definitions.harmonisation.households
    bills = {key: rows for key, rows in view.households.items() if _complete(view, rows)}
    if not bills:
        return ""
    year = next(iter(bills.values()))[0]["year"]
    drawing, (axes,) = canvas(1.1 + 0.5 * len(bills))
    table: list[list[Cell]] = []
    for at, (key, rows) in enumerate(bills.items()):
        sums = {(r["scenario"], r["region"]): r["value"] for r in rows if r["what"] == "sum"}
        today = [sums["today", region.id] for region in view.data.members]
        axes.plot([min(today), max(today)], [at, at], color=RANGE, linewidth=5, solid_capstyle="butt", zorder=1.5)
        for number, value in enumerate(today):
            axes.plot(value, at, linestyle="", zorder=3, **member_style(number))
        common = _common(view, sums)
        if common is not None:
            axes.plot(common, at, linestyle="", marker="|", color=GREY, markersize=15, markeredgewidth=1.6, zorder=2.5)
        table.append(
            [
                known[key].title,
                *[words.number(value) for value in today],
                words.number(common) if common is not None else "ulikt",
            ]
        )
    _dress(axes, [known[key].title for key in bills])
    handles = legend_handles(view.data)[:-1]
    if any(row[-1] != "ulikt" for row in table):
        handles.append(
            Line2D(
                [],
                [],
                linestyle="",
                marker="|",
                color=GREY,
                markersize=11,
                markeredgewidth=1.6,
                label="med snittet for alle",
            )
        )
    legend(drawing, handles)
    told = "; ".join(f"{row[0]}: " + ", ".join(str(cell) for cell in row[1:-1]) for row in table)
    return page.figure(
        name,
        drawing,
        f"**Hva en typisk husholdning betaler, kr i året, {year}.** Grå strek er spennet mellom kommunene.",
        f"Hva typiske husholdninger betaler i året i {words.listed([r.name for r in view.data.members])}, {year}. "
        f"{told}.",
        ["husholdning", *[region.name for region in view.data.members], "med snittet for alle"],
        table,
        source="skjemaet «Brukerbetalinger»",
    )


def _complete(view: Harmonised, rows: Sequence[Row]) -> bool:
    sums = [r for r in rows if r["what"] == "sum" and r["scenario"] == "today"]
    return len(sums) == len(view.data.members) and all(r["status"] == "ok" for r in sums)


def _common(view: Harmonised, sums: dict[tuple[str, str], float | None]) -> float | None:
    """What the household would pay with the mean level, where that is the same everywhere (hour caps may differ)."""
    values = {round(value, 6) for r in view.data.members if (value := sums.get(("average", r.id))) is not None}
    return values.pop() if len(values) == 1 else None


def _dress(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [fill(label, LABEL) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.margins(x=0.08)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
    axes.set_xlabel("kr i året")


def _apart(view: Harmonised, item: Item) -> float:
    """How far the lowest is below the highest, as a share of it."""
    found = view.span(item)
    return 1 - found[0][1] / found[-1][1] if found[-1][1] else 0


def levels(page: Page, view: Harmonised, object_: str, name: str, caption: str) -> str:
    """Items with different units on one page: each member in per cent of the highest, the price or share beside it."""
    apart = [item for item in view.items(object_) if view.differs(item)]
    items = sorted(apart, key=lambda i: (-(view.moved_kr(i) or 0), -_apart(view, i)))[:MOST]
    if not items:
        return ""
    year = years_told(view, items)
    caption = caption.format(year=year)
    drawing, (axes,) = canvas(0.9 + 0.4 * len(items))
    rows: list[list[Cell]] = []
    for at, item in enumerate(items):
        top = view.span(item)[-1][1]
        values = [view.figure(item, "level", "today", region) for region in view.data.members]
        shares = [100 * (figure.value or 0) / top for figure in values]
        axes.plot([min(shares), max(shares)], [at, at], color=RANGE, linewidth=5, solid_capstyle="butt", zorder=1.5)
        for number, share in enumerate(shares):
            axes.plot(share, at, linestyle="", zorder=3, **member_style(number))
        low, high = view.span(item)[0][1], top
        text = f"{words.number(low, item.decimals)}–{words.number(high, item.decimals)} {item.unit}"
        axes.text(
            1.02,
            at,
            text.replace("\\", ""),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=7.5,
        )
        rows.append([own_year(items, item, item.title), item.unit, *values])
    _dress(axes, [own_year(items, item, item.plain) for item in items])
    axes.set_xlabel("prosent av den høyeste kommunen")
    axes.set_xlim(0, 106)
    legend(drawing, legend_handles(view.data)[:-1])
    told = "; ".join(f"{row[0]}: {', '.join(c.text for c in row[2:] if not isinstance(c, str))}" for row in rows)
    return page.figure(
        name,
        drawing,
        caption,
        f"{caption.replace('*', '')} {told}.",
        ["", "enhet", *[f"{r.name}, {year}" for r in view.data.members]],
        rows,
    )


def phase_in(page: Page, view: Harmonised, name: str) -> tuple[str, int]:
    """The largest changes year by year, upwards and downwards; and how many years it takes."""
    items = _with_kroner(view)[:3]
    rows = view.data.query(
        "select * from {phase_in} where status = 'ok' and scenario in ('lowest', 'highest') order by step"
    )
    price = prices_of([i.year for i in items], BESIDE)
    years = sorted({row["budget_year"] for row in rows})
    if not items or not years:
        return "", 0
    drawing, (axes,) = canvas(3.0)
    styles = ["-", "--", ":"]
    table: list[list[Cell]] = []
    for at, item in enumerate(items):
        for scenario in ("highest", "lowest"):
            own = [
                row["value"] / 1e6
                for row in rows
                if (row["object"], row["item"], row["need_adjusted"], row["measure"], row["scenario"], row["year"])
                == (item.object, item.id, item.need_adjusted, item.change, scenario, item.year)
            ]
            label = _priced(view, item, items) if scenario == "highest" else None
            axes.plot(
                years,
                own,
                color=COLOURS[at],
                linestyle=styles[at],
                marker="o",
                markersize=4,
                label=label and fill(label, LABEL),
            )
            table.append([f"{_priced(view, item, items)}, {TO[scenario]}", *[words.number(value, 1) for value in own]])
    axes.axhline(0, color="#111111", linewidth=0.8)
    axes.set_xticks(years)
    axes.set_ylabel(f"mill. kr mot i dag ({price})")
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    drawing.legend(loc="outside lower center", ncols=1)
    told = f"Endringen år for år, mill. kr ({price}).{_need_note(view, items)} " + "; ".join(
        f"{row[0]}: {', '.join(str(c) for c in row[1:])}" for row in table
    )
    caption = f"**Innfasing, {price}.** Over streken: opp til høyeste; under: ned til laveste.{_need_note(view, items)}"
    return page.figure(name, drawing, caption, told, ["", *map(str, years)], table), len(years)


def guidelines(page: Page, view: Harmonised, name: str) -> tuple[str, int, int]:
    """The points of the platform that are the sub-project's own, with whether any figure speaks to them."""
    own = [row for row in view.guidelines if row["subprojects"] != "alle" and row["set"] == "plattform"]
    if not own:
        return "", 0, 0
    drawing, (axes,) = canvas(0.5 + 0.38 * len(own))
    known = 0
    table: list[list[Cell]] = []
    for at, point in enumerate(own):
        there = view.has_figures(point)
        state = "måles" if there else "tall mangler" if point["indicators"] or point["fees"] else "måles ikke"
        known += there
        axes.plot(0, at, marker="o", markersize=8, color="#0b3c5d", markerfacecolor="#0b3c5d" if there else "white")
        axes.text(0.04, at, fill(point["text"], 62), va="center", fontsize=8)
        axes.text(
            1.0,
            at,
            state,
            va="center",
            ha="right",
            fontsize=7.5,
            style="normal" if there else "italic",
        )
        table.append([point["text"], state])
    axes.set_ylim(len(own) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.02)
    axes.set_axis_off()
    told = "; ".join(f"{row[0]} {row[1]}" for row in table)
    return (
        page.figure(
            name, drawing, "**Punktene i plattformen, og om noe tall måler dem.**", told, ["punktet", "tall"], table
        ),
        known,
        len(own),
    )


def registers(page: Page, view: Harmonised, name: str) -> str:
    """How many of the municipalities have filled in each form."""
    rows = view.members_forms
    drawing, (axes,) = canvas(0.8 + 0.36 * len(rows))
    most = len(view.data.members)
    for at, row in enumerate(rows):
        axes.barh(at, most, color=RANGE, height=0.6)
        axes.barh(at, row["members_filled"], color="#0b3c5d", height=0.6)
        axes.text(most + 0.05, at, f"{row['members_filled']} av {most}", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), [row["title"] for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, most * 1.15)
    axes.tick_params(length=0, labelbottom=False)
    for side in axes.spines.values():
        side.set_visible(False)
    table: list[list[Cell]] = [[row["title"], str(row["members_filled"])] for row in rows]
    told = "; ".join(f"{row[0]}: {row[1]} av {most}" for row in table)
    return page.figure(
        name,
        drawing,
        "**Kommuner som har fylt ut skjemaet.**",
        f"Kommuner som har fylt ut. {told}.",
        ["skjema", "kommuner"],
        table,
    )


def first(page: Page, view: Harmonised) -> str:
    """The figure of page one: kroner; else prices; else how the municipalities lie."""
    part = view.data.part
    assert part is not None
    prices = "**Satsene, {year}.** Grå strek er spennet mellom kommunene."
    told = gap(page, view) or levels(page, view, "fee", "h-prisnivaa", prices)
    if told:
        return told
    chosen = [view.data.definitions.indicators[name] for name in part.profile]
    draw = value_profile if part.profile_scale == "value" else profile
    return draw(page, chosen, part.title, name="h-profil")
