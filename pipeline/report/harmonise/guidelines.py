"""The points of the plans and what the figures show of them; and the questions to the group."""

from pipeline import words
from pipeline.model.harmonisation import item_head
from pipeline.report.data import Row
from pipeline.report.harmonise.common import filled, levels_today, listed, member_names
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.paper.pages import Cell, Page


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
                ["punktet", "det som finnes om det", *member_names(view), view.data.merged.name],
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
    for indicator_id in listed(point["indicators"]):
        told = _indicator_line(view, indicator_id)
        if told:
            rows.append(["", *told])
    for fee_id in listed(point["fees"]):
        for item in view.items("fee"):
            if item_head(item.id) == fee_id:
                levels: list[Cell] = [*levels_today(view, item), view.figure(item, "level", "today")]
                rows.append(["", f"{item.title}, {item.unit}", *levels])
    for form in listed(point["registers"]):
        title = next(row["title"] for row in view.registers if row["register"] == form)
        if filled(view, form) and view.register(view.form(form).as_form.table):
            rows.append(["", f"se «{title}» foran", *[""] * len(regions)])
    if not rows:
        rows = [["", "–", *["*ingen tall*"] * len(regions)]]
    number = f"{point['guideline']}. " if point["guideline"][:1].isupper() else ""
    rows[0][0] = number + point["text"] + (f" *{point['note']}*" if point["note"] else "")
    return rows


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


def questions(view: Harmonised, about: str) -> str:
    """Open questions as a list with room to write."""
    told = view.questions(about)
    return "\n".join(f"- {text}" for text in told) + "\n" if told else ""
