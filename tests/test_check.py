"""`kunnskap check`: what it calls found, moved, closed, gone; and what `--write` dares to change."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tomlkit
from typer.testing import CliRunner

from pipeline import cli, model
from pipeline.commands.check import Report, Row, check, lines, write_table
from pipeline.commands.rewrite import rewrite
from pipeline.errors import KunnskapError
from pipeline.ingest.client import Client
from pipeline.ingest.statbank import Statbank
from pipeline.model import Definitions
from pipeline.project import Project
from tests.conftest import merger_of
from tests.statbank import Server
from tests.statbank.catalogue import Value

MERGERS = [merger_of("nye-drammen"), merger_of("nye-asker")]

FEW = ("07459", "12210", "12362", "13502", "11929", "12058", "sfo")


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.reset()
    return running


def checked(server: Server, definitions: Definitions) -> Report:
    chosen = {name: source for name, source in definitions.sources.items() if name in FEW}
    client = Client(calls_per_minute=0)
    try:
        return check(replace(definitions, sources=chosen), MERGERS, Statbank(client, server.statbank_url))
    finally:
        client.close()


def row(report: Report, source: str, code: str = "", state: str | None = None) -> Row:
    return next(r for r in report.rows if (r.source, r.code) == (source, code) and state in (None, r.state))


def told(report: Report) -> str:
    return "\n".join(lines(report))


def test_all_is_well_when_the_definitions_fit(server: Server, definitions: Definitions) -> None:
    report = checked(server, definitions)
    assert report.well and report.synthetic
    assert row(report, "12362", "AGD2").state == "found"
    assert "2015–2025, oppdatert 2026-06-15" in row(report, "12362").note
    assert "Alt indikatorene bygger på, finnes." in told(report)
    assert not [call for call in server.calls if call.path.endswith("/data")], "metadata only"


def test_a_closed_table_is_named_with_its_successor(server: Server, definitions: Definitions) -> None:
    report = checked(server, definitions)
    closed = row(report, "11929", state="closed")
    assert closed.now == "12562" and "12562 tar over" in told(report)


def test_a_table_that_stands_still_is_named(server: Server, definitions: Definitions) -> None:
    server.misbehave("stands_still", table="13502", last="2021")
    report = checked(server, definitions)
    assert row(report, "13502", state="standing_still").note == "Siste år er 2021; andre tabeller har 2025."


def test_a_code_that_is_gone_fails_the_check_if_an_indicator_uses_it(server: Server, definitions: Definitions) -> None:
    server.misbehave("code_gone", table="12210", dimension="ContentsCode", code="KOSant18240000")
    report = checked(server, definitions)
    assert not report.well
    assert "12210 ContentsCode KOSant18240000" in told(report) and "Brukes av sosial." in told(report)


def test_a_table_that_is_gone_and_one_that_does_not_answer(server: Server, definitions: Definitions) -> None:
    server.misbehave("table_gone", table="12210")
    report = checked(server, definitions)
    assert row(report, "12210").state == "gone" and "14019 skal ha tatt over" in row(report, "12210").note


def test_the_table_holds_what_the_screen_has_no_room_for(
    server: Server, definitions: Definitions, tmp_path: Path
) -> None:
    server.misbehave("renamed_label", table="13502", dimension="ContentsCode", code="KOSbarnaav0000", to="=cmd()")
    report = checked(server, definitions)
    write_table(report, tmp_path / "kontroll.csv")
    with (tmp_path / "kontroll.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == len(report.rows) and rows[0].keys() >= {"source", "code", "state", "now_label", "indicators"}
    assert next(r for r in rows if r["code"] == "KOSbarnaav0000")["now_label"] == "'=cmd()"


# -------------------------------------------------------------------------------- check --write


def test_write_puts_in_what_is_certain_and_nothing_else(server: Server, own_definitions: Project) -> None:
    definitions = model.load(own_definitions)
    server.misbehave(
        "renamed_code", table="12210", dimension="ContentsCode", code="KOSsosantkliente0000", to="KOSsosantkliente0001"
    )
    server.misbehave("code_gone", table="13502", dimension="ContentsCode", code="KOSandel350000")
    server.misbehave("new_year", table="12362", year="2026")
    changes = rewrite(own_definitions, definitions, checked(server, definitions))
    after = model.load(own_definitions)
    assert after.sources["12362"].last_year == 2026
    assert "KOSsosantkliente0001" in after.sources["12210"].contents
    numerator = after.indicators["sosial.mottakere_per_18_66"].numerator
    assert numerator is not None and numerator.contents == "KOSsosantkliente0001"
    assert "KOSandel350000" in after.sources["13502"].contents, "what is gone is for a person"
    label = after.sources["13502"].contents["KOSandel120000"].label
    assert label == server.tables["13502"].dimension("ContentsCode").values[0].label
    assert any("12362: last_year 2025 → 2026" in change for change in changes)
    again = checked(server, after)
    assert row(again, "12210", "KOSsosantkliente0001").state == "found"


def test_write_lifts_the_evidence_of_what_has_been_read(server: Server, own_definitions: Project) -> None:
    definitions = model.load(own_definitions)
    before = definitions.sources["12210"].contents["?tilfeller_6_mnd"]
    assert before.evidence == "page"
    told = rewrite(own_definitions, definitions, checked(server, definitions))
    after = model.load(own_definitions)
    [code] = [c for c, each in after.sources["12210"].contents.items() if each.was == ["?tilfeller_6_mnd"]]
    found = after.sources["12210"].contents[code]
    assert (found.evidence, found.where) == ("metadata", "SSBs metadata for tabell 12210")
    numerator = after.indicators["sosial.langtidsmottakere"].numerator
    assert numerator is not None and numerator.contents == code
    read = after.sources["13502"].contents["KOSbarnaav0000"]
    assert (read.evidence, read.paraphrased) == ("metadata", False)
    assert after.sources["12362"].contents["KOSbelop0000"].evidence == "proved", "what figures prove stays proved"
    assert "12210 KOSsosantkliente0000: nettside → metadata" in " ".join(told)


def test_write_leaves_the_rest_of_a_file_as_it_stands(server: Server, own_definitions: Project) -> None:
    definitions = model.load(own_definitions)
    before = {path: path.read_text(encoding="utf-8") for path in own_definitions.definitions.rglob("*.toml")}
    server.misbehave("new_year", table="12210", year="2022")
    rewrite(
        own_definitions,
        definitions,
        Report([r for r in checked(server, definitions).rows if r.state == "new_years"], False),
    )
    changed = {p for p, text in before.items() if p.read_text(encoding="utf-8") != text}
    assert {path.name for path in changed} <= {"statbank.toml"}
    for path, text in before.items():
        assert tomlkit.dumps(tomlkit.parse(text)) == text, path.name


def test_a_table_without_a_number_is_found_by_its_contents(server: Server, own_definitions: Project) -> None:
    definitions = model.load(own_definitions)
    assert row(checked(server, definitions), "sfo").state == "gone"
    table = server.tables["12255"].copy()
    table.id, table.label = "14999", "14999: Skolefritidsordning, etter region, statistikkvariabel og år"
    contents = table.dimension("ContentsCode")
    known = definitions.sources["sfo"].contents
    contents.values = tuple(Value(code, c.label, code, c.unit, 0, c.unit) for code, c in known.items())
    server.tables["14999"] = table
    report = checked(server, definitions)
    assert row(report, "sfo", state="moved").now == "14999"
    rewrite(own_definitions, definitions, report)
    assert model.load(own_definitions).sources["sfo"].statbank_table == "14999"


def test_made_up_answers_never_change_the_definitions(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNNSKAP_STATBANK_URL", server.statbank_url)
    monkeypatch.setenv("KUNNSKAP_CALLS_PER_MINUTE", "0")
    before = {path: path.read_bytes() for path in Project().definitions.rglob("*.toml")}
    result = CliRunner().invoke(cli.app, ["check", "--write"])
    assert isinstance(result.exception, KunnskapError) and "syntetiske svar" in str(result.exception)
    assert {path: path.read_bytes() for path in Project().definitions.rglob("*.toml")} == before
    screen = result.output[result.output.index(" koder er sammenlignet med SSBs metadata") :]
    assert len(screen.splitlines()) < 40, "one screen"
