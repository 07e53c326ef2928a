"""What was set aside when the figures were read and held against each other: how much, and why."""

from pipeline import words
from pipeline.report.data import ReportData, Row
from pipeline.report.paper.pages import Cell, Page
from pipeline.validate.aside import counted

SHOWN = 40  # rows; what is more is counted


def lead(data: ReportData) -> str:
    """One sentence; empty where all that was asked for is used."""
    rows = _rows(data)
    return f"**{_counted(data, rows)}** Hva og hvorfor står under Etterprøving.\n" if rows else ""


def listed(page: Page) -> str:
    """Every table with what of it is not used, and why."""
    rows = _rows(page.data)
    if not rows:
        return ""
    shown: list[list[Cell]] = [
        [f"{row['source']} {row['title']}", _what(page.data, row), words.literal(row["reason"]), _users(row)]
        for row in rows[:SHOWN]
    ]
    hidden = len(rows) - len(shown)
    more = f"\n… og {hidden} til; se tabellen `set_aside`.\n" if hidden > 0 else ""
    return (
        f"{_counted(page.data, rows)}\n\n"
        + page.table(
            "satt-til-side",
            "Satt til side",
            ["kilde", "hva", "hvorfor", "indikatorer"],
            shown,
            text_columns=3,
            widths=[2.0, 1.3, 3.6, 0.8],
        )
        + more
    )


def lines(data: ReportData) -> list[str]:
    """The same for the analyst's screen, a line each."""
    rows = _rows(data)
    told = [f"  {row['source']} {_what(data, row)}: {row['reason']}" for row in rows]
    return [_counted(data, rows), *told] if rows else []


def _rows(data: ReportData) -> list[Row]:
    """One row per source and part of it; cells of many regions and years with the same fault in one."""
    return data.query(
        """select source, title, dimension, code, min(region) as region, min(year) as year, count(*) as places,
            min(reason) as reason, string_agg(distinct indicators, ', ') as indicators
        from {set_aside}
        group by source, title, dimension, code, region <> '' order by all"""
    )


def _counted(data: ReportData, rows: list[Row]) -> str:
    return counted(data.definitions, [(row["source"], not row["dimension"] + row["region"]) for row in rows])


def _what(data: ReportData, row: Row) -> str:
    contents = data.definitions.sources[row["source"]].contents.get(row["code"])
    what = contents.label if contents else row["code"] or "hele tabellen"
    if not row["region"]:
        return words.literal(what)
    what = "tall" if what == "hele tabellen" else what
    if row["places"] > 1:
        return words.literal(f"{what} for {row['places']} kommuner og år")
    return words.literal(f"{what} for {row['region']} i {row['year']}")


def _users(row: Row) -> str:
    return str(len({name for name in row["indicators"].split(", ") if name}))
