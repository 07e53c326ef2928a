"""The arithmetic of harmonisation for any figures and any holes, against plain Python written from its formulas.

ΔRevenue = Σ users · months · (t − fee); Δunits = t · B − A; Δkr = N · (t · need − s).
"""

from dataclasses import dataclass
from fractions import Fraction as F
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SQL_FOLDERS, Sql
from tests.evening import assumption, empty, fee

FILES = [SQL_FOLDERS["compute"] / "marts" / f"{name}.sql" for name in ("item_region", "item_target", "harmonisation")]
STATEMENTS = [path.read_text(encoding="utf-8") for path in FILES]
PLACES = tuple((f"{at:04d}", f"Kommune {at}") for at in range(1, 6))
FEW = 5
FORM = "raw_brukerbetalinger"
KRONE = F(1, 2)


@dataclass(frozen=True)
class Part:
    """One municipality: a level and what it is multiplied by, either of which may be missing."""

    level: int | None
    weight: int | None


levels = st.integers(0, 20_000)
counts = st.one_of(st.just(0), st.integers(FEW, 50_000))
months = st.integers(1, 12)
AT_ONCE = 12  # mergers told in one run of the SQL, each as a year of its own
FIRST = 2000


def together(part: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """Some mergers of as many municipalities each, two to five."""
    return st.integers(2, 5).flatmap(
        lambda size: st.lists(st.lists(part, min_size=size, max_size=size), min_size=1, max_size=AT_ONCE)
    )


whole = together(st.builds(Part, levels, counts))
holed = together(st.builds(Part, st.one_of(st.none(), levels), st.one_of(st.none(), counts)))


def formula(parts: list[Part], factor: int, target: F) -> F | None:
    """Σ weight · factor · (target − level); None where one of them is missing."""
    if any(part.level is None or part.weight is None for part in parts):
        return None
    return sum((F(part.weight * factor) * (target - part.level) for part in parts), F(0))  # type: ignore[operator]


def targets(parts: list[Part], factor: int) -> dict[str, F | None]:
    known = [part.level for part in parts if part.level is not None]
    if len(known) < len(parts):
        return dict.fromkeys(("lowest", "average", "highest"))
    weights = [part.weight for part in parts]
    total = sum(w * factor for w in weights if w is not None)
    mean = None
    if None not in weights and total:
        mean = F(sum(p.level * p.weight * factor for p in parts), total)  # type: ignore[operator, misc]
    return {"lowest": F(min(known)), "average": mean, "highest": F(max(known))}


class Evened:
    """Runs the marts on the rows of a form, a year per merger, and reads the merged municipality's changes."""

    def __init__(self) -> None:
        self.bases: dict[int, Sql] = {}

    def base(self, size: int) -> Sql:
        """Nothing given, for so many municipalities."""
        base = self.bases.setdefault(size, empty(PLACES[:size]))
        tables = (FORM, "raw_forutsetninger", "indicator", "need", "def_coverage", "def_spending")
        base.connection.execute("; ".join(f"delete from {name}" for name in tables))
        return base

    def of(self, mergers: list[list[Part]], times: int, *assumptions: tuple[str, ...]) -> Sql:
        base = self.base(len(mergers[0]))
        rows = [
            list(fee(region, part.level, "" if part.weight is None else part.weight, måneder=str(times), år=str(year)))
            for year, parts in enumerate(mergers, FIRST)
            for (region, _), part in zip(PLACES, parts, strict=False)
            if part.level is not None
        ]
        insert(base, FORM, rows)
        insert(base, "raw_forutsetninger", [list(row) for row in assumptions])
        return run(base)

    @staticmethod
    def changes(base: Sql, measure: str) -> dict[tuple[int, str], tuple[Any, str]]:
        """By year and scenario: value and status."""
        rows = base.rows(
            f"select year, scenario, value, status from harmonisation where measure = '{measure}' and role = 'merged'"
        )
        return {(year, scenario): (value, status) for year, scenario, value, status in rows}  # type: ignore[misc]


def insert(base: Sql, table: str, rows: list[list[Any]]) -> None:
    if rows:
        base.connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def run(base: Sql) -> Sql:
    for statement in STATEMENTS:
        base.connection.execute(statement)
    return base


EVENED = Evened()


@settings(max_examples=12)
@given(whole, months)
def test_a_fee_moves_what_the_formula_says_to_the_krone(mergers: list[list[Part]], times: int) -> None:
    found = EVENED.changes(EVENED.of(mergers, times), "revenue_change")
    for year, parts in enumerate(mergers, FIRST):
        for scenario, target in targets(parts, times).items():
            value, status = found[year, scenario]
            expected = formula(parts, times, target) if target is not None else None
            if expected is None:
                assert (value, status) == (None, "not_applicable"), "nobody to weigh with"
            else:
                assert status == "ok" and abs(F(value) - expected) < KRONE


@settings(max_examples=12)
@given(whole, months)
def test_up_is_never_less_down_is_never_more_and_the_mean_is_nothing(mergers: list[list[Part]], times: int) -> None:
    found = EVENED.changes(EVENED.of(mergers, times), "revenue_change")
    for year, _ in enumerate(mergers, FIRST):
        up, down, mean = (found[year, name][0] for name in ("highest", "lowest", "average"))
        assert up >= 0 >= down
        assert mean is None or abs(mean) < 0.01


@settings(max_examples=12)
@given(holed, months)
def test_a_hole_is_never_a_part_of_a_sum(mergers: list[list[Part]], times: int) -> None:
    base = EVENED.of(mergers, times)
    found = EVENED.changes(base, "revenue_change")
    for year, parts in enumerate(mergers, FIRST):
        if all(part.level is None for part in parts):
            assert not any(at == year for at, _ in found), "nobody has the fee: there is no item"
            continue
        for scenario, target in targets(parts, times).items():
            value, status = found[year, scenario]
            whole_sum = formula(parts, times, target) if target is not None else None
            assert (value is None) == (whole_sum is None)
            if any(part.level is None or part.weight is None for part in parts):
                assert status == "component_missing"
    assert base.rows("select count(*) from harmonisation where (value is null) = (status = 'ok')") == [(0,)]


@settings(max_examples=8)
@given(whole, months, levels)
def test_a_level_of_ones_own_and_those_who_pay_more_and_less(mergers: list[list[Part]], times: int, own: int) -> None:
    base = EVENED.of(mergers, times, assumption("mål", "sfo.hel_plass", own))
    changes, more, less = (EVENED.changes(base, name) for name in ("revenue_change", "pay_more", "pay_less"))
    for year, parts in enumerate(mergers, FIRST):
        value, status = changes[year, "target"]
        assert status == "ok" and abs(F(value) - formula(parts, times, F(own))) < KRONE  # type: ignore[operator]
        assert more[year, "target"][0] == sum(part.weight for part in parts if own > part.level)  # type: ignore
        assert less[year, "target"][0] == sum(part.weight for part in parts if own < part.level)  # type: ignore


@settings(max_examples=12)
@given(together(st.tuples(st.integers(0, 10_000), st.integers(1, 10_000))))
def test_places_are_the_target_times_the_group_less_what_there_is(mergers: list[list[tuple[int, int]]]) -> None:
    base = EVENED.base(len(mergers[0]))
    insert(base, "def_coverage", [["x.y", 0, "sfo", "x", "plasser", "", None, None]])
    rows = [
        ["m", "x.y", region, name, "member", year, 100 * a / b, "prosent", float(a), float(b), "ok", None, "x"]
        for year, parts in enumerate(mergers, FIRST)
        for (region, name), (a, b) in zip(PLACES, parts, strict=False)
    ]
    insert(base, "indicator", rows)
    found = EVENED.changes(run(base), "units_change")
    for year, parts in enumerate(mergers, FIRST):
        shares = [F(a, b) for a, b in parts]
        people, places = sum(b for _, b in parts), sum(a for a, _ in parts)
        up = min(max(shares), F(1))  # nobody is moved above all of the group, nor down to it on the way up
        expected = {
            "lowest": min(min(shares), F(1)) * people - places,
            "highest": sum((max(up - share, F(0)) * b for share, (_, b) in zip(shares, parts, strict=True)), F(0)),
            "average": F(0),
        }
        for scenario, change in expected.items():
            value, status = found[year, scenario]
            assert status == "ok" and abs(F(value) - change) < F(1, 1000)


@settings(max_examples=12)
@given(together(st.tuples(st.integers(-50_000, 900_000), st.integers(1, 90_000), st.integers(50, 200))))
def test_spending_follows_the_need(mergers: list[list[tuple[int, int, int]]]) -> None:
    """Kroner (1000), inhabitants, need index: Δkr = N · (t · need − s), t the lowest, highest and mean level."""
    base = EVENED.base(len(mergers[0]))
    insert(base, "def_spending", [["x.y", 0, "sfo", "x", True]])
    hold = (None, None, "ok", None)  # the rest of the key
    rows = [
        ["m", "x.y", region, "member", year, "sfo", 2026, float(n), float(index), 1e5 * kr / n / index, *hold]
        for year, parts in enumerate(mergers, FIRST)
        for (region, _), (kr, n, index) in zip(PLACES, parts, strict=False)
    ]  # fmt: skip
    insert(base, "need", rows)
    found = EVENED.changes(run(base), "cost_change")
    for year, parts in enumerate(mergers, FIRST):
        needs = [F(n * index, 100) for _, n, index in parts]
        spent = [F(1000 * kr) for kr, _, _ in parts]
        adjusted = [s / n for s, n in zip(spent, needs, strict=True)]
        mean = sum(spent, F(0)) / sum(needs, F(0))
        for scenario, target in (("lowest", min(adjusted)), ("highest", max(adjusted)), ("average", mean)):
            value, status = found[year, scenario]
            expected = target * sum(needs, F(0)) - sum(spent, F(0))
            assert status == "ok" and abs(F(value) - expected) < KRONE
        assert found[year, "highest"][0] >= 0 >= found[year, "lowest"][0]
