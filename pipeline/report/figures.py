"""The figures of a report. Each takes figures from the processed tables and draws; none computes."""

from collections.abc import Sequence
from math import cos, radians
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipeline.model import Indicator, age_codes
from pipeline.report import words
from pipeline.report.data import Region, ReportData, Row
from pipeline.report.pages import Cell, Page
from pipeline.report.style import COMPARATOR, GREY, INK, MERGED, RANGE, WIDTH, canvas, legend_columns, member_style

NEITHER = "Over eller under snittet er verken bra eller dårlig i seg selv."
_NUMBERS = FuncFormatter(lambda value, _: words.number(value, 0))


def legend_handles(data: ReportData) -> list[Line2D]:
    members = [
        Line2D([], [], linestyle="", label=region.name, **member_style(at)) for at, region in enumerate(data.members)
    ]
    return [*members, Line2D([], [], linestyle="", label=data.merged.name, **MERGED)]


# ------------------------------------------------------------------------------------- profile


def profile(page: Page, indicators: Sequence[Indicator], title: str, name: str = "profil") -> str:
    """Members, merged and group as an index of the country; the range drawn, holes as words."""
    data = page.data
    country, group = data.country, data.group_for(data.year)
    if country is None:
        return ""
    drawing, (axes,) = canvas(0.9 + 0.36 * len(indicators))
    rows: list[list[Cell]] = []
    for at, indicator in enumerate(indicators):
        marks = [data.index(indicator.id, region, country) for region in data.members]
        whole = data.index(indicator.id, data.merged, country)
        _range_bar(axes, at, [mark.value for mark in marks])
        for number, mark in enumerate(marks):
            if mark.value is not None:
                axes.plot(mark.value, at, linestyle="", zorder=3, **member_style(number))
        if whole.value is not None:
            axes.plot(whole.value, at, linestyle="", zorder=4, **MERGED)
        else:
            axes.text(
                0.5,
                at,
                _hole(data, indicator),
                transform=axes.get_yaxis_transform(),
                ha="center",
                va="center",
                style="italic",
                color="#555555",
            )
        value = data.figure(indicator, data.merged)
        axes.text(1.02, at, value.with_unit, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
        group_mark = data.index(indicator.id, group, country) if group else None
        if group_mark is not None and group_mark.value is not None:
            axes.plot(
                group_mark.value, at, linestyle="", marker="|", color=GREY, markersize=11, markeredgewidth=1.4, zorder=2
            )
        rows.append([indicator.title, *marks, whole, value])
    axes.axvline(100, zorder=1, **COMPARATOR)
    axes.text(
        100,
        -0.75,
        f"{country.name.lower()} = 100",
        ha="center",
        va="center",
        fontsize=7.5,
        color="#555555",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
    axes.text(
        1.02, -0.75, data.merged.name, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color="#555555"
    )
    axes.set_yticks(range(len(indicators)), [indicator.short for indicator in indicators])
    axes.set_ylim(len(indicators) - 0.4, -1.0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    _pad_x(axes)
    handles = legend_handles(data)
    if group:
        handles.append(
            Line2D(
                [],
                [],
                linestyle="",
                marker="|",
                color=GREY,
                markersize=11,
                markeredgewidth=1.4,
                label=group.name.split(" (")[0],
            )
        )
    drawing.legend(
        handles=handles,
        loc="outside lower center",
        ncols=legend_columns(len(handles)),
        handletextpad=0.3,
        columnspacing=1.4,
    )
    header = [
        "indikator",
        *[f"{r.name}, indeks" for r in data.members],
        f"{data.merged.name}, indeks",
        f"{data.merged.name}, verdi",
    ]
    return page.figure(
        name,
        drawing,
        f"**{title}, {data.year}.** Indeks, {country.name.lower()} = 100; "
        f"grå strek er spennet mellom kommunene. {NEITHER}",
        _profile_alt(data, title, rows),
        header,
        rows,
        source=data.sources(indicators),
    )


def value_profile(page: Page, indicators: Sequence[Indicator], title: str, name: str = "profil") -> str:
    """Like the profile, but in the indicators' own common unit: for services an index cannot show."""
    data = page.data
    drawing, (axes,) = canvas(0.9 + 0.36 * len(indicators))
    rows: list[list[Cell]] = []
    for at, indicator in enumerate(indicators):
        marks = [data.figure(indicator, region) for region in data.members]
        whole = data.figure(indicator, data.merged)
        _range_bar(axes, at, [mark.value for mark in marks])
        for number, mark in enumerate(marks):
            if mark.value is not None:
                axes.plot(mark.value, at, linestyle="", zorder=3, **member_style(number))
        if whole.value is not None:
            axes.plot(whole.value, at, linestyle="", zorder=4, **MERGED)
        axes.text(
            1.02,
            at,
            whole.with_unit if whole.ok else "ingen sum",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=7.5,
            style="normal" if whole.ok else "italic",
        )
        rows.append([indicator.title, *marks, whole])
    axes.text(
        1.02, -0.75, data.merged.name, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color="#555555"
    )
    axes.axvline(0, color="#444444", linewidth=0.6)
    axes.set_yticks(
        range(len(indicators)), [fill(indicator.short.removesuffix(" per innbygger"), 26) for indicator in indicators]
    )
    axes.set_ylim(len(indicators) - 0.4, -1.0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e6e6e6", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(_NUMBERS)
    unit = indicators[0].unit
    axes.set_xlabel(f"{unit} per innbygger" if unit == "kr" else unit)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    drawing.legend(
        handles=legend_handles(data),
        loc="outside lower center",
        ncols=legend_columns(4),
        handletextpad=0.3,
        columnspacing=1.4,
    )
    return page.figure(
        name,
        drawing,
        f"**{title}, {data.year}.** Grå strek er spennet mellom kommunene.",
        _profile_alt(data, title, rows),
        ["indikator", *[r.name for r in data.members], data.merged.name],
        rows,
        source=data.sources(indicators),
    )


def _range_bar(axes: Axes, at: int, values: Sequence[float | None]) -> None:
    known = [value for value in values if value is not None]
    if len(known) > 1:
        axes.plot([min(known), max(known)], [at, at], color=RANGE, linewidth=5, solid_capstyle="butt", zorder=1.5)


def _hole(data: ReportData, indicator: Indicator) -> str:
    """Why there is no index: the figure itself is a hole, the country's is, or one of them is negative."""
    own = data.figure(indicator, data.merged)
    country = data.figure(indicator, data.country) if data.country else own
    if own.ok and country.ok:
        return "negativt tall, ingen indeks"
    return own.label if not own.ok else f"landet: {country.label}"


def _pad_x(axes: Axes) -> None:
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 92), max(high, 108))


def _profile_alt(data: ReportData, title: str, rows: Sequence[Sequence[Cell]]) -> str:
    told = []
    for row in rows:
        cells = ", ".join(
            f"{region.name} {cell if isinstance(cell, str) else cell.text}"
            for region, cell in zip([*data.members, data.merged], row[1:], strict=False)
        )
        told.append(f"{row[0]}: {cells}")
    return f"{title}. " + ". ".join(told) + "."


# --------------------------------------------------------------------------------- time series


def mix(page: Page, indicators: Sequence[Indicator]) -> str:
    """How each service is put together: what a share counts against the rest, a bar per municipality."""
    data = page.data
    shown = [i for i in indicators if i.mix and data.years(i, [*data.members, data.merged])][:MIXES]
    if not shown:
        return ""
    country = [r for r in [data.country] if r and any(data.figure(i, r, data.shown_year(i)).ok for i in shown)]
    regions = [*data.members, data.merged, *country]
    drawing, panels = canvas(0.55 + 0.24 * len(regions), columns=len(shown))
    rows: list[list[Cell]] = []
    for panel, indicator in zip(panels, shown, strict=True):
        year = data.shown_year(indicator)
        figures = [data.figure(indicator, region, year) for region in regions]
        for at, figure in enumerate(figures):
            if figure.value is None:
                panel.text(50, at, figure.label, ha="center", va="center", fontsize=7, style="italic", color="#555555")
                continue
            panel.barh(at, figure.value, color=INK, height=0.62)
            panel.barh(at, 100 - figure.value, left=figure.value, color=RANGE, height=0.62)
            inside = figure.value > 25
            panel.text(
                figure.value / 2 if inside else figure.value + 2, at, words.number(figure.value, 0), va="center",
                ha="center" if inside else "left", fontsize=7, color="white" if inside else INK,
            )  # fmt: skip
        panel.set_xlim(0, 100)
        panel.set_ylim(len(regions) - 0.5, -0.5)
        panel.set_yticks(range(len(regions)), [r.name for r in regions] if panel is panels[0] else [""] * len(regions))
        panel.tick_params(length=0, labelbottom=False)
        for side in panel.spines.values():
            side.set_visible(False)
        panel.set_title(f"{fill(indicator.mix[0], 22)}, {year}", fontsize=7.5)
        panel.set_xlabel(f"resten: {indicator.mix[1].lower()}", fontsize=7)
        rows.append([f"{indicator.title}, {year}", *figures])
    caption = "**Sammensetningen.** Mørkt: det overskriften sier; grått: resten. Prosent."
    alt = "Sammensetning, prosent. " + "; ".join(
        f"{i.mix[0]} i {data.merged.name}: {data.figure(i, data.merged, data.shown_year(i)).text}" for i in shown
    )
    header = ["", *[region.name for region in regions]]
    return page.figure("sammensetning", drawing, caption, alt + ".", header, rows, source=data.sources(shown))


MIXES = 4  # panels that fit beside each other


def time_series(page: Page, name: str, indicator: Indicator, title: str) -> str:
    """Members to the merger, the merged pro forma dashed and real solid, the break marked and named."""
    data = page.data
    drawing, (axes,) = canvas(2.2)
    break_year = data.merger.merge_date.year
    rows: list[list[Cell]] = []
    shown = [*data.members, data.merged] + ([data.country] if data.country else [])
    years = data.years(indicator, shown)
    if not years:
        return ""
    span = list(range(years[0], years[-1] + 1))
    for at, region in enumerate(data.members):
        values = _line(data, indicator, region, span)
        axes.plot(span, values, linewidth=1.3, label=region.name, **{**member_style(at), "markersize": 4})
    whole = _line(data, indicator, data.merged, span)
    before = [value if year < break_year else None for year, value in zip(span, whole, strict=True)]
    after = [value if year >= break_year else None for year, value in zip(span, whole, strict=True)]
    style = {**MERGED, "markersize": 4.5}
    axes.plot(
        span, _holes(before), linestyle=(0, (3, 2)), linewidth=1.5, label=f"{data.merged.name}, pro forma", **style
    )
    axes.plot(span, _holes(after), linewidth=1.8, label=f"{data.merged.name}", **style)
    if (
        data.country
        and any(data.figure(indicator, data.country, year).ok for year in span)
        and indicator.formula != "amount"
    ):
        axes.plot(span, _line(data, indicator, data.country, span), label=data.country.name, **COMPARATOR)
    if span[0] < break_year <= span[-1]:
        axes.axvline(break_year - 0.5, color=INK, linewidth=0.9)
        axes.text(
            break_year - 0.42,
            0.97,
            "sammenslått",
            transform=axes.get_xaxis_transform(),
            va="top",
            fontsize=7.5,
            color=INK,
        )
    low, high = axes.get_ylim()
    axes.set_ylim(min(0, low), max(0, high) * 1.06 if high > 0 else 0)
    axes.yaxis.set_major_formatter(_NUMBERS)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    axes.set_ylabel(indicator.unit)
    drawing.legend(loc="outside lower center", ncols=legend_columns(6), handletextpad=0.4, columnspacing=1.2)
    for region in shown:
        rows.append([region.name, *[data.figure(indicator, region, year) for year in span]])
    told = f"**{title}.** Stiplet: kommunene regnet sammen pro forma; heltrukket: den nye kommunen."
    if indicator.unit in ("kr", "1000 kr"):
        told += " Løpende priser."
    last = max(data.years(indicator, data.members), default=0)
    if last == break_year - 2:
        told += f" Kommunenes egne tall slutter i {last}: "
        told += f"målgruppen ved utgangen av {last + 1} finnes bare for den nye kommunen."
    return page.figure(
        name,
        drawing,
        told,
        f"{title}: {data.merged.name} gikk fra {_first_last(data, indicator, span)}.",
        ["region", *[str(year) for year in span]],
        rows,
        source=data.sources([indicator]),
    )


def _line(data: ReportData, indicator: Indicator, region: Region, span: Sequence[int]) -> list[float]:
    return _holes([data.figure(indicator, region, year).value for year in span])


def _holes(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _first_last(data: ReportData, indicator: Indicator, span: Sequence[int]) -> str:
    known = [(year, data.figure(indicator, data.merged, year)) for year in span]
    known = [(year, figure) for year, figure in known if figure.ok]
    if not known:
        return "ingen tall til ingen tall"
    (first, start), (last, end) = known[0], known[-1]
    return f"{start.with_unit} i {first} til {end.with_unit} i {last}"


# --------------------------------------------------------------------------------- population


def age_structure(page: Page, target: str, name: str = "alder") -> str:
    """Left: the merged municipality then and now. Right: how the members differ in age."""
    data = page.data
    rows = data.query("select region, year, age_group, age_from, persons, share_pct from {population}")
    if not any(row["region"] == data.merged.id for row in rows):
        return page.no_figures("alderssammensetning")
    now, then = max(row["year"] for row in rows), 2005
    shares_at = min(data.year + 1, data.merger.merge_date.year - 1)
    drawing, (left, right) = canvas(2.9, columns=2)
    groups = sorted({(row["age_from"], row["age_group"]) for row in rows})
    band = [int(code.rstrip("+")) for code in age_codes(target)]
    first, last = band[0] // 5, min(band[-1], 90) // 5
    for axes in (left, right):
        axes.axhspan(first - 0.5, last + 0.5, color="#d9e4ee", zorder=0)
    old = _by_age(rows, data.merged.id, then, "persons")
    new = _by_age(rows, data.merged.id, now, "persons")
    at = range(len(groups))
    left.barh(at, _aligned(new, groups), height=0.78, color="#7f9fb6", zorder=2)
    left.step(
        [*_aligned(old, groups), 0],
        [*(n - 0.5 for n in at), len(groups) - 0.5],
        where="pre",
        color="#111111",
        linewidth=1.2,
        zorder=3,
    )
    left.set_title(f"{data.merged.name}, innbyggere 1. januar")
    left.set_yticks(list(at), [name for _, name in groups], fontsize=7)
    left.xaxis.set_major_formatter(_NUMBERS)
    left.xaxis.set_major_locator(MaxNLocator(4))
    left.legend(
        handles=[
            Patch(color="#7f9fb6", label=f"{now}"),
            Line2D([], [], color="#111111", linewidth=1.2, label=f"{then}, pro forma"),
        ],
        loc="upper right",
        fontsize=7,
    )
    for number, region in enumerate(data.members):
        shares = _by_age(rows, region.id, shares_at, "share_pct")
        right.plot(_aligned(shares, groups), at, linewidth=1, **{**member_style(number), "markersize": 4})
    if data.country:
        right.plot(_aligned(_by_age(rows, data.country.id, shares_at, "share_pct"), groups), at, **COMPARATOR)
    right.set_title(f"Prosent, 1. januar {shares_at}")
    right.set_yticks(list(at), [])
    right.set_xlim(left=0)
    handles = [*legend_handles(data)[:-1]]
    if data.country:
        handles.append(Line2D([], [], label=data.country.name, **COMPARATOR))
    drawing.legend(handles=handles, loc="outside lower center", ncols=legend_columns(len(handles)), handletextpad=0.4)
    span = f"{target[:-1]} år og over" if target.endswith("-") else f"{target.replace('-', '–')} år"
    table = [
        [name, *(_whole(_by_age(rows, data.merged.id, year, "persons").get(age)) for year in (then, now))]
        for age, name in groups
    ]
    return page.figure(
        name,
        drawing,
        f"**Aldersfordelingen.** Det lyse feltet viser femårsgruppene som rommer {span}.",
        f"Innbyggere i {data.merged.name} etter femårsgrupper i {then} og {now}, "
        f"og kommunenes aldersfordeling i prosent 1. januar {shares_at}.",
        ["alder", f"{data.merged.name} {then}", f"{data.merged.name} {now}"],
        table,
        source="SSB 07459",
    )


def _by_age(rows: Sequence[Row], region: str, year: int, column: str) -> dict[int, float]:
    return {row["age_from"]: row[column] for row in rows if row["region"] == region and row["year"] == year}


def _aligned(by_age: dict[int, float], groups: Sequence[tuple[int, str]]) -> list[float]:
    return [by_age.get(age, float("nan")) for age, _ in groups]


def _whole(value: float | None) -> str:
    return words.number(value, 0) if value is not None else "mangler"


# -------------------------------------------------------------------------------------- spread


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
    axes.xaxis.set_major_formatter(_NUMBERS)
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
        f"{title}: fra {words.number(known[0][0], indicator.decimals)} i {_in_text(known[0][1])} "
        f"til {words.number(known[-1][0], indicator.decimals)} i {_in_text(known[-1][1])}.",
        ["region", indicator.unit],
        [[region.name, figure] for region, figure in figures],
        source=data.sources([indicator]),
    )


def _in_text(region: Region) -> str:
    return region.name.lower() if region.kind == "country" else region.name


def school_spread(page: Page, tests: Sequence[Indicator]) -> str:
    """Every school's result with the municipality and the country: how far apart the schools are."""
    data = page.data
    if not tests or tests[0].value is None:
        return ""
    source = tests[0].value.table
    codes = [successor.code for successor in data.merger.successor]
    rows = data.query(
        "select region, year, orgnr, grade, subject, value, status from {observation} "
        "where source = ? and ContentsCode = 'score' and orgnr <> 'total' and list_contains(?, region)",
        source,
        codes,
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
        table.append([test.title, words.number(min(scores)), words.number(max(scores)), str(len(scores)), whole])
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
    drawing.legend(handles=handles, loc="outside lower center", ncols=3)
    return page.figure(
        "skoler",
        drawing,
        f"**Nasjonale prøver, skole for skole, {words.school_year(year)}.** {hidden} av {len(rows)} resultater "
        "er skjermet fordi få elever deltok. Små skoler svinger mye fra år til år.",
        f"Spredning mellom skolene på nasjonale prøver {words.school_year(year)}: "
        + "; ".join(f"{row[0]} fra {row[1]} til {row[2]}" for row in table)
        + ".",
        ["prøve", "lavest skole", "høyest skole", "skoler med resultat", data.merged.name],
        table,
        source="Utdanningsdirektoratet",
    )


# ----------------------------------------------------------------------------------------- map


def place_map(page: Page, kind: str, title: str) -> str:
    """Places and local centres at their coordinates, north up, one kilometre the same both ways."""
    data = page.data
    rows = data.query("select * from {place}")
    of_kind = [row for row in rows if row["kind"] == kind]
    # rows that tell the old municipality come first: the groups look for their own places
    places = [row for row in of_kind if row["former_region"]] or of_kind
    if kind == "kindergarten":  # open kindergartens have no fixed places and are not counted
        places = [row for row in places if row["status"] != "not_applicable"]
    shown = [row for row in places if row["lat"] is not None]
    centres = [row for row in rows if row["kind"] == "local_centre" and row["lat"] is not None]
    if not shown:
        return ""
    members = {region.id: at for at, region in enumerate(data.members)}
    every = [*shown, *centres]
    middle = sum(row["lat"] for row in every) / len(every)
    height = max(row["lat"] for row in every) - min(row["lat"] for row in every)
    width = (max(row["lon"] for row in every) - min(row["lon"] for row in every)) * cos(radians(middle))
    drawing, (axes,) = canvas(max(3.0, min(3.5, WIDTH * 0.86 * height / width)))
    handles: dict[str, Line2D] = {}
    for row in shown:
        style, label = _place_style(data, row, members)
        axes.plot(row["lon"], row["lat"], linestyle="", zorder=2, **style)
        handles.setdefault(label, Line2D([], [], linestyle="", label=label, **style))
    for row in centres:
        axes.plot(row["lon"], row["lat"], marker="*", markersize=11, color="#bdbdbd", linestyle="", zorder=1.5)
    for row, (x, y) in _label_places(centres):
        axes.annotate(
            row["name"].split(" (")[0],
            (row["lon"], row["lat"]),
            xytext=(x, y),
            textcoords="offset points",
            ha="left" if x > 0 else "right",
            va="center",
            fontsize=7,
            zorder=4,
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
        )
    handles["lokalsenter"] = Line2D(
        [], [], linestyle="", marker="*", markersize=11, color="#bdbdbd", label="lokalsenter eller sted"
    )
    axes.margins(0.1)
    axes.set_aspect(1 / cos(radians(middle)))
    _widen(axes, middle)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#dddddd")
    _scale_bar(axes, middle)
    drawing.legend(
        handles=list(handles.values()), loc="outside lower center", ncols=legend_columns(4), handletextpad=0.3
    )
    without = len(places) - len(shown)
    hole = f" {without} av {len(places)} har ikke koordinat og står ikke på kartet." if without else ""
    osm = " Koordinater for skoler: © OpenStreetMap-bidragsytere (ODbL)." if kind == "school" else ""
    table = [
        [row["name"], row["former_region"] or row["region"], row["owner"] or "", row["grades"] or ""] for row in places
    ]
    return page.figure(
        "kart",
        drawing,
        f"**{title}.** Nord er opp.{hole}{osm}",
        f"Kart: {title.lower()}, {len(shown)} steder, og {len(centres)} lokalsentre og steder.",
        ["navn", "kommune", "eier", "trinn"],
        table,
        source={
            "school": "Utdanningsdirektoratet, OpenStreetMap",
            "kindergarten": "Utdanningsdirektoratet",
            "polling_place": "Valgdirektoratet",
        }[kind],
    )


def _label_places(centres: Sequence[Row]) -> list[tuple[Row, tuple[int, int]]]:
    """Names to the right of their star, or to the left and a step up or down where the next one is close."""
    placed: list[tuple[Row, tuple[int, int]]] = []
    for row in sorted(centres, key=lambda row: row["lat"]):
        near = [
            other
            for other, _ in placed
            if abs(other["lat"] - row["lat"]) < 0.012 and abs(other["lon"] - row["lon"]) < 0.09
        ]
        placed.append((row, ((7, 0), (-7, 4), (7, 11), (-7, 12))[min(len(near), 3)]))
    return placed


def _place_style(data: ReportData, row: Row, members: dict[str, int]) -> tuple[dict[str, Any], str]:
    owner = "privat" if row["owner"] == "privat" else "offentlig"
    polling = row["kind"] == "polling_place"
    at = members.get(row["former_region"] or "")
    if at is None:
        shape = {"marker": "^" if owner == "privat" else "o", "color": GREY, "markersize": 4.8, "markeredgewidth": 0}
        return shape, owner
    style = member_style(at)
    filled = {"color": style["color"], "marker": style["marker"], "markersize": 5.5, "markeredgewidth": 1.3}
    if owner == "privat":
        return {**filled, "markerfacecolor": "white"}, f"{data.members[at].name}, privat"
    return filled, data.members[at].name if polling else f"{data.members[at].name}, {row['owner']}"


def _widen(axes: Axes, latitude: float) -> None:
    """A frame a little wider than it is high, so that names have room on both sides of a long municipality."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    width, middle = 1.25 * (top - bottom) / cos(radians(latitude)), (low + high) / 2
    if high - low < width:
        axes.set_xlim(middle - width / 2, middle + width / 2)


def _scale_bar(axes: Axes, latitude: float) -> None:
    """Five kilometres below the frame, clear of every place."""
    degrees = 5 / (111.32 * cos(radians(latitude)))
    low, high = axes.get_xlim()
    start, where = high - degrees, axes.get_xaxis_transform()
    axes.plot([start, high], [-0.02, -0.02], color="#444444", linewidth=1.6, transform=where, clip_on=False)
    axes.text(start + degrees / 2, -0.03, "5 km", ha="center", va="top", fontsize=7, color="#444444", transform=where)
    axes.set_xlim(low, high)
