"""The tables of a report, as Markdown with a CSV each."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline import words
from pipeline.model import Indicator, Service
from pipeline.report.data import Figure, Region, ReportData, Row
from pipeline.report.paper.pages import Cell, Page

DIRECTIONS = {
    "higher": "høyere er bedre",
    "lower": "lavere er bedre",
    "neutral": "nøytral: verken høyt eller lavt er best",
}


# --------------------------------------------------------------------------------- headings


def indicator_tables(page: Page, name: str, indicators: Sequence[Indicator], title: str) -> str:
    """Members, merged and comparators side by side; a table for each year the figures are from.

    Indicators without a figure for any member or the merged municipality are left to `missing`.
    """
    data = page.data
    parts = []
    years = sorted({data.shown_year(i) for i in indicators}, key=lambda year: (year != data.year, -year))
    for year in years:
        chosen = [i for i in indicators if data.shown_year(i) == year and data.years(i, [*data.members, data.merged])]
        if chosen:
            used = [data.definitions.sources[name] for i in chosen for name in i.sources]
            areas = all(source.region_basis == "former_area" and source.kind == "register" for source in used)
            when = f"{title}, {year}" + (", etter kommunen de lå i før sammenslåingen" if areas else "")
            parts.append(_indicator_table(page, f"{name}-{year}", chosen, when, year))
    return "\n".join(parts)


def _indicator_table(page: Page, name: str, indicators: Sequence[Indicator], caption: str, year: int) -> str:
    data = page.data
    regions = _columns(data, indicators, year)
    rows: list[list[Cell]] = []
    for indicator in indicators:
        rows.append([_with_unit(indicator), *[data.figure(indicator, region, year) for region in regions]])
    merged = 1 + regions.index(data.merged) if data.merged in regions else None
    note = "".join(f"\n{text}\n" for text in dict.fromkeys(i.caution for i in indicators if i.caution))
    return (
        page.table(
            name,
            caption,
            ["", *[heading(region) for region in regions]],
            rows,
            source=data.sources(indicators),
            merged=merged,
            label_width=3.4,
        )
        + note
    )


LONGEST_LABEL = 58  # two lines of a table


def _with_unit(indicator: Indicator) -> str:
    """The title with its unit, unless it already says it; the short title where the whole one would fill the table."""
    title = indicator.title if len(indicator.title) <= LONGEST_LABEL else indicator.short
    return title if indicator.unit.lower() in title.lower() else f"{title}, {indicator.unit}"


def _columns(data: ReportData, indicators: Sequence[Indicator], year: int) -> list[Region]:
    """Members and merged always, unless no such municipality existed; comparators that have a figure."""
    shown = [
        r
        for r in [*data.members, data.merged]
        if any(data.figure(i, r, year).status != "not_valid" for i in indicators)
    ]
    if all(indicator.formula == "amount" for indicator in indicators):
        return shown  # amounts follow the size of the region; a country beside a municipality tells nothing
    extra = [group for group in [data.group_for(year)] if group] + ([data.country] if data.country else [])
    return shown + [r for r in extra if any(data.figure(i, r, year).ok for i in indicators)]


def heading(region: Region) -> str:
    """A region's name as it stands over a column."""
    if region.kind == "kostra_group":
        return region.name.split(" (")[0].replace("KOSTRA-gruppe", "Gruppe")
    return region.name


def index_table(page: Page, indicators: Sequence[Indicator]) -> str:
    """Each member and the merged municipality as an index of country and group, each member of the others together."""
    data = page.data
    compared = [region for region in (data.country, data.group_for(data.year)) if region]
    rows: list[list[Cell]] = []
    shown: dict[str, Indicator] = {}
    for indicator in indicators:
        for other in compared:
            own = [data.index(indicator.id, region, other) for region in [*data.members, data.merged]]
            if any(figure.ok for figure in own):
                shown[indicator.id] = indicator
                rows.append([indicator.short, f"{heading(other)} = 100", *own])
        beside = [data.index(indicator.id, region, OTHERS) for region in data.members]
        if any(figure.ok for figure in beside):
            shown[indicator.id] = indicator
            rows.append([indicator.short, "de andre = 100", *beside, "–"])
    header = ["", "sammenlignet med", *[region.name for region in data.members], data.merged.name]
    table = page.table(
        "indeks",
        f"Indeks: kommunene mot landet, KOSTRA-gruppe og hverandre, {data.year}",
        header,
        rows,
        source=data.sources(list(shown.values())),
        text_columns=2,
        widths=[2.2, 1.5, *[1.0] * (len(header) - 2)],
        merged=len(header) - 1,
    )
    if not table:
        return ""
    weighed = "«De andre» er de andre kommunene lagt sammen, uten kommunen selv; den største veier mest."
    return f"{table}\n{_other_groups(data)}{weighed}\n"


OTHERS = Region("andre", "De andre kommunene", "comparator", "others")


def _other_groups(data: ReportData) -> str:
    """Which members belonged to another KOSTRA group than the one compared with."""
    group = data.group_for(data.year)
    number = group.id.split("-")[0] if group else ""
    beside = [(m.name, m.groups.get(data.year, "")) for m in data.merger.member]
    others = [(name, own) for name, own in beside if own and number and own != number]
    if not others:
        return ""
    told = words.listed([f"{name} hørte til gruppe {int(own[3:])}" for name, own in others])
    return f"{told}; sammenligningen er gjort med gruppen de fleste kommunene hørte til. "


def results(page: Page, tests: Sequence[Indicator]) -> str:
    """Published results over the years, with pupils and uncertainty of the last one."""
    data = page.data
    years = sorted({year for test in tests for year in data.years(test, [data.merged])})
    if not years:
        return ""
    last = years[-1]
    rows: list[list[Cell]] = []
    for test in tests:
        newest = data.figure(test, data.merged, last)
        rows.append(
            [
                test.short,
                *[data.figure(test, data.merged, year) for year in years],
                _part(newest.uncertainty, test.unit, 1),
                _part(newest.denominator, "elever", 0),
                data.figure(test, data.country, last) if data.country else "",
            ]
        )
    header = [
        "",
        *[words.school_year(year) for year in years],
        "usikkerhet, ±",
        "elever",
        f"landet {words.school_year(last)}",
    ]
    caption = (
        f"Nasjonale prøver i {data.merged.name}, skalapoeng. Usikkerhet og elever gjelder {words.school_year(last)}"
    )
    return page.table(
        "nasjonale-prover", caption, header, rows, source=data.sources(tests), label_width=1.8, merged=len(years)
    )


def _part(value: float | None, unit: str, decimals: int) -> Cell:
    """A figure that travels with another, or that it is not known."""
    return Figure(value, "ok" if value is not None else "not_available", "mangler", "", unit, decimals)


# -------------------------------------------------------------------------------- population


def target_groups(page: Page) -> str:
    """The sub-project's target groups: members and merged, change since 2005, and the newest figure."""
    data = page.data
    if data.part is None:
        return ""
    at = min(data.year + 1, data.merger.merge_date.year - 1)
    counts = [i for i in data.indicators if i.area == "befolkning" and i.formula == "amount"]
    newest = max((year for i in counts for year in data.years(i, [data.merged])), default=at)
    later = [newest] if newest > at else []
    rows: list[list[Cell]] = []
    for indicator in counts:
        suffix = indicator.id.removeprefix("befolkning.").removeprefix("innbyggere").removeprefix("alder")
        change = f"befolkning.endring_siden_2005{suffix}"
        rows.append(
            [
                indicator.short,
                *[data.figure(indicator, r, at) for r in [*data.members, data.merged]],
                *[data.figure(indicator, data.merged, year) for year in later],
            ]
        )
        rows.append(
            [
                "– endring siden 2005, prosent",
                *[_signed(data.figure(change, r, at)) for r in [*data.members, data.merged]],
                *[_signed(data.figure(change, data.merged, year)) for year in later],
            ]
        )
    header = ["", *[f"{r.name} {at}" for r in data.members], *[f"{data.merged.name} {year}" for year in (at, *later)]]
    return page.table(
        "malgrupper",
        "Målgruppene, innbyggere 1. januar, og endring siden 2005",
        header,
        rows,
        source="SSB 07459",
        merged=1 + len(data.members),
        label_width=2.4,
    )


def _signed(figure: Figure) -> Cell:
    return replace(figure, signed=True)


# ------------------------------------------------------------------------- services and holes


def functions(page: Page, only_part: bool) -> str:
    """KOSTRA functions and where they are placed: this sub-project's, or every one."""
    data = page.data
    rows = data.query("select * from {service}")
    titles = {part.id: f"{part.id} {part.title}" for part in data.definitions.parts(data.merger)}
    if only_part and data.part is not None:
        chosen = [row for row in rows if row["part"] == data.part.id and (row["valid_to"] or "9999") >= str(data.year)]
        return page.table(
            "funksjoner",
            "Tjenestene i delprosjektet, etter KOSTRA-funksjon",
            ["tjeneste", "lovpålagt", "funksjoner", "der plasseringen er et valg"],
            [_service_row(data, name, chosen) for name in data.part.services],
            text_columns=4,
            widths=[1.1, 1.6, 2.4, 2.1],
            source="SSB KOSTRA; lovene som er nevnt (Lovdata); plasseringen er gjort i dette prosjektet",
        )
    table = []
    for title in dict.fromkeys(row["service_title"] for row in rows):
        own = [row for row in rows if row["service_title"] == title]
        first = own[0]
        table.append(
            [
                title,
                titles.get(first["part"], "utenfor"),
                first["themes"] or "–",
                "; ".join(f"{row['function']} {row['function_name']}" for row in own),
                _judgements(own),
            ]
        )
    table.sort(key=lambda row: (row[1] == "utenfor", row[1]))
    return page.table(
        "alle-funksjoner",
        f"Alle {len(rows)} kommunale KOSTRA-funksjoner: hver står i nøyaktig én tjeneste, eller utenfor",
        ["tjeneste", "delprosjekt", "temaplan", "funksjoner", "der plasseringen er et valg"],
        table,
        text_columns=5,
        widths=[1.2, 1.1, 1.1, 3.2, 2.6],
        source="SSB KOSTRA; plasseringen er gjort i dette prosjektet. "
        "Én rad per funksjon: arket «Funksjoner» i arbeidsboken med tabellene",
    )


def _judgements(rows: list[Row]) -> str:
    """Why, function by function; once where one reason covers them all."""
    reasons = dict.fromkeys(str(row["judgement"]) for row in rows if row["judgement"])
    if len(reasons) == 1 and all(row["judgement"] for row in rows) and len(rows) > 1:
        return next(iter(reasons))
    return " ".join(f"{row['function']}: {row['judgement']}" for row in rows if row["judgement"]) or "–"


def _service_row(data: ReportData, service: str, rows: list[Row]) -> list[Cell]:
    own = [row for row in rows if row["service"] == service]
    names = "; ".join(f"{row['function']} {row['function_name']}{_since(row)}" for row in own)
    known = data.definitions.services[service]
    return [known.title, _statutory(known), names, _judgements(own)]


def _statutory(service: Service) -> str:
    """Whether the municipality must, and by which law."""
    return f"{STATUTORY[service.statutory]}: {service.law}" if service.law else STATUTORY[service.statutory]


STATUTORY = {"yes": "ja", "partly": "delvis", "no": "nei"}


def _since(row: Row) -> str:
    if row["valid_from"]:
        return f" (fra {row['valid_from']})"
    return f" (til og med {row['valid_to']})" if row["valid_to"] else ""


def missing(page: Page) -> str:
    """Indicators without a figure for the whole in the year they are shown for, with the reason."""
    data = page.data
    holes: dict[tuple[str, str, int], list[str]] = {}
    for indicator in data.indicators:
        year = data.shown_year(indicator)
        figure = data.figure(indicator, data.merged, year)
        if not data.has_figure(indicator):
            holes.setdefault((figure.label, figure.reason, year), []).append(indicator.short)
    rows: list[list[Cell]] = [
        [words.literal(reason), label, str(year), "; ".join(titles)] for (label, reason, year), titles in holes.items()
    ]
    return page.table(
        "mangler",
        f"Indikatorer uten tall for {data.merged.name}",
        ["grunn", "status", "år", "indikatorer"],
        rows,
        text_columns=4,
        widths=[1.7, 1.0, 0.5, 4.0],
    )


def statuses(page: Page) -> str:
    rows: list[list[Cell]] = [
        [f"*{s.label}*", s.meaning] for s in page.data.definitions.statuses.values() if s.id != "ok"
    ]
    return page.table(
        "statusord", "Ord som står i stedet for et tall", ["ord", "betyr"], rows, text_columns=2, widths=[1.2, 4.0]
    )


def deviations(page: Page) -> str:
    """Known disagreements in the sources that touch what this report shows."""
    data = page.data
    rows: list[list[Cell]] = []
    small: dict[str, list[str]] = {}
    for row in data.query('select * from {deviation} order by "check", item'):
        about = _about_deviation(data, row)
        if about and row["result"] == "small":
            small.setdefault(row["reason"], []).append(about)
        elif about:
            found = words.literal(row["found"] or "kan ikke prøves i dette settet")
            rows.append([about, found, row["reason"]])
    for reason, places in small.items():
        rows.append([_few(places), f"{len(places)} små avvik", reason])
    return page.table(
        "kjente-avvik",
        "Kjente avvik i kildene",
        ["gjelder", "hva kontrollen finner", "forklaring"],
        rows,
        text_columns=3,
        widths=[1.3, 2.2, 2.8],
    )


def _few(places: list[str]) -> str:
    return ", ".join(places[:4]) + (f" og {len(places) - 4} til" if len(places) > 4 else "")


def _about_deviation(data: ReportData, row: Row) -> str:
    """What a deviation is about, in words; empty if it does not touch the report."""
    item = row["item"]
    if row["check"] == "place_without_coordinate":
        shown = [data.part.places] if data.part else ["school", "kindergarten"]
        kinds = {"school": "skole", "kindergarten": "barnehage"}
        old = " and (kind = 'school' or former_region is not null)" if data.part else ""
        places = data.query("select kind, source, place_id from {place} where list_contains(?, kind)" + old, shown)
        return next((kinds[p["kind"]] for p in places if f"{p['source']} {p['place_id']}" == item), "")
    if row["check"] == "basic_unit_without_2010":
        return f"grunnkrets {item}" if data.part is None and item[:4] in data.merger.own_codes else ""
    if row["check"] == "reconciliation":
        indicator, region, year = item.split(" ")
        shown_here = next((i.short for i in data.indicators if i.id == indicator), "")
        name = _region_name(data, region, year)
        return f"{shown_here}, {name} {year}" if shown_here and name else ""
    region, _, year = item.partition(" ")
    name = _region_name(data, region, year)
    return f"{name} {year}" if name else ""


def _region_name(data: ReportData, region: str, year: str) -> str:
    """Whose code it was that year; empty if nobody's here."""
    known = {one.id: one.name for one in data.regions if one.role != "merged"}
    return data.merger.own_code_in(int(year)).get(region) or known.get(region, "") if year.isdigit() else ""


def sources(page: Page) -> str:
    """The raw files behind the report's figures, with licence and what is in them."""
    data = page.data
    own = [*data.members, data.merged]
    used = {name for indicator in data.indicators if data.years(indicator, own) for name in indicator.sources}
    kinds = ["local_centre", *([data.part.places] if data.part else ["school", "kindergarten", "polling_place"])]
    placed = data.query("select distinct source from {place} where list_contains(?, kind)", kinds)
    used |= {"klass-131-changes", *(row["source"] for row in placed)}
    # a table that was pulled in parts is one source
    found = {
        (row["source"], row["title"], row["retrieved"], row["updated"]): row
        for row in page.data.query("select * from {source}")
        if row["source"] in used
    }
    rows: list[list[Cell]] = [
        [
            words.literal(row["title"]),
            words.literal(row["producer"]),
            row["licence"],
            words.date(row["retrieved"]) if row["retrieved"] else "ukjent dato",
            words.date(row["updated"][:10]) if row["updated"] else "ukjent dato",
            row["selection"],
        ]
        for row in found.values()
    ]
    return (
        page.table(
            "kilder",
            "Kilder",
            ["kilde", "produsent", "lisens", "hentet", "oppdatert", "utvalg"],
            rows,
            text_columns=6,
            widths=[1.9, 1.2, 0.8, 0.8, 0.8, 2.4],
        )
        + "\n"
        + _notes(page, list(found.values()))
    )


def _notes(page: Page, rows: list[Row]) -> str:
    """What the producers want said beside their figures, once each."""
    about: dict[str, list[str]] = {}
    for row in rows:
        for note in (row["note"] or "").splitlines():
            about.setdefault(note, []).append(words.literal(row["title"]))
    told: list[list[Cell]] = [[", ".join(dict.fromkeys(names)), words.literal(note)] for note, names in about.items()]
    return page.table(
        "merknader-fra-kildene",
        "Det kildene selv gjør oppmerksom på",
        ["kilde", "merknad"],
        told,
        text_columns=2,
        widths=[1.4, 5.0],
    )


SHOWN_CHANGES = 20


def changes(page: Page) -> str:
    """The figures of this report that are not what they were in the set before, the largest change first."""
    data = page.data
    rows = data.changes
    if not rows:
        return ""
    before = words.literal(rows[0]["previous_set"])
    shown: list[list[Cell]] = []
    for row in rows[:SHOWN_CHANGES]:
        indicator = data.definitions.indicators[row["indicator"]]
        old, new = (_part(row[name], indicator.unit, indicator.decimals) for name in ("old_value", "new_value"))
        share = row["difference_pct"]
        apart: Cell = "–" if share is None else Figure(share, "ok", "", "", "prosent", 1, signed=True)
        shown.append([indicator.title, row["region_name"], str(row["year"]), old, new, apart])
    more = len(rows) - len(shown)
    table = page.table(
        "endrede-tall",
        f"Tall som er endret siden settet «{before}»",
        ["", "kommune", "år", "før", "nå", "prosent"],
        shown,
        text_columns=3,
        widths=[3.0, 1.2, 0.6, 1.0, 1.0, 0.8],
    )
    rest = f"\n… og {more} tall til. Analytikeren har alle, med cellene bak.\n" if more > 0 else ""
    return table + rest


# ------------------------------------------------------------------------------------ cards


def cards(page: Page) -> str:
    """One card per indicator: what, why, how it is made, how to read it."""
    data = page.data
    rows = {row["indicator"]: row for row in data.query("select * from {indicator_card}")}
    parts = [_card(data, indicator, rows[indicator.id]) for indicator in data.indicators]
    return "::: {.kort}\n\n" + "\n\n".join(parts) + "\n\n:::\n"


def _card(data: ReportData, indicator: Indicator, row: dict[str, str]) -> str:
    year = data.shown_year(indicator)
    figure = data.figure(indicator, data.merged, year)
    status = f"{figure.with_unit} i {year}" if figure.ok else f"{figure.label} i {year}. {figure.reason}"
    lines = [
        f"**{row['title']}**",
        f"[{row['indicator']}]{{.id}}",
        f"**Hva:** {row['what']}",
        f"**Hvorfor:** {row['why']}",
        f"**Les slik:** {row['read']}",
        f"**Utregning:** {row['calculation']}",
        f"**Utvalg:** {row['selection']}",
        f"**Hvor godt kodene er kjent:** {row['evidence']}.",
        f"**Type:** {row['kind']}; {DIRECTIONS[row['direction']]}. **Enhet:** {row['unit']}.",
        f"**{data.merged.name}:** {words.literal(status.rstrip('.'))}.",
    ]
    return "::: {.ett-kort}\n\n" + "\\\n".join(_escaped(line) for line in lines) + "\n\n:::"


def _escaped(line: str) -> str:
    return re.sub(r"(?<!\\)([<$])", r"\\\1", line)


def terms(page: Page) -> str:
    """The words the report's cards use, explained once."""
    used = dict.fromkeys(term for indicator in page.data.indicators for term in indicator.card.terms)
    used |= dict.fromkeys(("kostra_gruppe", "indeks", "sju_omrader"))
    chosen = sorted((page.data.definitions.terms[term] for term in used), key=lambda term: term.term)
    return "\n\n".join(f"**{term.term}.** {term.text}" for term in chosen)
