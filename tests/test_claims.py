"""The rules of speech: figures that make a sentence speak, and figures that make it keep silent."""

import pytest

from pipeline import words
from pipeline.model import Definitions
from pipeline.report import claims
from pipeline.report.claims import Levels

D, N, S = "Drammen", "Nedre Eiker", "Svelvik"


def three(drammen: float | None, nedre_eiker: float | None, svelvik: float | None) -> Levels:
    return {D: drammen, N: nedre_eiker, S: svelvik}


@pytest.mark.parametrize(
    ("indicator", "may"),
    [
        ("kommunehelse.uten_fastlege", False),  # persons: the largest municipality has the most
        ("barnehage.netto_driftsutgifter", False),  # kroner in all
        ("grunnskole.skoler", False),
        ("okonomi.torg_tjenester", False),  # counted, though published
        ("barnehage.netto_per_innbygger_1_5", True),  # a ratio
        ("barnehage.dekning_1_5", True),  # a share
        ("befolkning.endring_siden_2005", True),  # a change in per cent
        ("grunnskole.nasjonale_prover_5_lesing", True),  # a published mean
        ("barnehage.foreldrebetaling", True),  # a price
        ("helsestasjon.ungdata_fornoyd", True),  # a published share that cannot be put together
    ],
)
def test_only_what_does_not_grow_with_size_is_compared(definitions: Definitions, indicator: str, may: bool) -> None:
    assert claims.comparable(definitions.indicators[indicator]) is may


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        (three(100, 103, 105), ""),  # five per cent
        (three(100, 103, 104.9), "small"),
        (three(100, None, 200), "missing"),  # nobody is lowest while one is not known
        (three(100, 100, 200), "tie"),  # two are lowest
        (three(100, 200, 200), "tie"),
        ({D: 100.0}, "alone"),
        ({D: 100.0, S: 120.0}, ""),
        (three(-98, -50, 37), ""),  # below 0: held against the larger of the two
        (three(-100, -99, -96), "small"),
        (three(0, 0.5, 1), ""),
        (three(-100, -96, -95), ""),
    ],
)
def test_a_superlative_needs_all_and_five_per_cent(levels: Levels, why: str) -> None:
    found = claims.standing(levels)
    assert found.why == why
    assert (bool(found.highest), bool(found.lowest)) == (not why, not why), "nobody is named in silence"


@pytest.mark.parametrize(
    ("levels", "pct"), [(three(100, 110, 120), 20.0), (three(-98, 10, 37), None), (three(0, 10, 37), None)]
)
def test_the_difference_is_told_in_per_cent_of_what_is_above_zero(levels: Levels, pct: float | None) -> None:
    assert claims.standing(levels).pct == pct


@pytest.mark.parametrize(
    ("uncertainty", "slack", "why"),
    [
        (None, 0.0, ""),
        (three(2.4, 9.0, 3.2), 0.0, "within_uncertainty"),  # √(2,4² + 3,2²) = 4, as much as the ends are apart
        (three(2.3, 9.0, 3.2), 0.0, ""),  # who lies between has no part in it
        (three(None, None, 3.9), 0.0, ""),  # known for one of them
        (three(1.5, 1.5, 2.0), 1.5, "within_uncertainty"),  # 2,5 and the rounding of both
        (three(1.5, 1.5, 2.0), 1.4, ""),
    ],
)
def test_a_superlative_lies_outside_the_uncertainty(uncertainty: Levels | None, slack: float, why: str) -> None:
    assert claims.standing(three(48, 50, 52), uncertainty=uncertainty, slack=slack).why == why


def test_a_figure_with_a_caution_names_nobody() -> None:
    found = claims.standing(three(90, 95, 100.2), caution="Barna telles der barnehagen ligger.")
    assert (found.why, found.highest, found.alike) == ("caution", "", False)


@pytest.mark.parametrize(
    ("earlier", "why"),
    [
        (None, ""),  # a price: it is what it is
        ([], "one_year"),
        ([three(100, 110, 120)], ""),
        ([three(120, 110, 100), three(100, 110, 120)], ""),  # two of three
        ([three(120, 110, 100), three(110, 100, 120)], "unsteady"),
        ([three(120, 110, 100), three(110, 100, 120), three(100, 110, 120)], "unsteady"),  # four years ago is too long
        ([three(100, None, 120), three(100, 110, 120)], ""),
        ([three(100, None, 120)], "one_year"),  # of the year before it is not known who was last
    ],
)
def test_the_ends_are_the_same_in_two_of_three_years(earlier: list[Levels] | None, why: str) -> None:
    assert claims.standing(three(100, 110, 120), earlier=earlier).why == why


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (three(100, 104, 105), ""),
        (three(105, 104, 100), "other_way"),  # the ends are swapped
        (three(100, 104, 104.5), "other_way"),  # too close
        (three(100, 104, None), "other_way"),
    ],
)
def test_every_treatment_of_the_rest_of_the_key_has_the_same_ends(other: Levels, why: str) -> None:
    found = claims.standing(three(100, 110, 120), treatments=[three(100, 110, 120), other])
    assert found.why == why and not found.alike, "apart both ways, but not with the same ends"


@pytest.mark.parametrize(
    ("levels", "alike"), [(three(100, 101, 104.9), True), (three(100, 101, 105), False), (three(100, 100, 200), False)]
)
def test_figures_are_called_alike_when_they_are_near_and_not_because_two_of_them_are(
    levels: Levels, alike: bool
) -> None:
    assert claims.standing(levels).alike is alike


def test_a_tie_is_one_as_the_figures_are_shown() -> None:
    levels = three(100.04, 100.01, 120)
    assert claims.standing(levels, decimals=1).why == "tie"
    assert claims.standing(levels, decimals=2).lowest == N


@pytest.mark.parametrize(
    ("report_year", "usable", "found"),
    [
        (2018, [2016, 2017, 2018], 2018),
        (2022, [2016, 2017, 2018], 2018),  # no members since
        (2017, [2016, 2018], 2016),  # never a year after the report's
        (2015, [2016], None),
    ],
)
def test_the_newest_usable_year(report_year: int, usable: list[int], found: int | None) -> None:
    assert claims.newest_usable(usable, report_year) == found


def test_a_year_is_usable_when_all_have_a_figure() -> None:
    levels = {2018: three(1, 2, 3), 2019: three(1, None, 3), 2017: three(0, 0, 0), 2016: {}}
    assert claims.years_of_all(levels) == [2017, 2018]


@pytest.mark.parametrize(("base", "pct"), [(200, 5.0), (0.1, 10_000.0), (0, None), (-98, None), (None, None)])
def test_no_per_cent_of_a_base_that_is_not_above_zero(base: float | None, pct: float | None) -> None:
    assert claims.of_base(10, base) == pct


@pytest.mark.parametrize(
    ("figures", "may"), [([-98, -99, -369, 37], False), ([0, 10], False), ([0.1, 10], True), ([], False)]
)
def test_a_rate_is_told_of_figures_above_zero(figures: list[float], may: bool) -> None:
    assert claims.has_rate(figures) is may


def test_one_of_a_unit_is_told_in_the_singular(definitions: Definitions) -> None:
    units = {indicator.unit for indicator in definitions.indicators.values()}
    plural = {unit for unit in units if unit.split()[0].endswith(("er", "ere")) and not unit.startswith("per ")}
    assert plural == set(words.SINGULAR), "a unit that is new, or that nobody has any more"
    assert words.with_unit(1, 0, "skoler") == "1\u00a0skole"
    assert words.with_unit(2, 0, "skoler") == "2\u00a0skoler"
    assert words.with_unit(1, 1, "timer") == "1,0\u00a0timer"


def test_words_that_must_not_vary() -> None:
    assert claims.price_words(2018) == "2018-kroner"
    assert claims.when("regnskapsåret", 2018) == "2018"
    assert claims.when("høsten i skoleåret", 2025) == "skoleåret 2025–26"
    assert claims.when("våren i skoleåret", 2018) == "skoleåret 2017–18"
    assert claims.plus_minus(None, "skalapoeng") == "", "unknown is never 0"
    assert claims.plus_minus(0.35, "skalapoeng") == "±\u00a00,4\u00a0skalapoeng"
    assert claims.counted(1, "skole", "skoler") == "1\u00a0skole"
    assert claims.counted(2, "skole", "skoler") == "2\u00a0skoler"
    assert claims.counted(0, "skole", "skoler") == "ingen\u00a0skoler"
    assert (claims.signed_words(1.0), claims.signed_words(-1.0)) == ("mer", "mindre")


@pytest.mark.parametrize(
    ("text", "within"), [("Elever i SFO", "elever i SFO"), ("SFO-plasser", "SFO-plasser"), ("Å", "å"), ("", "")]
)
def test_within_a_sentence_a_title_begins_small_and_an_abbreviation_stays(text: str, within: str) -> None:
    assert words.uncapital(text) == within
