"""The real figures: what the tables hold for both mergers, against an independent computation in pandas."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.choice import choose
from pipeline.ingest import store
from pipeline.model import Definitions
from pipeline.project import Project

Tables = Callable[[str], Path]
EMBEDDED = Project().raw / "embedded"
MEMBERS = {"nye-drammen": ["0602", "0625", "0711"], "nye-asker": ["0220", "0627", "0628"]}
SUCCESSOR = {"nye-drammen": "3005", "nye-asker": "3025"}


def indicator(tables: Tables, merger: str = "nye-drammen") -> pd.DataFrame:
    return parquet(tables(merger) / "indicator.parquet")


def parquet(path: Path) -> pd.DataFrame:
    return duckdb.sql(f"select * from '{path.as_posix()}'").df()


def one(frame: pd.DataFrame, name: str, region: str, year: int) -> pd.Series:
    hit = frame[(frame["indicator"] == name) & (frame["region"] == region) & (frame["year"] == year)]
    assert len(hit) == 1
    return hit.iloc[0]


def expenditure() -> pd.DataFrame:
    return pd.read_csv(EMBEDDED / "12362" / "expenditure.csv", dtype={"KOKkommuneregion0000": str})


def persons() -> pd.DataFrame:
    frame = pd.read_csv(EMBEDDED / "07459" / "population.csv", dtype={"Region": str, "Alder": str})
    return frame.assign(age=frame["Alder"].str[:3].astype(int))


@pytest.mark.parametrize(
    ("name", "amount_1000kr", "inhabitants"),
    [
        ("barnehage.netto_per_innbygger_1_5", 814_926, 5_575),
        ("grunnskole.netto_per_innbygger_6_15", 1_205_344, 12_234),
        ("var.netto_per_innbygger", -52_106, 100_581),
    ],
)
def test_nye_drammen_pro_forma_2018(tables: Tables, name: str, amount_1000kr: int, inhabitants: int) -> None:
    row = one(indicator(tables), name, "nye-drammen", 2018)
    assert (row["numerator"], row["denominator"]) == (amount_1000kr * 1000, inhabitants)
    assert row["value"] == amount_1000kr * 1000 / inhabitants
    assert (row["role"], row["status"], row["basis"]) == ("merged", "ok", "computed")


AREAS = {
    "grunnskole.netto_per_innbygger_6_15": ("FGK8b", 6, 15),
    "barnehage.netto_per_innbygger_1_5": ("FGK7", 1, 5),
    "barnevern.netto_per_innbygger_0_17": ("FGK13", 0, 17),
    "helse_omsorg.netto_per_innbygger": ("FGK9", 0, 105),
    "sosial.netto_per_innbygger_20_66": ("FGK12", 20, 66),
    "kultur.netto_per_innbygger": ("FGK2", 0, 105),
    "var.netto_per_innbygger": ("FGK14", 0, 105),
}


@pytest.mark.parametrize("merger", MEMBERS)
@pytest.mark.parametrize("name", AREAS)
def test_net_expenditure_is_what_pandas_says(tables: Tables, merger: str, name: str) -> None:
    function, first, last = AREAS[name]
    money, people, frame = expenditure(), persons(), indicator(tables, merger)
    money = money[(money["KOKfunksjon0000"] == function) & (money["KOKart0000"] == "AGD2")]
    people = people[people["age"].between(first, last)].groupby(["Region", "Tid"])["Personer1"].sum()
    for year in range(2015, 2020):
        own = money[money["KOKkommuneregion0000"].isin(MEMBERS[merger]) & (money["Tid"] == year)]
        regions = MEMBERS[merger] if year < 2019 else [SUCCESSOR[merger]]
        wanted = own["KOSbelop0000"].sum() * 1000 / sum(people[(region, year + 1)] for region in regions)
        assert one(frame, name, merger, year)["value"] == pytest.approx(wanted, rel=1e-12)
    for year in (2020, 2022):
        own = money[(money["KOKkommuneregion0000"] == SUCCESSOR[merger]) & (money["Tid"] == year)]
        wanted = own["KOSbelop0000"].sum() * 1000 / people[(SUCCESSOR[merger], year + 1)]
        assert one(frame, name, merger, year)["value"] == pytest.approx(wanted, rel=1e-12)


def test_2019_of_a_member_is_published_where_ssb_has_it_else_missing(tables: Tables) -> None:
    frame = indicator(tables)
    published = one(frame, "barnehage.netto_per_innbygger", "0602", 2019)
    assert (published["value"], published["basis"], published["status"]) == (8654, "published", "ok")
    missing = one(frame, "barnehage.netto_per_innbygger_1_5", "0602", 2019)
    assert pd.isna(missing["value"]) and missing["status"] == "not_available"
    merged = one(frame, "barnehage.netto_per_innbygger_1_5", "nye-drammen", 2019)
    assert (merged["status"], merged["denominator"]) == ("ok", 5500)


def test_a_missing_member_is_never_a_partial_sum(tables: Tables) -> None:
    frame = indicator(tables)
    for name in ("samferdsel.netto_driftsutgifter", "brann.brutto_per_innbygger", "bolig.brutto_driftsutgifter"):
        row = one(frame, name, "nye-drammen", 2015)
        assert pd.isna(row["value"]) and row["status"] == "component_missing"
        assert "Nedre Eiker" in row["reason"]
    assert one(frame, "samferdsel.netto_driftsutgifter", "0602", 2015)["status"] == "ok"


def test_history_is_never_found_by_name(tables: Tables) -> None:
    """Old Drammen (0602) is not the history of Drammen (3005, 3301)."""
    frame = indicator(tables)
    for year in (2015, 2019):
        merged = one(frame, "befolkning.innbyggere", "nye-drammen", year)["value"]
        old = one(frame, "befolkning.innbyggere", "0602", year)["value"]
        assert merged > old + 25_000
    assert one(frame, "befolkning.innbyggere", "0602", 2020)["status"] == "not_valid"


def test_groups_are_never_chained_over_2020(tables: Tables) -> None:
    frame = indicator(tables)
    years = frame[frame["role"] == "comparator"].groupby("region")["year"].agg(["min", "max"])
    assert years.loc["EKG13", "max"] == 2019 and years.loc["EKG07", "max"] == 2019
    assert years.loc["EKG12", "min"] == 2020


@pytest.mark.parametrize("merger", MEMBERS)
def test_a_value_stands_exactly_where_status_is_ok(tables: Tables, merger: str) -> None:
    frame = indicator(tables, merger)
    assert (frame["value"].notna() == (frame["status"] == "ok")).all()
    assert frame.loc[frame["status"] != "ok", "reason"].notna().all()
    assert frame.loc[frame["status"] == "ok", "basis"].notna().all()
    assert set(frame["role"]) == {"member", "merged", "comparator"}


@pytest.mark.parametrize("merger", MEMBERS)
def test_every_definition_has_rows_for_members_and_merged(
    tables: Tables, merger: str, definitions: Definitions
) -> None:
    frame = indicator(tables, merger)
    for region in [*MEMBERS[merger], merger]:
        assert set(frame[frame["region"] == region]["indicator"]) == set(definitions.indicators)


def test_coverage_counts_children_where_the_kindergarten_is(tables: Tables) -> None:
    children = pd.read_csv(EMBEDDED / "udir-barnehager" / "kindergartens.csv", dtype=str)
    old = children[(children["period"] == "before_2020") & children["region"].isin(MEMBERS["nye-drammen"])]
    row = one(indicator(tables), "barnehage.dekning_1_5", "nye-drammen", 2018)
    assert row["numerator"] == old["children"].astype(float).sum() == 5000
    assert row["value"] == pytest.approx(100 * 5000 / 5575)


def test_a_merged_school_result_is_the_municipalitys_own_with_its_uncertainty(tables: Tables) -> None:
    row = one(indicator(tables), "grunnskole.nasjonale_prover_5_lesing", "nye-drammen", 2022)
    assert (row["value"], row["denominator"], row["uncertainty"]) == (49, 1067, 0.5)


def test_the_need_of_the_country_is_100(tables: Tables) -> None:
    frame = indicator(tables)
    need = frame[
        frame["indicator"].str.match(r"behov\..*_alder") & (frame["region"] == "EAK") & (frame["status"] == "ok")
    ]
    assert len(need) == 6 * 12  # 1 January 2015 to 2026 is the end of 2014 to 2025
    assert (need["value"] - 100).abs().max() < 1e-9


def test_schools_of_today_stand_on_the_old_municipalities_and_sum_to_the_register(tables: Tables) -> None:
    schools = pd.read_csv(EMBEDDED / "udir-skoler" / "schools.csv", dtype=str)
    frame = indicator(tables)
    assert one(frame, "grunnskole.skoler", "nye-drammen", 2026)["value"] == (schools["region"] == "3301").sum()
    assert one(frame, "grunnskole.skoler", "0711", 2026)["value"] == 3


def test_two_computations_give_the_same_bytes(tables: Tables, tmp_path: Path) -> None:
    """Of Nye Drammen too, with everything pulled and filled in: tests/test_harmonisation_reports.py."""
    from pipeline import run

    run.compute_tables(choose(Project(), "nye-asker", "embedded"), tmp_path)
    for path in sorted(tables("nye-asker").glob("*.parquet")):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_the_tables_have_the_rows_they_had(tables: Tables) -> None:
    """Row counts as data: a table that shrinks or grows unseen is looked at."""
    expected = pd.read_csv(Path(__file__).parent / "row_counts.csv")
    found = [
        (merger, path.stem, len(parquet(path)))
        for merger in MEMBERS
        for path in sorted(tables(merger).glob("*.parquet"))
    ]
    assert found == list(expected.itertuples(index=False, name=None))


def test_every_raw_file_has_its_origin_and_the_set_is_small() -> None:
    record = store.set_record(Project(), "embedded")
    files = [file for source in record.sources for file in store.raw_files(Project(), "embedded", source)]
    assert len(files) == len(list(EMBEDDED.glob("*/*.csv"))) + len(list(EMBEDDED.glob("*/codes_*.json"))) - len(
        list(EMBEDDED.glob("*/codes_*.origin.json"))
    )
    for file in files:
        assert file.origin.producer and file.origin.licence and file.origin.title
        assert file.digest() == file.origin.sha256, file.shown
    assert sum(path.stat().st_size for path in EMBEDDED.rglob("*") if path.is_file()) < 4_000_000
    sources = (EMBEDDED.parent / "embedded" / "SOURCES.md").read_text(encoding="utf-8")
    for source in record.sources:
        assert f"`{source}`" in sources, f"{source} is not in SOURCES.md"
    assert "OpenStreetMap" in sources and "ODbL" in sources


# ----------------------------------------------------------------- figures read in public copies


@pytest.mark.parametrize("merger", MEMBERS)
@pytest.mark.parametrize("part", ["AP2.1", "AP2.4", "AP2.5", "AP2.7"])
def test_a_sub_project_has_figures_under_three_headings_at_least(
    tables: Tables, merger: str, part: str, definitions: Definitions
) -> None:
    """Its own services' figures, of the merged municipality or its members; inhabitants by age do not count."""
    frame = indicator(tables, merger)
    own = frame[(frame["status"] == "ok") & frame["role"].isin(["member", "merged"])]["indicator"].unique()
    [shown] = [p for p in definitions.groupings["ap2"].part if p.id == part]
    headings = {
        i.heading for i in definitions.indicators_of(shown) if i.id in own and i.area not in definitions.cross_cutting
    }
    assert len(headings) >= 3 and {"dimensjonering", "kvalitet", "finansiering"} <= headings


@pytest.mark.parametrize(
    ("merger", "points"),
    [("nye-drammen", [41.39, 41.87, 42.04, 41.28]), ("nye-asker", [42.64, 42.76, 43.03, 43.09])],
)
def test_leaving_school_points_are_merged_by_pupils(tables: Tables, merger: str, points: list[float]) -> None:
    frame = indicator(tables, merger)
    found = [one(frame, "grunnskole.grunnskolepoeng", merger, year)["value"] for year in range(2016, 2020)]
    assert [round(value, 2) for value in found] == points
    assert one(frame, "grunnskole.grunnskolepoeng", merger, 2020)["basis"] == "published", "its own from 2020 on"


def test_users_of_home_services_are_added_up(tables: Tables) -> None:
    frame = indicator(tables)
    row = one(frame, "pleie_omsorg.brukere_under_67", "nye-drammen", 2018)
    assert (row["numerator"], row["denominator"]) == (1467 + 429 + 159, 2976 + 771 + 313)
    assert one(frame, "pleie_omsorg.brukere_under_67", "nye-drammen", 2025)["status"] == "ok"


def test_free_income_is_never_the_sum_of_some(tables: Tables) -> None:
    frame, name = indicator(tables), "okonomi.frie_inntekter_anslag"
    assert one(frame, name, "nye-drammen", 2019)["value"] == 5_483_864
    missing = one(frame, name, "nye-drammen", 2018)
    assert missing["status"] == "component_missing" and "Svelvik" in missing["reason"]


def test_what_was_suppressed_stays_suppressed(tables: Tables) -> None:
    """IMDi hides how many refugees Svelvik settled in 2018; the merged figure would give it by subtraction."""
    frame, name = indicator(tables), "sosial.bosatte_flyktninger"
    assert one(frame, name, "0711", 2018)["status"] == "suppressed"
    assert pd.isna(one(frame, name, "nye-drammen", 2018)["value"])
    assert one(frame, name, "nye-drammen", 2017)["status"] == "ok"


def test_the_fees_are_those_of_the_whole_country(tables: Tables) -> None:
    fees = [pd.read_csv(path, dtype=str) for path in sorted((EMBEDDED / "12842").glob("*.csv"))]
    assert sorted(len(frame) for frame in fees) == [331, 335, 338, 339]
    frame = indicator(tables)
    names = ("var.arsgebyr_vann", "var.arsgebyr_avlop", "var.arsgebyr_renovasjon", "brann.arsgebyr_feiing")
    assert [one(frame, name, "nye-drammen", 2026)["value"] for name in names] == [5519, 9167, 4161, 608]


def test_the_codes_of_general_practitioners_are_what_they_are_called() -> None:
    """The pairing is proved by the figures: the reserve is capacity over patients with a doctor, and so on."""
    frame = pd.read_csv(EMBEDDED / "12005" / "2025.csv")
    patients, alone = frame["KOSantallpasient0000"], frame["KOSantallpasient0001"]
    reserve = 100 * frame["KOSkapasitet0000"] / patients
    series = pd.read_csv(EMBEDDED / "12005" / "2025.csv")["KOSreservekapasi0000"]
    assert len(frame) == 351 and (reserve.round() - series).abs().max() <= 1
    share = 100 * alone / (patients + alone)
    assert (share - frame["KOSandelpasiente0000"]).abs().max() <= 0.5
    assert (
        frame["KOSantallavtaler0001"] + frame["KOSantallavtaler0000"] - frame["KOSantallavtaler0002"]
    ).abs().max() == 0


def test_ssbs_coverage_is_children_by_inhabitants_at_the_end_of_the_year() -> None:
    children = pd.read_csv(EMBEDDED / "barnehagebarn" / "children.csv", dtype={"region": str})
    published = pd.read_csv(EMBEDDED / "13502" / "coverage_pages.csv", dtype={"KOKkommuneregion0000": str})
    people = persons()
    people = people[people["age"].between(1, 5)].groupby(["Region", "Tid"])["Personer1"].sum()
    held = 0
    for region, year, coverage in published.itertuples(index=False, name=None):
        if (region, year + 1) in people:
            own = children[(children["region"] == region) & (children["year"] == year)]
            counted = own[own["alder_aar"].between(1, 5)]["barn"].sum()
            assert round(100 * counted / people[(region, year + 1)], 1) == coverage, (region, year)
            held += 1
    assert held >= 4


def test_the_country_of_11820_is_07459_at_the_end_of_the_year() -> None:
    profile = pd.read_csv(EMBEDDED / "11820" / "key_figures.csv", dtype={"KOKkommuneregion0000": str})
    profile = profile[profile["KOKkommuneregion0000"] == "EAK"].set_index("Tid")["KOSfolkemengde0000"]
    people = persons().groupby(["Region", "Tid"])["Personer1"].sum()
    off = [profile[year] - people[("EAK", year + 1)] for year in range(2020, 2026)]
    assert off == [0, 0, -4, 0, 0, 0], "07459 was revised by four persons after the key figures of 2022"


def test_fixed_prices_reach_from_2017_to_2022_and_no_further(tables: Tables) -> None:
    trend = parquet(tables("nye-drammen") / "trend.parquet")
    own = trend[(trend["indicator"] == "barnehage.netto_per_innbygger") & (trend["region"] == "nye-drammen")]
    fixed = own.set_index("year")
    assert [year for year in fixed.index if fixed.loc[year, "fixed_status"] == "ok"] == list(range(2017, 2023))
    carried = fixed.loc[2017, "value"] * 1.03 * 1.028 * 1.014 * 1.033 * 1.067
    assert fixed.loc[2017, "fixed_value"] == pytest.approx(carried)
    assert "omtrent 0,9 prosentpoeng for høyt" in fixed.loc[2023, "fixed_reason"]
    assert fixed.loc[2016, "fixed_reason"] == "Deflatoren mangler for 2017."
