"""The ages of the people: then and now, and how the members differ."""

from collections.abc import Sequence

from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from pipeline.model import age_codes
from pipeline.report.data import Figure, ReportData, Row
from pipeline.report.paper.pages import Page
from pipeline.report.paper.style import COMPARATOR, NUMBERS, canvas, half_title, legend, legend_handles, member_style


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
    half_title(left, f"{data.merged.name}, innbyggere 1. januar")
    left.set_yticks(list(at), [name for _, name in groups], fontsize=7)
    left.xaxis.set_major_formatter(NUMBERS)
    left.xaxis.set_major_locator(MaxNLocator(4))
    left.legend(
        handles=[
            Patch(color="#7f9fb6", label=f"{now}"),
            Line2D(
                [], [], color="#111111", linewidth=1.2, label=f"{then}, pro forma{_people(data, old, 0, then).dagger}"
            ),
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
    legend(drawing, handles)
    span = f"{target[:-1]} år og over" if target.endswith("-") else f"{target.replace('-', '–')} år"
    table = [[name, _people(data, old, age, then), _people(data, new, age, now)] for age, name in groups]
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


def _people(data: ReportData, by_age: dict[int, float], age: int, year: int) -> Figure:
    """Of the merged municipality: marked where its land is not what it is in other years."""
    value = by_age.get(age)
    status = "ok" if value is not None else "not_available"
    label = data.definitions.statuses[status].label
    return data.marked(Figure(value, status, label, "", "personer", 0), data.merged.id, year)
