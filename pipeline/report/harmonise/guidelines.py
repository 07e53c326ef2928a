"""The points of the plans and what the figures show of them; and the questions to the group."""

from collections.abc import Sequence

from pipeline import words
from pipeline.model.harmonisation import item_head
from pipeline.report import claims
from pipeline.report.data import Row
from pipeline.report.harmonise.common import filled, levels_today, listed, member_names
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.paper.pages import Cell, Page


def guidelines(page: Page, view: Harmonised, name: str = "h-foringer") -> str:
    """Every point of the plans, and what the figures that measure it show for each member; never a grade. Points that
    nothing measures are a list under the table."""
    parts = []
    for set_id in dict.fromkeys(row["set"] for row in view.guidelines):
        own = [row for row in view.guidelines if row["set"] == set_id]
        rows: list[list[Cell]] = []
        silent: list[Row] = []
        for point in own:
            lines = _lines(view, point)
            rows += _point(point, lines) if lines else []
            silent += [] if lines else [point]
        table = page.table(
            f"{name}-{set_id.replace('_', '-')}",
            own[0]["title"],
            ["punktet", "det som måler det", *member_names(view), view.data.merged.name],
            rows,
            text_columns=2,
            merged=2 + len(view.data.members),
            widths=[2.9, 2.1, *[0.95] * len(view.data.members), 1.15],
            source=own[0]["source"],
        )
        parts.append(table + _unmeasured(view, silent, own[0]["title"] if not table else ""))
    return "\n".join(parts)


def _unmeasured(view: Harmonised, points: Sequence[Row], title: str) -> str:
    """The points without a figure, in one list: those that nothing measures, and those whose figures are not there."""
    none = [_told(point) for point in points if not point["indicators"]]
    lacking = [f"{_told(point)} ({_wanted(view, point)})" for point in points if point["indicators"]]
    head = f"\n**{title}**\n" if points and title else ""
    told = f"\n**Ingen tall som måler dette:** {' '.join(none)}\n" if none else ""
    more = f"\n**Måles av tall som mangler i datasettet:** {' '.join(lacking)}\n" if lacking else ""
    return head + told + more


def _told(point: Row) -> str:
    number = f"{point['guideline']}. " if point["guideline"][:1].isupper() else ""
    return f"{number}{point['text']}" + (f" *{point['note']}*" if point["note"] else "")


def _wanted(view: Harmonised, point: Row) -> str:
    known = view.data.definitions.indicators
    return "; ".join(known[name].short for name in listed(point["indicators"]))


def _point(point: Row, lines: list[list[Cell]]) -> list[list[Cell]]:
    """The rows of one point: its text beside the first of what measures it."""
    return [[_told(point) if at == 0 else "", *line] for at, line in enumerate(lines)]


def _lines(view: Harmonised, point: Row) -> list[list[Cell]]:
    """What measures a point: an indicator, fee or form a line."""
    regions = [*view.data.members, view.data.merged]
    rows: list[list[Cell]] = []
    for indicator_id in listed(point["indicators"]):
        told = _indicator_line(view, indicator_id)
        if told:
            rows.append(told)
    for fee_id in listed(point["fees"]):
        for item in view.items("fee"):
            if item_head(item.id) == fee_id:
                levels: list[Cell] = [*levels_today(view, item), view.figure(item, "level", "today")]
                rows.append([f"{item.title}, {item.unit}, {item.year}", *levels])
    for form in listed(point["registers"]):
        title = next(row["title"] for row in view.registers if row["register"] == form)
        if filled(view, form) and view.register(view.form(form).as_form.table):
            rows.append([f"se «{title}» foran", *[""] * len(regions)])
    return rows


def _indicator_line(view: Harmonised, indicator_id: str) -> list[Cell] | None:
    """An indicator's title and figures in the newest year up to the report's in which all have one, else any; None
    where
    nobody has one."""
    known = view.data.definitions.indicators[indicator_id]
    found = view.indicator_rows.get(indicator_id, {})
    regions = [*view.data.members, view.data.merged]
    there = {year: {r.name: _value(found.get((r.id, year))) for r in regions} for _, year in found}
    any_of = [year for year, levels in there.items() if any(value is not None for value in levels.values())]
    year = (
        claims.newest_usable(claims.years_of_all(there), view.data.year)
        or claims.newest_usable(any_of, view.data.year)
        or min(any_of, default=None)
    )
    if year is None:
        return None
    cells: list[Cell] = []
    for region in regions:
        row = found.get((region.id, year))
        label = view.data.definitions.statuses[row["status"] if row else "not_in_set"].label
        cells.append(words.number(row["value"], known.decimals) if row and row["value"] is not None else f"*{label}*")
    unit = "" if known.unit.lower() in known.short.lower() else f", {known.unit}"
    return [f"{known.short}{unit}, {year}", *cells]


def _value(row: Row | None) -> float | None:
    return row["value"] if row else None


def questions(view: Harmonised, about: str) -> str:
    """Open questions as a list with room to write."""
    told = view.questions(about)
    return "\n".join(f"- {text}" for text in told) + "\n" if told else ""
