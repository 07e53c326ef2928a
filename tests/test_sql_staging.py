"""Staging SQL: given rows, expected rows."""

import pandas as pd
import pytest

from pipeline.compute.build import _observed, set_aside
from pipeline.model import Definitions
from pipeline.validate import aside
from pipeline.validate.aside import Aside
from tests.conftest import ASIDE, Sql


def test_a_code_is_valid_from_the_change_that_made_it_to_the_one_that_ended_it(sql: Sql) -> None:
    sql.given(
        "raw_klass_131_changes",
        "changeOccurred oldCode newCode",
        ("2020-01-01", "0602", "3005"),
        ("2020-01-01", "0625", "3005"),
        ("2024-01-01", "3005", "3301"),
        # part of Stokke became Tønsberg, which was there before and stayed
        ("2017-01-01", "0720", "0704"),
        ("2017-01-01", "0720", "0710"),
        ("2017-01-01", "0704", "0704"),
        # a new name is not a new code
        ("1990-01-01", "2027", "2027"),
    )
    sql.given("raw_klass_131_codes", "code", ("3301",), ("2027",), ("0301",))
    sql.run("compute/registers/region_validity.sql")
    rows = sql.rows("select region, valid_from::varchar, valid_to::varchar from region_validity order by region")
    assert rows == [
        ("0301", None, None),
        ("0602", None, "2020-01-01"),
        ("0625", None, "2020-01-01"),
        ("0704", None, None),
        ("0710", "2017-01-01", None),
        ("0720", None, "2017-01-01"),
        ("2027", None, None),
        ("3005", "2020-01-01", "2024-01-01"),
        ("3301", "2024-01-01", None),
    ]


def test_a_zero_under_a_code_that_did_not_exist_is_not_a_figure(sql: Sql) -> None:
    sql.given("region_validity", "region valid_from:t valid_to:t", ("3005", "2020-01-01", "2024-01-01"))
    sql.given("def_former_area", "source", ("11668",))
    sql.given("incoming_source", "source", ("12362",))
    sql.given("sign", "sign status", ("", "not_available"), (".", "not_applicable"))
    sql.given(
        "incoming",
        "file row:i region year:i year_text value:d symbol",
        ("a.json", 1, "3005", 2019, "2019", 0.0, ""),
        ("a.json", 2, "3005", 2020, "2020", 10.0, ""),
        ("a.json", 3, "3005", 2023, "2023", 11.0, ""),
        ("a.json", 4, "3005", 2024, "2024", 0.0, ""),
        ("a.json", 5, "EAK", 2024, "2024", 5.0, ""),
        ("a.json", 6, "EAK", 2025, "2025", None, "."),
    )
    sql.run("compute/cells/observed.sql")
    assert sql.rows("select year, value, status from observed where region = '3005' order by year") == [
        (2019, None, "not_valid"),
        (2020, 10.0, "ok"),
        (2023, 11.0, "ok"),
        (2024, None, "not_valid"),
    ]
    assert sql.rows("select value, status from observed where region = 'EAK' order by year") == [
        (5.0, "ok"),
        (None, "not_applicable"),
    ]
    # a projection stands on the codes of the year it was made
    sql.given("incoming_source", "source", ("11668",))
    assert sql.rows("select value from observed where region = '3005' and year = 2024") == [(0.0,)]


OBSERVATION = "source region year:i eierform trinn ContentsCode value:d status"


def test_kindergartens_are_counted_and_a_hole_is_never_a_zero(sql: Sql) -> None:
    sql.given("def_period", "source period year:i", ("udir-barnehager", "before_2020", 2018))
    sql.given(
        "raw_udir_barnehager",
        "region period ownership children children_status",
        ("0711", "before_2020", "kommunal", "60", ""),
        ("0711", "before_2020", "kommunal", "50", ""),
        ("0627", "before_2020", "privat", "40", ""),
        ("0627", "before_2020", "privat", "", "not_applicable"),  # an open kindergarten
        ("0628", "before_2020", "privat", "30", ""),
        ("0628", "before_2020", "privat", "", ""),  # nobody knows
    )
    sql.run("compute/staging/kindergarten_unit.sql").run("compute/staging/kindergarten_count.sql")
    query = "select region, eierform, value, status from kindergarten_count where ContentsCode = '{}' order by all"
    assert sql.rows(query.format("barn")) == [
        ("0627", "kommunal", 0.0, "ok"),
        ("0627", "privat", 40.0, "ok"),
        ("0628", "kommunal", 0.0, "ok"),
        ("0628", "privat", None, "not_available"),
        ("0711", "kommunal", 110.0, "ok"),
        ("0711", "privat", 0.0, "ok"),
    ]
    assert [(r, e, v) for r, e, v, _ in sql.rows(query.format("barnehager"))] == [
        ("0627", "kommunal", 0.0),
        ("0627", "privat", 1.0),
        ("0628", "kommunal", 0.0),
        ("0628", "privat", 2.0),
        ("0711", "kommunal", 2.0),
        ("0711", "privat", 0.0),
    ]


def test_schools_are_counted_on_the_area_of_the_old_municipality(sql: Sql) -> None:
    sql.given("def_period", "source period year:i", ("udir-skoler", "january_2026", 2026))
    sql.given(
        "raw_udir_skoler",
        "region_2019 lowest_grade highest_grade ownership",
        ("0711", "1", "7", "Offentlig"),
        ("0711", "1", "7", "Offentlig"),
        ("0711", "8", "10", "Offentlig"),
        ("0711", "", "", "Privat"),
    )
    sql.run("compute/staging/school_count.sql")
    rows = sql.rows("select eierform, trinn, value from school_count where value > 0 order by all")
    assert rows == [("Offentlig", "1-7", 2.0), ("Offentlig", "8-10", 1.0), ("Privat", "annet", 1.0)]
    assert sql.rows("select count(*), bool_and(status = 'ok'), min(year) from school_count") == [(8, True, 2026)]


def test_rounding_leaves_an_interval_and_a_missing_age_leaves_no_population(sql: Sql) -> None:
    columns = "source region year:i Alder KOKfunksjon0000 KOKart0000 KOKartkap0000 ContentsCode value:d status"
    start = ("12362", "0711", 2018, None, "FGK7", "AGD2", None)
    sql.given(
        "observation",
        columns,
        (*start, "KOSbelop0000", 46_152.0, "ok"),
        (*start, "KOSbelopinnbygge0000", 6904.0, "ok"),
        ("07459", "0711", 2019, "000", None, None, None, "Personer1", 61.0, "ok"),
        ("07459", "0711", 2019, "001", None, None, None, "Personer1", 55.0, "ok"),
        ("07459", "0602", 2019, "000", None, None, None, "Personer1", None, "not_available"),
    )
    sql.given("def_implied", "source ord:i amount per_inhabitant", ("12362", 0, "KOSbelop0000", "KOSbelopinnbygge0000"))
    sql.given("def_source_role", "role source", ("population", "07459"))
    sql.run("compute/staging/implied_population.sql").run("compute/staging/whole_population.sql")
    rows = sql.rows("select source, region, year, round(lowest, 1), round(highest, 1) from implied_population")
    assert rows == [("12362", "0711", 2018, 6684.3, 6685.4)]
    assert sql.rows("select source, region, year, persons from whole_population") == [("07459", "0711", 2019, 116.0)]


def test_what_registers_count_and_what_was_put_aside_stand_among_the_cells(sql: Sql) -> None:
    for table in ("cell_read", "cell_put_aside"):
        sql.given(table, OBSERVATION, (table, "0711", 2018, None, None, "x", 1.0, "ok"))
    sql.given("kindergarten_count", OBSERVATION.replace("trinn ", ""), ("k", "0711", 2018, "privat", "barn", 2.0, "ok"))
    sql.given("school_count", OBSERVATION, ("s", "0711", 2018, "Privat", "1-7", "skoler", 3.0, "ok"))
    sql.run("compute/staging/observation_in_memory.sql").run("compute/staging/observation.sql")
    assert sql.rows("select source, eierform, trinn, value from observation") == [
        ("cell_read", None, None, 1.0),
        ("k", "privat", None, 2.0),
        ("s", "Privat", "1-7", 3.0),
        ("cell_put_aside", None, None, 1.0),
    ]
    assert sql.rows("select count(*) from observation_in_memory") == [(3,)]


def test_of_the_cells_in_parts_what_is_set_aside_counts_for_nothing(sql: Sql) -> None:
    columns = "source region year:i ContentsCode value:d status"
    sql.given(
        "cell_in_parts",
        columns,
        ("12367", "0711", 2018, "KOSbelop0000", 1.0, "ok"),
        ("12367", "0711", 2018, "KOSandel0000", 2.0, "ok"),  # contents that did not hold
        ("12367", "0602", 2018, "KOSbelop0000", 3.0, "ok"),  # contradicts another table
        ("12367", "0602", 2019, "KOSbelop0000", None, "suppressed"),
        ("12359", "0602", 2018, "KOSbelop0000", 4.0, "ok"),  # of a table that did not hold
    )
    sql.given("cell_gone", "source contents", ("12367", "KOSandel0000"), ("12359", ""))
    set_aside = [("12367", "", "", "0602", year, "To tabeller sier hver sitt.") for year in (2018, 2019)]
    sql.given("aside_cell", ASIDE, *set_aside)
    sql.run("compute/staging/cell_put_aside.sql")
    assert sql.rows("select region, year, value, status from cell_put_aside") == [
        ("0711", 2018, 1.0, "ok"),
        ("0602", 2018, None, "unresolved"),
        ("0602", 2019, None, "suppressed"),  # a hole stays the hole it is
    ]


def test_of_the_cells_in_memory_what_is_set_aside_counts_for_nothing(sql: Sql) -> None:
    columns = "source region year:i ContentsCode value:d status"
    sql.given(
        "cell_read",
        columns,
        ("12210", "0711", 2018, "population_1jan", 6671.0, "ok"),
        ("12210", "0711", 2018, "KOSsosantkliente0000", 97.0, "ok"),
        ("12210", "0711", 2019, "population_1jan", 6672.0, "ok"),
    )
    why = Aside(source="12210", contents="population_1jan", region="0711", year=2018, reason="07459 viser 6672.")
    set_aside(sql.connection, aside.table([why]))
    assert sql.rows("select year, value, status from cell_read") == [
        (2018, None, "unresolved"),
        (2018, 97.0, "ok"),
        (2019, 6672.0, "ok"),
    ]


@pytest.mark.parametrize(
    ("source", "sign", "status"),
    [
        ("12367", ":", "not_available"),  # an art that cannot occur on the function: no protection of people
        ("12210", ":", "suppressed"),
        ("12367", ".", "not_applicable"),  # a code before its time
        ("12210", "*", "not_available"),  # the sign of a figure that is not final, without the figure
        ("12210", "", "not_available"),
    ],
)
def test_a_sign_is_the_hole_it_stands_for_in_its_table(
    sql: Sql, definitions: Definitions, source: str, sign: str, status: str
) -> None:
    sql.given("region_validity", "region valid_from:t valid_to:t")
    sql.given("def_former_area", "source")
    cell = {"file": "x", "row": 1, "region": "EAK", "year": 2018, "year_text": "2018", "value": None, "symbol": sign}
    frame = pd.DataFrame([cell | {"ContentsCode": "x"}]).astype({"value": "float64"})
    with _observed(sql.connection, definitions, source, frame) as cells:
        assert sql.rows(f"select value, status from ({cells})") == [(None, status)]
