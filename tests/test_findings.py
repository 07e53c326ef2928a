"""Page one's sentences: given figures, the sentence they carry, or none. Regions and indicators are real."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Definitions
from pipeline.report.data import Figure, Region, ReportData
from pipeline.report.knowledge import findings
from pipeline.report.paper.pages import Page
from tests.conftest import merger_of

D, N, S, ALL, COUNTRY = "0602", "0625", "0711", "nye-drammen", "EAK"
Years = dict[int, tuple[float | None, ...]]  # year → Drammen, Nedre Eiker, Svelvik, the three together, the country
Report = Callable[..., ReportData]


@pytest.fixture
def report(definitions: Definitions) -> Report:
    """A report of one sub-project that has the figures it is given, and no others."""

    def make(part: str, year: int = 2018, **indicators: Years) -> ReportData:
        merger = merger_of(ALL)
        chosen = next(each for each in definitions.parts(merger) if each.id == part)
        data = ReportData(definitions, Path("no-tables"), merger, chosen, year)
        own: dict[str, Any] = vars(data)
        names = {D: "Drammen", N: "Nedre Eiker", S: "Svelvik", ALL: "Nye Drammen", COUNTRY: "Landet"}
        own["regions"] = [_region(code, name) for code, name in names.items()]
        own["_figures"] = {}
        for name, years in indicators.items():
            indicator = name.replace("__", ".")
            own["_figures"][indicator] = {
                (region, at): _row(definitions, indicator, value)
                for at, values in years.items()
                for region, value in zip(names, values, strict=False)
                if value is not None
            }
        own["needs"], own["three_years"] = {}, {}
        return data

    return make


def _region(code: str, name: str) -> Region:
    role = {ALL: "merged", COUNTRY: "comparator"}.get(code, "member")
    return Region(code, name, role, "country" if code == COUNTRY else "municipality")


def _row(definitions: Definitions, indicator: str, value: float) -> dict[str, Any]:
    unit = definitions.indicators[indicator].unit
    return {"indicator": indicator, "value": value, "status": "ok", "reason": None, "unit": unit}


def need(data: ReportData, indicator: str, year: int, *rows: tuple[float, float, float]) -> None:
    """Per inhabitant, adjusted, and adjusted with the rest of the key held, of each member."""
    for region, (plain, adjusted, held) in zip((D, N, S), rows, strict=True):
        data.needs[indicator, region, year] = {
            "status": "ok", "per_inhabitant": plain, "adjusted_per_inhabitant": adjusted, "adjusted_rest_held": held,
        }  # fmt: skip


def mean(data: ReportData, indicator: str, year: int, *means: float, small: str = S) -> None:
    for region, value in zip((D, N, S, ALL), means, strict=True):
        uncertain = "true" if region == small else "false"
        data.three_years[indicator, region, year] = {"region": region, "mean": value, "uncertain": uncertain}


def spaced(text: str | None) -> str:
    return (text or "").replace("\u202f", " ").replace("\u00a0", " ")


# --------------------------------------------------------------------------------------- spending

CARE = "helse_omsorg.netto_per_innbygger"


def test_near_figures_are_alike_and_the_ends_without_adjustment_are_the_figures_own(report: Report) -> None:
    """Svelvik 2 per cent above Nedre Eiker is no difference; and without adjustment it is Drammen that is highest."""
    data = report("AP2.4", helse_omsorg__netto_per_innbygger={2018: (19570, 17449, 18978)})
    for year in (2016, 2017, 2018):
        need(data, CARE, year, (19570, 19140, 19100), (17449, 18858, 18700), (18978, 19254, 19100))
    told = spaced(findings.spending_gap(data))
    assert told == (
        "**Helse og omsorg samlet: kommunene bruker omtrent like mye når alderen er regnet med.** Fra 18 858 til "
        "19 254 kr per innbygger i 2018. Uten justering er det Drammen (19 570 kr) og Nedre Eiker "
        "(17 449 kr) som ligger ytterst."
    )


@pytest.mark.parametrize(
    ("held", "before", "told"),
    [
        (13000, 14000, "Grunnskole, justert for alder: Svelvik bruker mest, Nedre Eiker minst."),
        (11000, 14000, "avhenger av hvordan resten av kostnadsnøkkelen regnes."),  # lowest, with the rest held
        (13000, 11000, "hvem som ligger høyest og lavest, skifter fra år til år."),
    ],
)
def test_who_spends_most_is_so_in_two_years_and_both_treatments(
    report: Report, held: float, before: float, told: str
) -> None:
    data = report("AP2.1", grunnskole__netto_per_innbygger_6_15={2018: (98000, 94000, 117000)})
    name = "grunnskole.netto_per_innbygger_6_15"
    for year in (2017, 2018):
        svelvik = 14069.0 if year == 2018 else before
        need(data, name, year, (11629, 11840, 11850), (12659, 11391, 11500), (13121, svelvik, held))
    assert told in spaced(findings.spending_gap(data)).split("**")[1]


CHILD_WELFARE: Years = {
    2016: (9000, 12000, 10000), 2017: (10000, 13000, 10500), 2018: (11793, 13127, 10628, 12078),
}  # fmt: skip


def test_kroner_of_a_need_that_cannot_be_adjusted_say_so_in_the_headline(report: Report) -> None:
    data = report("AP2.3", barnevern__netto_per_innbygger_0_17={**CHILD_WELFARE, 2017: (11000, 13000, 10500)})
    assert spaced(findings.spending_gap(data)) == (
        "**Barnevern (0–17 år): Nedre Eiker bruker mest, Svelvik minst; ulikt behov er ikke trukket fra.** Netto "
        "driftsutgifter til barnevern per innbygger 0–17 år i 2018: 13 127 mot 10 628 kr, 24 prosent mer."
    )


def test_where_a_group_is_small_the_means_of_three_years_are_compared(report: Report) -> None:
    data = report("AP2.3", barnevern__netto_per_innbygger_0_17=CHILD_WELFARE)
    for year in (2017, 2018):
        mean(data, "barnevern.netto_per_innbygger_0_17", year, 11500.0, 12586.0, 9904.0, 11400.0)
    assert "år, snitt av 2016–2018: 12 586 mot 9 904 kr, 27 prosent mer." in spaced(findings.spending_gap(data))
    mean(data, "barnevern.netto_per_innbygger_0_17", 2018, 11500.0, 12586.0, 9904.0, 11400.0, small="")
    assert "i 2018: fra 10 628 til 13 127 kr." in spaced(findings.spending_gap(data)), "no group is small"


def test_the_year_is_the_newest_that_all_have_up_to_the_reports(report: Report) -> None:
    years: Years = {2017: (9000, 12000, 10000), 2018: (9000, 12000, 10000), 2019: (9000, None, 7000), 2023: (1, 2, 3)}
    for asked, told in ((2018, "i 2018"), (2022, "i 2018"), (2017, "i 2017")):
        data = report("AP2.3", asked, barnevern__netto_per_innbygger_0_17=years)
        assert told in spaced(findings.spending_gap(data)), asked


def test_below_zero_there_is_a_highest_and_no_per_cent(report: Report) -> None:
    years: Years = dict.fromkeys((2017, 2018), (-565, -538, 37))
    told = spaced(findings.spending_gap(report("AP2.7", var__netto_per_innbygger=years)))
    assert told.startswith("**Vann, avløp og renovasjon per innbygger: høyest i Svelvik, lavest i Drammen.**")
    assert "37 mot −565 kr. Et negativt tall er ikke overskudd" in told and "prosent" not in told


# --------------------------------------------------------------------------- coverage and quality


@pytest.mark.parametrize(
    ("indicator", "levels", "told", "silent"),
    [
        ("barnehage__dekning_1_5", (90, 85, 100.2, 95.2), "omtrent lik dekning.** 95,2 prosent samlet i 2018", "100,2"),
        (
            "barnehage__dekning_1_5_ssb",
            (90, 85, 100.2, 95.2),
            "lavest i Nedre Eiker, høyest i Svelvik.** 85,0 mot",
            "x",
        ),
        ("barnehage__dekning_1_5_ssb", (90, 89, 91, 90), "omtrent lik dekning.** 90,0 prosent samlet i 2018", "lavest"),
    ],
)
def test_a_coverage_in_doubt_names_nobody(
    report: Report, indicator: str, levels: tuple[float, ...], told: str, silent: str
) -> None:
    data = report("AP2.2", **{indicator: dict.fromkeys((2017, 2018), levels)})
    sentence = spaced(findings.coverage(data))
    assert told in sentence and silent not in sentence


def test_one_report_has_one_coverage_of_the_same_children(report: Report) -> None:
    register: Years = {2018: (89.7, 89.2, 91.7, 89.7)}
    data = report("AP2.2", barnehage__dekning_1_5=register, barnehage__dekning_1_5_ssb={2018: (90, 91, 85.6, 90)})
    shown = {i.id for i in data.own("dimensjonering")}
    assert "barnehage.dekning_1_5_ssb" in shown and "barnehage.dekning_1_5" not in shown
    data = report("AP2.2", barnehage__dekning_1_5=register, barnehage__dekning_1_5_ssb={2015: (None, None, 85.6)})
    shown = {i.id for i in data.own("dimensjonering")}
    assert "barnehage.dekning_1_5" in shown and "barnehage.dekning_1_5_ssb" not in shown


@pytest.mark.parametrize(
    ("part", "indicator", "levels", "told"),
    [
        ("AP2.5", "kommunehelse__uten_fastlege", (1239, 500, 113), ""),  # persons follow the size
        ("AP2.1", "grunnskole__grunnskolepoeng", (42.1, 41.9, 42.0), ""),
        ("AP2.1", "grunnskole__grunnskolepoeng", (43.6, 42.0, 40.3), "best i Drammen, svakest i Svelvik.** 43,6 mot"),
    ],
)  # fmt: skip
def test_quality_is_compared_as_coverage_is(
    report: Report, part: str, indicator: str, levels: tuple[float, ...], told: str
) -> None:
    sentence = spaced(findings.quality_gap(report(part, **{indicator: dict.fromkeys((2017, 2018), levels)})))
    assert (told in sentence) if told else not sentence
    assert not told or "poeng i skoleåret 2017–18" in sentence


def point(value: float | None, uncertainty: float | None = None) -> Figure:
    return Figure(value, "ok", "", "", "skalapoeng", 0, uncertainty=uncertainty)


@pytest.mark.parametrize(
    ("whole", "country", "far"),
    [
        (point(52, 0.6), point(50, 0.1), True),  # 2 is more than 0,6 + 0,1 and the rounding
        (point(52, 0.9), point(50, 0.1), False),
        (point(52.6), point(50), True),  # nothing is known of the uncertainty: five per cent
        (point(52.4), point(50), False),
    ],
)
def test_a_result_is_told_beyond_its_uncertainty(whole: Figure, country: Figure, far: bool) -> None:
    assert ((findings.beyond(whole, country) or 0) > 0) is far


def test_a_result_has_its_own_unit_and_no_uncertainty_that_is_not_known(report: Report) -> None:
    data = report("AP2.2", helsestasjon__hjemmebesok={2018: (None, None, None, 78.4, 99.8)})
    told = spaced(findings.results(data))
    assert "78,4 mot 99,8 prosent i 2018." in told and "±" not in told and "skalapoeng" not in told


# ------------------------------------------------------------------------------ the whole, over time


@pytest.mark.parametrize(
    ("country", "told"),
    [
        (None, "Landets tall for 2018: ikke hentet."),
        (-253, "Prosent av landet gir ikke mening når tallene er negative (landet: −253 kr per innbygger)."),
    ],
)
def test_why_the_country_is_no_yardstick_is_what_is_found(report: Report, country: float | None, told: str) -> None:
    data = report(
        "AP2.7",
        var__netto_per_innbygger={2018: (-565, -538, 37, -518, country)},
        var__netto_driftsutgifter={2018: (-39000, -13000, 250, -52143)},
    )
    assert findings.against_country(data) is None
    assert spaced(findings.amount(data)).endswith(told)


LINE = {
    "first_year": 2021, "year": 2024, "slope": 500.0, "slope_pct": 2.8, "country_slope": 900.0,
    "country_slope_pct": 5.3, "price_year": 2022, "fixed_slope_pct": None,
    "country_fixed_slope_pct": None, "break_reason": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "utgiften økte i snitt 2,8 prosent i året fra 2021 til 2024 (landet 5,3).**"),
        ({}, "Nye Drammen: 26 860 kr i 2024, løpende priser."),
        ({}, "Faste priser: prisveksten er ikke kjent for alle årene."),
        ({"fixed_slope_pct": -1.0, "country_fixed_slope_pct": 0.5}, "I 2022-kroner: gikk ned 1,0 prosent i året"),
        ({"country_slope_pct": None}, "fra 2021 til 2024.**"),
        ({"break_reason": "Reform fra 2022."}, "alle årene. Reform fra 2022."),
        ({"slope": -40.0, "slope_pct": None}, "gikk ned i snitt 40 kr i året fra 2021 til 2024 (landet 900).**"),
    ],
)  # fmt: skip
def test_a_trend_has_its_years_the_country_and_what_broke_it(
    report: Report, changed: dict[str, Any], told: str
) -> None:
    data = report(
        "AP2.4", helse_omsorg__netto_per_innbygger={2021: (None, None, None, 24000), 2024: (None, None, None, 26860)}
    )
    indicator = data.definitions.indicators[CARE]
    assert told in spaced(findings.trend_told(data, indicator, {**LINE, **changed}))


def test_what_cannot_be_put_together_is_not_missing_when_all_have_it(report: Report) -> None:
    indicator = "barnehage.foreldrebetaling"  # a price: no mean of the three
    prices = {2018: (2910.0, 2910.0, 2800.0)}
    assert report("AP2.2", barnehage__foreldrebetaling=prices).with_figures()[0] == 1
    data = report("AP2.2", barnehage__foreldrebetaling={2018: (2910.0, None, 2800.0)})
    assert not data.has_figure(data.definitions.indicators[indicator])


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (Figure(-1198.4, "ok", "", "", "kr", 0), "-1198,4"),
        (Figure(2.3, "ok", "", "", "prosent", 1, signed=True), "2,3"),
        (Figure(None, "suppressed", "skjermet", "", "kr", 0), "skjermet"),
        ("+2,3", "2,3"),
        ("\u22121\u202f198", "-1198"),
        ("**143\u202f469**", "143469"),
        ("95,2\u00a0%", "95,2"),
        ("2018", "2018"),
        ("0602", "0602"),  # a code
        ("2016\u20132018", "2016\u20132018"),
        ("12 av 52", "12 av 52"),
        ("=1+1", "'=1+1"),  # somebody else's text, not a formula
    ],
)
def test_a_figure_in_a_csv_is_a_number_however_it_is_printed(
    report: Report, tmp_path: Path, cell: str | Figure, written: str
) -> None:
    data = report("AP2.2")
    vars(data)["set_record"] = {"synthetic": "false", "server": ""}
    Page(data, tmp_path).table("x", "Tabell", ["", "tall"], [["rad", cell]])
    assert (tmp_path / "tall" / "x.csv").read_text(encoding="utf-8-sig").splitlines()[1] == f"rad;{written}"
