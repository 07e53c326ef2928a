"""What the services cost: beside the need, taken apart, by function and art, and over time."""

from pipeline import words
from pipeline.model import Indicator
from pipeline.report.data import Figure, ReportData, Row
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
    rows: list[list[Cell]] = []
    left_out: dict[str, str] = {}
    for indicator in (i for i in data.indicators if i.need_key):
        found = [data.needs.get((indicator.id, region.id)) for region in regions]
        if not any(row and row["status"] == "ok" for row in found):
            reasons = [row["reason"] for row in found if row and row["reason"]]
            left_out[_need_title(data, indicator)] = reasons[0] if reasons else "Ikke i datasettet."
            continue
        title = _need_title(data, indicator)
        for column, words_for, decimals in NEED_LINES:
            cells: list[Cell] = [_need_cell(data, row, column, decimals) for row in found]
            rows.append([f"{title}: {words_for}" if column == NEED_LINES[0][0] else f"– {words_for}", *cells])
    table = page.table(
        "behovskorrigert",
        f"Netto driftsutgifter per innbygger, uten og med korrigering for alder, {data.year}",
        ["", *[region.name for region in regions]],
        rows,
        merged=1 + len(data.members),
        label_width=2.6,
        source="SSB 12362, SSB 07459, kostnadsnøkkel " + str(data.definitions.need.year),
    )
    if table:
        table += (
            "\nKorrigert er utgiften delt på behovet: det kommunen ville brukt per innbygger med landets "
            "alderssammensetning. Bare aldersdelen av kostnadsnøkkelen er med, med vekter fra "
            f"{data.definitions.need.year}; les det som en følsomhet.\n"
        )
    told = [f"{area}: {words.literal(reason)}" for area, reason in left_out.items()]
    return table + (f"\nIkke korrigert for behov. {' '.join(told)}\n" if told else "")


def decomposition(page: Page) -> str:
    """Why the members spend differently: age, coverage or cost per user, in kr per inhabitant."""
    data = page.data
    shown = {indicator.id for indicator in data.indicators}
    parts = []
    for split in (s for s in data.definitions.decompositions.values() if s.cost in shown):
        rows = data.query(
            "select * from {decomposition} where decomposition = ? and year = ? and status = 'ok'", split.id, data.year
        )
        if len(rows) < len(data.members) + 1:
            continue
        table: list[list[Cell]] = [
            [
                row["region_name"],
                words.number(row["per_inhabitant"]),
                f"{words.number(row['target_share_pct'], 1)} %",
                f"{words.number(row['coverage_pct'], 1)} %",
                words.number(row["unit_cost_kr"]),
                *(
                    _plus(row[name]) if row["role"] == "member" else "–"
                    for name in ("gap_kr", "from_target_kr", "from_coverage_kr", "from_unit_cost_kr")
                ),
            ]
            for row in rows
        ]
        header = ["", "kr per innb.", "målgruppe", "dekning", f"kr per {split.user_word}"]
        header += ["forskjell", "av målgruppe", "av dekning", "av enhetskostnad"]
        parts.append(
            page.table(
                f"oppdeling-{split.id}",
                f"{split.title}: hva forskjellen til kommunene samlet kommer av, kr per innbygger, {data.year}",
                header,
                table,
                source=data.sources([data.definitions.indicators[name] for name in (split.cost, split.users)]),
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


def _plus(value: float, decimals: int = 0) -> str:
    return ("+" if value > 0 else "") + words.number(value, decimals)


# column of the need table, what it is called, decimals
NEED_LINES = (
    ("per_inhabitant", "kr per innbygger", 0),
    ("need_index", "behov etter alder, landet = 100", 1),
    ("adjusted_per_inhabitant", "korrigert, kr per innbygger", 0),
    ("resource_index", "ressursbruk, 100 = som landet og behovet tilsier", 0),
    ("above_expected_1000kr", "over det landet og behovet tilsier, mill. kr", 1),
)


def _need_cell(data: ReportData, row: Row | None, column: str, decimals: int) -> Cell:
    if row is None or row["status"] != "ok" or row[column] is None:
        status = row["status"] if row and row["status"] != "ok" else "not_in_set"
        return f"*{data.definitions.statuses[status].label}*"
    return words.number(row[column] / (1000 if column.endswith("1000kr") else 1), decimals)


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
        "talt én gang. Funksjon for funksjon: arket «Regnskap» i tabeller.xlsx.\n"
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
        return f"*{data.definitions.statuses['not_in_set'].label}*"
    if row["status"] != "ok":
        return f"*{data.definitions.statuses[row['status']].label}*"
    return data.marked(Figure(row["value"], "ok", "", "", row["unit"], decimals), row["region"], row["year"])


def trend_table(page: Page) -> str:
    """Five years of each service's spending as a change a year: nominal, and in the prices of one year."""
    data = page.data
    ids = [indicator.id for indicator in leading(data)]
    rows = data.query("select * from {trend} where list_contains(?, indicator)", ids)
    found = {(row["indicator"], row["region"], row["year"]): row for row in rows}
    regions = [*data.members, data.merged]
    newest = max((year for _, region, year in found if region == data.merged.id), default=data.year)
    table: list[list[Cell]] = []
    for indicator in leading(data):
        at = [found.get((indicator.id, region.id, data.year)) for region in regions]
        last = found.get((indicator.id, data.merged.id, newest))
        if any(row and row["slope_pct"] is not None for row in [*at, last]):
            table.append([indicator.short, *[_slope(row) for row in at], _slope(last), _fixed(data, last)])
    year = data.definitions.deflator.price_year
    return page.table(
        "utvikling-per-ar",
        "Endring per år i utgift per innbygger, linjen gjennom de siste fem årene, prosent",
        [
            "",
            *[f"{region.name}, til {data.year}" for region in regions],
            f"{data.merged.name}, til {newest}",
            f"– i faste {year}-priser",
        ],
        table,
        merged=1 + len(data.members),
        label_width=2.2,
        source="SSB 12362, SSB 12367, SSB 07459; prisvekst fra deflator.toml",
    )


def _slope(row: Row | None) -> Cell:
    if row is None or row["slope_pct"] is None:
        return "*for få år*"
    return _plus(row["slope_pct"], 1) + ("\\*" if row["crosses_merger"] == "true" else "")


def _fixed(data: ReportData, row: Row | None) -> Cell:
    if row is None or row["fixed_slope_pct"] is None:
        return f"*{data.definitions.statuses['not_available'].label}*"
    return _plus(row["fixed_slope_pct"], 1)


def deflator_gaps(data: ReportData) -> str:
    """Which years the deflator lacks, and so what cannot be shown in fixed prices."""
    known = {change.year for change in data.definitions.deflator.change}
    lacking = [year for year in range(FIRST_CHANGE, int(data.set_record["created"][:4])) if year not in known]
    return f"\nFaste priser finnes ikke der prisveksten er ukjent: {_spans(lacking)}.\n" if lacking else ""


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
