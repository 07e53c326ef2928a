"""The command line as a person meets it."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pipeline import cli, run
from pipeline.choice import choose
from pipeline.commands.explain import explain
from pipeline.commands.status import status
from pipeline.errors import KunnskapError
from pipeline.model import Definitions
from pipeline.project import Project


def kunnskap(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments], capture_output=True, text=True, encoding="utf-8"
    )


def test_a_misspelt_merger_is_told_in_plain_words_and_fails() -> None:
    result = kunnskap("run", "--merger", "nye-dramen")
    assert result.returncode == 1
    assert "nye-dramen" in result.stderr and "nye-asker, nye-drammen" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_misspelt_indicator_and_set_fail_the_same_way() -> None:
    assert "Mente du" in kunnskap("explain", "barnehage.dekning").stderr
    result = kunnskap("run", "--set", "2018")
    assert result.returncode == 1 and "Disse finnes: embedded" in result.stderr


def test_help_is_norwegian_and_every_option_has_it() -> None:
    import typer

    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    assert set(commands) == {"run", "fetch", "check", "diff", "compare", "status", "forms", "explain", "new"}
    for command in commands.values():
        assert command.help
        for parameter in command.params:
            assert getattr(parameter, "help", ""), f"{command.name} {parameter.name}"


def test_no_arguments_shows_help() -> None:
    result = CliRunner().invoke(cli.app, [])
    assert "run" in result.output and "explain" in result.output


@pytest.mark.parametrize(
    ("indicator", "told"),
    [
        (
            "barnehage.netto_per_innbygger_1_5",
            [
                "B = 3 866 + 1 419 + 290 = 5 575",
                "A ÷ B = 146 175 kr",
                "ressursbruk 95",
                "Utvikling: ",
                "expenditure.csv rad",
                "\"KOKfunksjon0000\" in ('FGK7')",
                "year - 1",
            ],
        ),
        ("behov.grunnskole_alder", ["innb_6_12 0,6917", "100,0", "need.toml"]),
        ("barnehage.dekning_1_5", ["eierform privat = 56", "kindergartens.csv", "A = 5 000,0"]),
        ("kultur.netto_per_innbygger", ["0602: regnet", "likt innenfor avrunding"]),
        ("grunnskole.nasjonale_prover_5_lesing", ["national_tests.csv rad", "Tallene i 2025"]),
    ],
)
def test_explain_goes_down_to_the_lines_of_the_raw_file(
    finished: Project, definitions: Definitions, indicator: str, told: list[str]
) -> None:
    lines = "\n".join(explain(choose(finished, "nye-drammen"), definitions.indicator(indicator), None))
    lines = lines.replace("\u202f", " ").replace("\u00a0", " ")
    for words in told:
        assert words in lines


def test_the_sql_that_explain_prints_gives_the_figure(finished: Project, definitions: Definitions) -> None:
    import duckdb

    indicator = definitions.indicator("barnehage.netto_per_innbygger_1_5")
    lines = list(explain(choose(finished, "nye-drammen"), indicator, None))
    at = lines.index("  -- A")
    statement = "\n".join(lines[at + 1 : at + 5]).replace(
        "data/processed", (finished.root / "data/processed").as_posix()
    )
    rows = duckdb.sql(statement).fetchall()
    assert sum(a for region, year, a in rows if year == 2018 and region in ("0602", "0625", "0711")) == 814_926_000


def test_explain_before_the_first_run_says_what_to_do(project: Project, definitions: Definitions) -> None:
    with pytest.raises(KunnskapError, match="kunnskap run --merger nye-asker"):
        list(explain(choose(project, "nye-asker"), definitions.indicator("var.andel_av_sju"), None))


def test_explain_leads_from_a_figure_the_municipalities_filled_in_to_its_row(project: Project) -> None:
    folder = project.local / "nye-drammen"
    folder.mkdir(parents=True)
    rows = ["tall;kommune;år;verdi;kilde;dato"]
    for number, persons in (("arsverk_grunnbemanning", 1200), ("arsverk_barnehagelaerere", 210)):
        rows += [f"{number};{code};2018;{persons};fagsystem;01.02.2019" for code in ("0602", "0625", "0711")]
    (folder / "lokal-oppvekst.csv").write_text("\n".join(rows), encoding="utf-8")
    choice = choose(project, "nye-drammen")
    run.compute_tables(choice, choice.processed)
    indicator = choice.definitions.indicator("barnehage.andel_barnehagelaerere")
    told = "\n".join(explain(choice, indicator, None)).replace("\u202f", " ")
    assert "ContentsCode arsverk_grunnbemanning = 1 200   (data/local/nye-drammen/lokal-oppvekst.csv rad 2)" in told
    assert "hent settet på nytt" not in told


def test_status_tells_what_is_there_and_what_is_missing(finished: Project, project: Project) -> None:
    told = "\n".join(status(choose(finished, "nye-drammen")))
    assert "embedded (innebygd" in told and "(ferske)" in told and "16 i reports/nye-drammen" in told
    forms = len(choose(finished, "nye-drammen").definitions.forms)
    assert f"Skjemaer     ingen av {forms} fylt ut" in told
    assert "brann.brutto_per_innbygger" in told and "Mangler for Nedre Eiker" in told
    empty = "\n".join(status(choose(project, "nye-drammen")))
    assert "ikke regnet ut. Kjør `kunnskap run --merger nye-drammen`" in empty


def test_a_fee_nobody_has_filled_in_is_told(finished: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Project, "processed", property(lambda self: finished.root / "data" / "processed"))
    with pytest.raises(KunnskapError, match=r"(?s)Ingen har fylt ut noe om «sfo.halv_plass».*kunnskap new nye-drammen"):
        cli.explain("sfo.halv_plass", "nye-drammen", None, None)
