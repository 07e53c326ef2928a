"""Every constant that docs/methods.md states in words, with a case just inside and one just outside.

A row says which side a figure falls on; the SQL and Python that decide it are the real ones.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.compute import build
from pipeline.compute.forms import published_tables
from pipeline.compute.inputs import definition_tables
from pipeline.errors import KunnskapError
from pipeline.ingest import rows, store
from pipeline.ingest.split import Query, split
from pipeline.ingest.store import SetRecord
from pipeline.model import Definitions, age_codes
from pipeline.model.harmonisation import Known, faults
from pipeline.model.indicators import Deflator, PriceChange
from pipeline.project import Project
from pipeline.validate.identities import Outcome, judge
from pipeline.validate.processed import validate_processed
from tests.conftest import Sql, merger_of
from tests.evening import assumption, empty, fee
from tests.evening import definitions as real_definitions
from tests.land import give_merge_year
from tests.test_sql_harmonisation import SFO, D, N, S, covered, filled, told
from tests.test_sql_marts import OPERAND, drammen, figure, indicator, indicator_rows, merge, operands

__all__ = ["drammen"]  # a fixture is found by its name here

ALL = "nye-drammen"


def one(sql: Sql, query: str) -> tuple[object, ...]:
    (row,) = sql.rows(query)
    return row


# ------------------------------------------------------------------------------------ few people


@pytest.mark.parametrize(
    ("protect", "counted", "of", "status"),
    [
        (3, 38, 40, "suppressed"),  # two are left out
        (3, 37, 40, "ok"),  # three
        (3, 40, 40, "ok"),  # nobody
        (5, 36, 40, "suppressed"),
        (5, 35, 40, "ok"),
        (0, 39, 40, "ok"),  # no people are counted
    ],
)
def test_a_share_of_which_few_are_left_out(drammen: Sql, protect: int, counted: int, of: int, status: str) -> None:
    indicator(drammen, formula="share")
    drammen.connection.execute(f"alter table def_indicator add column protect integer default {protect}")
    operands(drammen, ("A", "0711", 2018, 2018, counted, "ok"), ("B", "0711", 2018, 2018, of, "ok"))
    drammen.connection.execute("alter table operand_region rename to operand_sum")
    drammen.given("operand_need", OPERAND)
    drammen.run("compute/marts/operand_region.sql")
    assert one(drammen, "select status from operand_region where operand = 'A'") == (status,)


@pytest.mark.parametrize(("users", "shown"), [(0, 0.0), (1, None), (4, None), (5, 5.0)])
def test_few_users_are_hidden_in_the_published_form_and_in_the_sums(users: int, shown: float | None) -> None:
    base = filled(*SFO[:2], fee(S, 2450, users))
    for name, query in published_tables(real_definitions()):
        base.connection.execute(f"create or replace table {name} as {query}")
    assert one(base, f"select users from fee where region = '{S}'") == (shown,)
    value = None if shown is None else shown * 11 * 2450
    assert told(base, "revenue", "today")[2] == (S, value, "suppressed" if shown is None else "ok")


# ------------------------------------------------------------------------------------ comparisons


@pytest.mark.parametrize(
    ("own", "other", "index", "status"),
    [
        (5.0, 0.0, None, "not_applicable"),
        (5.0, 0.001, 500_000.0, "ok"),
        (5.0, -0.001, None, "not_applicable"),
        (0.0, 10.0, 0.0, "ok"),
        (-0.001, 10.0, None, "not_applicable"),
    ],
)
def test_an_index_where_a_figure_is_nil(
    drammen: Sql, own: float, other: float, index: float | None, status: str
) -> None:
    indicator(drammen)
    indicator_rows(drammen, ("0602", "member", 2018, own, "ok"), ("EAK", "comparator", 2018, other, "ok"))
    drammen.run("compute/marts/comparison.sql")
    found = one(drammen, "select index, status, reason is null from comparison")
    assert found == (None if index is None else pytest.approx(index), status, status == "ok")


@pytest.mark.parametrize(("lowest", "spread"), [(-10.0, None), (0.0, None), (0.1, 9900.0), (5.0, 100.0)])
def test_a_spread_in_per_cent_of_the_lowest(drammen: Sql, lowest: float, spread: float | None) -> None:
    """Per cent of nothing, or of a deficit, says nothing."""
    indicator(drammen)
    indicator_rows(drammen, ("0602", "member", 2018, lowest, "ok"), ("0625", "member", 2018, 10.0, "ok"))
    drammen.run("compute/marts/spread.sql")
    found = one(drammen, "select lowest, highest, spread_pct from spread")
    assert found == (lowest, 10.0, None if spread is None else pytest.approx(spread))


@pytest.mark.parametrize(("peers", "quartiles"), [(2, (None, None, None)), (3, (15.0, 20.0, 25.0))])
def test_quartiles_are_of_three_or_more(drammen: Sql, peers: int, quartiles: tuple[float | None, ...]) -> None:
    indicator(drammen)
    codes = ("0604", "0605", "0704")[:peers]
    for code in codes:
        drammen.connection.execute(
            f"insert into def_region values ('{code}', '{code}', 'comparator', 'peer', 9, 1986, 2099)"
        )
    others = [(code, "comparator", 2018, 10.0 * at, "ok") for at, code in enumerate(codes, 1)]
    indicator_rows(drammen, ("0602", "member", 2018, 80.0, "ok"), *others)
    drammen.run("compute/marts/spread.sql")
    assert one(drammen, "select peer_q1, peer_median, peer_q3 from spread") == quartiles


# ----------------------------------------------------------------------------------- reconciliation


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        (3333.333 + 0.66, "within_rounding"),  # half of the last decimal, and half of 1000 kr on 3000 inhabitants
        (3333.333 + 0.68, "deviation"),
        (3333.333 - 0.66, "within_rounding"),
        (3333.333 - 0.68, "deviation"),
    ],
)
def test_both_roundings_are_counted(drammen: Sql, published: float, verdict: str) -> None:
    indicator(drammen)
    operands(
        drammen,
        ("A", "0602", 2018, 2018, 10_000_000.0, "ok"),
        ("B", "0602", 2018, 2019, 3000.0, "ok"),
        ("P", "0602", 2018, 2018, published, "ok"),
    )
    drammen.run("compute/marts/reconciliation.sql")
    assert one(drammen, "select verdict from reconciliation") == (verdict,)


@pytest.mark.parametrize(("persons", "verdict"), [(0.0, "not_compared"), (1.0, "deviation")])
def test_what_there_is_nobody_to_divide_by_contradicts_nothing(drammen: Sql, persons: float, verdict: str) -> None:
    """0 man-years ÷ 0 recipients is no figure, whatever was published beside it."""
    indicator(drammen)
    operands(
        drammen,
        ("A", "0602", 2018, 2018, 0.0, "ok"),
        ("B", "0602", 2018, 2019, persons, "ok"),
        ("P", "0602", 2018, 2018, 2000.0, "ok"),
    )
    drammen.run("compute/marts/reconciliation.sql")
    assert one(drammen, "select verdict, computed from reconciliation") == (verdict, 0.0 if persons else None)


@pytest.mark.parametrize(("third", "verdict"), [(3400.0 * 1.00019 + 0.6, "known_deviation"), (3402.0, "deviation")])
def test_another_population_explains_a_figure_to_the_second_of_ten_thousand(
    drammen: Sql, third: float, verdict: str
) -> None:
    """Two figures imply 3000 inhabitants; so does the third, within its rounding and 0.02 per cent."""
    names = ("x.a", "x.b", "x.c")
    indicator(drammen)
    drammen.connection.execute(
        "create or replace table def_indicator as select def_indicator.* replace (n as indicator) "
        "from def_indicator, (values ('x.a'), ('x.b'), ('x.c')) as names (n)"
    )
    drammen.given("def_deviation", "check item reason unusable:b", ("implied_population", "0602 2018", "x", False))
    cells = []
    for name, published in zip(names, (3400.0, 3400.0, third), strict=True):
        for letter, value in (("A", 10_200_000.0), ("B", 3100.0), ("P", published)):
            cells.append((name, letter, "0602", 2018, 2018, 2018, "municipality", "s", value, "ok", None))
    drammen.given("operand_region", OPERAND, *cells)
    drammen.run("compute/marts/reconciliation.sql")
    assert one(drammen, "select verdict from reconciliation where indicator = 'x.c'") == (verdict,)


@pytest.mark.parametrize(
    ("check", "within"), [("implied_population", 0.001), ("last_member_population", 0.001), ("reconciliation", 0.002)]
)
def test_small_disagreements_of_a_known_kind_are_tolerated(definitions: Definitions, check: str, within: float) -> None:
    """0.1 per cent of a population, 0.2 of a published figure; a thousandth of that more stops the run."""
    assert {tolerance.check for tolerance in definitions.tolerances} == {
        "implied_population", "last_member_population", "member_population", "reconciliation",
    }  # fmt: skip
    bare = replace(definitions, deviations=[])
    known = judge([Outcome(check, "0602 2018", False, "avvik", within)], bare)
    assert known.rows["result"].to_list() == ["small"]
    with pytest.raises(KunnskapError, match="0602 2018"):
        judge([Outcome(check, "0602 2018", False, "avvik", within * 1.001)], bare)
    with pytest.raises(KunnskapError, match="0602 2018"):
        judge([Outcome(check, "0602 2018", False, "avvik", None)], bare)


@pytest.mark.parametrize(
    ("last", "status", "found"),
    [
        (100 / 7, "ok", {"0602 2018": True}),
        (100 / 7 + 1e-8, "ok", {"0602 2018": False}),
        (None, "unresolved", {}),  # one was set aside: there is no whole to make up
    ],
)
def test_seven_areas_make_the_whole(sql: Sql, last: float | None, status: str, found: dict[str, bool]) -> None:
    rows_ = [(f"{at}.andel_av_sju", "0602", 2018, 100 / 7, "ok") for at in range(6)]
    sql.given(
        "indicator", "indicator region year:i value:d status", *rows_, ("7.andel_av_sju", "0602", 2018, last, status)
    )
    assert sql.check("validate/marts/shares_sum_to_100.sql") == found


# ------------------------------------------------------------------------------------------ over time


def series(sql: Sql, values: dict[int, float]) -> Sql:
    give_merge_year(sql)
    sql.given("def_region", "region kind ord:i", (ALL, "merger", 0))
    sql.given("def_indicator", "indicator ord:i money:b", ("x.y", 0, False))
    sql.given("def_break", "indicator year:i reason", ("x.y", 2014, "Ny føring fra 2014."))
    sql.given("def_price", "year:i price_year:i factor:d missing")
    rows_ = [("x.y", ALL, "Nye Drammen", "merged", year, value, "ok") for year, value in values.items()]
    return sql.given("indicator", "indicator region region_name role year:i value:d status", *rows_)


@pytest.mark.parametrize(
    ("years", "used", "slope"),
    [
        (2, 2, None),  # no line through two points
        (3, 3, 0.0),
        (5, 5, 0.0),
        (6, 5, 0.0),  # the first, which is far off, is out of the window
    ],
)
def test_a_trend_is_the_line_through_the_last_five_years(sql: Sql, years: int, used: int, slope: float | None) -> None:
    values = {2019 - back: 100.0 for back in range(min(years, 5))}
    if years == 6:
        values[2014] = 900.0
    series(sql, values).run("compute/marts/trend.sql")
    assert one(sql, "select years_used, slope_pct from trend where year = 2019") == (used, slope)


@pytest.mark.parametrize(
    ("values", "status", "slope", "slope_pct"),
    [
        ((1.0, 2.0, 3.0), "ok", 1.0, 50.0),
        ((0.0, 2.0, 4.0), "not_applicable", 2.0, None),  # per cent of what is 0 or less tells nothing: kroner a year
        ((-98.0, -99.0, -100.0), "not_applicable", -1.0, None),
        ((1.0, 2.0), "not_available", None, None),
    ],
)
def test_a_change_in_per_cent_is_of_figures_above_zero(
    sql: Sql, values: tuple[float, ...], status: str, slope: float | None, slope_pct: float | None
) -> None:
    series(sql, {2020 - len(values) + at: value for at, value in enumerate(values)}).run("compute/marts/trend.sql")
    assert one(sql, "select slope_status, slope, slope_pct from trend where year = 2019") == (status, slope, slope_pct)


@pytest.mark.parametrize(
    ("first", "told"),
    [(2013, "Ny føring fra 2014."), (2014, None)],  # the first year of the line is already of the new kind
)
def test_what_changed_within_the_years_of_a_line_is_told(sql: Sql, first: int, told: str | None) -> None:
    series(sql, dict.fromkeys(range(first, 2018), 100.0)).run("compute/marts/trend.sql")
    assert one(sql, "select break_reason from trend where year = 2017") == (told,)


@pytest.mark.parametrize(
    ("value", "written"), [(0.001, 0.001), (0.00099, 0.0), (-0.00099, 0.0), (-0.001, -0.001), (0.0, 0.0), (None, None)]
)
def test_dust_below_a_thousandth_of_the_unit_is_written_as_nothing(
    definitions: Definitions, tmp_path: Path, value: float | None, written: float | None
) -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table reconciliation as select 'nye-drammen' as merger, 'x.y' as indicator, '0602' as region, "
        f"2018 as year, 5.0 as computed, 5.0 as published, {'null' if value is None else value}::double as difference, "
        "'within_rounding' as verdict"
    )
    build.publish(connection, definitions, tmp_path, ["reconciliation"])
    assert duckdb.sql(f"select difference from '{(tmp_path / 'reconciliation.parquet').as_posix()}'").fetchall() == [
        (written,)
    ]


@pytest.mark.parametrize(("year", "crosses"), [(2019, "false"), (2020, "true"), (2023, "true"), (2024, "false")])
def test_a_line_crosses_the_merger_while_a_pro_forma_year_is_in_it(sql: Sql, year: int, crosses: str) -> None:
    series(sql, dict.fromkeys(range(2015, 2026), 100.0)).run("compute/marts/trend.sql")
    assert one(sql, f"select crosses_merger from trend where year = {year}") == (crosses,)


@pytest.mark.parametrize(
    ("before", "last", "first", "verdict"),
    [
        (100.0, 100.0, 110.0, "as_usual"),  # exactly ten per cent
        (100.0, 100.0, 110.5, "jump"),
        (100.0, 100.0, 89.5, "jump"),
        (100.0, 108.0, 108.0 * 1.16, "as_usual"),  # exactly twice the eight per cent of the year before
        (100.0, 108.0, 108.0 * 1.17, "jump"),
        (100.0, 108.0, 108.0 * 0.85, "as_usual"),
        (0.0, 0.0, 5.0, "not_testable"),
        (0.1, 0.1, 5.0, "jump"),
        (-98.0, 40.0, 37.0, "not_testable"),  # no per cent of what has been below 0
    ],
)
def test_a_jump_is_more_than_ten_per_cent_and_more_than_twice_what_is_usual(
    sql: Sql, before: float, last: float, first: float, verdict: str
) -> None:
    series(sql, {2018: before, 2019: last, 2020: first}).run("compute/marts/truth_check.sql")
    assert one(sql, "select verdict from truth_check") == (verdict,)


@pytest.mark.parametrize(
    ("year", "factor", "missing"),
    [
        (2020, 1.033 * 1.067, []),  # dearer since: kroner of before become more
        (2021, 1.067, []),
        (2022, 1.0, []),
        (2023, 1 / 1.05, []),  # kroner of after become fewer
        (2019, None, [2020]),
        (2025, None, [2024]),
    ],
)
def test_the_deflator_takes_kroner_to_the_price_year(year: int, factor: float | None, missing: list[int]) -> None:
    known = {2021: 3.3, 2022: 6.7, 2023: 5.0, 2025: 4.0}
    changes = [
        PriceChange(year=at, pct=pct, status="TBU", date=date(2026, 1, 1), source="x") for at, pct in known.items()
    ]
    found, lacking = Deflator(price_year=2022, change=changes).factor(year)
    assert found == (None if factor is None else pytest.approx(factor)) and lacking == missing


def test_every_year_from_2000_has_a_price_or_says_what_is_missing(definitions: Definitions) -> None:
    record = SetRecord("x", "x", "2026-01-01", False, [])
    prices = definition_tables(definitions, merger_of(ALL), record, {})["def_price"].set_index("year")
    assert (prices.index.min(), prices.index.max()) == (2000, 2098)
    assert prices.index.is_unique and len(prices) == 99
    assert prices["factor"].notna().equals(prices["missing"].isna())
    assert prices.loc[2000, "missing"].startswith("Deflatoren mangler for 2001, 2002, ")
    assert prices.loc[definitions.deflator.price_year, "factor"] == 1


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("year", "region", "status"),
    [(2019, "0602", "ok"), (2020, "0602", "not_valid"), (2019, "3005", "not_valid"), (2020, "3005", "ok"),
     (2023, "3005", "ok"), (2024, "3005", "not_valid"), (2024, "3301", "ok")],
)  # fmt: skip
def test_a_code_is_valid_from_its_first_day_to_the_day_before_the_next(
    sql: Sql, year: int, region: str, status: str
) -> None:
    sql.given("incoming_source", "source", ("12362",))
    sql.given("sign", "sign status")
    sql.given("def_former_area", "source")
    days = {
        "0602": (None, date(2020, 1, 1)),
        "3005": (date(2020, 1, 1), date(2024, 1, 1)),
        "3301": (date(2024, 1, 1), None),
    }
    sql.given("region_validity", "region valid_from:t valid_to:t", *[(code, *span) for code, span in days.items()])
    sql.given(
        "incoming", "file row:i region year:i year_text value:d symbol", ("x", 2, region, year, str(year), 7.0, "")
    )
    sql.run("compute/cells/observed.sql")
    assert one(sql, "select status, value from observed") == (status, 7.0 if status == "ok" else None)


@pytest.mark.parametrize(("at", "codes"), [(2019, 3), (2020, 1), (2023, 1), (2024, 1)])
def test_the_merged_municipality_is_the_members_until_the_day_it_is_one(drammen: Sql, at: int, codes: int) -> None:
    indicator(drammen, formula="amount", years="2018-2025")
    every = ("0602", "0625", "0711", "3005", "3301")
    operands(drammen, *[("A", code, at, at, 100.0, "ok") for code in every])
    drammen.run("compute/marts/operand_weighted.sql").run("compute/marts/operand_composed.sql")
    assert one(drammen, f"select components, value from operand_composed where region = '{ALL}'") == (
        codes,
        100.0 * codes,
    )


@pytest.mark.parametrize(("ages", "codes"), [("1-5", 5), ("0", 1), ("90-", 16), ("0-", 106), ("105-", 1), ("105", 1)])
def test_ages_are_counted_with_both_ends(ages: str, codes: int) -> None:
    found = age_codes(ages)
    assert len(found) == codes and found[0] == ages.split("-")[0].zfill(3).replace("105", "105+")


# ------------------------------------------------------------------------------------------ evening out


@pytest.mark.parametrize(
    ("target", "users"),
    [
        (200, 50.0),  # a price twice as high, elasticity −0.5: half are left
        (299, 0.5),
        (300, 0.0),
        (400, 0.0),  # never fewer than nobody
    ],
)
def test_no_price_leaves_fewer_than_nobody(target: int, users: float) -> None:
    steered = (assumption("mål", "sfo.hel_plass", target), assumption("elastisitet", "alle", -0.5))
    base = filled(fee(D, 100, 100), fee(N, 100, 100), fee(S, 100, 100), assumptions=steered)
    change = 11 * (target * users - 100 * 100)
    assert told(base, "revenue_change", "target")[0] == (D, pytest.approx(change), "ok")


@pytest.mark.parametrize(("own", "more", "less"), [(2789, 0, 1000), (2790, 0, 0), (2791, 1000, 0)])
def test_who_pays_what_they_paid_pays_neither_more_nor_less(own: int, more: int, less: int) -> None:
    base = filled(*SFO, assumptions=(assumption("mål", "sfo.hel_plass", own),))
    assert told(base, "pay_more", "target")[0] == (D, more, "ok")
    assert told(base, "pay_less", "target")[0] == (D, less, "ok")


@pytest.mark.parametrize(("hours", "paid"), [("3", 3), ("4", 4), ("5", 4)])
def test_hours_beyond_the_cap_are_not_paid_for(hours: str, paid: int) -> None:
    more = {"måneder": "12", "mengde": hours, "timetak": "4"}
    base = filled(*[fee(region, 100, 10, "sfo.time", **more) for region in (D, N, S)])
    assert told(base, "revenue", "today", "sfo.time")[0] == (D, 10 * 12 * paid * 100.0, "ok")


def test_the_first_step_comes_in_the_year_of_the_merger() -> None:
    assert filled(*SFO).rows("select distinct step, budget_year from phase_in order by step") == [(1, 2020), (2, 2021)]


def test_a_unit_cost_is_the_mean_by_units_and_nothing_where_there_are_none() -> None:
    """9, 5 and 1 million on 90, 40 and 9 places: 15 million on 139, not the mean of three prices."""
    base = covered(empty(), cost="barnehage.netto").run(
        "compute/marts/item_region.sql", "compute/marts/item_target.sql"
    )
    found = one(base, "select unit_cost_kr, unit_cost_basis from item_target where scenario = 'lowest'")
    assert found == (pytest.approx(15e6 / 139), "snitt")
    base.connection.execute("update indicator set value = 0, numerator = 0 where indicator = 'barnehage.dekning'")
    base.run("compute/marts/item_region.sql", "compute/marts/item_target.sql")
    found = one(base, "select unit_cost_kr, unit_cost_basis from item_target where scenario = 'lowest'")
    assert found == (None, None)


@pytest.mark.parametrize(
    ("shares", "good"),
    [
        ([25, 50, 75, 100], True),
        ([100], True),
        ([0, 100], True),
        ([50, 50, 100], True),
        ([], False),
        ([-1, 100], False),
        ([25, 50, 75], False),
        ([25, 50, 99], False),
        ([50, 25, 100], False),
        ([100, 101], False),
    ],
)
def test_the_phase_in_rises_from_nothing_to_the_whole(
    definitions: Definitions, shares: list[float], good: bool
) -> None:
    plan = definitions.harmonisation
    changed = replace(plan, assumptions=plan.assumptions.model_copy(update={"phase_in_pct": shares}))
    known = Known(
        indicators=definitions.indicators, areas=[*definitions.services, *definitions.service_groups],
        parts=[part.id for grouping in definitions.groupings.values() for part in grouping.part],
        registers=[source.id for source in definitions.forms],
    )  # fmt: skip
    told_ = [text for file, text in faults(changed, known) if file == "harmonisation/assumptions.toml"]
    assert told_ == ([] if good else ["phase_in_pct skal stige fra 0 eller mer og ende på 100."])


# ------------------------------------------------------------------------------------ what is read and kept


@pytest.mark.parametrize("text", ["Særlig måling", "2018–2019", "3 000 €", "«sitat»", "…"])
def test_a_csv_from_excel_on_windows_keeps_every_sign(tmp_path: Path, text: str) -> None:
    path = tmp_path / "skjema.csv"
    path.write_bytes(f"kilde\n{text}\n".encode("cp1252"))
    assert rows.read_rows(path, "skjema.csv", ["kilde"], ["kilde"]).rows == [(2, {"kilde": text})]


def query(**sizes: int) -> Query:
    return {name: [f"{name}{at}" for at in range(size)] for name, size in sizes.items()}


@pytest.mark.parametrize(
    ("asked", "limit", "parts"),
    [
        (query(a=2, b=2), 4, [(2, 2)]),  # exactly the limit
        (query(a=2, b=2), 3, [(2, 1), (2, 1)]),  # of two that give as many parts, the last is cut
        (query(a=4, b=2), 2, [(1, 2)] * 4),  # one dimension in four rather than two in two
        (query(a=3, b=3), 3, [(3, 1)] * 3),
    ],
)
def test_the_fewest_dimensions_are_cut_and_the_last_of_them(
    asked: Query, limit: int, parts: list[tuple[int, int]]
) -> None:
    assert [(len(part["a"]), len(part["b"])) for part in split(asked, limit)] == parts


def kept(project: Project, name: str, **record: Any) -> None:
    folder = project.raw / name
    folder.mkdir(parents=True)
    plain = {"name": name, "title": name, "created": "2026-01-01", "synthetic": False, "sources": []}
    (folder / "set.json").write_text(json.dumps(plain | record), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "previous"),
    [
        ("embedded", ""),
        ("a-oslo", "embedded"),
        ("b-prove", ""),  # made-up figures have no real ones before them
        ("c-drammen", "embedded"),  # neither the made-up set nor the one of another merger
        ("d-prove", "b-prove"),
    ],
)
def test_the_set_before_is_for_the_same_merger_and_just_as_real(tmp_path: Path, name: str, previous: str) -> None:
    project = Project(root=tmp_path)
    kept(project, "embedded")
    kept(project, "a-oslo", mergers=["nye-oslo"])
    kept(project, "b-prove", synthetic=True)
    kept(project, "c-drammen", mergers=["nye-drammen"])
    kept(project, "d-prove", synthetic=True, mergers=["nye-drammen"])
    assert store.previous_set(project, store.set_record(project, name), "nye-drammen") == previous


@pytest.mark.parametrize("content", ["", "{", '{"name": "halvt"}', "[]", '{"sources": ["12362"]}'])
def test_a_pulled_set_that_cannot_be_read_stops_no_other(tmp_path: Path, content: str) -> None:
    project = Project(root=tmp_path)
    kept(project, "embedded")
    kept(project, "a-ny", mergers=["nye-drammen"])
    kept(project, "b-halvt")
    (project.raw / "b-halvt" / "set.json").write_text(content, encoding="utf-8")
    assert store.choose_set(project, None, "nye-drammen") == "a-ny"
    assert store.previous_set(project, store.set_record(project, "a-ny"), "nye-drammen") == "embedded"
    with pytest.raises(KunnskapError, match="Datasettet"):
        store.choose_set(project, "b-halvt", "nye-drammen")


def test_the_shipped_set_must_be_readable(tmp_path: Path) -> None:
    project = Project(root=tmp_path)
    kept(project, "embedded", sources=["12362"])
    with pytest.raises(KunnskapError, match="filene er borte"):
        store.choose_set(project, None, "nye-drammen")


# --------------------------------------------------------------------------------- the processed tables


def table_of(definitions: Definitions, name: str, **values: object) -> duckdb.DuckDBPyConnection:
    """One row of a processed table, every column of the type its field says, empty but for `values`."""
    kinds = {"number": "double", "integer": "integer", "date": "date", "boolean": "boolean", "text": "varchar"}
    table = definitions.tables[name]
    columns_ = ", ".join(
        f'"{column}" {kinds[definitions.fields[table.fields.get(column, column)].type]}' for column in table.columns
    )
    connection = duckdb.connect()
    connection.execute(f'create table "{name}" ({columns_})')
    marks = ", ".join("?" * len(values))
    named = ", ".join(f'"{column}"' for column in values)
    connection.execute(f'insert into "{name}" ({named}) values ({marks})', list(values.values()))
    return connection


def wrong(check: Callable[[], None]) -> str:
    try:
        check()
    except KunnskapError as error:
        return str(error)
    return ""


def status_columns(definitions: Definitions) -> list[tuple[str, str]]:
    return [
        (name, column)
        for name, table in definitions.tables.items()
        for column in table.columns
        if definitions.fields[table.fields.get(column, column)].status
    ]


TOLD = [(n, s) for n, s in status_columns(real_definitions()) if s in real_definitions().tables[n].told]


@pytest.mark.parametrize(("name", "status"), TOLD, ids=lambda text: text)
@pytest.mark.parametrize(("said", "value"), [("ok", None), ("not_available", 1.0)])
def test_a_figure_without_its_status_and_a_status_without_its_figure_stop_the_run(
    definitions: Definitions, name: str, status: str, said: str, value: float | None
) -> None:
    """In every table that has a status; the other faults of the row, which is nearly empty, are not looked at."""
    figure_ = definitions.tables[name].told[status]
    text = wrong_row(definitions, name, {status: said, figure_: value})
    fits = wrong_row(definitions, name, {status: said, figure_: None if said != "ok" else 1.0})
    told_ = (
        "verdi når status er ok, ellers ingen" if figure_ == "value" else f"{figure_} når {status} er ok, ellers ingen"
    )
    assert told_ in text and told_ not in fits


def test_a_figure_of_ones_own_stands_where_there_is_no_index_to_make(definitions: Definitions) -> None:
    """Compared with nothing, the index says nothing; the municipality's own figure is as good as ever."""
    row = {"value": 5.0, "comparator_value": 0.0, "difference": 5.0, "status": "not_applicable"}
    told_ = wrong_row(definitions, "comparison", {**row, "reason": "En indeks gir ikke mening."})
    assert "ok, ellers ingen" not in told_
    assert "index når status er ok, ellers ingen" in wrong_row(definitions, "comparison", {**row, "status": "ok"})


def wrong_row(definitions: Definitions, name: str, values: dict[str, object]) -> str:
    held = "observation_in_memory" if name == "observation" else name
    connection = table_of(definitions, name, **values)
    if held != name:
        connection.execute(f'alter table "{name}" rename to {held}; create view {name} as from {held}')
    return wrong(lambda: validate_processed(connection, definitions, [name]))


def test_every_status_tells_of_a_column_but_that_of_a_scenario(definitions: Definitions) -> None:
    """`today` moves nothing to a target: its status is that of the sums it stands beside."""
    silent = set(status_columns(definitions)) - set(TOLD)
    assert silent == {("item_target", "status")}


@pytest.mark.parametrize(
    ("value", "status", "good"), [(1.0, "ok", True), (None, "suppressed", True), (None, "ok", False),
                                  (1.0, "suppressed", False), (None, "ukjent", False)]
)  # fmt: skip
def test_cells_put_aside_are_looked_at_again_for_value_and_status(
    definitions: Definitions, value: float | None, status: str, good: bool
) -> None:
    connection = duckdb.connect()
    held = "source varchar, region varchar, year integer, ContentsCode varchar, value double, status varchar"
    connection.execute(f"create table observation_in_memory ({held})")
    connection.execute(f"create table observation ({held})")
    connection.execute("insert into observation values ('12367', '0602', 2018, 'x', ?, ?)", [value, status])
    text = wrong(lambda: validate_processed(connection, definitions, ["observation"]))
    assert (text == "") is good and (good or "1 rader" in text)


def test_both_ends_of_a_merger_are_in_the_series(drammen: Sql) -> None:
    """A comparator's years are told with both ends: 2015 to 2019 are all of a KOSTRA group's years."""
    indicator(drammen, formula="amount", years="2014-2020")
    operands(drammen, *[("A", "EKG13", year, year, 5.0, "ok") for year in range(2014, 2021)])
    merge(drammen)
    assert drammen.rows("select min(year), max(year) from indicator where region = 'EKG13'") == [(2015, 2019)]
    assert figure(drammen, "EKG13", 2015) == (5.0, "ok", "computed")
