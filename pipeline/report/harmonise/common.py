"""What the tables of a harmonisation report share. Names begin with «h-»: the folder is the first half's as well."""

from collections.abc import Sequence

from pipeline import words
from pipeline.model.harmonisation import SCENARIOS
from pipeline.report.data import Figure, Region
from pipeline.report.harmonise.data import MOVES, Harmonised, Item
from pipeline.report.knowledge.tables import heading
from pipeline.report.paper.pages import Cell, Page

TO = {
    "lowest": "ned til laveste",
    "average": "til veid snitt",
    "highest": "opp til høyeste",
    "target": "til gruppens mål",
}


def scenario_words() -> str:
    return ", ".join(f"*{TO[name]}*" for name in SCENARIOS if name in TO)


def told_moves(view: Harmonised, items: Sequence[Item]) -> list[str]:
    """The scenarios that are told: the group's own level only where it has set one."""
    return [name for name in MOVES if name != "target" or view.has_target(list(items))]


def member_names(view: Harmonised) -> list[str]:
    return [region.name for region in view.data.members]


def levels_today(view: Harmonised, item: Item) -> list[Figure]:
    return [view.figure(item, "level", "today", region) for region in view.data.members]


def span_text(view: Harmonised, item: Item) -> str:
    found = view.span(item)
    return f"{words.number(found[0][1], item.decimals)}–{words.number(found[-1][1], item.decimals)}" if found else "–"


def filled(view: Harmonised, form: str) -> bool:
    return any(row["register"] == form and row["rows_filled"] for row in view.registers)


def compared_with(view: Harmonised, items: Sequence[Item]) -> tuple[dict[Item, dict[str, Figure]], list[Region]]:
    """What the group and the country have, and which of the two have a figure for any of the items."""
    beside = {item: {region.id: figure for region, figure in view.comparator(item)} for item in items}
    others = [region for region in (view.data.group_for(view.data.year), view.data.country) if region]
    return beside, [r for r in others if any(r.id in beside[i] and beside[i][r.id].ok for i in items)]


def comparison_table(
    page: Page, view: Harmonised, name: str, caption: str, items: Sequence[Item], labels: Sequence[str]
) -> str:
    """Members, merged and comparators of each item, with the range."""
    beside, others = compared_with(view, items)
    rows: list[list[Cell]] = []
    for item, label in zip(items, labels, strict=True):
        compared: list[Cell] = [beside[item].get(r.id, "–") for r in others]
        own: list[Cell] = [*levels_today(view, item), view.figure(item, "level", "today")]
        rows.append([label, *own, *compared, span_text(view, item)])
    return page.table(
        name,
        caption,
        ["", *member_names(view), view.data.merged.name, *[heading(r) for r in others], "spenn"],
        rows,
        merged=1 + len(view.data.members),
        widths=[2.8, *[1.0] * (len(view.data.members) + 1 + len(others)), 1.3],
        source=sources_told(view, items),
    )


def years_told(view: Harmonised, items: Sequence[Item]) -> str:
    years = sorted({item.year for item in items}) or [view.data.year]
    return words.listed([str(year) for year in years])


def own_year(items: Sequence[Item], item: Item, label: str) -> str:
    """A row's label, with its year where the rows of the table are of different ones."""
    return label if len({other.year for other in items}) == 1 else f"{label}, {item.year}"


def sources_told(view: Harmonised, items: Sequence[Item]) -> str:
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


def listed(text: str | None) -> list[str]:
    return [name for name in (text or "").split(", ") if name]
