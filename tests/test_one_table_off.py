"""One table of a pull is off, in any way: the run ends well, the rest is as before, and what was set aside is told."""

import hashlib
import json
import os
import random
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline import model, run
from pipeline.choice import choose
from pipeline.errors import KunnskapError
from pipeline.ingest import store
from pipeline.ingest.fetch import fetch
from pipeline.ingest.wanted import wanted
from pipeline.model import Definitions
from pipeline.project import Project
from tests import whole
from tests.broken import WAYS, Way
from tests.conftest import merger_of
from tests.pull import connection
from tests.statbank import Server

SEED, DRAWN_IN_CI = 20261127, 3
LAST = "12210"  # the one that was still to come when the pull was stopped
ASKED_FOR = wanted(model.load(Project()), [merger_of(whole.MERGER)])
TABLES = sorted(one.source.id for one in ASKED_FOR if one.source.statbank_table and not one.unnamed)
IN_CI = random.Random(SEED).sample(TABLES, DRAWN_IN_CI)


def way_of(table: str) -> Way:
    """The tables take the ways in turn, in a drawn order: every way is taken by one table at least."""
    order = random.Random(SEED).sample(WAYS, len(WAYS))
    return order[TABLES.index(table) % len(order)]


def stopped(project: Project) -> None:
    """A pull of everything but one table, which could not be had."""
    definitions = model.load(project)
    with Server() as server:
        server.misbehave("empty_500", table=LAST, times=None)
        at = connection(server)
        with pytest.raises(KunnskapError, match=LAST):
            fetch(project, definitions, whole.who(project, definitions), at, "hel")
        at.client.close()


def pulled(project: Project) -> None:
    """The same, gone on with until it was whole; and its tables."""
    shutil.copytree(whole.kept("stopped", stopped).raw, project.raw, dirs_exist_ok=True)
    finish(project, Server())


def finish(project: Project, server: Server) -> None:
    definitions = model.load(project)
    with server:
        at = connection(server)
        fetch(project, definitions, whole.who(project, definitions), at, "hel")
        at.client.close()
    choice = choose(project, whole.MERGER, "hel")
    run.compute_tables(choice, choice.processed)


@pytest.fixture(scope="module")
def as_it_should_be(embedded: Path) -> Project:
    return whole.kept("hel", pulled)


def linked(project: Project, root: Path) -> Project:
    """A project with the same raw files and definitions: no copies, and what is broken is written anew."""
    shutil.copytree(project.raw, root / "data" / "raw", copy_function=os.link)
    shutil.copytree(project.definitions, root / "definitions")
    return Project(root=root, definitions=root / "definitions")


def break_answer(project: Project, source: str, way: Way, dice: random.Random) -> None:
    """The last part of a table is not what came; its origin record says that it is."""
    path = sorted(p for p in (project.raw / "hel" / source).glob("*.json") if ".origin" not in p.name)[-1]
    assert way.answer
    broken = way.answer(json.loads(path.read_bytes()), dice)
    content = broken if isinstance(broken, bytes) else json.dumps(broken).encode()
    origin = path.with_name(f"{path.stem}.origin.json")
    record = json.loads(origin.read_bytes()) | {"sha256": hashlib.sha256(content).hexdigest()}
    for at, text in ((path, content), (origin, json.dumps(record).encode())):
        at.unlink()  # it is a link to the whole one
        at.write_bytes(text)


def break_server(project: Project, source: str, way: Way) -> Server:
    """The pull was stopped before the table came; it is off when the pull goes on."""
    room = project.raw / ".henter"
    metadata = json.loads((whole.KEPT / "hel/data/raw/hel/metadata" / f"{source}.json").read_bytes())
    (room / "bok" / f"{source}.json").unlink(missing_ok=True)
    shutil.rmtree(room / "sett" / source, ignore_errors=True)
    for path in (room / "sett" / "metadata").glob(f"{source}.*"):
        path.unlink()
    # a table of which nothing came (the server has it in another shape) has no answer to break: it goes altogether
    name, options = way.fault(metadata) if way.fault else ("table_gone", {})
    server = Server()
    server.misbehave(name, table=model.load(project).sources[source].statbank_table, times=None, **options)
    return server


def figures(project: Project, without: str) -> list[tuple[object, ...]]:
    """Every figure that nothing of the table goes into."""
    path = (project.processed / whole.MERGER / "indicator.parquet").as_posix()
    used = ", ".join(f"'{name}'" for name in users(model.load(project), without)) or "''"
    return duckdb.sql(f"select * exclude (updated) from '{path}' where indicator not in ({used})").fetchall()


def users(definitions: Definitions, source: str) -> set[str]:
    return {i.id for i in definitions.indicators.values() if any(o.source == source for o in i.operands.values())}


def off(as_it_should_be: Project, root: Path, table: str, way: Way) -> Project:
    dice = random.Random(f"{SEED} {table}")
    if way.answer and (as_it_should_be.raw / "hel" / table).is_dir():
        project = linked(as_it_should_be, root)
        break_answer(project, table, way, dice)
        choice = choose(project, whole.MERGER, "hel")
        run.compute_tables(choice, choice.processed)
    else:
        project = linked(whole.kept("stopped", stopped), root)
        finish(project, break_server(project, table, way))
    return project


@pytest.mark.parametrize(
    "table", [pytest.param(t, marks=() if t in IN_CI else pytest.mark.long, id=f"{t}-{way_of(t).name}") for t in TABLES]
)
def test_a_table_that_is_off_costs_its_own_figures_and_no_others(
    as_it_should_be: Project, tmp_path: Path, table: str
) -> None:
    way = way_of(table)
    project = off(as_it_should_be, tmp_path, table, way)
    assert figures(project, table) == figures(as_it_should_be, table)
    path = (project.processed / whole.MERGER / "set_aside.parquet").as_posix()
    told = dict(duckdb.sql(f"select source, reason from '{path}'").fetchall())
    before = (as_it_should_be.processed / whole.MERGER / "set_aside.parquet").as_posix()
    known = {source for (source,) in duckdb.sql(f"select source from '{before}'").fetchall()}
    assert set(told) <= known | {table}
    if way.quiet or table in known:
        return
    if table in told:
        assert len(told[table]) > 20
    else:  # what is broken is of contents that no indicator needs
        assert figures(project, "") == figures(as_it_should_be, "")


@pytest.mark.long
@pytest.mark.parametrize("table", ["12362", "12209", "12292"])
def test_reports_are_whole_when_a_table_is_off_and_the_index_says_so(
    as_it_should_be: Project, tmp_path: Path, table: str
) -> None:
    """The accounts by function, care coverage, care users: what most reports stand on, each with half an answer."""
    project = linked(as_it_should_be, tmp_path)
    break_answer(project, table, next(way for way in WAYS if way.name == "cut in the middle"), random.Random(SEED))
    result = run.run(choose(project, whole.MERGER, "hel"))
    assert len(result.built) == 16
    index = (project.reports / whole.MERGER / "oversikt.md").read_text(encoding="utf-8")
    tables = sum(source.pull == "statbank" for source in model.load(project).sources.values())
    assert f"av {tables} tabeller er satt til side" in index and "ikke gyldig JSON" in index
    row = next(line for line in index.splitlines() if line.startswith(f"| {table} "))
    assert "hele tabellen" in row


def test_every_way_is_taken() -> None:
    assert {way_of(table).name for table in TABLES} == {way.name for way in WAYS} and len(WAYS) >= 30


@pytest.mark.parametrize("table", ["11906", "12150", "12003", "12217", "14304"])
def test_tables_in_the_shape_ssb_has_them_are_used(as_it_should_be: Project, table: str) -> None:
    """Dimensions, labels and years that older definitions had otherwise (tests/definition_changes.csv)."""
    record = store.set_record(as_it_should_be, "hel")
    assert table in record.sources and "" not in record.unresolved.get(table, {})
    path = (as_it_should_be.processed / whole.MERGER / "observation.parquet").as_posix()
    years = duckdb.sql(
        f"select min(year), max(year) from '{path}' where source = '{table}' and status = 'ok'"
    ).fetchall()
    assert years == [(2015, 2025)]


def test_six_examinations_are_not_added_up(as_it_should_be: Project) -> None:
    """11993: the definition does not know the dimension's name, so nothing of the table is taken."""
    reason = store.set_record(as_it_should_be, "hel").unresolved["11993"][""][""]
    assert "KOKundersokelse0000" in reason
