"""The rules of speech of harmonisation: figures that make a sentence speak, and figures that make it keep silent."""

import pytest

from pipeline import words
from pipeline.model import Definitions
from pipeline.model.harmonisation import Guideline, GuidelineSet, Known, guideline_faults
from pipeline.report import claims
from pipeline.report.claims import Levels
from pipeline.report.harmonise import rules

D, N, S = "Drammen", "Nedre Eiker", "Svelvik"
LEAST = 50_000.0


def three(drammen: float | None, nedre_eiker: float | None, svelvik: float | None) -> Levels:
    return {D: drammen, N: nedre_eiker, S: svelvik}


@pytest.mark.parametrize(
    ("ways", "give", "get", "unsure"),
    [
        ([three(3.9e6, 9.9e6, -13.8e6)], (S,), (D, N), ()),
        ([three(3.9e6, 9.9e6, -13.8e6), three(8.5e6, 3.6e6, -12.1e6)], (S,), (D, N), ()),
        ([three(3.9e6, 9.9e6, -13.8e6), three(-1e6, 13e6, -12e6)], (S,), (N,), (D,)),  # Drammen changes sides
        ([three(50_000, 0, -50_000)], (S,), (D,), ()),  # one that moves too little is not named
        ([three(49_999, 0, -49_999)], (), (), ()),
        ([three(3.9e6, 9.9e6, -13.8e6), three(3.9e6, 49_999, -13.8e6)], (S,), (D,), (N,)),  # too little in one way
        ([three(3.9e6, None, -13.8e6)], (), (), ()),  # a hole names nobody
        ([], (), (), ()),
    ],
)
def test_who_gives_and_who_gets_holds_in_every_way_of_counting(
    ways: list[Levels], give: tuple[str, ...], get: tuple[str, ...], unsure: tuple[str, ...]
) -> None:
    found = rules.sides(ways, LEAST)
    assert (found.give, found.get, found.unsure) == (give, get, unsure)
    assert found.told == bool(give and get)


@pytest.mark.parametrize(
    ("levels", "other", "alike"),
    [
        (three(100, 103, 104.9), None, True),
        (three(100, 103, 105), None, False),
        (three(100, 100, 200), None, False),  # a tie at one end
        (
            three(100, 106, 112),
            three(112, 106, 100),
            False,
        ),  # the ends change with the way of counting, and are far apart
        (three(100, None, 101), None, False),
        (three(-100, -99, -98), None, False),  # no per cent of what is below 0
    ],
)
def test_about_as_much_is_less_than_five_per_cent_apart(levels: Levels, other: Levels | None, alike: bool) -> None:
    assert rules.about_alike(claims.standing(levels, treatments=[other] if other else [])) == alike


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (three(89.7, 89.2, 91.7), "omtrent lik dekning, samlet 89,7 prosent"),
        (three(98.3, 85.7, 100.2), "omtrent lik dekning, samlet 89,7 prosent"),  # 17 per cent apart
        (three(98.3, 83.5, 100.2), "forskjellen er usikker, samlet 89,7 prosent"),  # 20
        (three(98.3, None, 100.2), None),
        ({}, None),
    ],
)
def test_what_is_in_doubt_is_alike_or_unsure_and_names_nobody(levels: Levels, told: str | None) -> None:
    assert rules.in_doubt(levels, "89,7", "prosent") == told


@pytest.mark.parametrize(
    ("years", "told"),
    [("2016, 2017, 2018", "2016–2018"), ("2015, 2017, 2018", "2015, 2017 og 2018"), ("2017, 2018", "2017 og 2018")],
)
def test_years_are_told_as_they_are(years: str, told: str) -> None:
    assert rules.years_words(years) == told


@pytest.mark.parametrize(("values", "told"), [([33.5, 72.3, 50.1], "34–72"), ([33.5, 34.4], "34"), ([12], "12")])
def test_a_span_goes_from_the_least_to_the_most(values: list[float], told: str) -> None:
    assert rules.span_of(values) == told


@pytest.mark.parametrize(
    ("years", "told"), [([2018, 2018], "2018-kroner"), ([2018, 2019], "kroner fra året i hver rad")]
)
def test_kroner_carry_their_price_year(years: list[int], told: str) -> None:
    assert rules.prices_of(years) == told


@pytest.mark.parametrize(("years", "told"), [([2018, 2018], "Grunnskole"), ([2018, 2015], "Grunnskole (2015-kroner)")])
def test_what_stands_in_a_figure_has_its_own_price_year_where_they_differ(years: list[int], told: str) -> None:
    assert rules.priced("Grunnskole", years[-1], years) == told


@pytest.mark.parametrize(
    ("empty", "of", "told"),
    [
        (6, 6, "Ingen av de seks skjemaene er fylt ut"),
        (5, 6, "Fem av seks skjemaer er ikke fylt ut"),
        (1, 6, "Ett av seks skjemaer er ikke fylt ut"),
        (1, 1, "Skjemaet er ikke fylt ut"),
        (11, 12, "11 av 12 skjemaer er ikke fylt ut"),
    ],
)
def test_forms_that_are_empty_are_told_without_a_double_negative(empty: int, of: int, told: str) -> None:
    assert rules.forms_words(empty, of) == told


@pytest.mark.parametrize(
    ("moved", "most"),
    [
        ({"vann": 3e6, "avløp": 8e6}, "avløp"),
        ({"vann": 3e6, "avløp": None}, "vann"),
        ({"vann": 0.0, "avløp": None}, None),  # nothing moves
        ({}, None),
    ],
)
def test_the_fee_that_is_told_is_the_one_that_moves_most_kroner(
    moved: dict[str, float | None], most: str | None
) -> None:
    assert rules.most_moved(moved) == most


@pytest.mark.parametrize(
    ("months", "told"),
    [(0.9, "under en måned"), (1.0, "1 måned"), (12.7, "12 måneder"), (23.9, "23 måneder"), (24.0, "2 år")],
)
def test_how_long_a_fund_lasts(months: float, told: str) -> None:
    assert rules.months_words(months).replace(words.SPACE, " ") == told


# -------------------------------------------------------------------------------- definitions


@pytest.mark.parametrize(
    ("item", "moved"),
    [
        ("barnehage.hel_plass", False),
        ("barnehage.hel_plass: tredje barn", False),  # a kind that somebody writes
        ("pleie_omsorg.praktisk_bistand: under 2 G", False),
        ("pleie_omsorg.praktisk_bistand: 2–3 G", True),
        ("kommunehelse.fysioterapi", False),
        ("sfo.hel_plass", True),
        ("barnehage.dekning_1_5", False),  # has a caution
        ("sfo.dekning_6_9", True),
    ],
)
def test_what_the_state_sets_and_what_is_in_doubt_is_not_moved(
    definitions: Definitions, item: str, moved: bool
) -> None:
    assert definitions.is_moved(item) == moved


def test_prices_that_the_state_sets_have_a_rule_and_a_year(definitions: Definitions) -> None:
    of_state = [fee for fee in definitions.harmonisation.fees.values() if fee.state_kinds]
    assert len(of_state) == 3 and all(fee.set_source and fee.set_year for fee in of_state)


@pytest.mark.parametrize(
    ("there", "apart"),
    [
        ({"pleie_omsorg", "kommunehelse", "helse_omsorg"}, {"helse_omsorg"}),
        ({"pleie_omsorg", "helse_omsorg"}, set()),  # one of the two alone is not the group
    ],
)
def test_a_group_of_services_is_not_counted_beside_them(there: set[str], apart: set[str]) -> None:
    assert rules.told_apart(there, {"helse_omsorg": ["pleie_omsorg", "kommunehelse"]}) == apart


@pytest.mark.parametrize(
    ("known", "of", "told"),
    [
        (0, 2, "Ingen av de to punktene i plattformen har et tall som måler dem"),
        (1, 7, "Ett av sju punkter i plattformen har et tall som måler dem"),
        (1, 1, "Punktet i plattformen har et tall som måler det"),
        (0, 1, "Punktet i plattformen har ikke noe tall som måler det"),
    ],
)
def test_how_many_points_are_measured(known: int, of: int, told: str) -> None:
    assert rules.points_words(known, of) == told


@pytest.mark.parametrize(
    ("indicator", "counted", "fault"),
    [
        ("barnehage.barnehager", False, True),  # how many there are is not how near they lie
        ("kultur.netto_per_innbygger", False, True),  # nor are kroner
        ("okonomi.torg_naert", False, False),
        ("kultur.tilskudd_frivillige", True, False),  # a point about money
    ],
)
def test_a_point_is_answered_by_what_measures_it(
    definitions: Definitions, indicator: str, counted: bool, fault: bool
) -> None:
    point = Guideline(id="p", text="Kort vei.", indicators=[indicator], counted=counted)
    known = Known(
        indicators=definitions.indicators,
        areas=[],
        parts=[],
        registers=[],
        counted=[i.id for i in definitions.indicators.values() if i.formula == "amount" or i.kind == "prioritering"],
    )
    plan = GuidelineSet(id="x", title="x", source="x", guideline=[point])
    assert bool(list(guideline_faults(definitions.harmonisation, [plan], known))) == fault
