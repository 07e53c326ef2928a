"""What the services cost: beside the need, taken apart, by function and art, and over time."""

from dataclasses import dataclass

from pipeline import words
from pipeline.model import Indicator
from pipeline.report import claims
from pipeline.report.data import Figure, ReportData, Row
from pipeline.report.knowledge.tables import heading
from pipeline.report.paper.pages import Cell, Page


def leading(data: ReportData) -> list[Indicator]:
    """One spending figure per service: net per inhabitant, of the target group where there is one."""
    chosen = [i for i in data.indicators if i.kind == "prioritering" and i.formula == "ratio" and ".netto_per" in i.id]
    best: dict[str, Indicator] = {}
    for indicator in sorted(chosen, key=lambda i: i.id.endswith(".netto_per_innbygger")):
        if indicator.area != "okonomi":
            best.setdefault(indicator.area, indicator)
    return list(best.values())


def _need_title(data: ReportData, indicator: Indicator) -> str:
    """The service, or the figure's own short title where a service has two of them."""
    same = [i for i in data.indicators if i.need_key and i.area == indicator.area]
    return data.definitions.area_title(indicator.area) if len(same) == 1 else indicator.short


def need_table(page: Page) -> str:
    """Spending per inhabitant as it is, the need by age, and the two together, for the report's cost keys."""
    data = page.data
    regions = [*data.members, data.merged, *([data.country] if data.country else [])]
    keyed = [i for i in data.indicators if i.need_key]
    year = max((at for i in keyed if (at := data.need_year(i)) is not None), default=data.year)
    rows: list[list[Cell]] = []
    shown: list[Indicator] = []
    left_out: dict[str, str] = {}
    for indicator in keyed:
        found = [data.needs.get((indicator.id, region.id, year)) for region in regions]
        if not any(row and row["status"] == "ok" for row in found):
            # of the whole first: a member that is no more says nothing of the key
            reasons = [row["reason"] for row in found[len(data.members) :] + found if row and row["reason"]]
            left_out[_need_title(data, indicator)] = reasons[0] if reasons else "Ikke i datasettet."
            continue
        title = _need_title(data, indicator)
        shown.append(indicator)
        for line in NEED_LINES:
            cells: list[Cell] = [_need_cell(data, row, line) for row in found]
            rows.append([f"{title}: {line.words}" if line is NEED_LINES[0] else f"– {line.words}", *cells])
    source = data.sources(shown)
    table = page.table(
        "behovskorrigert",
        f"Netto driftsutgifter per innbygger, uten og med justering for alder, {year}",
        ["", *[region.name for region in regions]],
        rows,
        merged=1 + len(data.members),
        label_width=2.6,
        source=f"{source}, kostnadsnøkkel {data.definitions.need.year}",
    )
    if table:
        table += (
            f"\nJustert er utgiften delt på behovet etter alder (følsomhet, vekter fra {data.definitions.need.year}). "
            "Resten av kostnadsnøkkelen er regnet på to måter: som om den følger alderen, og holdt på landets nivå.\n"
        )
    told = [f"{area}: {words.literal(reason)}" for area, reason in left_out.items()]
    return table + (f"\nIkke justert for behov. {' '.join(told)}\n" if told else "")


@dataclass(frozen=True)
class NeedLine:
    """A column of the need table as a line on paper; `thousand` where it is in 1000 kr and shown in millions."""

    column: str
    words: str
    decimals: int
    thousand: bool = False


NEED_LINES = (
    NeedLine("per_inhabitant", "kr per innbygger", 0),
    NeedLine("need_index", "behov etter alder, landet = 100", 1),
    NeedLine("adjusted_per_inhabitant", "justert for alder, kr per innbygger", 0),
    NeedLine(
        "above_expected_1000kr",
        "mer (+) eller mindre (−) enn landsgjennomsnittet, justert for alder, mill. kr",
        0,
        True,
    ),
    NeedLine("above_expected_rest_held_1000kr", "det samme, med resten av nøkkelen som landet, mill. kr", 0, True),
)


def _need_cell(data: ReportData, row: Row | None, line: NeedLine) -> Cell:
    if row is None or row["status"] != "ok" or row[line.column] is None:
        status = row["status"] if row and row["status"] != "ok" else "not_in_set"
        return _hole(data, status)
    value = row[line.column] / (1000 if line.thousand else 1)
    return Figure(value, "ok", "", "", "mill. kr" if line.thousand else "kr", line.decimals, signed=line.thousand)


def _hole(data: ReportData, status: str) -> Figure:
    return Figure(None, status, data.definitions.statuses[status].label, "", "", 0)


def level_table(page: Page) -> str:
    """What the whole would spend more or less a year if it spent as the KOSTRA group, the country or another place."""
    data = page.data
    chosen = leading(data)
    # the KOSTRA group is published per inhabitant of all ages only: the lead stands so as well
    lead = data.part.lead.split(".")[0] if data.part else ""
    of_all = [i for i in data.indicators if i.id == f"{lead}.netto_per_innbygger" and i not in chosen]
    wanted = [each for i in chosen for each in [i, *(of_all if i.area == lead else [])]]
    levels = {
        (row["indicator"], row["comparator"]): row["at_their_level_1000kr"]
        for row in data.query(
            "select * from {comparison} where region = ? and year = ? and at_their_level_1000kr is not null",
            data.merged.id,
            data.year,
        )
    }
    group = data.group_for(data.year)
    others = [*([group] if group else []), *data.comparators("country", "peer")]
    others = [region for region in others if any((i.id, region.id) in levels for i in wanted)]
    rows: list[list[Cell]] = []
    shown = [i for i in wanted if any((i.id, region.id) in levels for region in others)]
    for indicator in shown:
        found = [levels.get((indicator.id, region.id)) for region in others]
        cells = [
            _hole(data, "not_in_set") if kr is None else Figure(kr / 1000, "ok", "", "", "mill. kr", 0, signed=True)
            for kr in found
        ]
        rows.append([indicator.short, *cells])
    return page.table(
        "andres-niva",
        f"Hva {data.merged.name} ville brukt mer (+) eller mindre (−) i året på andres nivå, "
        f"mill. {claims.price_words(data.year)}",
        ["", *[heading(region) for region in others]],
        rows,
        label_width=2.2,
        source=f"{data.sources(shown)}. Ulikt behov er ikke trukket fra",
    )


def three_year_table(page: Page) -> str:
    """The leading figures as the mean of three years, where a member's target group is small."""
    data = page.data
    regions = [*data.members, data.merged]
    rows: list[list[Cell]] = []
    shown: list[Indicator] = []
    for indicator in leading(data):
        year = data.usable_year(indicator)
        found = [data.three_years.get((indicator.id, region.id, year or 0)) for region in regions]
        known = [row for row in found if row and row["mean"] is not None]
        if year is None or len(known) < len(regions) or not any(row["uncertain"] == "true" for row in known):
            continue
        shown.append(indicator)
        mean: list[Cell] = [Figure(row["mean"], "ok", "", "", row["unit"], indicator.decimals) for row in known]
        rows.append([f"{indicator.short}, {year - 2}–{year}", *mean])
    return page.table(
        "tre-ar",
        "Snitt av tre år, kr, der en målgruppe er liten og ett år svinger",
        ["", *[region.name for region in regions]],
        rows,
        merged=len(regions),
        label_width=3.4,
        source=data.sources(shown),
    )


def decomposition(page: Page) -> str:
    """Why the members spend differently: age, coverage or cost per user, in kr per inhabitant."""
    data = page.data
    shown = {indicator.id for indicator in data.indicators}
    parts = []
    for split in (s for s in data.definitions.decompositions.values() if s.cost in shown):
        if data.replaced(data.definitions.indicators[split.users]):
            continue  # users counted another way than the coverage that is shown
        rows = data.query("select * from {decomposition} where decomposition = ? and status = 'ok'", split.id)
        by_year = {year: [row for row in rows if row["year"] == year] for year in {row["year"] for row in rows}}
        whole = [year for year, found in by_year.items() if len(found) == len(data.members) + 1]
        year = claims.newest_usable(whole, data.year)
        if year is None:
            continue
        table: list[list[Cell]] = []
        for row in by_year[year]:
            levels = [Figure(row[name], "ok", "", "", "", decimals) for name, decimals in SPLIT_LEVELS]
            if row["role"] == "member":
                gaps: list[Cell] = [Figure(row[name], "ok", "", "", "kr", 0, signed=True) for name in SPLIT_GAPS]
            else:
                gaps = ["–"] * len(SPLIT_GAPS)
            table.append([row["region_name"], *levels, *gaps])
        header = ["", "kr per innb.", "målgruppe, %", "dekning, %", f"kr per {split.user_word}"]
        header += ["forskjell", "av målgruppe", "av dekning", "av enhetskostnad"]
        used = [data.definitions.indicators[name] for name in (split.cost, split.users, split.inhabitants)]
        parts.append(
            page.table(
                f"oppdeling-{split.id}",
                f"{split.title}: hva forskjellen til kommunene samlet kommer av, kr per innbygger, {year}",
                header,
                table,
                source=data.sources(used),
                widths=[1.3, 0.8, 0.9, 0.8, 1.2, 0.9, 1.0, 0.9, 1.2],
            )
        )
    if not parts:
        return ""
    told = (
        "\nUtgiften per innbygger er målgruppens andel av innbyggerne × dekningen × utgiften per bruker. De tre siste "
        "kolonnene summerer til forskjellen.\n"
    )
    return "\n".join(parts) + told


# columns of the decomposition, with decimals; and those that add up to the gap
SPLIT_LEVELS = (("per_inhabitant", 0), ("target_share_pct", 1), ("coverage_pct", 1), ("unit_cost_kr", 0))
SPLIT_GAPS = ("gap_kr", "from_target_kr", "from_coverage_kr", "from_unit_cost_kr")


# measure of the account table, what the column is called, decimals
ACCOUNT_COLUMNS = (
    ("netto", "netto", 0),
    ("brutto", "brutto", 0),
    ("korrigert_brutto", "korr. brutto", 0),
    ("kjop_fra_kommuner", "kjøp fra kommuner", 0),
    ("lonnsandel", "lønn, %", 1),
    ("brukerbetalingsandel", "bruker-betaling, %", 1),
    ("egenfinansiering", "egen-finans., %", 1),
)


def accounts(page: Page) -> str:
    """The detailed accounts of the merged municipality: the sub-project, its services, and the members' totals."""
    data = page.data
    if data.part is None:
        return ""
    rows = data.query(
        "select * from {account} where year = ? and ((level = 'part' and item = ?) or (level = 'service' and role = "
        "'merged' and list_contains(?, item)))",
        data.year,
        data.part.id,
        data.part.services,
    )
    if not rows:
        return ""
    found = {(row["level"], row["item"], row["region"], row["measure"]): row for row in rows}
    several = len(data.part.services) > 1
    wanted = [("service", s, data.merged.id, data.definitions.services[s].title) for s in data.part.services if several]
    wanted += [("part", data.part.id, r.id, r.name) for r in [data.merged, *data.members]]
    table: list[list[Cell]] = [
        [title, *[_account_cell(data, found.get((level, item, region, m)), d) for m, _, d in ACCOUNT_COLUMNS]]
        for level, item, region, title in wanted
    ]
    flagged = any(row["elimination"] for row in rows)
    told = (
        "\nLønn, brukerbetaling og egenfinansiering (netto) er prosent av brutto. Kommunekonsern; hver funksjon er "
        "talt én gang. Funksjon for funksjon: arket «Regnskap» i arbeidsboken med tabellene.\n"
    )
    if flagged:
        told += (
            f"\n**Til budsjettet:** {data.merged.name} er kommunene lagt sammen. Kjøp fra kommuner kan være kjøp de "
            "gjør av hverandre; det faller bort i den nye kommunen og må trekkes ut av brutto.\n"
        )
    return (
        page.table(
            "regnskap",
            f"Regnskapet i detalj for {data.merged.name}, 1000 kr, {data.year}",
            ["", *[title for _, title, _ in ACCOUNT_COLUMNS]],
            table,
            source="SSB 12367",
            widths=[1.9, 1.0, 1.0, 1.0, 1.0, 0.8, 0.9, 0.9],
        )
        + told
    )


def _account_cell(data: ReportData, row: Row | None, decimals: int) -> Cell:
    if row is None:
        return _hole(data, "not_in_set")
    if row["status"] != "ok":
        return _hole(data, row["status"])
    return data.marked(Figure(row["value"], "ok", "", "", row["unit"], decimals), row["region"], row["year"])


CROSSES = "Linjen går fra kommunene regnet sammen til den nye kommunen."


def trend_table(page: Page) -> str:
    """Each service's spending as a change a year: to the report's year, and to the newest; beside the country, in both
    prices. A line has the years it goes through before it."""
    data = page.data
    chosen = leading(data)
    rows = data.query("select * from {trend} where list_contains(?, indicator)", [i.id for i in chosen])
    found = {(row["indicator"], row["region"], row["year"]): row for row in rows}
    table: list[list[Cell]] = []
    shown: list[Indicator] = []
    broken: dict[str, None] = {}
    fixed_known = False
    for indicator in chosen:
        years = [year for name, region, year in found if (name, region) == (indicator.id, data.merged.id)]
        for year in dict.fromkeys(y for y in (claims.newest_usable(years, data.year), max(years, default=None)) if y):
            whole = found[indicator.id, data.merged.id, year]
            if whole["slope"] is None:
                continue
            shown.append(indicator)
            own = [found.get((indicator.id, region.id, year)) for region in data.members]
            unit = "" if whole["slope_pct"] is not None else f", {indicator.unit} i året"
            table.append(
                [
                    f"{indicator.short}, {whole['first_year']}–{year}{unit}",
                    *[_slope(indicator, row, whole) for row in own],
                    _slope(indicator, whole, whole),
                    _country_slope(indicator, whole),
                    _rate(whole["fixed_slope_pct"]),
                    _rate(whole["country_fixed_slope_pct"]),
                ]
            )
            fixed_known |= whole["fixed_slope_pct"] is not None
            if whole["break_reason"]:
                broken[f"{indicator.short}: {whole['break_reason']}"] = None
    fixed = claims.price_words(data.definitions.deflator.price_year)
    country = data.country.name if data.country else "Landet"
    told = "".join(f"\n{text}\n" for text in broken)
    header = ["", *[region.name for region in data.members], data.merged.name, country]
    header += [f"{data.merged.name}, {fixed}", f"{country}, {fixed}"]
    columns = len(header) if fixed_known else len(header) - 2
    return (
        page.table(
            "utvikling-per-ar",
            "Endring i snitt per år i utgift per innbygger, prosent der ikke annet står",
            header[:columns],
            [row[:columns] for row in table],
            merged=1 + len(data.members),
            label_width=2.4,
            source=f"{data.sources(shown)}. Prisvekst fra statsbudsjettene og KS{_price_gaps(data)}",
        )
        + told
        if table
        else ""
    )


def _slope(indicator: Indicator, row: Row | None, whole: Row) -> Cell:
    """A region's change a year in the row's unit, where its line goes through the same years."""
    same = row is not None and (row["first_year"], row["years_used"]) == (whole["first_year"], whole["years_used"])
    if row is None or not same or row["slope"] is None:
        return Figure(None, "not_available", "ikke de årene" if row else "ingen tall", "", "", 1)
    mark = CROSSES if row["crosses_merger"] == "true" else ""
    if whole["slope_pct"] is None:
        return Figure(row["slope"], "ok", "", "", indicator.unit, indicator.decimals, mark=mark, signed=True)
    return _rate(row["slope_pct"], mark)


def _country_slope(indicator: Indicator, whole: Row) -> Cell:
    if whole["slope_pct"] is None and whole["country_slope"] is not None:
        return Figure(whole["country_slope"], "ok", "", "", indicator.unit, indicator.decimals, signed=True)
    return _rate(whole["country_slope_pct"])


def _rate(slope: float | None, mark: str = "") -> Cell:
    """A change in per cent a year; where there is none, the base is negative or a year is lacking."""
    if slope is None:
        return Figure(None, "not_available", "kan ikke regnes", "", "prosent", 1)
    return Figure(slope, "ok", "", "", "prosent", 1, mark=mark, signed=True)


def _price_gaps(data: ReportData) -> str:
    """Which years the deflator lacks, and so what cannot be shown in fixed prices."""
    known = {change.year for change in data.definitions.deflator.change if not change.not_chained}
    lacking = [year for year in range(FIRST_CHANGE, int(data.set_record["created"][:4])) if year not in known]
    return f", ukjent eller usikker for {_spans(lacking)}: ingen faste priser over dem" if lacking else ""


FIRST_CHANGE = 2016  # the accounts start in 2015


def _spans(years: list[int]) -> str:
    """2016, 2017, 2018, 2023 as `2016–2018 og 2023`."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return words.listed([str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs])
