"""Damaged input: one clear message each, and the last good tables and reports as they were."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline import run
from pipeline.choice import choose
from pipeline.errors import KunnskapError
from pipeline.ingest import store
from pipeline.progress import Progress
from pipeline.project import Project
from pipeline.report.paper.notebook import Kernel


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(embedded: Path) -> None:
        text = (embedded / path).read_text(encoding="utf-8")
        assert old in text
        (embedded / path).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    return damage


def remove(path: str) -> Callable[[Path], None]:
    return lambda embedded: (embedded / path).unlink()


def truncate(path: str) -> Callable[[Path], None]:
    def damage(embedded: Path) -> None:
        content = (embedded / path).read_bytes()
        (embedded / path).write_bytes(content[: len(content) // 2])

    return damage


def empty(path: str) -> Callable[[Path], None]:
    return lambda embedded: (embedded / path).write_bytes(b"")


ACCOUNTS, PEOPLE = "12362/expenditure.csv", "07459/population.csv"
PLACES = "udir-barnehager/kindergartens.csv"
DAMAGE = {
    "missing file": (remove(ACCOUNTS), ["12362/expenditure.origin.json", "datafilen", "git checkout"]),
    "missing origin": (remove("12362/expenditure.origin.json"), ["12362", "filene er borte"]),
    "missing set record": (remove("set.json"), ["embedded"]),
    "truncated json": (truncate("klass-131-codes/codes_2026-01-01.json"), ["codes_2026-01-01.json", "avkortet"]),
    "truncated origin": (truncate("12362/expenditure.origin.json"), ["expenditure.origin.json", "JSON"]),
    "empty file": (empty(PEOPLE), ["population.csv", "tom"]),
    "wrong code": (change(ACCOUNTS, "0220,FGK12,", "0220,FGX12,"), ["expenditure.csv", "rad 2", "FGX12", "funksjon"]),
    "text in a number": (change(ACCOUNTS, "146992", "mange"), ["expenditure.csv", "rad 2", "mange", "tall"]),
    "decimals in persons": (change(PEOPLE, "000,658", "000,658.5"), ["population.csv", "rad 2", "heltall"]),
    "negative persons": (change(PEOPLE, "000,658", "000,-658"), ["population.csv", "rad 2", "fra 0"]),
    "duplicate rows": (
        change(PEOPLE, "0220,2005,001,639\n", "0220,2005,001,639\n0220,2005,001,639\n"),
        ["population.csv", "rad 4", "samme rad som rad 3"],
    ),
    "unknown municipality": (change(ACCOUNTS, "0220,FGK12", "0299,FGK12"), ["rad 2", "0299", "KLASS"]),
    "year outside the source": (change(ACCOUNTS, "AGD10,2015", "AGD10,1915"), ["rad 2", "1915"]),
    "wrong owner": (change(PLACES, ",privat,", ",privaat,"), ["kindergartens.csv", "rad 2", "privaat", "kommunal"]),
    "a figure changed by hand": (change(ACCOUNTS, "146992,2446", "146993,2446"), ["expenditure.csv", "sjekksummen"]),
    "a corrected hole that is filled": (
        change(PLACES, "Midtbygda,59.7402,10.4127,,", "Midtbygda,59.7402,10.4127,12,"),
        ["corrections.toml", "1016589", "«12»"],
    ),
}  # fmt: skip


@pytest.fixture
def good(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with something good in place, and compute in this process to save time."""
    for folder in (project.processed / "nye-drammen", project.reports / "nye-drammen"):
        folder.mkdir(parents=True)
        (folder / "last-good.txt").write_text("det siste gode", encoding="utf-8")
    monkeypatch.setattr(run, "in_own_process", lambda function, *arguments: function(*arguments))
    monkeypatch.setattr(Kernel, "start", lambda self, notebooks: None)  # no run here comes as far as a report
    return project


def everything(project: Project) -> dict[str, bytes]:
    """Every file of the results; what says that a run has been here is none of them."""
    folders = (project.processed, project.reports)
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {str(path): path.read_bytes() for path in found}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_told_and_nothing_is_touched(good: Project, kind: str) -> None:
    damage, told = DAMAGE[kind]
    before = everything(good)
    damage(good.raw / "embedded")
    with pytest.raises(KunnskapError) as error:
        run.run(choose(good, "nye-drammen"))
    message = str(error.value)
    for word in told:
        assert word in message, message
    assert len(message) < 3000, "a person has to read it"
    assert everything(good) == before


def reseal(project: Project, name: str) -> None:
    """Make a changed raw file look as if it had been pulled like that."""
    path = project.raw / "embedded" / name
    origin = path.with_name(path.stem + ".origin.json")
    record = json.loads(origin.read_text(encoding="utf-8"))
    digest = store.RawFile(path, name, None).digest()  # type: ignore[arg-type]
    origin.write_text(json.dumps({**record, "sha256": digest}), encoding="utf-8")


def tables(project: Project) -> dict[str, pd.DataFrame]:
    """What a run makes, without its reports."""
    choice = choose(project, "nye-drammen")
    run.compute_tables(choice, project.root / "made")
    names = ("indicator", "deviation", "set_aside", "observation")
    return {name: duckdb.sql(f"from '{(project.root / 'made' / f'{name}.parquet').as_posix()}'").df() for name in names}


def test_an_unknown_disagreement_costs_the_figures_it_is_about(good: Project) -> None:
    """One amount of Drammen's in 2018 implies another population than the rest of its accounts."""
    change(ACCOUNTS, "0602,FGK7,AGD2,2018,554652", "0602,FGK7,AGD2,2018,564652")(good.raw / "embedded")
    reseal(good, ACCOUNTS)
    made = tables(good)
    row = made["set_aside"].set_index("source").loc["12362"]
    told = "12362: beløp og kroner per innbygger går ikke opp i ett folketall."
    assert (row["region"], row["year"], row["reason"]) == ("0602", 2018, told)
    figure = made["indicator"].set_index(["indicator", "region", "year"])
    own = figure.loc[("barnehage.netto_per_innbygger_1_5", "0602", 2018)]
    assert own["status"] == "unresolved" and told in own["reason"]
    assert figure.loc[("barnehage.netto_per_innbygger_1_5", "nye-drammen", 2018)]["status"] == "component_missing"
    assert figure.loc[("barnehage.netto_per_innbygger_1_5", "0602", 2017)]["status"] == "ok"
    assert figure.loc[("barnehage.dekning_1_5", "0602", 2018)]["status"] == "ok", "of another table"
    cells = made["observation"]
    touched = cells[(cells["source"] == "12362") & (cells["region"] == "0602") & (cells["year"] == 2018)]
    assert set(touched["status"]) == {"unresolved"} and touched["value"].isna().all()
    with pytest.raises(KunnskapError, match=r"one_population: 12362 0602 2018.*deviations\.toml"):
        run.run(choose(good, "nye-drammen", strict=True))


def test_what_was_let_pass_is_not_fresh_for_a_strict_run(good: Project) -> None:
    change(ACCOUNTS, "0602,FGK7,AGD2,2018,554652", "0602,FGK7,AGD2,2018,564652")(good.raw / "embedded")
    reseal(good, ACCOUNTS)
    run._tables(choose(good, "nye-drammen"), ExitStack(), Progress())
    with pytest.raises(KunnskapError, match="one_population"):
        run._tables(choose(good, "nye-drammen", strict=True), ExitStack(), Progress())


def test_a_member_that_does_not_add_up_stops_the_run(good: Project) -> None:
    """Three people in one year of age are tolerated; four are not."""
    change(PEOPLE, "0602,2019,000,702", "0602,2019,000,706")(good.raw / "embedded")
    reseal(good, PEOPLE)
    with pytest.raises(KunnskapError, match=r"member_population: K-3301 2019: i 1 aldersår"):
        run.run(choose(good, "nye-drammen"))


def test_a_known_deviation_that_is_gone_is_told(good: Project) -> None:
    """SSB revises: an analyst's pull does not wait for an edit of the register. A strict run does."""
    register = good.definitions / "deviations.toml"
    text = register.read_text(encoding="utf-8")
    gone = '\n[[deviation]]\ncheck = "implied_population"\nitem = "0602 2018"\nreason = "Finnes ikke."\n'
    register.write_text(text + gone, encoding="utf-8")
    done = run.compute_tables(choose(good, "nye-drammen"), good.root / "made")
    assert "Det kjente avviket implied_population «0602 2018» forekommer ikke lenger." in done.told and done.lenient
    with pytest.raises(KunnskapError, match=r"«0602 2018» forekommer ikke lenger"):
        run.run(choose(good, "nye-drammen", strict=True))


def test_a_fault_of_no_table_stops_the_run(good: Project) -> None:
    register = good.definitions / "deviations.toml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace('item = "33011205"', 'item = "33011204"', 1), encoding="utf-8")
    with pytest.raises(KunnskapError, match="33011205"):
        run.run(choose(good, "nye-drammen"))


def test_a_misspelt_check_in_the_register_is_told(good: Project) -> None:
    register = good.definitions / "deviations.toml"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace('"implied_population"', '"implied_populasjon"', 1), encoding="utf-8")
    with pytest.raises(KunnskapError, match="implied_populasjon"):
        run.run(choose(good, "nye-drammen"))


def test_an_unknown_set_names_the_ones_there_are(good: Project) -> None:
    with pytest.raises(KunnskapError, match="Disse finnes: embedded"):
        run.run(choose(good, "nye-drammen", "2019"))
