"""Every indicator from a full set, against an independent computation: plain Python over the raw JSON, no SQL.

The set is pulled from the test server for Nye Drammen, and the registers the municipalities fill in are filled in.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import duckdb
import pytest

from pipeline import model, run
from pipeline.choice import choose
from pipeline.ingest import store
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.model import Definitions, Indicator, Operand
from pipeline.project import Project
from tests.registers import fill_in
from tests.statbank import Server
from tests.whole import who

MEMBERS = ("0602", "0625", "0711")
MERGED, SUCCESSORS = "nye-drammen", {"3005": (2020, 2023), "3301": (2024, 2099)}
YEARS = range(2015, 2026)
Cell = tuple[str, str, int, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Full:
    """The set's cells by hand, and the indicator table the pipeline made of it."""

    definitions: Definitions
    cells: dict[Cell, float | None]
    table: dict[tuple[str, str, int], tuple[float | None, str, str | None]]
    processed: Path


REGISTERS = ("udir-", "kdd-")  # counted into observations, or by school: held against plain arithmetic elsewhere


@pytest.fixture(scope="module")
def full(embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Full:
    root = tmp_path_factory.mktemp("full")
    shutil.copytree(embedded, root / "data" / "raw" / "embedded")
    project = Project(root=root)
    definitions = model.load(project)
    with Server() as server:
        client = Client(calls_per_minute=0)
        fetch(
            project,
            definitions,
            who(project, definitions, MERGED),
            Connection(client, server.statbank_url, server.klass_url),
            "ny",
        )
        client.close()
    cells = {
        (source, region, year, frozenset({("ContentsCode", code)})): value
        for source, code, region, year, value in fill_in(project, definitions, MERGED, MEMBERS)
    }
    record = store.set_record(project, "ny")
    for source in record.sources:
        if definitions.sources[source].kind == "cube":
            cells.update(_cells(definitions, record, project.raw / "ny" / source))
    for source in record.base_sources:
        if definitions.sources[source].kind == "cube" and not source.startswith(REGISTERS):
            cells.update(_embedded(definitions, project.raw / record.base / source))
    processed = root / "processed"
    run.compute_tables(choose(project, MERGED, "ny"), processed)
    path = (processed / "indicator.parquet").as_posix()
    rows = duckdb.sql(f"select indicator, region, year, value, status, basis from '{path}'").fetchall()
    return Full(definitions, cells, {row[:3]: row[3:] for row in rows}, processed)


def _embedded(definitions: Definitions, folder: Path) -> Iterator[tuple[Cell, float | None]]:
    """The cells of a source that cannot be pulled, read with nothing but csv and loops."""
    source = definitions.sources[folder.name]
    for path in sorted(folder.glob("*.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            codes = {(dimension, row[dimension]) for dimension in source.dimensions}
            for content in source.contents.keys() & row.keys():
                cell = frozenset(codes | {("ContentsCode", content)})
                value = None if row[content] == ":" else float(row[content])
                yield (source.id, row[source.region], int(row[source.time]), cell), value


def _cells(definitions: Definitions, record: store.SetRecord, folder: Path) -> Iterator[tuple[Cell, float | None]]:
    """The cells of a pulled table, read with nothing but json and loops."""
    source = definitions.sources[folder.name]
    names = {
        dimension: {now: ours for ours, now in codes.items()}
        for dimension, codes in record.moved.get(source.id, {}).items()
    }
    for path in sorted(folder.glob("[0-9]*.json")):
        if path.name.endswith(".origin.json"):
            continue
        content = json.loads(path.read_bytes())
        axes = []
        for dimension in content["id"]:
            index = content["dimension"][dimension]["category"]["index"]
            axes.append([(dimension, code) for code in sorted(index, key=index.__getitem__)])
        for place, value in zip(product(*axes), content["value"], strict=True):
            codes = {dimension: names.get(dimension, {}).get(code, code) for dimension, code in place}
            region, year = codes.pop(source.region), int(codes.pop(source.time))
            region = source.alias.get("region", {}).get(region, region)
            yield (source.id, region, year, frozenset(codes.items())), value


# ---------------------------------------------------------------------------- by hand, by rule


def valid(full: Full, source: str, region: str, year: int) -> bool:
    """Whether a code is a municipality that year; figures by former area stand on the old codes in any year."""
    if full.definitions.sources[source].region_basis == "former_area":
        return region in MEMBERS
    if region in SUCCESSORS:
        return SUCCESSORS[region][0] <= year <= SUCCESSORS[region][1]
    return year < 2020


def operand(full: Full, operand: Operand, region: str, year: int) -> float | None:
    """The sum of an operand's cells, or None if one that exists that year is missing."""
    at = operand.year or year + operand.year_offset
    if not valid(full, operand.source, region, at):
        return None
    total, found = 0.0, 0
    for codes in product(*([(name, code) for code in codes] for name, codes in operand.cell_codes.items())):
        function = full.definitions.functions.get(dict(codes).get("KOKfunksjon0000", ""))
        if function and not (function.valid_from or "0") <= str(at) <= (function.valid_to or "9999"):
            continue
        value = full.cells.get((operand.source, region, at, frozenset(codes)))
        if value is None:
            return None
        total, found = total + value * operand.scale, found + 1
    return total if found else None


def parts(full: Full, operand: Operand, year: int) -> list[str]:
    """The codes that make up the merged municipality on the date the operand is taken at."""
    at = operand.year or year + operand.year_offset
    return [code for code in (*MEMBERS, *SUCCESSORS) if valid(full, operand.source, code, at)]


def merged(full: Full, one: Operand, year: int, weight: Operand | None = None) -> float | None:
    values = []
    for region in parts(full, one, year):
        value = operand(full, one, region, year)
        if value is not None and weight is not None:
            share = operand(full, weight, region, year)
            value = None if share is None else value * share
        values.append(value)
    return None if None in values else sum(values)  # type: ignore[arg-type]


def divided(indicator: Indicator, a: float | None, b: float | None) -> float | None:
    if indicator.formula == "amount":
        return a
    if a is None or b is None or b == 0:
        return None
    return {"ratio": a / b, "share": 100 * a / b, "change": 100 * (a - b) / b, "value": a / b}[indicator.formula]


def by_hand(full: Full, indicator: Indicator, region: str, year: int) -> float | None:
    a, b = indicator.operands["A"], indicator.operands.get("B")
    if region != MERGED:
        top = operand(full, a, region, year)
        if indicator.formula == "value":
            return top
        return divided(indicator, top, operand(full, b, region, year) if b else None)
    if indicator.merge == "N":
        codes = parts(full, a, year)
        return operand(full, a, codes[0], year) if len(codes) == 1 and indicator.formula == "value" else None
    if indicator.merge == "W":
        codes = parts(full, a, year)
        if len(codes) == 1 and b is not None and parts(full, b, year) == codes:
            return operand(full, a, codes[0], year)  # one municipality keeps its own published figure
        return divided(indicator, merged(full, a, year, b), merged(full, b, year) if b else None)
    return divided(indicator, merged(full, a, year), merged(full, b, year) if b else None)


STANDARD = [i for i in model.load(Project()).indicators.values() if not any(o.need_key for o in i.operands.values())]
TESTED = [i for i in STANDARD if not any(name.startswith(REGISTERS) for name in i.sources)]


@pytest.mark.parametrize("indicator", TESTED, ids=lambda i: i.id)
def test_members_and_merged_are_what_plain_arithmetic_gives(full: Full, indicator: Indicator) -> None:
    disagreements = []
    for region, year in product([*MEMBERS, MERGED], [indicator.fixed_year] if indicator.fixed_year else YEARS):
        expected = by_hand(full, indicator, region, year)
        found = full.table.get((indicator.id, region, year))
        if found is None:
            assert expected is None, f"{region} {year} has no row"
            continue
        value, status, basis = found
        assert (status == "ok") == (value is not None)
        if region in MEMBERS and year >= 2020:
            assert status == "not_valid", f"{region} {year}: {status}"
        if region == MERGED and year < 2020 and indicator.merge == "N":
            assert status == "not_applicable"
        if expected is None and basis == "published":
            told = indicator.published or indicator.value
            assert told is not None
            own = next((c for c in SUCCESSORS if valid(full, told.table, c, year)), "") if region == MERGED else region
            expected = operand(full, told, own, year)
        same = (value is None and expected is None) or (
            value is not None and expected is not None and value == pytest.approx(expected, rel=1e-9)
        )
        if not same:
            disagreements.append((region, year, value, status, expected))
    assert not disagreements, disagreements[:5]


def of_account(full: Full, level: str, region: str, year: int, measure: str) -> dict[str, float | None]:
    path = (full.processed / "account.parquet").as_posix()
    query = f"select item, value from '{path}' where level = ? and region = ? and year = ? and measure = ?"
    return dict(duckdb.execute(query, [level, region, year, measure]).fetchall())


@pytest.mark.parametrize(("measure", "art"), [("netto", "AGD2"), ("brutto", "AGD10"), ("lonn", "AG16")])
@pytest.mark.parametrize("year", [2018, 2023, 2024])
def test_the_accounts_of_a_sub_project_are_its_functions_in_its_municipalities(
    full: Full, measure: str, art: str, year: int
) -> None:
    """By hand over the raw cells: each function once, in the municipalities there are, 254 or 257 and 258."""
    found = of_account(full, "part", MERGED, year, measure)
    codes = [code for code in (*MEMBERS, *SUCCESSORS) if valid(full, "12367", code, year)]
    for part in full.definitions.groupings["ap2"].part:
        functions = [f for name in part.services for f in full.definitions.services[name].functions]
        there = [full.definitions.functions[f] for f in functions]
        there = [f for f in there if (f.valid_from or "0") <= str(year) <= (f.valid_to or "9999")]
        fixed = {"KOKregnskapsomfa0000": "A", "KOKart0000": art, "ContentsCode": "KOSbelop0000"}
        cells = [
            full.cells["12367", code, year, frozenset({**fixed, "KOKfunksjon0000": f.code}.items())]
            for code, f in product(codes, there)
        ]
        assert None not in cells
        assert found[part.id] == pytest.approx(sum(cells)), part.id  # type: ignore[arg-type]


def test_sub_projects_and_what_is_outside_them_are_all_the_accounts(full: Full) -> None:
    """The seven functions that SSB counts in two groups are counted once."""
    definitions = full.definitions
    of_functions = of_account(full, "function", MERGED, 2018, "netto")
    outside = {f for other in definitions.outside for f in other.functions}
    placed = [value for code, value in of_functions.items() if code not in outside]
    assert {"121", "130", "221", "222", "261", "381", "386"} <= set(of_functions) - outside
    parts = of_account(full, "part", MERGED, 2018, "netto")
    assert sum(parts.values()) == pytest.approx(sum(placed))  # type: ignore[arg-type]
