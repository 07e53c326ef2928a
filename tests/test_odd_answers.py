"""Answers as no server should give them: each is told and costs its table or the pull; none becomes a wrong figure.

The test server answers rightly, and the answer is bent on its way: the metadata of 12210, its figures, what is said of
the table, the limits, KLASS. A pull then ends with a set that can be read, with the right figures or none of the table,
or with words. Never with a traceback, and never with another figure.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.choice import choose
from pipeline.errors import KunnskapError
from pipeline.ingest import store
from pipeline.ingest.client import Answer, Client
from pipeline.ingest.fetch import fetch
from pipeline.ingest.read import read_source
from pipeline.model import Definitions
from pipeline.project import Project
from pipeline.run import read_set
from tests.pull import connection
from tests.statbank import Server
from tests.whole import who

TABLE = "12210"
Bend = Callable[[Any], Any]


def at(*path: str | int, value: Any) -> Bend:
    """Put a value at a place in the answer."""

    def bend(body: Any) -> Any:
        place = body
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        return body

    return bend


def without(*path: str | int) -> Bend:
    def bend(body: Any) -> Any:
        place = body
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        return body

    return bend


def values(change: Callable[[list[Any]], Any]) -> Bend:
    def bend(body: Any) -> Any:
        body["value"] = change(list(body["value"]))
        return body

    return bend


def text(change: Callable[[str], str]) -> Bend:
    """The bytes themselves, where JSON cannot say it."""

    def bend(body: Any) -> bytes:
        return change(json.dumps(body)).encode()

    return bend


REGION = "KOKkommuneregion0000"
FIGURES: dict[str, Bend] = {
    "true for a figure": values(lambda v: [True, *v[1:]]),
    "text for a figure": values(lambda v: ["12", *v[1:]]),
    "a list for a figure": values(lambda v: [[1], *v[1:]]),
    "a figure beyond all": values(lambda v: [1e30, *v[1:]]),
    "minus beyond all": values(lambda v: [-1e16, *v[1:]]),
    "an integer of forty digits": values(lambda v: [10**40, *v[1:]]),
    "one too few": values(lambda v: v[1:]),
    "one too many": values(lambda v: [*v, 1]),
    "none": values(lambda v: []),
    "null": values(lambda v: None),
    "a number": values(lambda v: 1),
    "a text": values(lambda v: "1"),
    "sparse, one cell": values(lambda v: {"0": 1}),
    "sparse, a cell outside": values(lambda v: {**{str(n): x for n, x in enumerate(v)}, str(len(v)): 1}),
    "sparse, a cell below": values(lambda v: {**{str(n): x for n, x in enumerate(v)}, "-1": 1}),
    "sparse, no number": values(lambda v: {**{str(n): x for n, x in enumerate(v)}, "a": 1}),
    "sparse, a cell of forty digits": values(lambda v: {**{str(n): x for n, x in enumerate(v)}, "1" * 40: 1}),
    "a second value": text(lambda t: t[:-1] + ', "value": [1]}'),
    "a second value of the same size": text(lambda t: t[:-1] + f', "value": {[7] * len(json.loads(t)["value"])}}}'),
    "no end": text(lambda t: t[: len(t) // 2]),
    "two answers": text(lambda t: t + t),
    "NaN": text(lambda t: t.replace('"value": [', '"value": [NaN, ', 1)),
    "nothing": text(lambda t: ""),
    "a web page": text(lambda t: "<!DOCTYPE html><title>Logg inn</title>"),
    "a list": text(lambda t: "[1, 2]"),
    "latin-1": lambda body: json.dumps({**body, "label": "Bærum"}, ensure_ascii=False).encode("cp1252"),
    "status is a number": at("status", value=3),
    "status of a cell outside": at("status", value={"999999": ".."}),
    "status below": at("status", value={"-1": ".."}),
    "status without a cell": at("status", value={"a": ".."}),
    "status of a list": at("status", value={"0": [".."]}),
    "status of a number": at("status", value={"0": 1}),
    "status nobody knows": at("status", value={"0": "?"}),
    "size is wrong": at("size", value=[1, 1, 1, 1]),
    "size is text": at("size", value="1"),
    "size is gone": without("size"),
    "id is gone": without("id"),
    "id is null": at("id", value=None),
    "id names another": at("id", 0, value="Bydel"),
    "no dimensions": at("dimension", value={}),
    "dimensions are a list": at("dimension", value=[1]),
    "a dimension is null": at("dimension", REGION, value=None),
    "a category is null": at("dimension", REGION, "category", value=None),
    "an index of text": at("dimension", REGION, "category", "index", value="0602"),
    "an index of numbers": at("dimension", REGION, "category", "index", value=[602, 625]),
    "another municipality": text(lambda t: t.replace("0602", "0604")),
    "another year": text(lambda t: t.replace('"2018"', '"1918"')),
    "another content": text(lambda t: t.replace("ContentsCode", "Innhold")),
}
METADATA: dict[str, Bend] = {
    "null": lambda body: None,
    "a list": lambda body: [],
    "empty": lambda body: {},
    "no id": without("id"),
    "no dimensions": without("dimension"),
    "dimensions are text": at("dimension", value="x"),
    "a dimension is null": at("dimension", REGION, value=None),
    "labels are a list": at("dimension", REGION, "category", "label", value=["x"]),
    "labels are null": at("dimension", REGION, "category", "label", value=None),
    "an index that is null": at("dimension", REGION, "category", "index", value=None),
    "notes are a number": at("note", value=3),
    "mandatory notes are a list": at("extension", value={"noteMandatory": [1]}),
    "an extension that is text": at("extension", value="x"),
    "a role that is text": at("role", value="time"),
    "a role without time": at("role", value={"time": []}),
    "units are a list": at("dimension", "ContentsCode", "category", "unit", value=[1]),
    "a unit is null": lambda body: _units(body, None),
    "decimals are text": lambda body: _units(body, {"decimals": "én"}),
    "decimals are many": lambda body: _units(body, {"decimals": 400}),
    "decimals are true": lambda body: _units(body, {"decimals": True}),
    "updated is null": at("updated", value=None),
    "updated is a number": at("updated", value=12),
    "no years": at("dimension", "Tid", "category", value={"index": {}, "label": {}}),
    "years that are none": text(lambda t: t.replace('"20', '"XX')),
}
OTHERS: dict[str, tuple[str, Bend]] = {
    "the table is a list": (f"/tables/{TABLE}", lambda body: [1]),
    "the table has no words": (f"/tables/{TABLE}", lambda body: {}),
    "the table's years are numbers": (f"/tables/{TABLE}", at("firstPeriod", value=2015)),
    "no limit": ("/config", lambda body: {}),
    "a limit of one": ("/config", at("maxDataCells", value=1)),
    "a limit of text": ("/config", at("maxDataCells", value="mange")),
    "a limit below nothing": ("/config", at("maxDataCells", value=-5)),
    "KLASS has no changes": ("/changes", lambda body: {"codeChanges": []}),
    "KLASS has changes of text": ("/changes", lambda body: {"codeChanges": ["0602"]}),
    "KLASS has changes without codes": ("/changes", lambda body: {"codeChanges": [{"a": 1}]}),
    "KLASS has a date that is none": ("/changes", text(lambda t: t.replace("2020-01-01", "2020-13-45"))),
    "KLASS has no codes": ("/codesAt", lambda body: {"codes": []}),
    "KLASS has codes of numbers": ("/codesAt", text(lambda t: t.replace('"code": "0', '"code": "x'))),
    "KLASS has no groups": ("/correspondsAt", lambda body: {"correspondenceItems": []}),
}
ODD = {
    **{f"figures: {name}": (f"/tables/{TABLE}/data", bend) for name, bend in FIGURES.items()},
    **{f"metadata: {name}": (f"/tables/{TABLE}/metadata", bend) for name, bend in METADATA.items()},
    **OTHERS,
}  # fmt: skip
DRAWN = set(random.Random(4).sample(sorted(ODD), 12))


def _units(body: Any, unit: Any) -> Any:
    for code in body["dimension"]["ContentsCode"]["category"].get("unit", {}):
        body["dimension"]["ContentsCode"]["category"]["unit"][code] = unit
    return body


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def one(definitions: Definitions) -> Definitions:
    chosen = {name: s for name, s in definitions.sources.items() if s.pull != "statbank" or name in (TABLE, "07459")}
    return replace(definitions, sources=chosen)


@pytest.fixture(scope="module")
def plain(server: Server, one: Definitions, embedded: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The figures of a good day."""
    project = Project(root=tmp_path_factory.mktemp("god"))
    shutil.copytree(embedded, project.raw / "embedded")
    return pulled(project, one, server)


def pulled(project: Project, definitions: Definitions, server: Server) -> Any:
    server.reset()
    opened = connection(server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "longest_s", 5)
        try:
            fetch(project, definitions, who(project, definitions), opened, "ny")
        finally:
            opened.client.close()
    record = store.set_record(project, "ny")
    if TABLE not in record.sources:
        return None
    frame = read_source(definitions.sources[TABLE], store.files_of(project, record, TABLE), record.moved.get(TABLE))
    codes = [name for name in frame.columns if name not in ("file", "row", "year")]
    return (
        frame[codes].astype({name: str for name in codes if name != "value"}).sort_values(codes[:-2], ignore_index=True)
    )


@pytest.mark.parametrize(
    "name", [name if name in DRAWN else pytest.param(name, marks=pytest.mark.long) for name in ODD]
)
def test_an_odd_answer_is_told_and_never_a_figure(
    server: Server,
    one: Definitions,
    plain: Any,
    embedded: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    where, bend = ODD[name]
    project = Project(root=tmp_path)
    shutil.copytree(embedded, project.raw / "embedded")
    judged = Client._judged

    def bent(self: Client, response: Any, content: bytes) -> Answer:
        if response.url.partition("?")[0].endswith(where) and response.status_code == 200:
            odd = bend(json.loads(content))
            content = odd if isinstance(odd, bytes) else json.dumps(odd).encode()
        return judged(self, response, content)

    monkeypatch.setattr(Client, "_judged", bent)
    try:
        found = pulled(project, one, server)
    except KunnskapError as error:
        assert error.problems and all(problem.found for problem in error.problems)
        assert not (project.raw / "ny").exists()
        return
    monkeypatch.setattr(Client, "_judged", judged)
    assert found is None or found.equals(plain) or _only_holes(found, plain), "another figure than the server's own"
    read_set(choose(project, "nye-drammen", "ny"))


def _only_holes(found: Any, plain: Any) -> bool:
    """What differs is a sign without a figure: a hole that the run tells of."""
    if len(found) != len(plain):
        return False
    other = found["value"].ne(plain["value"]) & ~(found["value"].isna() & plain["value"].isna())
    return not found.loc[other, "value"].notna().any()


def test_there_are_many() -> None:
    assert len(ODD) >= 77
