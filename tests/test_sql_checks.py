"""Checks across tables: what each calls ok and what it does not; and that no SQL file goes untested."""

from pathlib import Path

import pytest

from pipeline.validate.identities import run_checks
from tests.conftest import SQL_FOLDERS, Sql
from tests.land import MERGED, give_land, give_merge_year


def populations(sql: Sql) -> Sql:
    """What 12362 implies, and what 07459 tells."""
    sql.given("def_implied", "source ord:i amount per_inhabitant", ("12362", 0, "KOSbelop0000", "KOSbelopinnbygge0000"))
    sql.given("def_source_role", "role source", ("population", "07459"), ("recast_population", "07459-recast"))
    return sql.run("compute/staging/implied_population.sql").run("compute/staging/whole_population.sql")


ACCOUNTS = "source region year:i KOKfunksjon0000 KOKart0000 KOKartkap0000 ContentsCode value:d status"


def accounts(sql: Sql, *rows: tuple[str, int, str, float, float]) -> Sql:
    """region, year, function, amount in 1000 kr, kr per inhabitant."""
    cells = []
    for region, year, function, amount, per in rows:
        start = ("12362", region, year, function, "AGD2", None)
        cells += [(*start, "KOSbelop0000", amount, "ok"), (*start, "KOSbelopinnbygge0000", per, "ok")]
    return sql.given("observation", ACCOUNTS, *cells)


def test_one_population_per_region_and_year(sql: Sql) -> None:
    accounts(
        sql,
        ("0602", 2018, "FGK7", 554_652, 8046),
        ("0602", 2018, "FGK14", -38_938, -565),
        ("0711", 2018, "FGK7", 46_152, 6904),
        ("0711", 2018, "FGK2", 13_669, 2345),  # implies another population than the line above
    )
    populations(sql)
    found = sql.check("validate/staging/one_population.sql")
    assert found == {"12362 0602 2018": True, "12362 0711 2018": False}


TWO_TABLES = ("12362", 0, "KOSbelop0000", "KOSbelopinnbygge0000"), ("12137", 1, "KOSbelop0000", "KOSbelopprinnb0000")


@pytest.mark.parametrize(
    ("per", "persons", "off"),
    [
        (8046.0, 68_933, []),
        (8946.0, 68_933, ["12137"]),  # the population table knows which of them
        (8946.0, 62_000, ["12362"]),
        (8946.0, None, ["12137", "12362"]),  # nobody knows: neither is used
    ],
)
def test_of_two_tables_that_disagree_the_one_farther_from_the_population_is_off(
    sql: Sql, per: float, persons: int | None, off: list[str]
) -> None:
    accounts(sql, ("0602", 2018, "FGK7", 554_652, 8046))
    other = ("12137", "0602", 2018, None, None, "AGD1")
    for contents, value in (("KOSbelop0000", 554_652.0), ("KOSbelopprinnb0000", per)):
        sql.connection.execute(
            "insert into observation values (?, ?, ?, ?, ?, ?, ?, ?, 'ok')", [*other, contents, value]
        )
    if persons:
        row = f"'07459' as source, '0602' as region, 2019 as year, {persons} as value, 'ok' as status"
        sql.connection.execute(f"insert into observation by name select {row}")
    populations(sql)
    sql.given("def_implied", "source ord:i amount per_inhabitant", *TWO_TABLES)
    sql.run("compute/staging/implied_population.sql")
    outcomes = [o for o in run_checks(sql.connection, "staging", ["one_population"]) if not o.ok]
    assert [(aside.source, aside.region, aside.year) for o in outcomes for aside in o.touched] == [
        (source, "0602", 2018) for source in off
    ]
    assert all("62" in o.found for o in outcomes), "what the other one gives is told"


@pytest.mark.parametrize(("tables", "off"), [(1, ("12362", 2018)), (2, ("07459", 2019))])
def test_two_tables_that_agree_are_believed_before_the_population(sql: Sql, tables: int, off: tuple[str, int]) -> None:
    accounts(sql, ("0602", 2018, "FGK7", 554_652, 8046))
    other = ("12137", "0602", 2018, None, None, "AGD1")
    for contents, value in (("KOSbelop0000", 554_652.0), ("KOSbelopprinnb0000", 8046.0)) if tables == 2 else ():
        sql.connection.execute(
            "insert into observation values (?, ?, ?, ?, ?, ?, ?, ?, 'ok')", [*other, contents, value]
        )
    sql.connection.execute(
        "insert into observation by name select '07459' as source, '0602' as region, 2019 as year, 70000 as value, "
        "'ok' as status"
    )
    populations(sql)
    sql.given("def_implied", "source ord:i amount per_inhabitant", *TWO_TABLES)
    sql.run("compute/staging/implied_population.sql")
    sql.given("def_region_code", "region", ("0602",))
    give_merge_year(sql)
    (outcome,) = run_checks(sql.connection, "staging", ["implied_population"])
    assert not outcome.ok and [(aside.source, aside.year) for aside in outcome.touched] == [off]
    assert "07459 viser 70000" in outcome.found


def test_a_population_that_is_0_is_none(sql: Sql) -> None:
    """SSB gives 0 for a municipality that is not there yet: nothing is divided by it, and it contradicts nothing."""
    accounts(sql, ("3005", 2018, "FGK7", 554_652, 8046))
    sql.connection.execute(
        "insert into observation by name select '07459' as source, '3005' as region, 2019 as year, 0 as value, "
        "'ok' as status"
    )
    populations(sql)
    sql.given("def_region_code", "region", ("3005",))
    give_merge_year(sql)
    assert sql.rows("select * from whole_population") == []
    assert sql.check("validate/staging/implied_population.sql") == {}


def test_the_implied_population_is_that_of_the_next_first_of_january(sql: Sql) -> None:
    accounts(sql, ("0602", 2018, "FGK7", 554_652, 8046), ("3005", 2021, "FGK7", 900_000, 8797))
    for region, year, persons in (("0602", 2019, 68_933), ("3005", 2022, 102_273)):
        row = f"'07459' as source, '{region}' as region, {year} as year, {persons} as value, 'ok' as status"
        sql.connection.execute(f"insert into observation by name select {row}")
    populations(sql)
    give_merge_year(sql)
    sql.given("def_region_code", "region", ("0602",), ("3005",))
    assert sql.check("validate/staging/implied_population.sql") == {"0602 2018": True, "3005 2021": False}
    sql.given("def_other_land", "region year:i reason", ("3005", 2021, "en del ble Lier"))
    assert sql.check("validate/staging/implied_population.sql") == {"0602 2018": True}


def test_members_last_implied_populations_add_up_to_the_successors(sql: Sql) -> None:
    accounts(
        sql,
        ("0602", 2019, "FGK7", 601_203, 8654),
        ("0625", 2019, "FGK7", 229_980, 9095),
        ("0711", 2019, "FGK7", 46_278, 6982),
    )
    give_land(sql)
    sql.given("def_region", "region role", (MERGED, "merged"))
    for persons, ok in ((101_386, True), (101_486, False)):
        sql.connection.execute("delete from observation where region = '3005'")
        row = f"'07459' as source, '3005' as region, 2020 as year, {persons} as value, 'ok' as status"
        sql.connection.execute(f"insert into observation by name select {row}")
        populations(sql)
        assert sql.check("validate/staging/last_member_population.sql") == {"3005 2019": ok}


def test_members_are_the_recast_population_at_every_age(sql: Sql) -> None:
    sql.given("def_source_role", "role source", ("population", "07459"), ("recast_population", "07459-recast"))
    give_land(sql, (("0602", "Drammen"), ("0625", "Nedre Eiker")))
    sql.given("def_recast", "recast region", ("K-3301", MERGED))
    sql.given(
        "observation",
        "source region year:i Alder value:d status",
        ("07459", "0602", 2018, "000", 700.0, "ok"),
        ("07459", "0625", 2018, "000", 250.0, "ok"),
        ("07459-recast", "K-3301", 2018, "000", 950.0, "ok"),
        ("07459", "0602", 2019, "001", 770.0, "ok"),  # Nedre Eiker's one-year-olds are missing
        ("07459-recast", "K-3301", 2019, "001", 770.0, "ok"),
        ("07459-recast", "K-3301", 2020, "001", 770.0, "ok"),  # the members are gone: nothing to hold it against
    )
    found = sql.check("validate/staging/member_population.sql")
    assert found == {"K-3301 2018": True}, "a hole is no sum that is wrong"
    sql.connection.execute("insert into observation values ('07459', '0625', 2019, '001', 250, 'ok')")
    found = sql.check("validate/staging/member_population.sql")
    assert found == {"K-3301 2018": True, "K-3301 2019": False}
    give_merge_year(sql, divided=True)
    assert not sql.check("validate/staging/member_population.sql"), "land counted whole is not what SSB recast"


def test_the_population_beside_the_social_assistance_is_ssbs(sql: Sql) -> None:
    sql.given(
        "observation",
        ACCOUNTS,
        ("07459", "0602", 2018, None, None, None, "Personer1", 68713.0, "ok"),
        ("12210", "0602", 2018, None, None, None, "population_1jan", 68713.0, "ok"),
        ("07459", "0711", 2018, None, None, None, "Personer1", 6672.0, "ok"),
        ("12210", "0711", 2018, None, None, None, "population_1jan", 6671.0, "ok"),
    )
    populations(sql)
    sql.given("def_told_population", "source contents", ("12210", "population_1jan"))
    assert sql.check("validate/staging/population_in_12210.sql") == {"0602 2018": True, "0711 2018": False}


def test_basic_units_have_an_old_municipality(sql: Sql) -> None:
    sql.given("raw_klass_1", "code name region_2010", ("33010101", "Sentrum", "0602"), ("33019999", "Uoppgitt", ""))
    assert sql.check("validate/staging/basic_unit_without_2010.sql") == {"33010101": True, "33019999": False}


def test_places_have_coordinates(sql: Sql) -> None:
    sql.given("raw_udir_skoler", "orgnr name lat lon", ("1", "A", "59.7", "10.2"), ("2", "B", "", ""))
    sql.given("raw_udir_barnehager", "id name lat lon", ("3", "C", "59.7", "10.2"), ("3", "C", "", ""))
    found = sql.check("validate/staging/place_without_coordinate.sql")
    assert found == {"udir-skoler 1": True, "udir-skoler 2": False, "udir-barnehager 3": False}


def test_a_blank_score_means_no_pupils(sql: Sql) -> None:
    start = ("udir-nasjonale-prover", "3203", 2024)
    sql.given(
        "observation",
        "source region year:i orgnr grade subject ContentsCode value:d status",
        (*start, "974180022", "8", "Regning", "score", None, "not_applicable"),
        (*start, "974180022", "8", "Regning", "pupils", 0.0, "ok"),
        (*start, "974590719", "5", "Lesing", "score", None, "not_applicable"),
        (*start, "974590719", "5", "Lesing", "pupils", 12.0, "ok"),
    )
    assert list(sql.check("validate/staging/blank_score_has_pupils.sql").values()) == [True, False]


def test_a_school_lies_in_a_municipality_that_became_its_own(sql: Sql) -> None:
    give_land(sql)
    sql.given("def_region", "region role", (MERGED, "merged"))
    sql.given(
        "raw_udir_skoler", "orgnr name region region_2019", ("1", "A", "3301", "0602"), ("2", "B", "3301", "0220")
    )
    assert sql.check("validate/staging/school_lies_in_member.sql") == {"1": True, "2": False}


def test_reconciliation_stops_what_is_not_registered(sql: Sql) -> None:
    sql.given("def_deviation", "check item reason unusable:b", ("implied_population", "0704 2016", "x", True))
    sql.given(
        "reconciliation",
        "indicator region year:i computed:d published:d verdict",
        ("x.y", "0602", 2018, 10.2, 10.0, "within_rounding"),
        ("x.y", "0711", 2018, 12.0, 10.0, "deviation"),
        ("x.y", "0704", 2016, 12.0, 10.0, "known_deviation"),
        ("x.y", "EAK", 2018, None, 10.0, "not_compared"),
    )
    assert sql.check("validate/marts/reconciliation.sql") == {"x.y 0602 2018": True, "x.y 0711 2018": False}


def test_the_shares_of_the_seven_areas_make_the_whole(sql: Sql) -> None:
    areas = ("a", "b", "c", "d", "e", "f", "g")
    good = [(f"{area}.andel_av_sju", "0602", 2018, 100 / 7, "ok") for area in areas]
    bad = [(f"{area}.andel_av_sju", "0711", 2018, 10.0, "ok") for area in areas]
    sql.given("indicator", "indicator region year:i value:d status", *good, *bad)
    assert sql.check("validate/marts/shares_sum_to_100.sql") == {"0602 2018": True, "0711 2018": False}


def test_the_merged_ratio_lies_among_the_members(sql: Sql) -> None:
    sql.given("def_indicator", "indicator formula", ("x.y", "ratio"))
    columns = "indicator year:i role value:d denominator:d status"
    sql.given("indicator", columns, ("x.y", 2018, "merged", 9.0, 5.0, "ok"), ("x.y", 2019, "merged", 11.0, 5.0, "ok"))
    sql.given(
        "spread",
        "indicator year:i lowest:d highest:d status",
        ("x.y", 2018, 8.0, 10.0, "ok"),
        ("x.y", 2019, 8.0, 10.0, "ok"),
    )
    assert sql.check("validate/marts/merged_within_members.sql") == {"x.y 2018": True, "x.y 2019": False}


def test_a_municipality_is_compared_with_the_group_it_belonged_to(sql: Sql) -> None:
    sql.given(
        "def_group_claim",
        "region year:i kostra_group",
        ("0602", 2018, "EKG13"),
        ("0711", 2018, "EKG13"),
        ("3005", 2021, "EKG12"),  # KLASS has no correspondence for the year: nothing to test
    )
    sql.given(
        "raw_klass_112_131",
        "date sourceCode targetCode targetName",
        ("2018-01-01", "EKG13", "0602", "Drammen"),
        ("2018-01-01", "EKG07", "0711", "Svelvik"),
    )
    assert sql.check("validate/staging/kostra_groups.sql") == {"0602 2018": True, "0711 2018": False}


def test_every_sql_file_is_run_by_a_test_of_its_own() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_sql_*.py"))
    for name, folder in SQL_FOLDERS.items():
        for path in folder.glob("*/*.sql"):
            said = f"{name}/{path.parent.name}/{path.name}"
            called = f"{path.stem}(" if path.parent.name == "macros" else said
            assert called in tests, f"{said} has no given/expect test"
