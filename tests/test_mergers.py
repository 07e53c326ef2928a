"""Mergers of other places: six of six shapes, five lines each, with the arithmetic done again here; faults; draws."""

import csv
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stdout
from dataclasses import replace
from datetime import date
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from pipeline import model, run, words
from pipeline.choice import choose
from pipeline.cli import _day
from pipeline.commands.compare import compare
from pipeline.commands.new_merger import Wish, new_merger, slug
from pipeline.errors import KunnskapError
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.mergers.pulled import Who
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise import economy
from pipeline.report.harmonise.data import Harmonised, signed
from pipeline.report.knowledge import merged, workbook
from pipeline.report.knowledge.age import age_structure
from pipeline.report.paper.pages import Page
from tests.statbank import Server, population, regions

# id → the five lines; in CASES the merger's name
SIX = {
    "aurskog": ("Aurskog-Høland", 2020, ["0121", "0221"], 2018),
    "larvik": ("Larvik", 2018, ["0709", "0728"], 2016),
    "heim": ("Heim", 2020, ["1571", "5011", "5012"], 2018),
    "heim-hel": ("Heim, Snillfjord hel", 2020, ["1571", "5011", "5012"], 2018),
    "trondheim": ("Trondheim", 2020, ["5001", "5030"], 2018),
    "alesund": ("Ålesund", 2020, ["1504", "1523", "1529", "1534", "1546"], 2018),
    "drammen-lier": ("Drammen og Lier", 2030, ["3301", "3312"], 2024),
}
CASES = {"aurskog": "aurskog-høland", "alesund": "ålesund", "drammen-lier": "drammen-lier-2030", "heim-hel": "heim"}
WHOLE = {"heim-hel": ["5012"]}
FEW = ("07459", "07459-recast", "12362", "13502")
AMOUNT, EACH, PERSONS = "grunnskole.netto_driftsutgifter", "grunnskole.netto_per_innbygger", "befolkning.innbyggere"
FUNCTION, NET, KR = "FGK8b", "AGD2", "KOSbelop0000"
YEARS = range(2015, 2027)
DRAWS, DRAWN_IN_CI, SEED = 30, 3, 20261127


def definition(name: str) -> str:
    title, year, members, base_year = SIX[name]
    whole = f"whole = {json.dumps(WHOLE[name])}\n" if name in WHOLE else ""
    codes = json.dumps(members)
    return f'name = "{title}"\ndate = {year}-01-01\nmembers = {codes}\nbase_year = {base_year}\n{whole}'


def country(root: Path, *files: tuple[str, str]) -> Project:
    """A checkout of one's own with these mergers beside the two that come with it."""
    shutil.copytree(Project().raw / "embedded", root / "data" / "raw" / "embedded")
    shutil.copytree(Project().definitions, root / "definitions")
    for name, text in files:
        (root / "definitions" / "mergers" / f"{name}.toml").write_text(text, encoding="utf-8")
    return Project(root=root, definitions=root / "definitions")


def pull(project: Project, server: Server, *names: str, only: tuple[str, ...] = ()) -> Definitions:
    """Everything SSB has for the mergers, or only some tables, from the test server."""
    definitions = model.load(project)
    files = [definitions.merger_file(name) for name in names]
    sources = {n: s for n, s in definitions.sources.items() if s.pull != "statbank" or not only or n in only}
    chosen = replace(definitions, sources=sources)
    connection = Connection(Client(calls_per_minute=0), server.statbank_url, server.klass_url)
    with redirect_stdout(StringIO()):
        fetch(project, chosen, Who(project, chosen, files), connection, "ny")
    connection.client.close()
    return definitions


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def unchanged(embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A checkout in which nothing is to be written."""
    return country(tmp_path_factory.mktemp("unchanged"))


@pytest.fixture(scope="module")
def land(server: Server, embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The mergers of SIX and the two shipped ones, pulled into one set."""
    project = country(tmp_path_factory.mktemp("land"), *[(name, definition(name)) for name in SIX])
    pull(project, server, *SIX, "nye-drammen", only=FEW)
    return project


@pytest.fixture(scope="module")
def computed(land: Project) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in made:
            made[name] = land.processed / name
            run.compute_tables(choose(land, name, "ny"), made[name])
        return made[name]

    return of


def rows_of(folder: Path, indicator: str) -> dict[tuple[str, int], dict[str, Any]]:
    """Of members and merged, by region and year."""
    path = (folder / "indicator.parquet").as_posix()
    found = duckdb.sql(f"select * from '{path}' where indicator = '{indicator}' and role <> 'comparator'")
    columns = [column[0] for column in found.description]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return {(row["region"], row["year"]): row for row in rows}


def amounts(project: Project) -> dict[tuple[str, int], float]:
    """1000 kr by code and year, read from the raw JSON-stat as its specification says: cells in row-major order."""
    found: dict[tuple[str, int], float] = {}
    for path in (project.raw / "ny" / "12362").glob("*.json"):
        if path.name.endswith(".origin.json"):
            continue
        cube = json.loads(path.read_text(encoding="utf-8"))
        axes = [
            sorted(index, key=index.get) for index in (cube["dimension"][d]["category"]["index"] for d in cube["id"])
        ]
        values = cube["value"]
        for at, codes in enumerate(product(*axes)):
            cell = dict(zip(cube["id"], codes, strict=True))
            value = values.get(str(at)) if isinstance(values, dict) else values[at]
            wanted = (FUNCTION, NET, KR)
            if (cell["KOKfunksjon0000"], cell["KOKart0000"], cell["ContentsCode"]) == wanted and value is not None:
                found[cell["KOKkommuneregion0000"], int(cell["Tid"])] = value
    return found


def acceptance(name: str) -> Iterator[tuple[str, int, list[str], list[str], str]]:
    """Region, year, codes whole and in part, and how they are to be used."""
    path = Path(__file__).parent / "territory" / "acceptance.csv"
    for case in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if case["merger"] != CASES.get(name, name):
            continue
        whole, part, use = case["whole"].split(), case["part"].split(), case["use"]
        if name in WHOLE and case["territory"] == "merged" and use == "not_valid":
            whole, part, use = sorted([*whole, *part]), [], "sum"
        yield name if case["territory"] == "merged" else case["territory"], int(case["year"]), whole, part, use


# ----------------------------------------------------------------------------- the arithmetic, again


@pytest.mark.parametrize("name", SIX)
def test_figures_are_those_of_the_land(name: str, land: Project, computed: Callable[[str], Path]) -> None:
    """Sum where it is a sum, own where it is own, no number and a reason where the land is another."""
    folder, raw = computed(name), amounts(land)
    kroner, persons = rows_of(folder, AMOUNT), rows_of(folder, PERSONS)
    counted = 0
    for region, year, whole, _part, use in acceptance(name):
        there = [raw.get((code, year)) for code in whole]
        money = kroner.get((region, year))
        if use == "not_valid":
            for row in (money, persons.get((region, year))):
                assert row is None or (row["value"] is None and row["status"] == "not_valid" and row["reason"]), row
        elif there and None not in there and year <= 2025:
            assert money and money["value"] == pytest.approx(sum(filter(None, there))), (region, year, money)
            counted += 1
        if use != "not_valid":
            people = [population.known(code, year) for code in whole]
            assert persons[region, year]["value"] == sum(filter(None, people)), (region, year)
    assert counted >= 10


@pytest.mark.parametrize("name", SIX)
def test_a_rate_divides_the_land_by_its_own_people(name: str, land: Project, computed: Callable[[str], Path]) -> None:
    """Accounts of y ÷ people on 1 January y+1, each in its own state, where both are whole and the same land."""
    rates, raw = rows_of(computed(name), EACH), amounts(land)
    at = {(region, year): (whole, use) for region, year, whole, _, use in acceptance(name)}
    merge_year = SIX[name][1]
    computed_here = 0
    for (region, year), (whole, use) in at.items():
        row = rates.get((region, year))
        after, use_after = at.get((region, year + 1), ([], "not_valid"))
        there = [raw.get((code, year)) for code in whole]
        changes_land = name in WHOLE and region == name and year + 1 == merge_year
        if use == "not_valid":
            assert row is None or (row["value"] is None and row["reason"])
        elif use_after == "not_valid" or changes_land:
            # a member's last year: SSB's own published figure or none, never over the successor's people
            assert row is None or row["basis"] == "published" or row["value"] is None, row
        elif None not in there and year <= 2025:
            people = sum(population.known(code, year + 1) or 0 for code in after)
            expected = 1000 * sum(filter(None, there)) / people
            assert row and row["value"] == pytest.approx(expected, abs=0.5 if row["basis"] == "published" else 1e-6), (
                row
            )
            computed_here += row["basis"] == "computed"
    assert computed_here >= 3


def test_a_divided_member_is_named_and_marked(land: Project, computed: Callable[[str], Path]) -> None:
    plain, counted = rows_of(computed("heim"), AMOUNT), rows_of(computed("heim-hel"), AMOUNT)
    for year in range(2015, 2020):
        assert plain["heim", year]["value"] is None
        assert "Snillfjord" in plain["heim", year]["reason"] and "Hitra og Orkland" in plain["heim", year]["reason"]
        assert "Snillfjord (5012) er regnet med hel" in counted["heim-hel", year]["mark"]
    assert not counted["heim-hel", 2020]["mark"]
    merger = choose(land, "heim-hel", "ny").merger
    assert "Snillfjord" in merger.mark_in("heim-hel", 2019) and not merger.mark_in("heim-hel", 2020)
    assert not merger.mark_in("5012", 2019), "a member is itself"
    path = (computed("heim-hel") / "trend.parquet").as_posix()
    assert not duckdb.sql(f"select 1 from '{path}' where region = 'heim-hel' and crosses_merger").fetchall()


def test_a_figure_of_land_counted_whole_says_so_wherever_it_becomes_text(
    land: Project, computed: Callable[[str], Path], tmp_path: Path
) -> None:
    """In sentences and tables by the dagger, in words on the first page, in the workbooks by a column."""
    choice = choose(land, "heim-hel", "ny")
    data = ReportData(choice.definitions, computed("heim-hel"), choice.merger, None, 2018)
    snillfjord = next(region for region in data.members if region.id == "5012")
    for indicator in (AMOUNT, EACH):
        assert data.figure(indicator, data.merged, 2018).text.endswith("†")
        assert data.figure(indicator, data.merged, 2018).with_unit.endswith("kr†")
        for region, year in ((data.merged, 2021), (snillfjord, 2018)):
            assert data.figure(indicator, region, year).ok and "†" not in data.figure(indicator, region, year).with_unit
    view = Harmonised(data)
    item = view.items("spending")[0]
    up = view.thousand(item, "highest")
    assert (
        up.ok
        and signed(up).text == f"+{words.number(up.value or 0)}†"
        and "†" not in view.thousand(item, "highest", snillfjord).text
    )
    assert "Snillfjord er regnet hel" in merged.notes(data) and "†" in merged.notes(data)

    ages = age_structure(Page(data, tmp_path), "1-5")  # people of 2005 with Snillfjord, of today without
    assert "† Snillfjord (5012) er regnet med hel" in ages

    workbook.write(data, tmp_path / "tabeller.xlsx")
    economy.write(data, tmp_path / "økonomi.xlsx")
    for name, sheet in (
        ("tabeller", "Tall"),
        ("tabeller", "Sammenligning"),
        ("tabeller", "Utvikling"),
        ("økonomi", "Tall"),
    ):
        marks = marks_of(tmp_path / f"{name}.xlsx", sheet)
        assert marks[data.merged.name, 2018] == {
            "Snillfjord (5012) er regnet med hel i årene før 2020; deler ble også Hitra og Orkland."
        }, sheet
        assert not any(told for (who, year), told in marks.items() if who != data.merged.name or year >= 2020)
    with closing(openpyxl.load_workbook(tmp_path / "tabeller.xlsx")) as book:
        assert {'#,##0"†"', "#,##0"} <= {cell.number_format for row in book["Nøkkeltall"].iter_rows() for cell in row}


def marks_of(path: Path, sheet: str) -> dict[tuple[str, int], set[str]]:
    """What is told beside the figures that are there, by region's name and year."""
    with closing(openpyxl.load_workbook(path)) as book:
        rows = list(book[sheet].iter_rows(values_only=True))[1:]  # below SYNTETISKE TALL
    found: dict[tuple[str, int], set[str]] = {}
    for row in rows[1:]:
        cells = dict(zip(rows[0], row, strict=True))
        if cells["value"] is not None:
            told = found.setdefault((str(cells["region_name"]), int(str(cells["year"]))), set())
            told |= {str(cells["mark"])} if cells["mark"] else set()
    return found


def test_a_municipality_divided_again_is_summed_with_a_mark(land: Project, computed: Callable[[str], Path]) -> None:
    rows, rates = rows_of(computed("alesund"), AMOUNT), rows_of(computed("alesund"), EACH)
    assert "Delt i 2024: Ålesund og Haram lagt sammen." in rows["alesund", 2024]["mark"]
    people = (population.known("1508", 2024) or 0) + (population.known("1580", 2024) or 0)
    assert rates["alesund", 2023]["value"] == pytest.approx(1000 * amounts(land)["1507", 2023] / people)


def test_a_member_whose_code_lives_on_has_nothing_of_the_larger_one(computed: Callable[[str], Path]) -> None:
    for indicator in (AMOUNT, EACH, PERSONS):
        found = {key: row for key, row in rows_of(computed("trondheim"), indicator).items() if key[0] == "5001"}
        assert [key for key, row in found.items() if row["value"] is not None and key[1] >= 2020] == []
        assert [key for key, row in found.items() if row["value"] is not None and key[1] < 2019]


def test_twice_the_people_in_the_new_municipality_change_no_member(
    land: Project, computed: Callable[[str], Path], tmp_path: Path
) -> None:
    """5001 on 1 January 2020 is another municipality than member 5001."""
    before = rows_of(computed("trondheim"), EACH)
    project = replace(land, root=tmp_path)
    shutil.copytree(land.raw, project.raw)
    for path in (project.raw / "ny" / "07459").glob("*.json"):
        if not path.name.endswith(".origin.json"):
            cube = json.loads(path.read_text(encoding="utf-8"))
            _double(cube, "5001", "2020")
            _put_back(path, json.dumps(cube, ensure_ascii=False))
    raw = choose(project, "trondheim", "ny")
    after = _rates_unchecked(raw, tmp_path / "scratch")
    members = {key: row["value"] for key, row in before.items() if key[0] in ("5001", "5030")}
    assert {key: value for key, value in after.items() if key in members} == members
    assert after["trondheim", 2019] == pytest.approx(before["trondheim", 2019]["value"] / 2)


def _double(cube: dict[str, Any], code: str, year: str) -> None:
    axes = [cube["dimension"][d]["category"]["index"] for d in cube["id"]]
    ordered = [sorted(index, key=index.get) for index in axes]
    values = cube["value"]
    for at, codes in enumerate(product(*ordered)):
        cell = dict(zip(cube["id"], codes, strict=True))
        if cell["Region"].removeprefix("K-") == code and cell["Tid"] == year:
            key = str(at) if isinstance(values, dict) else at
            values[key] = 2 * (values[key] or 0)


def _put_back(path: Path, text: str) -> None:
    """A raw file with another content, and its origin record told so."""
    import hashlib

    path.write_text(text, encoding="utf-8")
    origin = path.with_name(path.name.removesuffix(".json") + ".origin.json")
    record = json.loads(origin.read_text(encoding="utf-8"))
    record["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    origin.write_text(json.dumps(record), encoding="utf-8")


def _rates_unchecked(choice: Any, scratch: Path) -> dict[tuple[str, int], float | None]:
    scratch.mkdir()
    connection = run.computed(choice, scratch)
    rows = connection.sql(
        f"select region, year, value from indicator where indicator = '{EACH}' and role <> 'comparator'"
    ).fetchall()
    connection.close()
    return {(region, year): value for region, year, value in rows}


# ------------------------------------------------------------------------- every real merger since 2002


def cases() -> list[dict[str, str]]:
    path = Path(__file__).parent / "territory" / "mergers.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def id_of(case: dict[str, str]) -> str:
    return slug(f"{case['name']} {case['date'][:4]}")


def codes_of(case: dict[str, str], year: int) -> list[str]:
    """The codes of the merged municipality in a year, as the file has them; none where one is only a part."""
    for period in "; ".join([case["pro_forma_codes"], case["successor_codes"]]).split("; "):
        years, _, codes = period.partition(": ")
        first, _, last = years.partition("–")
        if int(first) <= year <= int(last or 2026):
            return [] if "part of" in codes else codes.split("+")
    return []


REAL = cases()
DRAWN_REAL = random.Random(SEED).randrange(len(REAL))


@pytest.fixture(scope="module")
def real(server: Server, embedded: Path, tmp_path_factory: pytest.TempPathFactory, request: Any) -> Project:
    """The real mergers the tests of this run ask for, each written by `new` with what is usual, pulled into one set."""
    project = country(tmp_path_factory.mktemp("real"))
    asked = {item.callspec.params["case"]["name"] for item in request.session.items if "[real-" in item.name}
    chosen = [case for case in REAL if case["name"] in asked]
    for case in chosen:
        members = [text.split()[0] for text in case["members"].split("; ")]
        wish = Wish(f"{case['name']} {case['date'][:4]}", members, date.fromisoformat(case["date"]), take_defaults=True)
        told = list(new_merger(project, model.load(project), wish, lambda question, answers: None))
        assert any(line.startswith("Ble ") for line in told), told
        assert any("ble delt" in line for line in told) == bool(case["split_before"]), told
    pull(project, server, *map(id_of, chosen), only=FEW)
    return project


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"real-{id_of(case)}", marks=() if number == DRAWN_REAL else pytest.mark.long)
        for number, case in enumerate(REAL)
    ],
)
def test_a_real_merger_is_summed_and_goes_on_as_its_row_says(
    case: dict[str, str], real: Project, tmp_path: Path
) -> None:
    name = id_of(case)
    run.compute_tables(choose(real, name, "ny"), tmp_path)
    raw, kroner, persons = amounts(real), rows_of(tmp_path, AMOUNT), rows_of(tmp_path, PERSONS)
    for year in YEARS:
        codes = codes_of(case, year)
        row, people = kroner.get((name, year)), persons.get((name, year))
        if not codes:
            for found in (row, people):
                assert found is None or (found["value"] is None and found["status"] == "not_valid" and found["reason"])
            continue
        assert people and people["value"] == sum(population.known(code, year) or 0 for code in codes), year
        amount = [raw.get((code, year)) for code in codes]
        if None not in amount and year <= 2025:
            assert row and row["value"] == pytest.approx(sum(filter(None, amount))), year
    alive = {
        region for (region, year), row in kroner.items() if year >= int(case["date"][:4]) and row["value"] is not None
    }
    assert alive <= {name, "1534"}, "a member goes on after the merger, and it is not Haram"


# ------------------------------------------------------------------------------------- side by side


def test_a_merger_that_is_not_real_has_no_figures_of_its_own(computed: Callable[[str], Path], land: Project) -> None:
    merger = choose(land, "drammen-lier", "ny").merger
    assert not merger.real and not merger.own_from and not merger.successor
    path = (computed("drammen-lier") / "truth_check.parquet").as_posix()
    assert not duckdb.sql(f"select 1 from '{path}' where verdict <> 'not_testable'").fetchall()


@pytest.mark.parametrize("name", ["nye-drammen"])
def test_other_files_change_nothing(name: str, computed: Callable[[str], Path], land: Project, tmp_path: Path) -> None:
    """Ten other mergers beside it, one of them broken: the same tables to the byte."""
    alone = replace(land, root=tmp_path, definitions=tmp_path / "definitions")
    shutil.copytree(land.raw, alone.raw)
    shutil.copytree(Project().definitions, alone.definitions)
    (alone.definitions / "mergers" / "nye-asker.toml").unlink()
    (alone.definitions / "mergers" / "feil.toml").write_text("name = \n", encoding="utf-8")
    run.compute_tables(choose(alone, name, "ny"), tmp_path / "out")
    for path in sorted(computed(name).glob("*.parquet")):
        if path.name != "source.parquet":
            assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes(), path.name


def test_the_same_merger_twice_gives_the_same_figures(land: Project, computed: Callable[[str], Path]) -> None:
    """Two ids with other base years, side by side."""
    first = rows_of(computed("larvik"), EACH)
    path = land.definitions / "mergers" / "larvik-igjen.toml"
    path.write_text(definition("larvik").replace("base_year = 2016", "base_year = 2017"), encoding="utf-8")
    record = land.raw / "ny" / "set.json"
    kept = record.read_text(encoding="utf-8")
    told = json.loads(kept)
    record.write_text(json.dumps(told | {"mergers": [*told["mergers"], "larvik-igjen"]}), encoding="utf-8")
    try:
        run.compute_tables(choose(land, "larvik-igjen", "ny"), land.processed / "larvik-igjen")
    finally:
        record.write_text(kept, encoding="utf-8")
        path.unlink()
    second = rows_of(land.processed / "larvik-igjen", EACH)
    same = {
        ("larvik" if region == "larvik-igjen" else region, year): row["value"] for (region, year), row in second.items()
    }
    assert same == {key: row["value"] for key, row in first.items()}


def test_two_definitions_beside_each_other(land: Project, computed: Callable[[str], Path]) -> None:
    for name in ("heim", "heim-hel"):
        computed(name)
    told = "\n".join(compare(choose(land, "heim", "ny"), choose(land, "heim-hel", "ny")))
    assert "Heim, Snillfjord hel" in told and "SYNTETISKE TALL" in told
    school = next(line for line in told.splitlines() if line.startswith("Netto driftsutgifter til grunnskole"))
    assert "ugyldig år" in school and school.rstrip().endswith("kr†") and "Snillfjord er regnet hel" in told
    assert "hvert sitt års priser" not in told
    earlier = choose(land, "heim-hel", "ny", 2017)
    assert "Kroner står i hvert sitt års priser." in list(compare(choose(land, "heim-hel", "ny"), earlier))


# ---------------------------------------------------------------------------------- faults to feed


BORDER = "KLASS: også"


@pytest.mark.parametrize(
    ("year", "members", "told"),
    [
        (2020, ["3005", "0625"], "3005"),
        (2020, ["9876", "0625"], "9876"),
        (2020, ["9999", "0625"], "9999"),
        (2020, ["0602", "0625", "0711", "0626"], "3049"),
        (2020, ["0602", "0625"], "0711"),
        (2020, ["0602", "0602", "0625", "0711"], "0602"),
        (2030, ["3301", "3301"], "3301"),
        (2020, ["5011", "1571"], "5012"),
        (2020, ["5011", "5012"], "1571"),
    ],
)
def test_a_fault_is_told_in_one_sentence(project: Project, year: int, members: list[str], told: str) -> None:
    """Where the file is, and nothing about ages."""
    path = project.definitions / "mergers" / "feil.toml"
    path.write_text(
        f'name = "Feil"\ndate = {year}-01-01\nmembers = {json.dumps(members)}\nbase_year = 2018\n', encoding="utf-8"
    )
    with pytest.raises(KunnskapError) as error:
        choose(project, "feil", "embedded").merger  # noqa: B018
    assert len(error.value.problems) == 1, str(error.value)
    problem = error.value.problems[0]
    assert problem.file and problem.file.endswith("feil.toml")
    assert told in str(problem)
    choose(project, "nye-drammen", "embedded").merger  # noqa: B018


@pytest.mark.parametrize(
    ("name", "places", "year", "base_year", "told"),
    [
        ("Alene", ["Drammen"], 2030, None, "én kommune kan ikke slås sammen alene."),
        ("For sent", ["Drammen", "Lier"], 2030, 2030, "base_year er 2030, men sammenslåingen er i 2030."),
        ("Fylke", ["Buskerud", "Lier"], 2030, None, "Buskerud (33) er et fylke."),
        ("Fylke", ["33", "3312"], 2030, None, "Buskerud (33) er et fylke."),
        ("Skrivefeil", ["Trondhiem", "Malvik"], 2030, None, "Ingen kommune het «Trondhiem» i 2026."),
        ("To av dem", ["Våler", "Lier"], 2030, None, "Våler kan være 3114 (fylke 31) og 3419 (fylke 34)."),
        ("Før", ["3005", "0625"], 2020, None, "3005 gjaldt ikke 31.12.2019; der var det 0602 Drammen"),
        ("To ganger", ["3301", "Drammen"], 2030, None, "3301 Drammen står flere ganger."),
    ],
)
def test_what_cannot_be_merged_is_told_before_a_file_is_written(
    unchanged: Project, name: str, places: list[str], year: int, base_year: int | None, told: str
) -> None:
    before = sorted(unchanged.definitions.rglob("*"))
    wish = Wish(name, places, date(year, 1, 1), base_year)
    with pytest.raises(KunnskapError) as error:
        list(new_merger(unchanged, model.load(unchanged), wish, lambda question, answers: None))
    assert len(error.value.problems) == 1 and told in str(error.value)
    assert sorted(unchanged.definitions.rglob("*")) == before


def test_a_merger_named_as_one_of_its_members_is_the_new_one(project: Project) -> None:
    """Kristiansund of 2008; and it is told that there are no accounts of the members."""
    wish = Wish("Kristiansund", ["1503", "1556"], date(2008, 1, 1))
    told = list(new_merger(project, model.load(project), wish, lambda question, answers: None))
    assert told[1] == "I rapportene heter den Nye Kristiansund: Kristiansund er en av kommunene."
    assert told[-1] == "Regnskapstall finnes fra 2015: for 2006 er det bare folketall. Velg et senere --year."
    merger = choose(project, "kristiansund", "embedded").merger
    assert (merger.name, merger.merged_name) == ("Nye Kristiansund", "Kristiansund")


@pytest.mark.parametrize(("base_year", "silent"), [(2014, False), (2015, True)])
def test_a_year_without_accounts_is_told(project: Project, base_year: int, silent: bool) -> None:
    wish = Wish("Prøve", ["0706", "0719", "0720"], date(2017, 1, 1), base_year)
    told = list(new_merger(project, model.load(project), wish, lambda question, answers: None))
    assert any(line.startswith("Regnskapstall finnes fra 2015") for line in told) is not silent


def test_oslo_is_a_municipality_though_it_is_a_county(project: Project) -> None:
    wish = Wish("Oslo og Bærum", ["Oslo", "Bærum"], date(2030, 1, 1))
    list(new_merger(project, model.load(project), wish, lambda question, answers: None))
    assert model.load(project).merger_file("oslo-og-baerum").members == ["0301", "3201"]


@pytest.mark.parametrize("typed", ["2030", "2030-01-01", "1.1.2030"])
def test_a_date_is_read_as_it_is_written_in_norway(typed: str) -> None:
    assert _day(typed) == date(2030, 1, 1)


@pytest.mark.parametrize("typed", ["", "i fjor", "2030-13-01", "31.2.2030", "1.2030"])
def test_what_is_no_date_is_told(typed: str) -> None:
    with pytest.raises(KunnskapError, match="ikke en dato"):
        _day(typed)


def test_a_day_in_the_middle_of_a_year_is_told(project: Project) -> None:
    path = project.definitions / "mergers" / "feil.toml"
    path.write_text(definition("heim").replace("2020-01-01", "2020-07-01"), encoding="utf-8")
    with pytest.raises(KunnskapError, match=r"1\. januar"):
        choose(project, "feil", "embedded").merger  # noqa: B018
    path.write_text(definition("heim"), encoding="utf-8")
    assert choose(project, "feil", "embedded").merger.own_from == 2020


# ----------------------------------------------------------------------------------- random mergers


def drawn(number: int) -> list[str]:
    """Two to eight municipalities valid today, the same for the same number."""
    dice = random.Random(SEED + number)
    today = sorted(code for code in regions.municipalities() if regions.valid_in(code, 2026))
    return dice.sample(today, dice.randint(2, 8))


NUMBERS = [
    pytest.param(
        number, marks=() if number in random.Random(SEED).sample(range(DRAWS), DRAWN_IN_CI) else pytest.mark.long
    )
    for number in range(DRAWS)
]


@pytest.mark.parametrize("number", NUMBERS)
def test_any_municipalities_can_be_merged(number: int, server: Server, embedded: Path, tmp_path: Path) -> None:
    """`new`, `fetch` and `run`, as an analyst would."""
    members = drawn(number)
    project = country(tmp_path)
    wish = Wish("Prøve", members, date(2030, 1, 1), take_defaults=True)
    told = list(new_merger(project, model.load(project), wish, lambda question, answers: None))
    assert told[0] == "Skrevet: definitions/mergers/prove.toml" and any("finnes ikke ennå" in line for line in told)
    pull(project, server, "prove")
    made = run.run(choose(project, "prove"))
    assert made.reports.is_dir()
    for page in made.reports.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        for name in ("Nye Drammen", "Nye Asker", "Drammen kommune", "den nye kommunens egne"):
            assert name not in text, page
    rows = rows_of(project.processed / "prove", PERSONS)
    assert rows["prove", 2026]["value"] == sum(population.known(code, 2026) or 0 for code in members)
