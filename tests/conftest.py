"""Shared fixtures, and the tiers a test belongs to by what it asks for. Whole runs are made once: tests/whole.py."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from pipeline import model
from pipeline.choice import choose
from pipeline.compute.build import run_files
from pipeline.model import Definitions, Merger
from pipeline.project import HERE, Project
from tests import whole

SQL_FOLDERS = {"compute": HERE / "compute" / "sql", "validate": HERE / "validate" / "sql"}

# a busy machine is slow, not wrong; and what CI draws is what it drew the last time
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two for a whole tier; none for the files somebody names, where starting them takes longer than it saves."""
    return 2 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`whole` is a test that asks for the embedded figures, if only by way of a fixture; all others are `fast`.

    `long` stands with the test, and is neither.
    """
    for item in items:
        if item.get_closest_marker("long") is None:
            item.add_marker("whole" if "embedded" in getattr(item, "fixturenames", ()) else "fast")
    # the slow files first: two workers that run out of small ones end together. Of these, those last that look at a
    # plain run: in CI a newcomer makes one beside the tests (whole.plain)
    slow = {item.path for item in items if item.get_closest_marker("fast") is None}
    plain = {item.path for item in items if "finished" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path not in slow, item.path in plain))


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return model.load(Project())


def merger_of(name: str, project: Project | None = None) -> Merger:
    """A merger as KLASS of the embedded set makes it."""
    return choose(project or Project(), name, "embedded").merger


@pytest.fixture(scope="session")
def embedded() -> Path:
    """The figures that ship with the project. Whoever asks for them reads, computes or reports a whole set."""
    return Project().raw / "embedded"


@pytest.fixture
def project(embedded: Path, tmp_path: Path) -> Project:
    """A checkout of one's own: the embedded set and the definitions copied, nothing computed."""
    return whole.checkout(tmp_path)


@pytest.fixture
def own_definitions(tmp_path: Path) -> Project:
    """A project whose definitions a test may change, without any figures."""
    shutil.copytree(Project().definitions, tmp_path / "definitions")
    return Project(root=tmp_path, definitions=tmp_path / "definitions")


@pytest.fixture(scope="session")
def tables(embedded: Path) -> Callable[[str], Path]:
    """The processed tables of a merger from the embedded set, computed once. Not to be changed by tests."""
    return cache(whole.tables)  # keeps nothing of what failed: it is tried, and told, again


@pytest.fixture(scope="session")
def finished(embedded: Path) -> Iterator[Project]:
    """A project in which `kunnskap run` has made everything for Nye Drammen. Not to be changed by tests."""
    yield whole.kept("plain", whole.plain)
    assert not whole.changed("plain"), "a test changed what all tests look at"


@pytest.fixture(scope="session")
def attacked(embedded: Path) -> Iterator[Project]:
    """Nye Drammen pulled, filled in and made, with an attack wherever somebody else's words may stand."""
    yield whole.kept("attacked", whole.attacked)
    assert not whole.changed("attacked"), "a test changed what all tests look at"


@pytest.fixture
def finished_copy(finished: Project, tmp_path: Path) -> Project:
    """A finished project that a test may change."""
    root = tmp_path / "copy"
    shutil.copytree(finished.root, root)
    return Project(root=root, definitions=root / "definitions")


ASIDE = "source contents indicator region year:i reason"  # nothing is set aside unless a test says so
COLUMN_TYPES = {"d": "double", "i": "integer", "b": "boolean", "t": "date"}


class Sql:
    """Given rows in tables, run a SQL file, look at rows: how every SQL test reads."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        run_files(self.connection, SQL_FOLDERS["compute"] / "macros")

    def given(self, table: str, columns: str, *rows: tuple[object, ...]) -> "Sql":
        """`columns` like "region year:i value:d"; text unless a type follows the colon."""
        named = [column.partition(":") for column in columns.split()]
        typed = ", ".join(f'"{name}" {COLUMN_TYPES.get(kind, "varchar")}' for name, _, kind in named)
        self.connection.execute(f'create or replace table "{table}" ({typed})')
        if rows:
            marks = ", ".join("?" * len(named))
            self.connection.executemany(f'insert into "{table}" values ({marks})', [list(row) for row in rows])
        return self

    def run(self, *paths: str) -> "Sql":
        for path in paths:
            folder, _, rest = path.partition("/")
            self.connection.execute((SQL_FOLDERS[folder] / rest).read_text(encoding="utf-8"))
        return self

    def check(self, path: str) -> dict[str, bool]:
        """A check's items and whether each is ok."""
        folder, _, rest = path.partition("/")
        rows = self.connection.execute((SQL_FOLDERS[folder] / rest).read_text(encoding="utf-8")).fetchall()
        return {item: ok for item, ok, *_ in rows}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query).fetchall()


@pytest.fixture
def sql() -> Iterator[Sql]:
    base = Sql()
    base.given("aside_cell", ASIDE)
    base.given(
        "def_status",
        "id rank:i label",
        ("ok", 0, "ok"),
        ("not_applicable", 1, "ikke aktuelt"),
        ("not_available", 2, "mangler"),
        ("not_in_set", 3, "ikke hentet"),
        ("suppressed", 4, "skjermet"),
        ("not_valid", 5, "ugyldig år"),
        ("component_missing", 6, "mangler for en kommune"),
        ("unresolved", 7, "satt til side"),
    )
    base.given("def_merger", "merger", ("nye-drammen",))
    yield base
    base.connection.close()
