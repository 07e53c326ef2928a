"""Page one's figure: members, merged and comparators side by side, and how a service is put together."""

from collections.abc import Sequence
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pipeline import words
from pipeline.model import Indicator
from pipeline.report.data import Figure, ReportData
from pipeline.report.paper.pages import Cell, Page
from pipeline.report.paper.style import (
    COMPARATOR,
    GREY,
    INK,
    MERGED,
    NUMBERS,
    RANGE,
    canvas,
    legend,
    legend_handles,
    member_style,
)

NEITHER = "Over eller under snittet er verken bra eller dårlig i seg selv."


MIXES = 4  # panels that fit beside each other


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
    legend(drawing, handles)
    header = [
        "indikator",
        *[f"{r.name}, indeks" for r in data.members],
        f"{data.merged.name}, indeks",
        f"{data.merged.name}, verdi",
    ]
    return page.figure(
        name,
        drawing,
        f"**{title}, {data.year}.** Indeks, {country.name.lower()} = 100. {_range_told(data, rows)} {NEITHER}",
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
    axes.xaxis.set_major_formatter(NUMBERS)
    unit = indicators[0].unit
    axes.set_xlabel(f"{unit} per innbygger" if unit == "kr" else unit)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    legend(drawing, legend_handles(data))
    return page.figure(
        name,
        drawing,
        f"**{title}, {data.year}.** {_range_told(data, rows)}",
        _profile_alt(data, title, rows),
        ["indikator", *[r.name for r in data.members], data.merged.name],
        rows,
        source=data.sources(indicators),
    )


def _range_told(data: ReportData, rows: Sequence[Sequence[Cell]]) -> str:
    """What the grey bar is, or why there is none: the members are no more, or not yet counted."""
    members = [cell for row in rows for cell in row[1 : 1 + len(data.members)]]
    if any(isinstance(cell, Figure) and cell.ok for cell in members):
        return "Grå strek er spennet mellom kommunene."
    return f"Kommunene hver for seg har ikke tall for {data.year}."


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
    return f"{title}, {data.year}. " + ". ".join(told) + "."


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
            dark = min(max(figure.value, 0), 100)  # of figures that cannot be a share the number stands, inside the bar
            panel.barh(at, dark, color=INK, height=0.62)
            panel.barh(at, 100 - dark, left=dark, color=RANGE, height=0.62)
            inside = dark > 25
            panel.text(
                dark / 2 if inside else dark + 2, at, words.number(figure.value, 0), va="center",
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
        f"{i.mix[0]} i {data.merged.name} i {data.shown_year(i)}: "
        f"{data.figure(i, data.merged, data.shown_year(i)).text}"
        for i in shown
    )
    header = ["", *[region.name for region in regions]]
    return page.figure("sammensetning", drawing, caption, alt + ".", header, rows, source=data.sources(shown))
