"""What is wrong in a pulled table is told by the figure it is about, and costs what it touches."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import KunnskapError
from pipeline.ingest.store import Origin, RawFile, SetRecord
from pipeline.model import Definitions
from pipeline.validate.aside import Aside, counted, told, unresolved
from pipeline.validate.raw import RawChecks
from tests.conftest import merger_of

TABLE = "12210"
COUNT, YOUNG = "KOSsosantkliente0000", "KOSant18240000"
KLASS = {
    "klass-131-changes": pd.DataFrame({"file": ["k"], "row": [2], "oldCode": ["0602"], "newCode": ["3005"]}),
    "klass-131-codes": pd.DataFrame({"file": ["k"], "row": [2], "code": ["3301"]}),
}
Row = tuple[str, str, str, float | None, str]
GOOD: list[Row] = [("0602", "2018", COUNT, 1706.0, ""), ("0602", "2018", YOUNG, None, ":")]


def frame(*rows: Row) -> pd.DataFrame:
    """region, year, contents, value, sign, as `ingest.read` gives the cells of a table."""
    names = ["region", "year_text", "ContentsCode", "value", "symbol"]
    made = pd.DataFrame(rows, columns=names).assign(file="001.json", row=range(1, len(rows) + 1))
    made["year"] = pd.to_numeric(made["year_text"], errors="coerce").astype("Int64")
    made["value"] = made["value"].astype("float64")
    return made.astype(dict.fromkeys(["file", "region", "year_text", "ContentsCode", "symbol"], "category"))


@pytest.fixture
def raw(definitions: Definitions, tmp_path: Path) -> Any:
    """The checks of a set with that one table; `decimals` as SSB's metadata state them."""
    path = tmp_path / "001.json"
    path.write_text("{}", encoding="utf-8")
    file = RawFile(path, "12210/001.json", Origin("SSB", "", "", RawFile(path, "", None).digest()))  # type: ignore[arg-type]

    def made(*rows: Row, decimals: dict[str, int] | None = None, strict: bool = False, edited: bool = False) -> Any:
        record = SetRecord("ny", "ny", "2026-11-27", False, [TABLE], decimals={TABLE: decimals or {}})
        if edited:
            path.write_text("{ }", encoding="utf-8")
        # the KLASS frames are only there to know the municipalities by
        checks = RawChecks(definitions, merger_of("nye-drammen"), record, KLASS, {TABLE: [file]}, {}, strict)
        checks.problems.clear()
        checks.touched.clear()
        checks.others.clear()
        checks.check(TABLE, frame(*rows))
        return checks

    return made


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("0602", "2019", COUNT, 97.5, ""), f"{COUNT} 0602 2019 er 97.5. Ventet: {COUNT}: heltall fra 0."),
        (("0602", "2019", COUNT, -1.0, ""), f"{COUNT} 0602 2019 er -1. Ventet: {COUNT}: heltall fra 0."),
        (
            ("0602", "2019", COUNT, 97.0, ".."),
            f"{COUNT} 0602 2019 er 97 med tegnet «..». Ventet: en verdi, eller et tegn",
        ),
        (("0602", "2019", COUNT, None, "?!"), f"fant «?!» ({COUNT} 0602 2019 med tegnet «?!»)."),
        (("9998", "2019", COUNT, 97.0, ""), f"fant «9998» ({COUNT} 9998 2019 er 97)."),
    ],
)
def test_a_fault_names_contents_region_year_and_what_was_found(raw: Any, row: Row, told: str) -> None:
    (aside,) = raw(*GOOD, row).judge()
    assert (aside.source, aside.contents) == (TABLE, COUNT), "the other contents are as they were"
    assert told in aside.reason


@pytest.mark.parametrize("row", [("0602", "2019", COUNT, 97.0, "*"), ("0602", "2019", COUNT, None, "*")])
def test_a_figure_that_is_not_final_is_a_figure(raw: Any, row: Row) -> None:
    assert raw(*GOOD, row).judge() == []


@pytest.mark.parametrize(("value", "decimals", "good"), [(97.5, 1, True), (97.55, 1, False), (97.5, 0, False)])
def test_decimals_are_those_ssb_states(raw: Any, value: float, decimals: int, good: bool) -> None:
    checks = raw(*GOOD, ("0602", "2019", COUNT, value, ""), decimals={COUNT: decimals})
    assert (checks.judge() == []) is good


def test_a_cell_that_comes_twice_costs_its_contents(raw: Any) -> None:
    (aside,) = raw(*GOOD, GOOD[0]).judge()
    assert (aside.contents, "samme rad som rad 1" in aside.reason) == (COUNT, True)


def test_a_strict_run_and_an_edited_file_stop(raw: Any) -> None:
    for more in ({"strict": True}, {"edited": True}):
        with pytest.raises(KunnskapError, match=r"97\.5"):
            raw(*GOOD, ("0602", "2019", COUNT, 97.5, ""), **more).judge()


def test_what_is_set_aside_is_told_with_the_indicators_it_costs(definitions: Definitions) -> None:
    merger = merger_of("nye-drammen")
    record = unresolved(
        SetRecord("ny", "ny", "2026-11-27", False, []),
        [Aside("12362", reason="Tabellen er tom."), Aside(TABLE, COUNT, reason="Halve mottakere.")],
    )
    assert record.unresolved == {
        "12362": {"": {"": "Tabellen er tom."}},
        TABLE: {"ContentsCode": {COUNT: "Halve mottakere."}},
    }
    figure = Aside(indicator="barnehage.dekning_1_5", region="0602", year=2018, reason="Regnet 90, publisert 80.")
    rows = told(definitions, merger, record, [figure]).set_index("source")
    assert "sosial.mottakere_per_18_66" in rows.loc[TABLE, "indicators"].split(", ")
    assert "barnehage.netto_per_innbygger_1_5" in rows.loc["12362", "indicators"]
    assert (rows["indicators"] == "barnehage.dekning_1_5").sum() == 1


def test_whole_tables_are_counted_and_then_those_of_which_something_is_left(definitions: Definitions) -> None:
    tables = sum(source.pull == "statbank" for source in definitions.sources.values())
    assert counted(definitions, []) == ""
    assert counted(definitions, [("12362", True), ("12362", False)]) == f"1 av {tables} tabeller er satt til side."
    assert counted(definitions, [("12362", False)]) == "Av 1 tabell er noe satt til side."
    both = counted(definitions, [("12362", True), ("12210", False), ("12209", False)])
    assert both == f"1 av {tables} tabeller er satt til side. Av 2 tabeller er noe satt til side."
