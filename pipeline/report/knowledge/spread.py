"""How far apart: the municipalities on one scale, and the schools."""

from collections.abc import Sequence

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pipeline import words
from pipeline.model import Indicator
from pipeline.report.data import Figure, Region
from pipeline.report.knowledge.profile import NEITHER
from pipeline.report.paper.pages import Cell, Page
from pipeline.report.paper.style import GREY, MERGED, NUMBERS, canvas, legend, member_style


def peer_spread(page: Page, indicator: Indicator, title: str) -> str:
    """Members, merged, group, country and named peers on one scale, lowest first."""
    data = page.data
    compared = [*data.members, data.merged, *data.comparators("country", "county", "kostra_group", "peer")]
    figures = [(region, data.figure(indicator, region)) for region in compared]
    known = sorted(
        [(figure.value, region) for region, figure in figures if figure.value is not None], key=lambda pair: pair[0]
    )
    missing = [region.name for region, figure in figures if not figure.ok and region.role != "comparator"]
    if len(known) < 3:
        return ""
    drawing, (axes,) = canvas(0.5 + 0.165 * len(known))
    for at, (value, region) in enumerate(known):
        axes.plot([0, value], [at, at], color="#e0e0e0", linewidth=0.8, zorder=1)
        if region.role == "member":
            style = member_style(data.members.index(region))
        elif region.role == "merged":
            style = dict(MERGED)
        else:
            style = {"color": GREY, "marker": "|" if region.kind == "kostra_group" else "o"}
            style |= {"markersize": 9, "markeredgewidth": 1.6} if region.kind == "kostra_group" else {"markersize": 5}
        axes.plot(value, at, linestyle="", zorder=3, **style)
        axes.text(
            1.01,
            at,
            words.number(value, indicator.decimals),
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=7.5,
            weight="bold" if region.role == "merged" else "normal",
        )
    axes.set_yticks(range(len(known)), [region.name for _, region in known])
    for label, (_, region) in zip(axes.get_yticklabels(), known, strict=True):
        label.set_fontweight("normal" if region.role == "comparator" else "bold")
        label.set_color("#555555" if region.role == "comparator" else "#111111")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    low, high = axes.get_xlim()
    axes.set_xlim(min(0, low), max(0, high))
    axes.xaxis.set_major_formatter(NUMBERS)
    axes.set_xlabel(indicator.unit)
    hole = f" Uten tall: {words.listed(missing)}." if missing else ""
    kinds = {region.kind for _, region in known}
    drawn = ["kommunene hver for seg og samlet"]
    drawn += [
        name
        for kind, name in (("country", "landet"), ("kostra_group", "KOSTRA-grupper"), ("peer", "andre kommuner"))
        if kind in kinds
    ]
    return page.figure(
        "spredning",
        drawing,
        f"**{title}, {data.year}.** {words.capital(words.listed(drawn))}. {NEITHER}{hole}",
        f"{title}, {data.year}: fra {words.number(known[0][0], indicator.decimals)} i {_in_text(known[0][1])} "
        f"til {words.with_unit(known[-1][0], indicator.decimals, indicator.unit)} i {_in_text(known[-1][1])}.",
        ["region", indicator.unit],
        [[region.name, figure] for region, figure in figures],
        source=data.sources([indicator]),
    )


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.text


def _in_text(region: Region) -> str:
    return region.name.lower() if region.kind == "country" else region.name


def school_spread(page: Page, tests: Sequence[Indicator]) -> str:
    """Every school's result with the municipality and the country: how far apart the schools are."""
    data = page.data
    if not tests or tests[0].value is None:
        return ""
    source = tests[0].value.table
    rows = data.query(
        "select region, year, orgnr, grade, subject, value, status from {observation} "
        "where source = ? and ContentsCode = 'score' and orgnr <> 'total' and list_contains(?, region)",
        source,
        data.merger.own_codes,
    )
    if not rows:
        return ""
    year = max(row["year"] for row in rows)
    rows = [row for row in rows if row["year"] == year]
    hidden = sum(row["status"] == "suppressed" for row in rows)
    drawing, (axes,) = canvas(0.8 + 0.42 * len(tests))
    table: list[list[Cell]] = []
    for at, test in enumerate(tests):
        assert test.value is not None
        grade, subject = test.value.codes["grade"][0], test.value.codes["subject"][0]
        scores = sorted(
            row["value"]
            for row in rows
            if row["grade"] == grade and row["subject"] == subject and row["value"] is not None
        )
        stacked = [(score, scores[:n].count(score)) for n, score in enumerate(scores)]
        axes.plot(
            [score for score, _ in stacked],
            [at - 0.1 * nth for _, nth in stacked],
            linestyle="",
            marker="o",
            markersize=3.2,
            color="#7f9fb6",
            markeredgewidth=0,
            zorder=2,
        )
        whole = data.figure(test, data.merged, year)
        if whole.value is not None:
            axes.plot(whole.value, at + 0.17, linestyle="", zorder=4, **{**MERGED, "markersize": 5.5})
        country = data.figure(test, data.country, year) if data.country else None
        if country is not None and country.value is not None:
            axes.plot([country.value] * 2, [at - 0.38, at + 0.3], zorder=1, color=GREY, linewidth=1.5)
        ends: list[Cell] = [Figure(end, "ok", "", "", test.unit, 0) for end in (min(scores), max(scores))]
        table.append([test.title, *ends, str(len(scores)), whole])
    axes.set_yticks(range(len(tests)), [test.short for test in tests])
    axes.set_ylim(len(tests) - 0.4, -0.75)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("skalapoeng")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=4, color="#7f9fb6", label="én skole"),
        Line2D([], [], linestyle="", label=data.merged.name, **MERGED),
        Line2D([], [], label="landet", color=GREY, linewidth=1.5),
    ]
    legend(drawing, handles)
    return page.figure(
        "skoler",
        drawing,
        f"**Nasjonale prøver, skole for skole, {words.school_year(year)}.** {hidden} av {len(rows)} resultater "
        "er skjermet fordi få elever deltok. Små skoler svinger mye fra år til år.",
        f"Spredning mellom skolene på nasjonale prøver {words.school_year(year)}: "
        + "; ".join(f"{row[0]} fra {_text(row[1])} til {_text(row[2])}" for row in table)
        + ".",
        ["prøve", "lavest skole", "høyest skole", "skoler med resultat", data.merged.name],
        table,
        source="Utdanningsdirektoratet",
    )
