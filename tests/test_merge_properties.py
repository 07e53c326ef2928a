"""S, W and N for any figures and any holes, against plain Python written from the rules."""

from fractions import Fraction

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ASIDE, SQL_FOLDERS, Sql
from tests.land import give_land
from tests.test_sql_marts import INDICATOR, OPERAND

MEMBERS = ("0602", "0625", "0711")
HOLES = ("not_applicable", "not_available", "not_in_set", "suppressed")
figure = st.integers(-10_000, 10_000)
positive = st.integers(1, 100_000)
cell = st.one_of(figure.map(lambda n: (n, "ok")), st.sampled_from(HOLES).map(lambda hole: (None, hole)))
weight = st.one_of(positive.map(lambda n: (n, "ok")), st.sampled_from(HOLES).map(lambda hole: (None, hole)))
FILES = [SQL_FOLDERS["compute"] / "marts" / f"{n}.sql" for n in ("operand_weighted", "operand_composed", "indicator")]
COMPARISON = (SQL_FOLDERS["compute"] / "marts" / "comparison.sql").read_text(encoding="utf-8")
STATEMENTS = [path.read_text(encoding="utf-8") for path in FILES]


FIRST = 2005  # cases told in one run of the SQL stand as years of their own, all before the merger
Cells = list[tuple[int | None, str]]
Case = tuple[Cells, Cells]


def merged(base: Sql, merge: str, formula: str, cases: list[Case]) -> list[tuple[float | None, str, str | None]]:
    """Value, status and reason of the merged municipality, for each case of the members' A and B."""
    last = FIRST + len(cases) - 1
    row = ("x.y", 0, merge, formula, "kr", "", "municipality", "s", None, FIRST, last, 1.0, 1.0, True, True)
    base.given("def_indicator", INDICATOR, row)
    rows = [
        ("x.y", letter, code, year, year, year, "municipality", "s", value, status, None if status == "ok" else "hull")
        for year, case in enumerate(cases, FIRST)
        for letter, cells in zip("AB", case, strict=True)
        for code, (value, status) in zip(MEMBERS, cells, strict=True)
    ]
    base.given("operand_region", OPERAND, *rows)
    for statement in STATEMENTS:
        base.connection.execute(statement)
    found = base.rows("select value, status, reason from indicator where role = 'merged' order by year")
    assert len(found) == len(cases)
    return found  # type: ignore[return-value]


def nye_drammen() -> Sql:
    base = Sql()
    statuses = [
        ("ok", 0, "ok"),
        *[(hole, n, hole) for n, hole in enumerate([*HOLES, "not_valid", "component_missing"], 1)],
    ]
    base.given("def_status", "id rank:i label", *statuses)
    base.given("def_merger", "merger", ("nye-drammen",))
    base.given("def_deviation", "check item reason unusable:b")
    give_land(base, tuple((code, code) for code in MEMBERS))
    regions = [(code, code, "member", "municipality", n, 1986, 2099) for n, code in enumerate(MEMBERS)]
    regions.append(("nye-drammen", "Nye Drammen", "merged", "merger", 3, 1986, 2099))
    base.given("def_region", "region region_name role kind ord:i first_year:i last_year:i", *regions)
    return base


BASE = nye_drammen()
three, three_weights = st.lists(cell, min_size=3, max_size=3), st.lists(weight, min_size=3, max_size=3)
some = st.lists(st.tuples(three, three_weights), min_size=1, max_size=10)


def holed(a: Cells, b: Cells) -> bool:
    return any(status != "ok" for _, status in [*a, *b])


@settings(max_examples=12)
@given(some)
def test_s_is_the_sum_over_the_sum_or_a_hole(cases: list[Case]) -> None:
    for (a, b), (value, status, reason) in zip(cases, merged(BASE, "S", "ratio", cases), strict=True):
        if holed(a, b):
            assert (value, status) == (None, "component_missing")
            assert reason is not None and reason.startswith("Mangler for ")
        else:
            assert status == "ok"
            assert value == float(Fraction(sum(n for n, _ in a), sum(n for n, _ in b)))  # type: ignore[misc]


@settings(max_examples=12)
@given(some)
def test_w_is_the_weighted_mean_or_a_hole(cases: list[Case]) -> None:
    for (a, b), (value, status, _) in zip(cases, merged(BASE, "W", "value", cases), strict=True):
        if holed(a, b):
            assert (value, status) == (None, "component_missing")
            continue
        weights = sum(w for w, _ in b)  # type: ignore[misc]
        wanted = Fraction(sum(v * w for (v, _), (w, _) in zip(a, b, strict=True)), weights)  # type: ignore[operator]
        assert status == "ok" and value is not None
        assert abs(Fraction(value) - wanted) <= abs(wanted) * Fraction(1, 10**12)
        values = [v for v, _ in a]
        assert min(values) - 1e-9 <= value <= max(values) + 1e-9  # type: ignore[operator, type-var]


@settings(max_examples=4)
@given(st.lists(three, min_size=1, max_size=10))
def test_n_never_has_a_sum(every: list[Cells]) -> None:
    for value, status, _ in merged(BASE, "N", "value", [(a, [(1, "ok")] * 3) for a in every]):
        assert (value, status) == (None, "not_applicable")


@settings(max_examples=40)
@given(st.lists(st.sampled_from(["ok", *HOLES]), min_size=1, max_size=6))
def test_the_worst_hole_is_the_one_told(found: list[str]) -> None:
    """Several holes in one operand: the highest rank wins, and no value stands beside a hole."""
    base = BASE
    base.given(
        "def_indicator",
        INDICATOR,
        ("x.y", 0, "S", "amount", "kr", "", "municipality", "s", None, 2018, 2018, 1.0, 1.0, True, True),
    )
    base.given("def_region_code", "region", ("0602",))
    base.given("def_merger_code", "region", ("0602",))
    base.given("region_validity", "region valid_from:t valid_to:t", ("0602", None, None))
    wanted = [("x.y", "A", "s", 1.0, 0, None, None, 0, 2099, str(n)) for n in range(len(found))]
    dated = "year_offset:i fixed_year:i unresolved first_cell_year:i last_cell_year:i"
    base.given("wanted_cell", f"indicator operand source scale:d {dated} cell", *wanted)
    cells = [("s", "0602", 2018, str(n), 1.0 if hole == "ok" else None, hole) for n, hole in enumerate(found)]
    base.given("cell", "source region year:i cell value:d status", *cells)
    base.given("aside_cell", ASIDE)
    base.run("compute/marts/operand_sum.sql")
    ranks = {"ok": 0, **{hole: n for n, hole in enumerate(HOLES, 1)}}
    worst = max(found, key=ranks.__getitem__)
    expected = (float(len(found)), "ok") if worst == "ok" else (None, worst)
    assert base.rows("select value, status from operand_sum") == [expected]


@settings(max_examples=12)
@given(some, st.sampled_from(["S", "W"]))
def test_what_is_suppressed_for_one_cannot_be_subtracted_from_what_is_shown(cases: list[Case], merge: str) -> None:
    """Every sum that is published (the whole, and the others without one) leaves a suppressed member out."""
    merged(BASE, merge, "ratio" if merge == "S" else "value", cases)
    BASE.connection.execute(COMPARISON)
    for year, (a, b) in enumerate(cases, FIRST):
        both = zip(MEMBERS, a, b, strict=True)
        hidden = {code for code, (_, one), (_, other) in both if "suppressed" in (one, other)}
        whole = BASE.rows(f"select value, numerator from indicator where role = 'merged' and year = {year}")
        assert not hidden or whole[0][0] is None
        others = f"comparator = 'andre' and comparator_value is not null and year = {year}"
        for (region,) in BASE.rows(f"select region from comparison where {others}"):
            assert hidden <= {region}, "the others are shown only if none of them is hidden"
        for code, (_, status) in zip(MEMBERS, a, strict=True):
            if status == "suppressed":
                own = f"select value, numerator from indicator where region = '{code}' and year = {year}"
                assert BASE.rows(own) == [(None, None)]


def test_duckdb_is_a_line_the_project_supports() -> None:
    assert duckdb.__version__.split(".")[0] in ("1", "2")
