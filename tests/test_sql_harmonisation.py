"""Harmonisation by example: given rows of a form or the indicator table, expected rows of the tables."""

import pytest

from pipeline.compute.forms import published_tables
from tests.conftest import Sql
from tests.evening import INDICATOR, assumption, definitions, empty, fee, form_row, standard

D, N, S, ALL = "0602", "0625", "0711", "nye-drammen"
SFO = (fee(D, 2790, 1000), fee(N, 2640, 500), fee(S, 2450, 100))
FORM = "raw_brukerbetalinger"
STEPS = (
    "compute/marts/item_region.sql",
    "compute/marts/item_target.sql",
    "compute/marts/harmonisation.sql",
    "compute/marts/sensitivity.sql",
    "compute/marts/household.sql",
    "compute/marts/phase_in.sql",
)


def run(base: Sql) -> Sql:
    return base.run(*STEPS)


def columns(base: Sql, table: str) -> str:
    return " ".join(name for (name,) in base.rows(f"select column_name from (describe {table})"))


def filled(*rows: tuple[str, ...], assumptions: tuple[tuple[str, ...], ...] = ()) -> Sql:
    base = empty()
    base.given(FORM, columns(base, FORM), *rows)
    base.given("raw_forutsetninger", columns(base, "raw_forutsetninger"), *assumptions)
    return run(base)


def told(base: Sql, measure: str, scenario: str, item: str = "sfo.hel_plass") -> list[tuple[object, ...]]:
    return base.rows(
        "select region, round(value, 6), status from harmonisation where "
        f"item = '{item}' and measure = '{measure}' and scenario = '{scenario}' order by role, region"
    )


def test_a_fee_brings_in_what_users_times_months_times_the_difference_is() -> None:
    base = filled(*SFO)
    assert told(base, "revenue", "today") == [
        (D, 30_690_000.0, "ok"), (N, 14_520_000.0, "ok"), (S, 2_695_000.0, "ok"), (ALL, 47_905_000.0, "ok"),
    ]  # fmt: skip
    assert told(base, "revenue_change", "lowest") == [
        (D, -3_740_000.0, "ok"), (N, -1_045_000.0, "ok"), (S, 0.0, "ok"), (ALL, -4_785_000.0, "ok"),
    ]  # fmt: skip
    assert told(base, "revenue_change", "highest")[-1] == (ALL, 500 * 11 * 150.0 + 100 * 11 * 340.0, "ok")


def test_the_mean_is_weighted_by_users_and_moves_nothing_in_all() -> None:
    base = filled(*SFO)
    mean = (2790 * 1000 + 2640 * 500 + 2450 * 100) / 1600
    assert told(base, "level", "average")[0] == (D, round(mean, 6), "ok")
    assert told(base, "level", "today")[-1] == (ALL, round(mean, 6), "ok")
    assert told(base, "revenue_change", "average")[-1] == (ALL, 0.0, "ok")


def test_those_who_pay_more_and_less_are_counted() -> None:
    base = filled(*SFO)
    assert told(base, "pay_less", "lowest")[-1] == (ALL, 1500.0, "ok")
    assert told(base, "pay_more", "lowest")[-1] == (ALL, 0.0, "ok")
    assert told(base, "pay_more", "average")[-1] == (ALL, 600.0, "ok")
    assert told(base, "pay_less", "average")[-1] == (ALL, 1000.0, "ok")


def test_a_member_that_lacks_the_fee_makes_every_sum_missing() -> None:
    base = filled(*SFO[:2])
    assert told(base, "level", "today")[2] == (S, None, "not_available")
    for scenario in ("lowest", "average", "highest"):
        assert {row[1:] for row in told(base, "revenue_change", scenario)} == {(None, "component_missing")}
    (reason,) = base.rows(
        "select distinct reason from harmonisation where scenario = 'lowest' and measure = 'level' and role = 'merged'"
    )
    assert reason == ("Mangler for Svelvik (mangler).",)


def test_a_member_without_users_has_a_level_and_no_sum() -> None:
    base = filled(*SFO[:2], fee(S, 2450, ""))
    assert told(base, "level", "lowest")[-1] == (ALL, 2450.0, "ok")
    assert told(base, "revenue_change", "lowest") == [
        (D, -3_740_000.0, "ok"), (N, -1_045_000.0, "ok"), (S, None, "not_available"), (ALL, None, "component_missing"),
    ]  # fmt: skip
    assert told(base, "level", "average")[-1] == (ALL, None, "component_missing")
    aims = base.rows("select scenario, target, status from item_target order by scenario_ord")
    assert aims == [
        ("today", None, "component_missing"), ("lowest", 2450.0, "ok"), ("average", None, "component_missing"),
        ("highest", 2790.0, "ok"), ("target", None, "not_applicable"),
    ]  # fmt: skip


def test_few_users_are_not_shown_and_cannot_be_subtracted() -> None:
    base = filled(*SFO[:2], fee(S, 2450, 4))
    for measure in ("revenue", "payers"):
        assert told(base, measure, "today")[2:] == [(S, None, "suppressed"), (ALL, None, "component_missing")]


def test_a_fee_under_self_cost_moves_in_the_fund() -> None:
    water = [
        fee(region, price, 1000, "var.vann", måneder="1", selvkost="ja", selvkostfond=fund)
        for region, price, fund in ((D, 2000, "500"), (N, 3000, "-200"), (S, 2500, "0"))
    ]
    base = filled(*water)
    assert told(base, "fund", "today", "var.vann")[-1] == (ALL, 300_000.0, "ok")
    assert told(base, "fund_change", "lowest", "var.vann")[-1] == (ALL, -1_500_000.0, "ok")
    assert told(base, "revenue_change", "lowest", "var.vann") == []


def test_a_level_of_the_groups_own_and_none_where_it_has_not_set_any() -> None:
    base = filled(*SFO, assumptions=(assumption("mål", "sfo.hel_plass", 2600),))
    assert told(base, "revenue_change", "target")[-1] == (ALL, 11 * (1000 * -190 + 500 * -40 + 100 * 150.0), "ok")
    assert told(filled(*SFO), "revenue_change", "target")[-1] == (ALL, None, "not_applicable"), "not set is no hole"


def test_users_change_where_an_elasticity_is_set() -> None:
    base = filled(*SFO, assumptions=(assumption("elastisitet", "sfo.hel_plass", -0.5),))
    users = 1000 * (1 - 0.5 * (2450 - 2790) / 2790)
    assert told(base, "revenue_change", "lowest")[0][1] == pytest.approx(11 * (2450 * users - 2790 * 1000), abs=1e-6)
    free = filled(fee(D, 0, 100), *SFO[1:], assumptions=(assumption("elastisitet", "alle", -0.5),))
    assert told(free, "revenue_change", "highest")[0] == (D, None, "not_applicable")


def test_hours_are_paid_for_up_to_the_cap() -> None:
    row = {"måneder": "12", "mengde": "6", "timetak": "4"}
    base = filled(*[fee(region, price, 10, "sfo.time", **row) for region, price in ((D, 100), (N, 200), (S, 300))])
    assert told(base, "revenue", "today", "sfo.time")[0] == (D, 10 * 12 * 4 * 100.0, "ok")
    unknown = filled(*[fee(region, 100, 10, "sfo.time") for region in (D, N, S)])
    assert told(unknown, "revenue", "today", "sfo.time")[0] == (D, None, "not_available")


def test_price_and_cap_are_evened_out_together_as_what_a_user_pays() -> None:
    """310 kr for 2 of 3 hours, 255 kr for 3, 240 kr for 3: 620, 765 and 720 kr a month. The dearest is what is paid
    for."""
    row = {"måneder": "12", "mengde": "3"}
    rows = [fee(D, 310, 200, "sfo.time", timetak="2", **row), fee(N, 255, 80, "sfo.time", timetak="4", **row)]
    base = filled(*rows, fee(S, 240, 20, "sfo.time", **row))
    assert told(base, "level", "today", "sfo.time")[:3] == [(D, 620.0, "ok"), (N, 765.0, "ok"), (S, 720.0, "ok")]
    assert told(base, "level", "highest", "sfo.time")[-1] == (ALL, 765.0, "ok"), "not 310 kr for 4 hours"
    assert told(base, "revenue_change", "highest", "sfo.time")[0] == (D, 200 * 12 * 145.0, "ok")
    assert base.rows("select distinct title, unit from item_region where item = 'sfo.time'") == [
        ("SFO, time, det en bruker betaler", "kr per måned")
    ]
    uncapped = [fee(region, 255, 80, "sfo.time", **row) for region in (D, N, S)]
    assert told(filled(*uncapped), "level", "today", "sfo.time")[0] == (D, 255.0, "ok"), "without a cap it is a price"


def test_a_price_that_the_state_sets_is_not_offered() -> None:
    base = empty()
    base.given("def_state_price", "item told since:i", ("sfo.hel_plass", "forskriften, fra 2018", 2018))
    base.given(FORM, columns(base, FORM), *SFO)
    run(base)
    assert told(base, "level", "today")[0] == (D, 2790.0, "ok"), "it is shown"
    for scenario in ("lowest", "average", "highest", "target"):
        assert {row[1:] for row in told(base, "revenue_change", scenario)} == {(None, "not_applicable")}
    base.given("def_state_price", "item told since:i", ("sfo.hel_plass", "forskriften, fra 2019", 2019))
    assert told(run(base), "revenue_change", "lowest")[-1] == (ALL, -4_785_000.0, "ok"), "before the rule"


@pytest.mark.parametrize(("price", "months"), [(2000, 12 * 300 / 1500), (3000, None)])
def test_how_many_months_the_fund_lasts_the_lowest_price(price: int, months: float | None) -> None:
    rows = [
        fee(region, own, 1000, "var.vann", måneder="1", selvkost="ja", selvkostfond=fund)
        for region, own, fund in ((D, price, "500"), (N, 3000, "-200"), (S, 2500 if months else 3000, "0"))
    ]
    base = filled(*rows)
    status = "ok" if months else "not_applicable"
    assert told(base, "fund_months", "lowest", "var.vann") == [(ALL, months, status)]
    assert told(base, "fund_months", "highest", "var.vann") == [(ALL, None, "not_applicable")], "it fills the fund"
    assert told(base, "fund_months", "average", "var.vann") == [(ALL, None, "not_applicable")], (
        "it moves nothing in all"
    )


def test_the_newest_usable_year_is_one_in_which_all_have_level_and_weight() -> None:
    years = [
        fee(r, p, u, år=str(y)) for y, s in ((2016, 100), (2017, ""), (2018, 100)) for r, p, u in ((D, 9, s), (N, 8, 9))
    ]
    whole = [fee(S, 7, 9, år=str(year)) for year in (2016, 2017)]
    base = filled(*years, *whole)
    found = base.rows("select distinct year, usable_year, shown_year from item_target order by year")
    assert found == [(2016, 2016, 2016), (2017, 2016, 2016), (2018, 2016, 2016)]
    none = filled(*[fee(r, 9, "", år=str(y)) for y, who in ((2017, (D, N, S)), (2018, (D, N))) for r in who])
    found = none.rows("select distinct year, usable_year, shown_year from item_target order by year")
    assert found == [(2017, None, 2017), (2018, None, 2017)], "no users: the newest in which all have a price"


def test_a_published_price_stands_in_for_a_row_nobody_has_filled_in() -> None:
    base = empty()
    base.given(FORM, columns(base, FORM), *SFO[:2])
    price = ("nye-drammen", "sfo.pris", S, "Svelvik", "member", 2018, 2300.0, "kr", None, None, "ok", None, "12303")
    base.given("indicator", INDICATOR, price)
    run(base)
    assert told(base, "level", "lowest")[-1] == (ALL, 2300.0, "ok")
    assert told(base, "revenue_change", "lowest")[-1] == (ALL, None, "component_missing")


def covered(base: Sql, *, cost: str = "", not_kroner: str | None = None, caution: str | None = None) -> Sql:
    base.given(
        "def_coverage",
        columns(base, "def_coverage"),
        ("barnehage.dekning", 0, "barnehage", "Dekning", "plasser", cost, not_kroner, caution),
    )
    rows = [
        (
            "nye-drammen",
            "barnehage.dekning",
            region,
            name,
            "member",
            2018,
            100 * a / b,
            "prosent",
            a,
            b,
            "ok",
            None,
            "x",
        )
        for region, name, a, b in (
            (D, "Drammen", 90.0, 100.0),
            (N, "Nedre Eiker", 40.0, 50.0),
            (S, "Svelvik", 9.0, 10.0),
        )
    ]
    money = [
        ("nye-drammen", "barnehage.netto", region, name, "member", 2018, kr, "kr", kr, 1.0, "ok", None, "y")
        for region, name, kr in ((D, "Drammen", 9e6), (N, "Nedre Eiker", 5e6), (S, "Svelvik", 1e6))
    ]
    base.given("indicator", INDICATOR, *rows, *money)
    return base


def test_coverage_becomes_places_and_kroner_at_the_mean_cost() -> None:
    base = run(covered(empty(), cost="barnehage.netto"))
    assert told(base, "units_change", "highest", "barnehage.dekning") == [
        (D, 0.0, "ok"), (N, 5.0, "ok"), (S, 0.0, "ok"), (ALL, 5.0, "ok"),
    ]  # fmt: skip
    mean = 15e6 / 139
    assert told(base, "cost_change", "highest", "barnehage.dekning")[-1][1] == pytest.approx(5 * mean, abs=1e-3)
    assert told(base, "units_change", "average", "barnehage.dekning")[-1] == (ALL, pytest.approx(0), "ok")


def test_a_difference_that_is_none_in_kroner_says_why() -> None:
    base = run(covered(empty(), not_kroner="Følger behovet."))
    rows = base.rows(
        "select distinct status, reason from harmonisation where measure = 'cost_change' and scenario = 'highest'"
    )
    assert rows == [("not_applicable", "Følger behovet.")]


def test_coverage_in_doubt_is_shown_and_moves_neither_places_nor_kroner() -> None:
    base = run(covered(empty(), cost="barnehage.netto", caution="Barna telles der barnehagen ligger."))
    assert told(base, "level", "today", "barnehage.dekning")[0] == (D, 90.0, "ok")
    rows = base.rows(
        "select distinct status, reason from harmonisation where measure in ('units_change', 'cost_change') "
        "and scenario in ('lowest', 'average', 'highest')"
    )
    assert rows == [("not_applicable", "Barna telles der barnehagen ligger.")]


def test_nobody_is_moved_above_all_of_the_group() -> None:
    base = covered(empty())
    base.connection.execute(
        "update indicator set value = 102, numerator = 10.2 where region = '0711' and denominator = 10"
    )
    assert told(run(base), "level", "highest", "barnehage.dekning")[-1] == (ALL, 100.0, "ok")
    assert told(base, "units_change", "highest", "barnehage.dekning") == [
        (D, 10.0, "ok"), (N, 10.0, "ok"), (S, 0.0, "ok"), (ALL, 20.0, "ok"),
    ]  # fmt: skip


def test_a_given_unit_cost_goes_before_the_mean() -> None:
    base = covered(empty(), cost="barnehage.netto")
    base.given(
        "raw_forutsetninger",
        columns(base, "raw_forutsetninger"),
        assumption("enhetskostnad", "barnehage.dekning", 200_000),
    )
    assert told(run(base), "cost_change", "highest", "barnehage.dekning")[-1] == (ALL, 1_000_000.0, "ok")


def test_a_standard_of_the_form_is_evened_out_per_hundred() -> None:
    base = empty()
    rows = (standard(D, 30, 600, "1000"), standard(N, 10, 100, "2000"), standard(S, 5, 50, "1000"))
    base.given("raw_dekning", columns(base, "raw_dekning"), *rows)
    item = "barnehage: Åpen barnehage"
    assert told(run(base), "units_change", "highest", item) == [
        (D, 30.0, "ok"), (N, 0.0, "ok"), (S, 0.0, "ok"), (ALL, 30.0, "ok"),
    ]  # fmt: skip
    mean = (30 * 1000 + 10 * 2000 + 5 * 1000) / 45
    assert told(base, "cost_change", "highest", item)[-1][1] == pytest.approx(30 * mean, abs=1e-6)


def spent(base: Sql) -> Sql:
    base.given(
        "def_spending",
        columns(base, "def_spending"),
        ("barnehage.netto", 0, "barnehage", "Netto", False),
        ("barnehage.netto", 1, "barnehage", "Netto", True),
    )
    figures = ((D, 600.0, 100.0, 120.0), (N, 250.0, 50.0, 100.0), (S, 60.0, 10.0, 80.0))
    own = ("nye-drammen", "barnehage.netto")
    rows = [
        (*own, region, region, "member", 2018, kr / people, "kr", kr, people, "ok", None, "x")
        for region, kr, people, _ in figures
    ]
    needs = [
        (*own, region, "member", 2018, "barnehage", 2026, people, *by_age, *held, "ok", None)
        for region, kr, people, index in figures
        for by_age, held in [[(i, kr / people / i * 100) for i in (index, 0.8 * index + 20)]]
    ]
    base.given("indicator", INDICATOR, *rows)
    base.given("need", columns_typed(base, "need"), *needs)
    return run(base)


def columns_typed(base: Sql, table: str) -> str:
    kinds = {"INTEGER": ":i", "DOUBLE": ":d"}
    return " ".join(
        f"{name}{kinds.get(kind, '')}"
        for name, kind in base.rows(f"select column_name, column_type from (describe {table})")
    )


@pytest.mark.parametrize(
    ("adjusted", "low", "high"),
    [
        (False, 5 * 160 - 910, 6 * 160 - 910),  # lowest 5 kr (Nedre Eiker), highest 6 kr, 160 inhabitants
        (True, 5 * 178 - 910, 7.5 * 178 - 910),  # adjusted 5, 5 and 7.5 kr; 100·1.2 + 50 + 10·0.8 adjusted inhabitants
    ],
)
def test_spending_is_evened_out_with_and_without_need(adjusted: bool, low: float, high: float) -> None:
    base = spent(empty())
    rows = dict(
        base.rows(
            "select scenario, round(value, 6) from harmonisation where measure = 'cost_change' and role = 'merged' "
            f"and scenario <> 'target' and need_adjusted = {adjusted}"
        )
    )
    assert rows == {"lowest": low, "average": pytest.approx(0), "highest": high}


def test_spending_with_the_rest_of_the_key_held_is_the_same_sum_on_another_index() -> None:
    base = spent(empty())
    rows = base.rows(
        "select region, round(target, 6), target_region, round(cost_change_kr, 6) from sensitivity "
        "where way = 'rest_held' and scenario = 'highest' order by role, region"
    )
    weights = {D: 100 * 1.16, N: 50 * 1.0, S: 10 * 0.84}  # the index 120, 100 and 80, a fifth of it held at 100
    levels = {D: 600 / weights[D], N: 250 / weights[N], S: 60 / weights[S]}
    changes = [(levels[S] - levels[region]) * weights[region] for region in (D, N, S)]
    assert [row[3] for row in rows] == [pytest.approx(change, abs=1e-5) for change in (*changes, sum(changes))]
    assert {row[1:3] for row in rows} == {(round(levels[S], 6), S)}


def test_a_mean_of_three_years_is_the_distance_to_the_common_level_in_the_years_kroner() -> None:
    base = spent(empty())
    base.connection.execute(
        "insert into indicator select * replace (2017 as year, numerator * 2 as numerator, "
        "value * 2 * case region when '0711' then 0.5 else 1 end as value) from indicator where year = 2018"
    )
    run(base)
    found = dict(
        base.rows(
            "select region, round(level, 6) from sensitivity where way = 'three_years' and scenario = 'highest' "
            "and not need_adjusted and year = 2018"
        )
    )
    now, then = 910 / 160, (2 * 850 + 60) / 160  # the common level of 2018, and of 2017 with half in Svelvik
    assert found[S] == pytest.approx((6 / now + 6 / then) / 2 * now, abs=1e-5)
    assert found[D] == pytest.approx((6 / now + 12 / then) / 2 * now, abs=1e-5)
    years = base.rows("select distinct years from sensitivity where way = 'three_years' and year = 2018")
    assert years == [("2017, 2018",)]
    alone = base.rows("select count(*) from sensitivity where way = 'three_years' and year = 2017")
    assert alone == [(0,)], "one year is no mean"


def test_a_household_with_price_and_cap_never_pays_more_than_the_dearest_bill_there_is() -> None:
    base = empty()
    row = {"måneder": "12", "mengde": "3"}
    prices = [fee(D, 310, 200, "sfo.time", timetak="2", **row), fee(N, 255, 80, "sfo.time", timetak="4", **row)]
    base.given(FORM, columns(base, FORM), *prices, fee(S, 240, 20, "sfo.time", **row))
    base.given(
        "def_household",
        "household ord:i title subproject line:i what item quantity:d times:d",
        ("eldre", 0, "Eldre", "AP2.4", 1, "hjelp", "sfo.time", 6.0, None),
    )
    run(base)
    sums = "select region, value from household where what = 'sum' and scenario = '{}' order by region"
    today = {D: 12 * 310 * 2.0, N: 12 * 255 * 4.0, S: 12 * 240 * 6.0}
    assert dict(base.rows(sums.format("today"))) == today
    assert {value for _, value in base.rows(sums.format("highest"))} == {max(today.values())}
    assert {value for _, value in base.rows(sums.format("lowest"))} == {min(today.values())}
    mean = (200 * today[D] + 80 * today[N] + 20 * today[S]) / 300
    assert [value for _, value in base.rows(sums.format("average"))] == [pytest.approx(mean)] * 3


def test_a_household_pays_for_every_line_and_up_to_the_cap() -> None:
    base = empty()
    hours = {"måneder": "12", "mengde": "3"}
    prices = [fee(D, 100, 10, "sfo.time", timetak="2", **hours)]
    prices += [fee(region, price, 10, "sfo.time", **hours) for region, price in ((N, 200), (S, 300))]
    base.given(FORM, columns(base, FORM), *SFO, *prices)
    base.given(
        "def_household",
        "household ord:i title subproject line:i what item quantity:d times:d",
        ("familie", 0, "Familie", "AP2.1", 1, "plass", "sfo.hel_plass", 1.0, None),
        ("familie", 0, "Familie", "AP2.1", 2, "timer", "sfo.time", 5.0, 10.0),
    )
    run(base)
    rows = base.rows("select region, value from household where what = 'sum' and scenario = 'today' order by region")
    assert rows == [(D, 2790 * 11 + 2 * 100 * 10.0), (N, 2640 * 11 + 5 * 200 * 10.0), (S, 2450 * 11 + 5 * 300 * 10.0)]
    lowest = base.rows("select value from household where what = 'sum' and scenario = 'lowest' and region = '0602'")
    assert lowest == [(2450 * 11 + 2 * 100 * 10.0,)]


def test_a_household_with_a_line_nobody_has_filled_in_has_no_sum() -> None:
    base = empty()
    base.given(FORM, columns(base, FORM), *SFO)
    base.given(
        "def_household",
        "household ord:i title subproject line:i what item quantity:d times:d",
        ("familie", 0, "Familie", "AP2.1", 1, "plass", "sfo.hel_plass", 1.0, None),
        ("familie", 0, "Familie", "AP2.1", 2, "mat", "sfo.mat", 1.0, 11.0),
    )
    run(base)
    rows = base.rows("select distinct value, status, reason from household where what = 'sum' and scenario = 'today'")
    assert rows == [(None, "component_missing", "Mangler: mat.")]


def test_a_change_comes_step_by_step_and_whole_in_the_end() -> None:
    base = filled(*SFO)
    rows = base.rows("select step, budget_year, value from phase_in where scenario = 'lowest' order by step")
    assert rows == [(1, 2020, -2_392_500.0), (2, 2021, -4_785_000.0)]
    steps = ((1, 10), (2, 40), (3, 100))
    own = filled(*SFO, assumptions=tuple(assumption("innfasing", str(step), share) for step, share in steps))
    assert own.rows("select share_pct from phase_in where scenario = 'lowest' order by step") == [
        (10.0,),
        (40.0,),
        (100.0,),
    ]


def test_forms_become_typed_tables_and_say_whether_they_are_examples() -> None:
    base = empty()
    base.given(FORM, columns(base, FORM), fee(D, 2790, 4, kilde="EKSEMPEL: oppdiktet"), fee(N, 2640, 5), fee(S, 0, 0))
    opening = {"tjeneste": "barnehage", "sted": "Alle", "år": "2018", "verdi": "47.5", "bemanning": "bemannet"}
    base.given(
        "raw_apningstider",
        columns(base, "raw_apningstider"),
        form_row("apningstider", kommune=S, kilde="vedtak", dato="2019-01-01", **opening),
    )
    base.given("raw_forutsetninger", columns(base, "raw_forutsetninger"), assumption("mål", "sfo.hel_plass", 1))
    for name, query in published_tables(definitions()):
        base.connection.execute(f"create or replace table {name} as {query}")
    base.run("compute/marts/register_use.sql")
    assert base.rows("select region, price_kr, users, place_type from fee") == [
        (D, 2790.0, None, None), (N, 2640.0, 5.0, None), (S, 0.0, 0.0, None),
    ]  # fmt: skip
    assert base.rows("select region, users from form_fee") == [(D, 4.0), (N, 5.0), (S, 0.0)]
    assert base.rows("select region_name, weekly_hours, staffing from opening_hours") == [("Svelvik", 47.5, "bemannet")]
    used = base.rows("select register, rows_filled, members_filled, example from register_use where rows_filled > 0")
    assert used == [
        ("brukerbetalinger", 3, 3, "true"), ("apningstider", 1, 1, "false"), ("forutsetninger", 1, 0, "false"),
    ]  # fmt: skip
    assert len(base.rows("from register_use")) == len(definitions().forms)
