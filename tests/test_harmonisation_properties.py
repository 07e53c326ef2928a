"""The arithmetic of harmonisation for any figures and any holes, against plain Python written from its formulas.

ΔRevenue = Σ users · months · (t − fee); Δunits = t · B − A; Δkr = N · (t · need − s).
"""

from dataclasses import dataclass
from fractions import Fraction as F

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SQL_FOLDERS, Sql
from tests.evening import INDICATOR, assumption, empty, fee

FILES = [SQL_FOLDERS["compute"] / "marts" / f"{name}.sql" for name in ("item_region", "item_target", "harmonisation")]
STATEMENTS = [path.read_text(encoding="utf-8") for path in FILES]
PLACES = tuple((f"{at:04d}", f"Kommune {at}") for at in range(1, 6))
FEW = 5
KRONE = F(1, 2)


@dataclass(frozen=True)
class Part:
    """One municipality: a level and what it is multiplied by, either of which may be missing."""

    level: int | None
    weight: int | None


levels = st.integers(0, 20_000)
counts = st.one_of(st.just(0), st.integers(FEW, 50_000))
whole = st.lists(st.builds(Part, levels, counts), min_size=2, max_size=5)
holed = st.lists(st.builds(Part, st.one_of(st.none(), levels), st.one_of(st.none(), counts)), min_size=2, max_size=5)
months = st.integers(1, 12)


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
    """Runs the marts on the rows of a form and reads the merged municipality's changes."""

    def __init__(self) -> None:
        self.bases: dict[int, Sql] = {}

    def of(self, parts: list[Part], times: int, *assumptions: tuple[str, ...]) -> Sql:
        base = self.bases.setdefault(len(parts), empty(PLACES[: len(parts)]))
        form = "raw_brukerbetalinger"
        base.connection.execute(f"delete from {form}; delete from raw_forutsetninger; delete from indicator")
        for (region, _), part in zip(PLACES, parts, strict=False):
            if part.level is not None:
                users = "" if part.weight is None else part.weight
                marks = ", ".join("?" * 20)
                row = fee(region, part.level, users, måneder=str(times))
                base.connection.execute(f"insert into {form} values ({marks})", list(row))
        for row in assumptions:
            base.connection.execute("insert into raw_forutsetninger values (?, ?, ?, ?, ?, ?, ?, ?)", list(row))
        for statement in STATEMENTS:
            base.connection.execute(statement)
        return base

    @staticmethod
    def changes(base: Sql, measure: str) -> dict[str, tuple[float | None, str]]:
        rows = base.rows(
            f"select scenario, value, status from harmonisation where measure = '{measure}' and role = 'merged'"
        )
        return {scenario: (value, status) for scenario, value, status in rows}  # type: ignore[misc]


EVENED = Evened()


@settings(max_examples=80, deadline=None)
@given(whole, months)
def test_a_fee_moves_what_the_formula_says_to_the_krone(parts: list[Part], times: int) -> None:
    found = EVENED.changes(EVENED.of(parts, times), "revenue_change")
    for scenario, target in targets(parts, times).items():
        value, status = found[scenario]
        expected = formula(parts, times, target) if target is not None else None
        if expected is None:
            assert (value, status) == (None, "not_applicable"), "nobody to weigh with"
        else:
            assert status == "ok" and abs(F(value) - expected) < KRONE  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(whole, months)
def test_up_is_never_less_down_is_never_more_and_the_mean_is_nothing(parts: list[Part], times: int) -> None:
    found = EVENED.changes(EVENED.of(parts, times), "revenue_change")
    up, down, mean = (found[name][0] for name in ("highest", "lowest", "average"))
    assert up is not None and down is not None and up >= 0 >= down
    assert mean is None or abs(mean) < 0.01


@settings(max_examples=60, deadline=None)
@given(holed, months)
def test_a_hole_is_never_a_part_of_a_sum(parts: list[Part], times: int) -> None:
    if all(part.level is None for part in parts):
        return  # nobody has the fee: there is no item
    base = EVENED.of(parts, times)
    found = EVENED.changes(base, "revenue_change")
    aims = targets(parts, times)
    for scenario, target in aims.items():
        value, status = found[scenario]
        whole_sum = formula(parts, times, target) if target is not None else None
        assert (value is None) == (whole_sum is None)
        if any(part.level is None or part.weight is None for part in parts):
            assert status == "component_missing"
    holes = base.rows("select count(*) from harmonisation where (value is null) = (status = 'ok')")
    assert holes == [(0,)]


@settings(max_examples=40, deadline=None)
@given(whole, months, levels)
def test_a_level_of_ones_own_and_those_who_pay_more_and_less(parts: list[Part], times: int, own: int) -> None:
    base = EVENED.of(parts, times, assumption("mål", "sfo.hel_plass", own))
    value, status = EVENED.changes(base, "revenue_change")["target"]
    assert status == "ok" and abs(F(value) - formula(parts, times, F(own))) < KRONE  # type: ignore[arg-type, operator]
    more = sum(part.weight for part in parts if own > part.level)  # type: ignore[misc, operator]
    less = sum(part.weight for part in parts if own < part.level)  # type: ignore[misc, operator]
    assert EVENED.changes(base, "pay_more")["target"][0] == more
    assert EVENED.changes(base, "pay_less")["target"][0] == less


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 10_000)), min_size=2, max_size=5))
def test_places_are_the_target_times_the_group_less_what_there_is(parts: list[tuple[int, int]]) -> None:
    base = empty(PLACES[: len(parts)])
    base.given(
        "def_coverage",
        "item ord:i service title units_word cost not_kroner",
        ("x.y", 0, "sfo", "x", "plasser", "", None),
    )
    rows = [
        ("m", "x.y", region, name, "member", 2018, 100 * a / b, "prosent", float(a), float(b), "ok", None, "x")
        for (region, name), (a, b) in zip(PLACES, parts, strict=False)
    ]
    base.given("indicator", INDICATOR, *rows)
    for statement in STATEMENTS:
        base.connection.execute(statement)
    found = EVENED.changes(base, "units_change")
    shares = [F(a, b) for a, b in parts]
    people, places = sum(b for _, b in parts), sum(a for a, _ in parts)
    for scenario, target in (("lowest", min(shares)), ("highest", max(shares)), ("average", F(places, people))):
        value, status = found[scenario]
        assert status == "ok" and abs(F(value) - (target * people - places)) < F(1, 1000)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-50_000, 900_000), st.integers(1, 90_000), st.integers(50, 200)), min_size=2, max_size=5
    )
)
def test_spending_follows_the_need(parts: list[tuple[int, int, int]]) -> None:
    """Kroner (1000), inhabitants, need index: Δkr = N · (t · need − s), t the lowest, highest and mean level."""
    base = empty(PLACES[: len(parts)])
    base.given("def_spending", "item ord:i service title need_adjusted:b", ("x.y", 0, "sfo", "x", True))
    rows = [
        (
            "m",
            "x.y",
            region,
            "member",
            2018,
            "sfo",
            2026,
            float(n),
            float(index),
            1000 * kr / n / index * 100,
            "ok",
            None,
        )
        for (region, _), (kr, n, index) in zip(PLACES, parts, strict=False)
    ]
    base.given(
        "need",
        "merger indicator region role year:i need_key weights_year:i inhabitants:d need_index:d "
        "adjusted_per_inhabitant:d status reason",
        *rows,
    )
    for statement in STATEMENTS:
        base.connection.execute(statement)
    found = EVENED.changes(base, "cost_change")
    needs = [F(n * index, 100) for _, n, index in parts]
    spent = [F(1000 * kr) for kr, _, _ in parts]
    adjusted = [s / n for s, n in zip(spent, needs, strict=True)]
    for scenario, target in (
        ("lowest", min(adjusted)),
        ("highest", max(adjusted)),
        ("average", sum(spent, F(0)) / sum(needs, F(0))),
    ):
        value, status = found[scenario]
        expected = target * sum(needs, F(0)) - sum(spent, F(0))
        assert status == "ok" and abs(F(value) - expected) < KRONE  # type: ignore[arg-type]
    assert found["highest"][0] >= 0 >= found["lowest"][0]  # type: ignore[operator]
