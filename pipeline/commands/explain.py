"""`kunnskap explain`: one figure from its card down to the lines of the raw files."""

from collections.abc import Iterator
from math import fsum

import pandas as pd

from pipeline import words
from pipeline.choice import Choice
from pipeline.compute.documents import RULE_WORDS, calculation, evidence_word, where_known
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import local, store
from pipeline.ingest.read import read_parts
from pipeline.model import Definitions, Indicator, Merger, Operand
from pipeline.project import Project
from pipeline.report.data import ReportData, Row

SHOWN_CELLS = 8  # per operand and region; ages are many


def explain(choice: Choice, indicator: Indicator, asked_set: str | None) -> Iterator[str]:
    """The lines of the explanation, in Norwegian, as plain text. A set asked for must be the one of the tables."""
    project, definitions, merger, processed = choice.project, choice.definitions, choice.merger, choice.processed
    if not (processed / "indicator.parquet").is_file():
        raise KunnskapError(
            f"Det er ikke regnet ut noe for {merger.name} ennå.",
            [Problem(found="Tabellene mangler.", remedy=f"kjør `kunnskap run --merger {merger.id}` først.")],
        )
    data = ReportData(definitions, processed, merger, None, merger.base_year)
    used = data.set_record["set"]
    if asked_set is not None and asked_set != used:
        raise KunnskapError(
            f"Tabellene er regnet ut fra settet «{used}», ikke «{asked_set}».",
            [Problem(found="", remedy=f"kjør `kunnskap run --merger {merger.id} --set {asked_set}` først.")],
        )
    at = data.shown_year(indicator) if choice.asked_year is None else choice.year
    yield from _card(definitions, indicator)
    yield from _arithmetic(data, indicator, at)
    yield from _cells(project, definitions, data, indicator, at)
    yield from _sql(project, definitions, indicator, merger)


def _card(definitions: Definitions, indicator: Indicator) -> Iterator[str]:
    yield indicator.title
    yield f"  id            {indicator.id}"
    yield f"  enhet         {indicator.unit}"
    yield f"  overskrift    {indicator.heading}"
    yield f"  hva           {indicator.card.what}"
    yield f"  hvorfor       {indicator.card.why}"
    yield f"  les slik      {indicator.card.read}"
    yield f"  utregning     {calculation(definitions, indicator)}"
    yield f"  regel         {indicator.merge}: {RULE_WORDS[indicator.merge]}"
    for name in indicator.sources:
        yield f"  kilde         {name}: {definitions.sources[name].title}"
        yield f"  utvalg        {definitions.sources[name].selection}"
    where = where_known(definitions, indicator)
    yield f"  kodene        {evidence_word(definitions, indicator)}" + (f": {where}" if where else "")
    yield ""


def _arithmetic(data: ReportData, indicator: Indicator, year: int) -> Iterator[str]:
    yield f"Tallene i {year}"
    years = data.years(indicator, [*data.members, data.merged])
    if year not in years:
        yield f"  Ingen tall i {year}. År med tall: {', '.join(map(str, years)) or 'ingen'}."
    for region in [*data.members, data.merged, *data.comparators("country", "kostra_group")]:
        figure = data.figure(indicator, region, year)
        if region.role == "comparator" and not figure.ok:
            continue
        a = words.number(figure.numerator, 1) if figure.numerator is not None else "–"
        b = words.number(figure.denominator, 1) if figure.denominator is not None else "–"
        yield f"  {region.name:<30} {figure.text:>22}   A = {a}, B = {b}   [{figure.basis or figure.status}]"
        for told in filter(None, (figure.reason, f"{figure.dagger} {figure.mark}".strip())):
            yield f"  {'':<30} {told}"
    yield ""
    yield from _put_together(data, indicator, year)
    yield from _reconciled(data, indicator, year)
    yield from _beside(data, indicator, year)


def _put_together(data: ReportData, indicator: Indicator, year: int) -> Iterator[str]:
    """The merged figure as the sum it is, with the members' parts."""
    yield f"Slik ble tallet for {data.merged.name} til"
    whole = data.figure(indicator, data.merged, year)
    parts = [(region, data.figure(indicator, region, year)) for region in data.members]
    if indicator.merge == "N" or not whole.ok:
        yield f"  {whole.reason or 'Kan ikke legges sammen.'}"
    elif not all(figure.ok for _, figure in parts):
        yield f"  Den nye kommunens eget tall ({whole.basis}): kommunene var ikke egne kommuner hele {year}."
    elif indicator.merge == "W":
        each = " + ".join(f"{figure.text} × {_number(figure.denominator)}" for _, figure in parts)
        yield f"  ({each}) ÷ {_number(whole.denominator)} = {whole.with_unit}"
    else:
        a = " + ".join(_number(figure.numerator) for _, figure in parts)
        yield f"  A = {a} = {_number(whole.numerator)}"
        if data.definitions.formulas[indicator.formula].divides:
            b = " + ".join(_number(figure.denominator) for _, figure in parts)
            yield f"  B = {b} = {_number(whole.denominator)}"
            yield f"  {data.definitions.formulas[indicator.formula].sum} = {whole.with_unit}"
    yield ""


VERDICTS = {
    "within_rounding": "likt innenfor avrunding",
    "known_deviation": "kjent, forklart avvik",
    "deviation": "ukjent avvik",
}


def _number(value: float | None) -> str:
    return words.number(value, 0 if value == round(value) else 1) if value is not None else "–"


def _reconciled(data: ReportData, indicator: Indicator, year: int) -> Iterator[str]:
    yield "Avstemt mot produsentens egne tall"
    rows = data.query("select * from {reconciliation} where indicator = ? and year = ?", indicator.id, year)
    compared = [row for row in rows if row["verdict"] != "not_compared"]
    for row in compared:
        computed, published = words.number(row["computed"], 2), words.number(row["published"], indicator.decimals)
        yield f"  {row['region']}: regnet {computed}, publisert {published}: {VERDICTS[row['verdict']]}"
    if not compared:
        yield "  Ingenting å avstemme mot: " + (
            "det publiserte tallet er ikke i settet."
            if indicator.published
            else "det er ikke kjent noe publisert tall."
        )
    yield ""


def _beside(data: ReportData, indicator: Indicator, year: int) -> Iterator[str]:
    """The figure beside need and over time, where the tables hold it."""
    needs = data.query("select * from {need} where indicator = ? and year = ? and status = 'ok'", indicator.id, year)
    if needs:
        yield "Korrigert for behov etter alder: utgift per innbygger ÷ (behov ÷ 100)"
    country = data.country.id if data.country else ""
    for row in (row for row in needs if row["role"] != "comparator" or row["region"] == country):
        yield (
            f"  {row['region_name']:<30} {words.number(row['per_inhabitant'])} ÷ "
            f"{words.number(row['need_index'] / 100, 3)} = {words.number(row['adjusted_per_inhabitant'])} kr; "
            f"ressursbruk {words.number(row['resource_index'])}"
        )
    trends = data.query(
        "select * from {trend} where indicator = ? and year = ? and role <> 'comparator'", indicator.id, year
    )
    if trends:
        yield "Utvikling: linjen gjennom årene, prosent per år (løpende | faste priser | landet i de samme årene)"
    for row in trends:
        nominal = _per_year(indicator, row)
        fixed = row["fixed_reason"] or (
            "–" if row["fixed_slope_pct"] is None else words.number(row["fixed_slope_pct"], 1)
        )
        beside = "–" if row["country_slope_pct"] is None else words.number(row["country_slope_pct"], 1)
        yield f"  {row['region_name']:<30} {row['first_year']}–{row['year']}: {nominal} | {fixed} | {beside}"
    yield ""


def _per_year(indicator: Indicator, row: Row) -> str:
    """The change a year in per cent; in the unit where the figures go to 0 or below it."""
    if row["slope"] is None:
        return "for få år"
    if row["slope_pct"] is None:
        return f"{words.number(row['slope'], indicator.decimals)} {indicator.unit}"
    return words.number(row["slope_pct"], 1)


def _cells(
    project: Project, definitions: Definitions, data: ReportData, indicator: Indicator, year: int
) -> Iterator[str]:
    used = data.set_record["set"]
    yield f"Kildecellene (sett: {used})"
    for letter, operand in indicator.operands.items():
        if letter in "AB" and operand.source in definitions.sources:
            yield from _operand_cells(project, definitions, data, used, letter, operand, year)
    yield ""


def _operand_cells(
    project: Project, definitions: Definitions, data: ReportData, used: str, letter: str, operand: Operand, year: int
) -> Iterator[str]:
    source = definitions.sources[operand.source]
    source_year = operand.year or year + operand.year_offset
    record = store.set_record(project, used)
    filled = local.local_file(project, data.merger, source) if source.pull == "local" else None
    files = [filled] if filled else store.files_of(project, record, source.id)
    if not files:
        yield f"  {letter}  {source.id} er ikke i settet."
        return
    if source.kind == "register":
        yield f"  {letter}  telt fra {files[0].shown}"
        yield from _counted(data, letter, operand, source_year)
        return
    if operand.need_key:
        weights = definitions.need.keys[operand.need_key]
        ages = {name: weights[name] for name in definitions.need.ages if name in weights}
        told = ", ".join(f"{name} {words.number(weight / fsum(ages.values()), 4)}" for name, weight in ages.items())
        yield f"  {letter}  {files[0].shown}: Σ vekt × innbyggere i alderen × landets folketall ÷ landets i alderen"
        yield f"     vekter (definitions/need.toml, {definitions.need.year}, aldersdelen skalert til 1): {told}"
        return
    regions = data.merger.codes_in(source_year)
    parts = (
        [local.read_local(data.merger, source, filled)]
        if filled
        else read_parts(source, files, record.moved.get(source.id))
    )
    frame = pd.concat([p[(p["year"] == source_year) & p["region"].isin(regions)] for p in parts], ignore_index=True)
    for region in regions:
        hits = _matching(frame[frame["region"] == region], operand)
        for at, row in enumerate(hits.to_dict("records")):
            if at == SHOWN_CELLS:
                yield f"  {letter}  {region}  … og {len(hits) - at} celler til"
                break
            codes = ", ".join(f"{name} {row[name]}" for name in [*source.dimensions, "ContentsCode"])
            shown = words.number(row["value"], 0) if pd.notna(row["value"]) else row["symbol"] or "tom"
            yield f"  {letter}  {region}  {source_year}  {codes} = {shown}   ({row['file']} rad {row['row']})"


def _counted(data: ReportData, letter: str, operand: Operand, year: int) -> Iterator[str]:
    rows = data.query(
        "select * from {observation} where source = ? and year = ? and ContentsCode = ? "
        "and list_contains(?, region) order by region",
        operand.source,
        year,
        operand.contents,
        data.merger.codes_in(year),
    )
    for row in rows:
        if all(row[name] in codes for name, codes in operand.codes.items()):
            codes = ", ".join(f"{name} {row[name]}" for name in operand.codes)
            shown = words.number(row["value"]) if row["value"] is not None else row["status"]
            yield f"  {letter}  {row['region']}  {year}  {codes} = {shown}"


def _matching(frame: pd.DataFrame, operand: Operand) -> pd.DataFrame:
    hit = pd.Series(True, index=frame.index)
    for name, codes in operand.cell_codes.items():
        hit &= frame[name].isin(codes)
    return frame[hit]


def _sql(project: Project, definitions: Definitions, indicator: Indicator, merger: Merger) -> Iterator[str]:
    yield "SQL: filene kjøres i denne rekkefølgen"
    yield "  pipeline/compute/sql: registers, cells, staging, så marts, hver fil etter dem den leser («-- given»):"
    yield "  operand_sum (teller og nevner), operand_region, operand_composed (samlet) og indicator (verdi)"
    table = project.shown(project.processed / merger.id / "observation.parquet")
    for letter, operand in indicator.operands.items():
        if letter not in "AB" or operand.need_key:
            continue
        where = [f"source = '{operand.source}'"]
        where += [
            f'"{name}" in ({", ".join(repr(code) for code in codes)})' for name, codes in operand.cell_codes.items()
        ]
        year = (
            f"{operand.year}" if operand.year else "year" + (f" - {operand.year_offset}" if operand.year_offset else "")
        )
        yield f"  -- {letter}"
        yield f"  select region, {year} as aar, sum(value) * {operand.scale:g} as {letter.lower()}"
        yield f"  from '{table}'"
        yield "  where " + "\n    and ".join(where)
        yield "  group by all order by all;"
