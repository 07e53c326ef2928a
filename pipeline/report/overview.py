"""The index page of a merger: the readers' way in, all seven areas at a glance, and what can be trusted."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline import words
from pipeline.model import Indicator
from pipeline.report import claims
from pipeline.report.data import Figure, ReportData
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.harmonise.findings import basis
from pipeline.report.knowledge import findings
from pipeline.report.paper.pages import Cell, Page

FILES = {"html": "nettside", "pdf": "PDF", "docx": "Word"}


def seven(data: ReportData) -> list[Indicator]:
    """The indicators that show all sub-projects at once, as their grouping names them."""
    return [data.definitions.indicators[name] for name in data.definitions.groupings[data.merger.subprojects].profile]


def reports(page: Page) -> str:
    """One row a sub-project: links to the formats, what to write in and show, the workbook, and the plan's dates."""
    data = page.data
    dated = bool(data.merger.deadlines)
    rows: list[list[Cell]] = []
    for part in data.definitions.parts(data.merger):
        row: list[Cell] = [
            f"{part.id} {part.title}",
            f"{_links(part.slug, 'kunnskapsgrunnlag')}, [tabeller]({part.slug}/tabeller.xlsx)",
            _links(part.slug, "harmonisering"),
            f"[strategi]({part.slug}/strategi.docx), [lysark]({part.slug}/verksted.pptx)",
        ]
        if dated:
            deadline = data.merger.deadlines.get(part.id)
            row += [f"{deadline.basis:%d.%m.%Y}", f"{deadline.workshop:%d.%m.%Y}"] if deadline else ["–"] * 2
        rows.append(row)
    header = ["delprosjekt", "kunnskapsgrunnlag", "harmonisering", "å skrive i og vise"]
    header += ["grunnlag ferdig", "politisk verksted"] if dated else []
    widths = [1.8, 2.6, 1.9, 1.5] + ([1.0, 1.0] if dated else [])
    source = data.definitions.groupings[data.merger.subprojects].source
    own = (
        "Denne oversikten: [PDF til utskrift](oversikt.pdf), [Word](oversikt.docx). "
        "For økonomene: [arbeidsboken](økonomi.xlsx).\n\n"
    )
    return own + page.table(
        "rapporter",
        "Rapportene til de sju delprosjektene",
        header,
        rows,
        text_columns=len(header),
        widths=widths,
        source=source if dated else "",
    )


def _links(slug: str, name: str) -> str:
    return ", ".join(f"[{word}]({slug}/{name}.{end})" for end, word in FILES.items())


def readers(page: Page) -> str:
    """Three readers, three ways in."""
    first = page.data.definitions.parts(page.data.merger)[0]
    return (
        "**Sitter du i en delprosjektgruppe?** Åpne kunnskapsgrunnlaget for ditt delprosjekt, og så harmoniseringen. "
        "Første side gir hovedbildet; "
        "skriv merknader på linjene i PDF-en eller rett i Word-filen. Utkastet til strategi har gruppens egne "
        "overskrifter.\n\n"
        "**Arbeider du med budsjettet?** Åpne [arbeidsboken for økonomene](økonomi.xlsx): endre satser, brukere, mål "
        "og innfasing, og se summene følge med. I arbeidsboken med tabellene, for eksempel "
        f"[{first.title}]({first.slug}/tabeller.xlsx), "
        "har arket «Tall» hvert tall med status, teller, nevner og kilde.\n\n"
        "**Skal du forklare et tall?** Slå opp kortet bak i rapporten: "
        "det sier hva tallet er og hvordan det er regnet ut. "
        "Analytikeren kan gå helt ned til linjene i råfilene; brukerveiledningen sier hvordan.\n"
    )


def evened_out(page: Page) -> str:
    """What one level for all would move in each sub-project: who would spend more and who less at the weighted mean."""
    data = page.data
    rows: list[list[Cell]] = []
    shown: list[Indicator] = []
    years: set[int] = set()
    not_adjusted: dict[str, None] = {}
    for one in _each_part(data):
        view = Harmonised(one)
        for item, _ in view.spending():
            moved = [view.thousand(item, "average", region) for region in data.members]
            if one.part is None or not all(figure.ok for figure in moved):
                continue
            area = data.definitions.area_title(item.service)
            rows.append([f"{one.part.id} {area}", basis(view, item), *[_millions(figure) for figure in moved]])
            shown.append(data.definitions.indicators[item.id])
            years.add(item.year)
            if not item.need_adjusted:
                not_adjusted[area] = None
    left_in = f"Ulikt behov er ikke trukket fra i {words.listed(list(not_adjusted))}. " if not_adjusted else ""
    told = (
        f"\nNivået er det veide snittet, så pluss og minus går opp i null. {left_in}En første runde: tallene slik de "
        "er, før endret bruk, lik lønn, nye avtaler og statens tilskudd. En tjeneste står i to delprosjekter der "
        "kilden ikke skiller dem.\n"
    )
    prices = words.listed([claims.price_words(year) for year in sorted(years)] or ["kr"])
    table = page.table(
        "like",
        f"Hvis nivået var likt: hvem som ville brukt mer (+) og mindre (−) enn i dag, mill. {prices} i året",
        ["", "likt nivå", *[region.name for region in data.members]],
        rows,
        text_columns=2,
        widths=[2.8, 2.6, *[1.2] * len(data.members)],
        source=data.sources(shown),
    )
    return table + told if table else ""


def _millions(thousand: Figure) -> Figure:
    value = None if thousand.value is None else thousand.value / 1000
    return replace(thousand, value=value, unit="mill. kr", decimals=0, signed=True)


def highlights(page: Page) -> str:
    """What the programme leader needs of every sub-project: its first sentences, and where to read on."""
    told = []
    for data in _each_part(page.data):
        assert data.part is not None
        sentences = findings.sentences(data)[:HIGHLIGHTS]
        link = f"[{data.part.id} {data.part.title}]({data.part.slug}/kunnskapsgrunnlag.html)"
        told.append(f"**{link}**\n\n" + "\n".join(f"- {sentence}" for sentence in sentences))
    return "\n\n".join(told) + "\n"


HIGHLIGHTS = 3


def side_by_side(page: Page) -> str:
    """The leading spending figure of every sub-project, its gap to what need would give, and how much is known."""
    rows: list[list[Cell]] = []
    data = page.data
    regions = [*data.members, data.merged, *([data.country] if data.country else [])]
    leads: list[Indicator] = []
    for one in _each_part(data):
        assert one.part is not None
        lead = data.definitions.indicators[one.part.lead]
        leads.append(lead)
        good, of = one.with_figures()
        figures: list[Cell] = [one.figure(lead, region) for region in regions]
        rows.append([f"{one.part.id} {lead.short}", *figures, *_above(one, lead), f"{good} av {of}"])
    return page.table(
        "delprosjektene",
        f"Delprosjektene side om side, kr, {data.year}",
        ["", *[region.name for region in regions], *ABOVE, "tall finnes"],
        rows,
        merged=1 + len(data.members),
        widths=[2.2, *[1.0] * len(regions), 1.3, 1.3, 1.0],
        source=data.sources(leads),
    ) + (
        f"\nDe to kolonnene med mill. kr gjelder {data.merged.name}: mer (+) eller mindre (−) enn om kommunen brukte "
        "som landsgjennomsnittet, justert for alder. Resten av kostnadsnøkkelen er ikke kjent, og er regnet på to "
        "måter; les det som en følsomhet, avrundet til nærmeste 5 mill.\n"
    )


ABOVE = ("mot landet, resten av nøkkelen som alderen, mill. kr", "mot landet, resten som landet, mill. kr")
ROUNDED = 5  # mill. kr: what the age part of a key can tell


def _above(data: ReportData, lead: Indicator) -> list[Cell]:
    """Mill. kr above what the country's spending and the ages would give, with the rest of the key in both ways."""
    row = data.needs.get((lead.id, data.merged.id, data.year))
    columns = ("above_expected_1000kr", "above_expected_rest_held_1000kr")
    if row is None or row["status"] != "ok":
        return ["*ikke justert*"] * len(columns)
    return [
        Figure(ROUNDED * round(row[column] / 1000 / ROUNDED), "ok", "", "", "mill. kr", 0, signed=True)
        for column in columns
    ]


def _each_part(data: ReportData) -> Iterator[ReportData]:
    """What each sub-project's report reads, one after the other: together they would be the largest thing in memory."""
    for part in data.definitions.parts(data.merger):
        yield data.about(part)


def trust(page: Page) -> str:
    """How much was computed, checked against published figures, and is missing."""
    data = page.data
    verdicts = {
        r["verdict"]: r["n"] for r in data.query("select verdict, count(*) as n from {reconciliation} group by verdict")
    }
    tried = verdicts.get("within_rounding", 0) + verdicts.get("known_deviation", 0)
    good, of = data.with_figures()
    rows: list[list[Cell]] = [
        [f"Indikatorer med samlet tall for {data.merged.name}", f"{good} av {of}", _percent(good, of)],
        ["Beregnede tall som også er publisert av SSB, kommune for kommune og år for år", words.number(tried), ""],
    ]
    for verdict, title in (
        ("within_rounding", "like innenfor avrunding"),
        ("known_deviation", "kjente, forklarte avvik"),
    ):
        count = verdicts.get(verdict, 0)
        rows.append([f"– {title}", words.number(count), _percent(count, tried)])
    without = [i for i in data.indicators if not i.published and i.formula != "amount"]
    rows.append(["Indikatorer det ikke er kjent noe publisert tall for", words.number(len(without)), ""])
    told = "\nEt avvik som ikke er forklart, stanser kjøringen; derfor er det ingen slike.\n"
    return page.table("etterprovd", "Etterprøving", ["", "antall", "andel"], rows, widths=[4.0, 1.0, 0.8]) + told


def _percent(part: int, whole: int) -> str:
    return f"{words.number(100 * part / whole, 1)}{words.SPACE}%" if whole else "–"


def truth(page: Page) -> str:
    """Did the pro forma figures meet reality? Indicators that jumped in the first year of the real municipality."""
    data = page.data
    rows = data.query("select * from {truth_check}")
    tested = [row for row in rows if row["verdict"] != "not_testable"]
    jumps = sorted((row for row in tested if row["verdict"] == "jump"), key=lambda row: -abs(row["change_pct"]))
    if not tested:
        return ""
    year = tested[0]["first_year"]
    told = (
        f"{len(tested)} av {len(rows)} indikatorer har tall både i {year - 1} (kommunene regnet sammen) og i {year} "
        f"({data.merged.name}). {len(jumps) or 'Ingen'} av dem endret seg mer enn 10 prosent og mer enn det dobbelte "
        "av det største hoppet før. Det kan være en virkelig endring, ny føring i regnskapet, eller en feil i et av "
        "årene.\n"
    )
    table: list[list[Cell]] = []
    for row in jumps[:JUMPS]:
        indicator = data.definitions.indicators[row["indicator"]]
        table.append(
            [
                f"{indicator.title}, {indicator.unit}",
                Figure(row["pro_forma_value"], "ok", "", "", indicator.unit, indicator.decimals),
                Figure(row["real_value"], "ok", "", "", indicator.unit, indicator.decimals),
                Figure(row["change_pct"], "ok", "", "", "prosent", 0, signed=True),
                row["likely"] or "Ikke kjent. Se kortet, og spør tjenesten.",
            ]
        )
    more = (
        f"\n… og {claims.counted(len(jumps) - JUMPS, 'indikator', 'indikatorer')} til.\n" if len(jumps) > JUMPS else ""
    )
    header = ["", f"pro forma {year - 1}", f"{data.merged.name} {year}", "prosent", "sannsynlig grunn"]
    return (
        f"{told}\n"
        + page.table(
            "sannhetsprove", "Hopp ved sammenslåingen", header, table, widths=[3.0, 1.0, 1.0, 0.7, 2.2], label_width=3.0
        )
        + more
    )


JUMPS = 15


def themes(page: Page) -> str:
    """The other groupings of the same services, and where their figures stand."""
    data = page.data
    home = {service: part for part in data.definitions.parts(data.merger) for service in part.services}
    rows: list[list[Cell]] = []
    for name in data.merger.groupings:
        grouping = data.definitions.groupings[name]
        for theme in grouping.part:
            titles = ", ".join(data.definitions.services[service].title for service in theme.services)
            parts = list(dict.fromkeys(home[service].id for service in theme.services))
            links = ", ".join(
                f"[{p.id}]({p.slug}/kunnskapsgrunnlag.html)"
                for p in data.definitions.parts(data.merger)
                if p.id in parts
            )
            rows.append([theme.title, titles, links])
    sources = [data.definitions.groupings[name].source for name in data.merger.groupings]
    return page.table(
        "temaplaner",
        "Temaplanene",
        ["temaplan", "tjenester", "les i"],
        rows,
        text_columns=3,
        widths=[1.6, 3.4, 1.4],
        source="; ".join(sources) if data.merger.deadlines else "",  # another merger's plan is not this one's
    )
