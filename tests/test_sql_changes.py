"""What changed between two sets: given rows, expected rows."""

import pytest

from tests.conftest import Sql

INDICATOR = "indicator region year:i value:d"
CELL = "source region year:i cell value:d status"


@pytest.fixture
def changed(sql: Sql) -> Sql:
    """12362 was revised for Drammen 2018; Svelvik came in, Nedre Eiker went out."""
    sql.given("def_indicator", "indicator ord:i", ("barnehage.netto_driftsutgifter", 0))
    sql.given(
        "def_region",
        "region region_name role ord:i",
        ("0602", "Drammen", "member", 0),
        ("0625", "Nedre Eiker", "member", 1),
        ("0711", "Svelvik", "member", 2),
        ("nye-drammen", "Nye Drammen", "merged", 3),
    )
    members = [("nye-drammen", code) for code in ("0602", "0625", "0711")]
    sql.given("def_component", "region component", *members)
    sql.given(
        "wanted_cell",
        "indicator operand source year_offset:i fixed_year:i cell",
        ("barnehage.netto_driftsutgifter", "A", "12362", 0, None, "FGK7|AGD2|KOSbelop0000"),
    )
    cell = ("FGK7|AGD2|KOSbelop0000",)
    sql.given(
        "old_cell",
        CELL,
        ("12362", "0602", 2018, *cell, 554652.0, "ok"),
        ("12362", "0625", 2018, *cell, 214122.0, "ok"),
        ("12362", "0711", 2018, *cell, None, "not_available"),
        ("12362", "0602", 2017, *cell, 540000.0, "ok"),
    )
    sql.given(
        "cell",
        CELL,
        ("12362", "0602", 2018, *cell, 554700.0, "ok"),
        ("12362", "0711", 2018, *cell, 46152.0, "ok"),
        ("12362", "0602", 2017, *cell, 540000.0, "ok"),
    )
    sql.given("old_set", "name", ("2026-03-16",))
    return sql


def test_a_changed_cell_tells_what_it_was(changed: Sql) -> None:
    changed.run("compute/changes/changed_cell.sql")
    assert changed.rows("select region, year, was, became from changed_cell order by region") == [
        ("0602", 2018, "554652.0", "554700.0"),
        ("0625", 2018, "214122.0", "ikke i settet"),
        ("0711", 2018, "not_available", "46152.0"),
    ]


def test_every_value_that_changed_came_or_went_is_there_with_the_cells_behind_it(changed: Sql) -> None:
    name = "barnehage.netto_driftsutgifter"
    changed.given(
        "old_indicator",
        INDICATOR,
        (name, "0602", 2018, 554652.0),
        (name, "0602", 2017, 540000.0),
        (name, "0625", 2018, 214122.0),
        (name, "0711", 2018, None),
    )
    changed.given(
        "indicator",
        INDICATOR,
        (name, "0602", 2018, 554700.0),
        (name, "0602", 2017, 540000.0 + 1e-10),  # the order of adding, not a change
        (name, "0711", 2018, 46152.0),
        (name, "nye-drammen", 2018, None),
    )
    changed.run("compute/changes/changed_cell.sql", "compute/changes/change.sql")
    found = changed.rows("select region, kind, old_value, new_value, difference, cells_changed, cells from change")
    start = "2018 FGK7|AGD2|KOSbelop0000:"
    assert found == [
        ("0602", "changed", 554652.0, 554700.0, 48.0, 1, f"12362 0602 {start} 554652.0 → 554700.0"),
        ("0625", "disappeared", 214122.0, None, None, 1, f"12362 0625 {start} 214122.0 → ikke i settet"),
        ("0711", "appeared", None, 46152.0, None, 1, f"12362 0711 {start} not_available → 46152.0"),
    ]


def test_a_merged_figure_names_the_cells_of_its_members(changed: Sql) -> None:
    name = "barnehage.netto_driftsutgifter"
    changed.given("old_indicator", INDICATOR, (name, "nye-drammen", 2018, 768774.0))
    changed.given("indicator", INDICATOR, (name, "nye-drammen", 2018, 600852.0))
    changed.run("compute/changes/changed_cell.sql", "compute/changes/change.sql")
    [(pct, count)] = changed.rows("select round(difference_pct, 1), cells_changed from change")
    assert (pct, count) == (-21.8, 3)
