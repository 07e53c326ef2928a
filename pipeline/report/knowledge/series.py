"""A figure over time: the members to the merger, the merged municipality before and after it."""

from collections.abc import Sequence

from matplotlib.ticker import MaxNLocator

from pipeline.model import Indicator
from pipeline.report.data import Region, ReportData
from pipeline.report.paper.pages import Cell, Page
from pipeline.report.paper.style import COMPARATOR, INK, MERGED, NUMBERS, canvas, legend, member_style


def time_series(page: Page, name: str, indicator: Indicator, title: str) -> str:
    """Members to the merger, the merged pro forma dashed and real solid, the break marked and named."""
    data = page.data
    drawing, (axes,) = canvas(2.2)
    own_from = data.merger.own_from
    rows: list[list[Cell]] = []
    shown = [*data.members, data.merged] + ([data.country] if data.country else [])
    years = data.years(indicator, shown)
    if not years:
        return ""
    span = list(range(years[0], years[-1] + 1))
    for at, region in enumerate(data.members):
        values = _line(data, indicator, region, span)
        axes.plot(span, values, linewidth=1.3, label=region.name, **{**member_style(at), "markersize": 4})
    whole, nothing = _line(data, indicator, data.merged, span), float("nan")
    before = [value if year < (own_from or year + 1) else nothing for year, value in zip(span, whole, strict=True)]
    after = [value if own_from and year >= own_from else nothing for year, value in zip(span, whole, strict=True)]
    style = {**MERGED, "markersize": 4.5}
    axes.plot(span, before, linestyle=(0, (3, 2)), linewidth=1.5, label=f"{data.merged.name}, pro forma", **style)
    if own_from:
        axes.plot(span, after, linewidth=1.8, label=f"{data.merged.name}", **style)
    if (
        data.country
        and any(data.figure(indicator, data.country, year).ok for year in span)
        and indicator.formula != "amount"
    ):
        axes.plot(span, _line(data, indicator, data.country, span), label=data.country.name, **COMPARATOR)
    if own_from and span[0] < own_from <= span[-1]:
        axes.axvline(own_from - 0.5, color=INK, linewidth=0.9)
        axes.text(
            own_from - 0.42,
            0.97,
            "sammenslått" + (", annet område" if data.merger.divided else ""),
            transform=axes.get_xaxis_transform(),
            va="top",
            fontsize=7.5,
            color=INK,
        )
    low, high = axes.get_ylim()
    axes.set_ylim(min(0, low), max(0, high) * 1.06 if high > 0 else 0)
    axes.yaxis.set_major_formatter(NUMBERS)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=12))
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.6)
    axes.set_ylabel(indicator.unit)
    legend(drawing, axes.get_legend_handles_labels()[0])
    for region in shown:
        rows.append([region.name, *[data.figure(indicator, region, year) for year in span]])
    told = f"**{title}.** Stiplet: kommunene regnet sammen pro forma"
    told += "; heltrukket: den nye kommunen." if own_from else "."
    if indicator.unit in ("kr", "1000 kr"):
        told += " Løpende priser."
    last = max(data.years(indicator, data.members), default=0)
    if own_from and last == own_from - 2:
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
