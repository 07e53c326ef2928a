"""The forms: what the municipalities have filled in, and what each would add."""

from pipeline import words
from pipeline.report import claims
from pipeline.report.data import Row
from pipeline.report.harmonise.common import member_names
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.paper.pages import Cell, Page


def missing_form(view: Harmonised, form: str) -> str:
    """What filling in a form would add, where nobody has done it for this sub-project."""
    row = next(row for row in view.registers if row["register"] == form)
    where = "har ingen rader for dette delprosjektet" if row["rows_filled"] else "er ikke fylt ut"
    return f"*Skjemaet «{row['title']}» {where}.* Fylles det ut, viser rapporten {row['adds']}.\n"


def models(page: Page, view: Harmonised) -> str:
    rows = view.register("distribution_model")
    table: list[list[Cell]] = [
        [
            view.data.definitions.area_title(row["service"]),
            row["region_name"],
            words.literal(row["title"]),
            words.literal(row["description"]),
            str(row["since"] or "–"),
            words.literal(row["source"]),
        ]
        for row in rows
    ]
    return page.table(
        "h-modeller",
        "Tildelingsmodellene i dag",
        ["tjeneste", "kommune", "modell", "slik virker den", "siden", "kilde"],
        table,
        text_columns=6,
        widths=[1.1, 1.1, 1.4, 3.0, 0.6, 1.6],
    )


def _of_shown_year(view: Harmonised, register: str) -> tuple[int, list[Row]]:
    """The report's year, or the newest that has been filled in, with its rows."""
    rows = view.register(register)
    years = {row["year"] for row in rows}
    year = view.data.year if view.data.year in years else max(years, default=0)
    return year, [row for row in rows if row["year"] == year]


def _by_title(view: Harmonised, table: str) -> tuple[int, list[tuple[str, str, list[Row | None]]]]:
    """The shown year, and each thing of a form by service and title, with the row every member has of it."""
    year, rows = _of_shown_year(view, table)
    found = {(row["service"], row["title"], row["region"]): row for row in rows}
    named = dict.fromkeys((row["service"], row["title"]) for row in rows)
    own = {name: [found.get((*name, region.id)) for region in view.data.members] for name in named}
    return year, [(*name, rows) for name, rows in own.items()]


def grants(page: Page, view: Harmonised) -> str:
    """Every scheme in a row, kr and recipients per member; what a member does not have is told as that."""
    year, listed = _by_title(view, "grant_scheme")
    table: list[list[Cell]] = []
    for _, title, own in listed:
        about = next(row["description"] for row in own if row)
        table.append([f"{words.literal(title)}. {words.literal(about)}", *[_grant(row) for row in own]])
    return page.table(
        "h-tilskudd",
        f"Tilskuddsordningene i {year}: 1000 kr (mottakere)",
        ["", *member_names(view)],
        table,
        label_width=3.4,
        source="skjemaet «Tilskuddsordninger»",
    )


def _grant(row: Row | None) -> str:
    if row is None:
        return "*ikke oppgitt*"
    got = "få" if row["recipients"] is None else words.number(row["recipients"])
    return f"{words.number(row['amount_kr'] / 1000)} ({got})"


def opening(page: Page, view: Harmonised) -> str:
    """Weekly hours, staffed and not, a place in a row."""
    year, rows = _of_shown_year(view, "opening_hours")
    found = {(row["service"], row["place"], row["staffing"], row["region"]): row for row in rows}
    table: list[list[Cell]] = []
    for key in dict.fromkeys((row["service"], row["place"], row["staffing"]) for row in rows):
        own = [found.get((*key, region.id)) for region in view.data.members]
        hours: list[Cell] = [words.number(row["weekly_hours"], 1) if row else "*ikke oppgitt*" for row in own]
        table.append([f"{words.literal(key[1])}, {key[2]}", *hours])
    return page.table(
        "h-apningstider",
        f"Åpningstid, timer i uken, {year}",
        ["", *member_names(view)],
        table,
        label_width=3.0,
        source="skjemaet «Åpningstider»",
    )


def arrangements(page: Page, view: Harmonised) -> str:
    """What the municipalities do with others: who, how, what each pays, and what it may hide in the sums."""
    year, listed = _by_title(view, "arrangement")
    table: list[list[Cell]] = []
    for service_id, title, own in listed:
        first = next(row for row in own if row)
        host = f", {words.literal(first['host'])}" if first["host"] else ""
        name = f"{view.data.definitions.area_title(service_id)}: {words.literal(title)} ({first['kind']}{host})"
        table.append([name, *[_paid(row) for row in own]])
    told = page.table(
        "h-samarbeid",
        f"Interkommunale samarbeid i {year}: det kommunen betaler, 1000 kr ({claims.price_words(year)})",
        ["", *member_names(view)],
        table,
        label_width=3.4,
        source="skjemaet «Interkommunale samarbeid»",
    )
    kinds = dict.fromkeys(row["kind"] for _, _, own in listed for row in own if row)
    known = view.data.definitions.harmonisation.arrangements
    hidden = "".join(f"- *{words.capital(kind)}:* {known[kind].hides}\n" for kind in kinds)
    return told + f"\nDet dette kan skjule i summene:\n\n{hidden}" if told else ""


def _paid(row: Row | None) -> str:
    if row is None:
        return "*ikke med*"
    return words.number(row["amount_kr"] / 1000) if row["amount_kr"] is not None else "*ikke oppgitt*"


def registers(page: Page, view: Harmonised) -> str:
    """The forms: how far they are filled in, and what each would add."""
    rows: list[list[Cell]] = [
        [
            row["title"],
            claims.counted(row["rows_filled"], "rad", "rader") if row["rows_filled"] else "*tomt*",
            words.capital(row["adds"]),
        ]
        for row in view.registers
    ]
    told = "\nSkjemaene fylles ut i Excel. Den som lager rapporten, har dem.\n"
    return (
        page.table(
            "h-skjemaer",
            "Skjemaene, og hva hvert av dem gir rapporten",
            ["skjema", "fylt ut", "det gir"],
            rows,
            text_columns=3,
            widths=[1.6, 0.8, 4.4],
        )
        + told
    )
