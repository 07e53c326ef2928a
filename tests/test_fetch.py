"""Pulling from a server that behaves like SSB: the good day, every bad day, and being killed in the middle."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pandas as pd
import pytest
from pytest_httpserver import HTTPServer

from pipeline import model, run
from pipeline.choice import choose
from pipeline.compute.documents import document_tables
from pipeline.errors import KunnskapError
from pipeline.ingest import store
from pipeline.ingest.client import CallFailed, Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import Pulled, fetch
from pipeline.ingest.klass import KLASS
from pipeline.ingest.read import read_source
from pipeline.ingest.room import ROOM, Room
from pipeline.ingest.statbank import SSB, Statbank, unsure
from pipeline.model import Definitions
from pipeline.progress import Progress
from pipeline.project import Project
from pipeline.report.data import ReportData
from tests.pull import Clock, connection
from tests.statbank import Server
from tests.whole import who

FEW = ("07459", "12210", "12362", "13502")  # the tables most tests pull; the whole catalogue is pulled once
LIMIT = 2_500  # cells a part in these tests, so that 12362 comes in several


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    running.reset()
    monkeypatch.setattr(Statbank, "max_cells", lambda self: LIMIT)
    return running


@pytest.fixture(scope="session")
def few(definitions: Definitions) -> Definitions:
    chosen = {name: s for name, s in definitions.sources.items() if s.pull != "statbank" or name in FEW}
    return replace(definitions, sources=chosen)


@pytest.fixture
def place(embedded: Path, tmp_path: Path) -> Project:
    """A project with the embedded set and nothing pulled."""
    shutil.copytree(embedded, tmp_path / "data" / "raw" / "embedded")
    return Project(root=tmp_path)


def pull(project: Project, definitions: Definitions, at: Connection, name: str = "ny", **more: Any) -> Pulled:
    try:
        return fetch(project, definitions, who(project, definitions), at, name, **more)
    finally:
        at.client.close()


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a set, but for when on the day it was made."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: re.sub(rb'"clock": "[\d:]+"', b'"clock": ""', content) for name, content in found.items()}


def cells_of(project: Project, definitions: Definitions, name: str, source: str) -> pd.DataFrame:
    """A source's cells in a set, in an order of their own."""
    record = store.set_record(project, name)
    frame = read_source(definitions.sources[source], store.files_of(project, record, source), record.moved.get(source))
    plain = frame.drop(columns=["file", "row"])
    plain = plain.astype({column: str for column in plain.columns if column not in ("value", "year")})
    return plain.sort_values([column for column in plain.columns if column != "value"], ignore_index=True)


@pytest.fixture(scope="module")
def undisturbed(running: Server, embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What a pull gives on a good day, of the few tables; not to be changed by tests."""
    running.reset()
    root = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(embedded, root / "data" / "raw" / "embedded")
    project = Project(root=root)
    definitions = model.load(project)
    chosen = {name: s for name, s in definitions.sources.items() if s.pull != "statbank" or name in FEW}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Statbank, "max_cells", lambda self: LIMIT)
        pull(project, replace(definitions, sources=chosen), connection(running))
    return project


# ----------------------------------------------------------------------------------- a good day


def test_a_pull_becomes_a_set_with_everything_traceable(undisturbed: Project, few: Definitions) -> None:
    record = store.set_record(undisturbed, "ny")
    assert set(FEW) <= set(record.sources) and "klass-131-changes" in record.sources
    assert record.synthetic and record.mergers == ["nye-drammen"]
    assert record.base == "embedded" and "udir-barnehager" in record.base_sources
    assert not set(record.base_sources) & set(record.sources), "nothing that is pulled is taken from the base"
    for source in FEW:
        files = store.files_of(undisturbed, record, source)
        assert files
        for file in files:
            assert file.digest() == file.origin.sha256 and file.origin.updated and file.origin.query
            assert (file.origin.retrieved, file.origin.licence) == ("2026-11-24", "CC BY 4.0")
    assert len(store.files_of(undisturbed, record, "12362")) > 2, "pulled in parts"
    assert not list(undisturbed.raw.glob(".henter")), "the workroom is gone"
    assert (undisturbed.raw / "ny" / "metadata" / "12362.json").is_file()


def test_figures_of_another_server_are_not_called_ssbs_and_no_password_is_written(
    server: Server, few: Definitions, place: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.ingest.fetch.SYNTHETIC", "en server som ikke sier hva den er")
    at = connection(server)
    secret = "analytiker:hemmelig@"
    at = replace(at, statbank=at.statbank.replace("//", f"//{secret}"), klass=at.klass.replace("//", f"//{secret}"))
    pull(place, few, at)
    record = store.set_record(place, "ny")
    assert not record.synthetic and record.server == "127.0.0.1" and record.title == "hentet fra 127.0.0.1"
    (first, *_) = store.files_of(place, record, "12362")
    assert first.origin.producer == "127.0.0.1 (ikke SSB)" and first.origin.url == server.statbank_url
    written = [path for path in place.raw.rglob("*") if path.is_file() and b"hemmelig" in path.read_bytes()]
    assert not written
    choice = choose(Project(), "nye-drammen")
    tables = document_tables(choice.definitions, choice.merger, record, {})
    assert tables["raw_set"].iloc[0]["server"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("statbank", "klass", "told"),
    [
        (SSB, KLASS, ""),
        (SSB.replace("//", "//bruker:ord@"), KLASS, ""),
        ("https://speil.example/api", KLASS, "speil.example"),
        (SSB, "http://127.0.0.1:8799/klass", "127.0.0.1"),
        ("http://a.example", "http://b.example", "a.example, b.example"),
    ],
)
def test_whose_figures_are_pulled_the_address_says(statbank: str, klass: str, told: str) -> None:
    assert Connection(Client(), statbank, klass).server == told


@pytest.mark.parametrize(
    ("record", "mark"),
    [
        ({"synthetic": "false", "server": ""}, ""),
        ({"synthetic": "true", "server": ""}, "SYNTETISKE TALL"),
        ({"synthetic": "false", "server": "speil.example"}, "IKKE HENTET FRA SSB: speil.example"),
    ],
)
def test_every_page_says_whose_figures_they_are(record: dict[str, str], mark: str) -> None:
    data = ReportData.__new__(ReportData)
    vars(data)["set_record"] = record
    assert data.mark() == mark


def test_population_and_expenditure_come_as_they_stand_in_the_embedded_set(
    undisturbed: Project, few: Definitions
) -> None:
    for source in ("07459", "12362"):
        key = ["region", "year_text", *few.sources[source].dimensions, "ContentsCode"]
        known = cells_of(undisturbed, few, "embedded", source).set_index(key)["value"].dropna()
        pulled = cells_of(undisturbed, few, "ny", source).set_index(key)["value"]
        both = known.index.intersection(pulled.index)
        assert len(both) > 400
        pd.testing.assert_series_equal(known[both], pulled[both])


def test_every_data_call_is_a_post_with_every_code_written_out_once(
    server: Server, place: Project, few: Definitions
) -> None:
    pull(place, few, connection(server))
    data = [call for call in server.calls if call.path.endswith("/data")]
    assert data and {call.method for call in data} == {"POST"}
    for call in data:
        for selection in json.loads(call.body)["selection"]:
            codes = selection["valueCodes"]
            assert codes and len(codes) == len(set(codes))
            assert not any(sign in code for code in codes for sign in "*?()")
    assert max(len(str(call.query)) + len(call.path) for call in server.calls) < 500


def test_the_pace_is_never_above_thirty_calls_in_any_minute(server: Server, place: Project, few: Definitions) -> None:
    clock = Clock()
    at = connection(server, clock, pace=30)
    times: list[float] = []
    original = at.client._session.request

    def noted(*arguments: Any, **named: Any) -> Any:
        times.append(clock.passed)
        clock.passed += random.uniform(0, 3)
        return original(*arguments, **named)

    at.client._session.request = noted  # type: ignore[method-assign]
    server.misbehave("empty_429", times=2)
    pull(place, few, at)
    assert len(times) > 30
    assert all(sum(start <= t <= start + 60 for t in times) <= 30 for start in times)
    assert times[0] >= 2, "the first call waits too: a new start right after an old one keeps the pace"


def test_the_servers_own_allowance_is_obeyed(place: Project, few: Definitions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Statbank, "max_cells", lambda self: LIMIT)
    with Server(rate_limit=5) as strict:
        clock = Clock()
        with pytest.raises(KunnskapError, match="ikke imot flere kall"):
            pull(place, few, connection(strict, clock))  # no real minute passes, so the server stays strict
        assert [call.status for call in strict.calls if "/tables" in call.path] == [200] * 5 + [429] * 6
        assert sum(clock.slept) >= 6 * 60, "a minute before the sixth call, and one after each no"


# ------------------------------------------------------------------------------ bad days that pass

PASSING: dict[str, dict[str, Any]] = {
    "empty_429": {"times": 2},
    "empty_500": {"times": 1, "table": "12362"},
    "unavailable_503": {"times": 3},
    "bad_gateway_502": {"times": 2},
    "closed_connection": {"times": 2},
    "truncated_body": {"times": 1, "table": "12362"},
    "truncated_json": {"times": 1, "table": "12362"},
    "slow_body": {"times": 1, "table": "12210", "seconds": 3},
    "slow_headers": {"times": 1, "table": "12210", "seconds": 3},
    "not_json": {"times": 1},
    "drop_dimension": {"times": 1, "table": "12362", "dimension": "KOKart0000"},
    "wrong_codes": {"times": 1, "table": "12362"},
    "short_values": {"times": 1, "table": "12362"},
    "metadata_503": {"times": 2},
    "klass_503": {"times": 2},
}


def patience(fault: str) -> float:
    """A server that is slow on purpose takes three seconds."""
    return 1 if fault.startswith("slow") else 60


@pytest.mark.parametrize("fault", PASSING)
def test_a_bad_moment_passes_and_leaves_no_trace(
    server: Server, place: Project, few: Definitions, undisturbed: Project, fault: str
) -> None:
    server.misbehave(fault, **PASSING[fault])
    pull(place, few, connection(server, patience=patience(fault)))
    assert contents(place.raw / "ny") == contents(undisturbed.raw / "ny")


LOOKS_DIFFERENT: dict[str, dict[str, Any]] = {
    "reorder_time": {},
    "reorder_index_keys": {},
    "reorder_dimensions": {},
    "sparse": {},
    "note_on_value": {},
    "old_spelling": {},
    "too_many_cells": {"limit": 900},
}


@pytest.mark.parametrize("fault", LOOKS_DIFFERENT)
def test_the_same_figures_in_another_shape_are_the_same_figures(
    server: Server, place: Project, few: Definitions, undisturbed: Project, fault: str
) -> None:
    server.misbehave(fault, times=None, **LOOKS_DIFFERENT[fault])
    pull(place, few, connection(server))
    for source in FEW:
        found, expected = cells_of(place, few, "ny", source), cells_of(undisturbed, few, "ny", source)
        if fault == "note_on_value":  # a note on a figure is no hole
            assert (found["symbol"] != "").sum() > (expected["symbol"] != "").sum()
            found, expected = found.drop(columns="symbol"), expected.drop(columns="symbol")
            order = [name for name in found.columns if name != "value"]
            found, expected = (f.sort_values(order, ignore_index=True) for f in (found, expected))
        if fault == "sparse":  # cells without a value and without a sign are not in the answer
            found, expected = found.dropna(subset="value"), expected.dropna(subset="value")
            found, expected = found.reset_index(drop=True), expected.reset_index(drop=True)
        pd.testing.assert_frame_equal(found, expected)


def test_a_table_published_anew_under_way_is_pulled_again_as_a_whole(
    server: Server, place: Project, few: Definitions
) -> None:
    told: list[str] = []
    server.misbehave("new_release", table="12362", after=2)
    pull(place, few, connection(server), progress=Progress(tell=told.append))
    record = store.set_record(place, "ny")
    assert {file.origin.updated for file in store.files_of(place, record, "12362")} == {"2026-09-01T06:00:00Z"}
    assert any("12362" in text and "på nytt" in text for text in told)


def test_a_missing_year_of_klass_is_told_and_left_out(server: Server, place: Project, few: Definitions) -> None:
    told: list[str] = []
    server.misbehave("klass_missing_year", times=None, year=2019)
    pull(place, few, connection(server), progress=Progress(tell=told.append))
    names = {path.stem for path in (place.raw / "ny" / "klass-112-131").glob("*.json")}
    assert "groups_2018" in names and "groups_2019" not in names and any("groups_2019" in text for text in told)


def test_a_hole_in_the_list_of_changes_is_gone_round(
    server: Server, place: Project, few: Definitions, undisturbed: Project
) -> None:
    server.misbehave("klass_changes_gone", times=None)
    pull(place, few, connection(server))
    name = "klass-131-changes/changes.json"
    assert json.loads((place.raw / "ny" / name).read_bytes()) == json.loads(
        (undisturbed.raw / "ny" / name).read_bytes()
    )


# ---------------------------------------------------------------------------- bad days that stay

STAYING: dict[str, tuple[dict[str, Any], list[str]]] = {
    "html_404": ({"table": "12362"}, ["12362", "nettside", "KUNNSKAP_STATBANK_URL"]),
    "not_json": ({"table": "12362"}, ["12362", "ikke hel JSON (en nettside)"]),
    "empty_429": ({}, ["429", "vent noen minutter"]),
    "empty_500": ({"table": "12362"}, ["12362", "feil 500", "kunnskap check"]),
    "unavailable_503": ({"table": "12362"}, ["12362", "utilgjengelig (503)", "halvtime"]),
    "truncated_body": ({"table": "12362"}, ["12362", "Forbindelsen ble brutt"]),
    "truncated_json": ({"table": "12362"}, ["12362", "ikke hel JSON"]),
    "slow_body": ({"table": "12210", "seconds": 3}, ["12210", "ikke fram i tide"]),
    "closed_connection": ({"table": "12362"}, ["12362", "Forbindelsen ble brutt"]),
    "klass_xml": ({}, ["classifications/131/changes", "ikke hel JSON (XML)"]),
}


@pytest.mark.parametrize("fault", STAYING)
def test_what_does_not_pass_stops_with_table_reason_and_remedy_and_touches_nothing(
    server: Server, place: Project, few: Definitions, fault: str
) -> None:
    options, told = STAYING[fault]
    before = contents(place.raw)
    server.misbehave(fault, times=None, **options)
    with pytest.raises(KunnskapError) as error:
        pull(place, few, connection(server, patience=patience(fault)))
    message = str(error.value)
    assert all(word in message for word in told), message
    assert "Gjør slik" in message and len(message) < 2000
    assert store.set_names(place) == ["embedded"], "no half set"
    after = {name: content for name, content in contents(place.raw).items() if not name.startswith(".henter")}
    assert after == before


# what SSB answers to every question about one table costs the table, and nothing else
REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "errors_shape": ({"table": "12362"}, ["12362", "400"]),
    "drop_dimension": ({"table": "12362", "dimension": "KOKart0000"}, ["12362", "mangler KOKart0000"]),
    "wrong_codes": ({"table": "12362"}, ["12362", "andre koder for KOKkommuneregion0000"]),
    "short_values": ({"table": "12362"}, ["12362", "verdier"]),
    "synthesised_contents": ({"table": "12362"}, ["12362", "ContentsCode", "EliminatedValue"]),
    "stale_metadata": (
        {"table": "12210", "dimension": "ContentsCode", "code": "KOSant18240000"},
        ["12210", "Non-existent value"],
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_table_whose_answers_cannot_be_used_is_set_aside_with_the_reason(
    server: Server, place: Project, few: Definitions, fault: str
) -> None:
    options, told = REFUSED[fault]
    server.misbehave(fault, times=None, **options)
    record = pull(place, few, connection(server)).record
    table, *words = told
    reason = record.unresolved[table][""][""]
    assert all(word in reason for word in words), reason
    assert table not in record.sources and not (place.raw / "ny" / table).exists()
    assert set(FEW) - {table} <= set(record.sources), "the others came"


def test_many_tables_whose_answers_cannot_be_used_are_no_set(
    server: Server, place: Project, definitions: Definitions
) -> None:
    """A server that misunderstands every question has not lost its tables."""
    server.misbehave("errors_shape", times=None)
    with pytest.raises(KunnskapError, match="Settet ble ikke ferdig hentet"):
        pull(place, definitions, connection(server))
    assert store.set_names(place) == ["embedded"]


def test_one_table_that_fails_does_not_stop_the_others_and_can_be_left_out(
    server: Server, place: Project, few: Definitions
) -> None:
    server.misbehave("empty_500", table="12362", times=None)
    with pytest.raises(KunnskapError, match="kunnskap fetch --without 12362"):
        pull(place, few, connection(server))
    server.reset()
    result = pull(place, few, connection(server), without=["12362"])
    assert result.resumed and not any("07459" in call.path for call in server.calls), (
        "what had come is not asked for again"
    )
    assert result.record.unresolved["12362"] == {"": {"": "Tabellen ble holdt utenfor da settet ble hentet."}}


def test_a_set_that_is_there_is_never_written_over(server: Server, place: Project, few: Definitions) -> None:
    pull(place, few, connection(server))
    before = contents(place.raw / "ny")
    with pytest.raises(KunnskapError, match="skrives aldri over"):
        pull(place, few, connection(server))
    assert contents(place.raw / "ny") == before


@pytest.mark.parametrize("name", ["../ut", "NY", "a b", "con", "", "x" * 50, "<script>"])
def test_a_sets_name_reaches_a_path_only_after_checking(
    server: Server, place: Project, few: Definitions, name: str
) -> None:
    if not name:
        return
    with pytest.raises(KunnskapError, match="Navnet på settet"):
        pull(place, few, connection(server), name)


def test_a_table_number_reaches_an_address_only_after_checking(server: Server) -> None:
    at = connection(server)
    for table in ("../../x", "12362?x=1", "1236", "12362/data"):
        with pytest.raises(KunnskapError, match="fem sifre"):
            Statbank(at.client, at.statbank).table(table)
    assert not server.calls
    at.client.close()


def test_two_pulls_at_once_are_not_possible(server: Server, place: Project, few: Definitions) -> None:
    import filelock

    with filelock.FileLock(place.raw / ".henter.lock"), pytest.raises(KunnskapError, match="annen henting"):
        pull(place, few, connection(server))


@pytest.mark.parametrize(
    ("utc", "sure"),
    [
        ("2026-06-15T02:59:00", True),  # 04:59 in Oslo, summer
        ("2026-06-15T03:00:00", False),
        ("2026-06-15T06:14:00", False),
        ("2026-06-15T06:15:00", True),
        ("2026-12-15T04:00:00", False),  # 05:00 in Oslo, winter
        ("2026-12-15T07:15:00", True),
    ],
)
def test_figures_are_not_taken_while_ssb_is_changing_them(utc: str, sure: bool) -> None:
    assert unsure(datetime.fromisoformat(utc).replace(tzinfo=UTC)) is not sure


# ---------------------------------------------------------------- definitions that no longer fit


def compute(project: Project, folder: Path) -> pd.DataFrame:
    run.compute_tables(choose(project, "nye-drammen", "ny"), folder)
    return duckdb.sql(f"select * from '{(folder / 'indicator.parquet').as_posix()}'").df()


DRIFT: dict[str, tuple[dict[str, Any], str, str]] = {
    "table_gone": ({"table": "12210"}, "sosial.mottakere_per_18_66", "14019 skal ha tatt over"),
    "code_gone": (
        {"table": "12210", "dimension": "ContentsCode", "code": "KOSsosantkliente0000"},
        "sosial.mottakere_per_18_66",
        "KOSsosantkliente0000",
    ),
    "dimension_added": (
        {"table": "12210", "dimension": "KOKalder0000", "elimination": False, "total": False},
        "sosial.mottakere_per_18_66",
        "KOKalder0000",
    ),
}


@pytest.mark.parametrize("fault", DRIFT)
def test_one_wrong_code_never_stops_the_other_sub_projects(
    server: Server, place: Project, few: Definitions, tmp_path: Path, fault: str
) -> None:
    options, indicator, told = DRIFT[fault]
    server.misbehave(fault, **options)
    pull(place, few, connection(server))
    frame = compute(place, tmp_path / "processed")
    hit = frame[(frame["indicator"] == indicator) & (frame["year"] == 2018) & frame["role"].isin(["member", "merged"])]
    assert set(hit["status"]) == {"unresolved"} and hit["reason"].str.contains(told).all()
    other = frame[(frame["indicator"] == "barnehage.netto_per_innbygger_1_5") & (frame["region"] == "nye-drammen")]
    assert other.set_index("year").loc[2018, "value"] == 814_926_000 / 5_575


def test_of_a_dimension_nobody_knew_ssbs_total_is_taken_and_the_card_says_so(
    server: Server, place: Project, few: Definitions, tmp_path: Path
) -> None:
    pull(place, few, connection(server))
    before = compute(place, tmp_path / "before")
    server.misbehave("dimension_added", table="12210", dimension="KOKny0000", elimination=False)
    shutil.rmtree(place.raw / "ny")
    record = pull(place, few, connection(server)).record
    told = "Tabellen er delt etter kokny0000, som definisjonen ikke nevner; «I alt» (0) er brukt."
    assert record.whole == {"12210": {"KOKny0000": told}} and "" not in record.unresolved.get("12210", {})
    after = compute(place, tmp_path / "processed")
    assert len(after) and after.equals(before)
    path = (tmp_path / "processed" / "indicator_card.parquet").as_posix()
    cards = dict(duckdb.sql(f"select indicator, selection from '{path}'").fetchall())
    assert cards["sosial.mottakere_per_18_66"].endswith(told) and told not in cards["barnehage.netto_per_innbygger_1_5"]


def test_a_moved_code_gives_the_same_indicators(
    server: Server, place: Project, few: Definitions, tmp_path: Path
) -> None:
    server.misbehave(
        "renamed_code", table="12210", dimension="ContentsCode", code="KOSsosantkliente0000", to="KOSsosantkliente0001"
    )
    result = pull(place, few, connection(server))
    assert list(result.record.moved) == ["12210"]
    assert result.record.moved["12210"]["ContentsCode"]["KOSsosantkliente0000"] == "KOSsosantkliente0001"
    frame = compute(place, tmp_path / "processed")
    row = frame[
        (frame["indicator"] == "sosial.mottakere_per_18_66") & (frame["region"] == "0602") & (frame["year"] == 2018)
    ]
    assert row["status"].item() == "ok"


# ------------------------------------------------------------------------------- stopped half way

PULL = """
import sys
from dataclasses import replace
from pathlib import Path
from pipeline import model
from pipeline.ingest.connection import connect
from pipeline.ingest.fetch import fetch
from pipeline.ingest.statbank import Statbank
from pipeline.mergers.pulled import Who
from pipeline.project import Project
from pipeline.report.data import ReportData

Statbank.max_cells = lambda self: 2_000
project = Project(root=Path(sys.argv[1]))
definitions = model.load(project)
chosen = {n: s for n, s in definitions.sources.items() if s.pull != "statbank" or n in ("07459", "12210", "12362")}
definitions = replace(definitions, sources=chosen)
with connect() as at:
    fetch(project, definitions, Who(project, definitions, [definitions.merger_file("nye-drammen")]), at, "ny")
"""


def start(project: Project, server: Server) -> "subprocess.Popen[bytes]":
    settings = {
        "KUNNSKAP_STATBANK_URL": server.statbank_url,
        "KUNNSKAP_KLASS_URL": server.klass_url,
        "KUNNSKAP_CALLS_PER_MINUTE": "0",
    }
    return subprocess.Popen([sys.executable, "-c", PULL, str(project.root)], env={**os.environ, **settings})


@pytest.fixture(scope="module")
def undisturbed_by_hand(running: Server, embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What a process of its own gives when nobody kills it; not to be changed by tests."""
    running.reset()
    root = tmp_path_factory.mktemp("by_hand")
    shutil.copytree(embedded, root / "data" / "raw" / "embedded")
    assert start(Project(root=root), running).wait() == 0
    assert len(running.calls) > 30
    return Project(root=root)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("moments", [5, pytest.param(20, marks=pytest.mark.long)])
def test_killed_at_any_moment_and_continued_gives_the_same_bytes(
    running: Server, undisturbed_by_hand: Project, place: Project, moments: int
) -> None:
    """Killed when the server has been asked so many times since the start, whatever that takes on the clock."""
    chance = random.Random(20)
    for _ in range(moments):
        shutil.rmtree(place.raw / "ny", ignore_errors=True)  # it may have come to its end before it was killed
        running.reset()
        process = start(place, running)
        wanted = chance.randint(2, 30)
        while len(running.calls) < wanted and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        process.wait()
    if not (place.raw / "ny").exists():
        assert start(place, running).wait() == 0
    assert contents(place.raw / "ny") == contents(undisturbed_by_hand.raw / "ny")


def test_a_pull_killed_after_its_last_move_stands_in_nobodys_way(
    server: Server, place: Project, few: Definitions, undisturbed: Project
) -> None:
    """The set is there, and so is the room it was made in: the next pull begins anew."""
    shutil.copytree(undisturbed.raw / "ny", place.raw / "ny")
    at = connection(server)
    room = Room(place.raw / ROOM)
    room.write("plan", {"servers": [at.statbank, at.klass], "set": "ny"})
    pulled = pull(place, few, at, "nyere")
    assert not pulled.resumed and contents(place.raw / "ny") == contents(undisturbed.raw / "ny")
    assert (place.raw / "nyere" / "set.json").is_file() and not room.folder.exists()


class Trickle(BaseHTTPRequestHandler):
    """An answer that comes a byte now and then, or without an end."""

    endless = False

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b" " * (1_000_000 if self.endless else 1))
                if not self.endless:
                    time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize(
    ("endless", "told"), [(False, "var ikke kommet etter 0 sekunder"), (True, "er over 3 MB, og ble ikke tatt imot")]
)
def test_an_answer_without_an_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, endless: bool, told: str) -> None:
    monkeypatch.setattr(Trickle, "endless", endless)
    with ThreadingHTTPServer(("127.0.0.1", 0), Trickle) as slow:
        Thread(target=slow.serve_forever, daemon=True).start()
        client = Client(calls_per_minute=0, longest_s=600 if endless else 0.3, largest=3_000_000)
        with pytest.raises(CallFailed, match=told):
            client.get(f"http://127.0.0.1:{slow.server_port}/tables/12362/data")
        client.close()
        slow.shutdown()


@pytest.mark.parametrize(("announced", "limit"), [(1_000, 1_000), (10**9, 800_000), ("mange", 800_000), (999, None)])
def test_a_server_that_gives_next_to_nothing_in_a_call_is_not_asked_for_all(
    httpserver: HTTPServer, announced: object, limit: int | None
) -> None:
    httpserver.expect_request("/config").respond_with_json({"maxDataCells": announced})
    statbank = Statbank(Client(calls_per_minute=0), httpserver.url_for("").rstrip("/"))
    if limit is None:
        with pytest.raises(CallFailed, match=r"gir bare 999 celler i et kall"):
            statbank.max_cells()
    else:
        assert statbank.max_cells() == limit
    statbank.client.close()


def test_a_pull_that_is_stopped_loses_only_the_call_under_way(
    server: Server, place: Project, few: Definitions, undisturbed: Project
) -> None:
    asked: list[tuple[str, bytes]] = []
    for _ in range(200):
        server.reset()
        at = connection(server)
        steps = iter(range(4))

        def stop(text: str, steps: Iterator[int] = steps) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        try:
            pull(place, few, at, progress=Progress(step=stop))
        except KeyboardInterrupt:
            asked += [(c.path, c.body) for c in server.calls if "/config" not in c.path]
            continue
        asked += [(c.path, c.body) for c in server.calls if "/config" not in c.path]
        break
    assert contents(place.raw / "ny") == contents(undisturbed.raw / "ny")
    klass_retold = sum(1 for path, _ in asked if "correspondsAt" in path)
    data = [call for call in asked if call[0].endswith("/data")]
    assert len(data) == len(set(data)), "no part was asked for twice"
    assert klass_retold >= 12


def test_a_changed_definition_asks_again_for_its_table_only(server: Server, place: Project, few: Definitions) -> None:
    server.misbehave("empty_500", table="13502", times=None)
    with pytest.raises(KunnskapError):
        pull(place, few, connection(server))
    server.reset()
    source = few.sources["12210"]
    fewer = {code: c for code, c in source.contents.items() if code != "KOSant18240000"}
    changed = replace(
        few, sources={**few.sources, "12210": source.model_copy(update={"last_year": 2020, "contents": fewer})}
    )
    pull(place, changed, connection(server))
    tables = {call.path.split("/")[-2] for call in server.calls if call.path.endswith("/data")}
    assert tables == {"12210", "13502"}


def test_tables_from_an_earlier_day_are_looked_at_again(server: Server, place: Project, few: Definitions) -> None:
    server.misbehave("empty_500", table="13502", times=None)
    with pytest.raises(KunnskapError):
        pull(place, few, connection(server))
    server.reset()
    server.misbehave("new_release", table="12210")
    pull(place, few, connection(server, Clock("2026-11-25T12:00:00")))
    record = store.set_record(place, "ny")
    [updated] = {file.origin.updated for file in store.files_of(place, record, "12210")}
    assert updated == "2026-09-01T06:00:00Z"
    assert {file.origin.retrieved for file in store.files_of(place, record, "12362")} == {"2026-11-24"}


def test_the_whole_catalogue_takes_hardly_more_calls_than_the_cell_limit_allows(
    running: Server, place: Project, definitions: Definitions
) -> None:
    running.reset()
    result = pull(place, definitions, connection(running))
    asked = [r for r in result.resolutions if r.query]
    least = sum(-(-pulling_cells(r.query) // 800_000) for r in asked)
    data = [call for call in running.calls if call.path.endswith("/data")]
    assert len(asked) > 30 and least <= len(data) <= 1.1 * least
    metadata = [call for call in running.calls if call.path.endswith("/metadata")]
    assert len(metadata) == len([r for r in result.resolutions if r.metadata])
    assert len(running.calls) == len(data) + len(metadata) + 1 + 14, "one /config, and KLASS"


def pulling_cells(query: dict[str, list[str]]) -> int:
    from pipeline.ingest.split import cells

    return cells(query)


# ------------------------------------------------------------------------ two releases compared


def test_the_changes_between_two_sets_are_told_with_the_cells_behind(
    server: Server, place: Project, few: Definitions, tmp_path: Path
) -> None:
    from pipeline.commands.diff import diff

    pull(place, few, connection(server), "a-mars")
    server.misbehave("new_release", table="12210")
    pull(place, few, connection(server), "b-juni")
    told = list(diff(place, "nye-drammen", "a-mars", "b-juni"))
    assert told[0] == "SYNTETISKE TALL"
    changed = [line for line in told if line.startswith("Endret  sosial.mottakere")]
    assert changed and not any("barnehage" in line for line in told)
    after = told[told.index(changed[0]) + 1]
    assert after.strip().startswith("12210 ") and " → " in after
    run.compute_tables(choose(place, "nye-drammen", "b-juni"), tmp_path / "processed")
    import duckdb

    kinds = duckdb.sql(
        f"select distinct previous_set, kind from '{(tmp_path / 'processed/change.parquet').as_posix()}'"
    )
    assert ("a-mars", "changed") in kinds.fetchall()


def test_real_and_made_up_figures_are_not_compared(undisturbed: Project, few: Definitions) -> None:
    from pipeline.commands.diff import diff

    with pytest.raises(KunnskapError, match="Syntetiske tall"):
        list(diff(undisturbed, "nye-drammen", "embedded", "ny"))


def test_a_set_for_one_merger_is_not_used_for_another(undisturbed: Project) -> None:
    assert store.choose_set(undisturbed, None, "nye-drammen") == "ny"
    assert store.choose_set(undisturbed, None, "nye-asker") == "embedded"
    with pytest.raises(KunnskapError, match="ikke hentet for nye-asker"):
        store.choose_set(undisturbed, "ny", "nye-asker")
