"""Shared fixtures. Slow ones are made once per session: the tables of both mergers, and one full run."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline import model, run
from pipeline.choice import choose
from pipeline.compute.build import run_files
from pipeline.mergers.pulled import Who
from pipeline.model import Definitions, Merger
from pipeline.project import HERE, Project

SQL_FOLDERS = {"compute": HERE / "compute" / "sql", "validate": HERE / "validate" / "sql"}


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return model.load(Project())


def merger_of(name: str, project: Project | None = None) -> Merger:
    """A merger as KLASS of the embedded set makes it."""
    return choose(project or Project(), name, "embedded").merger


def who(project: Project, definitions: Definitions, *names: str) -> Who:
    """Who a pull is for: the mergers named, or Nye Drammen."""
    return Who(project, definitions, [definitions.merger_file(name) for name in names or ("nye-drammen",)])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout of one's own: the embedded set and the definitions copied, nothing computed."""
    shutil.copytree(Project().raw / "embedded", tmp_path / "data" / "raw" / "embedded")
    shutil.copytree(Project().definitions, tmp_path / "definitions")
    return Project(root=tmp_path, definitions=tmp_path / "definitions")


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The processed tables of a merger from the embedded set, computed once."""
    made: dict[str, Path] = {}

    def of(merger: str) -> Path:
        if merger not in made:
            made[merger] = tmp_path_factory.mktemp(merger)
            run.compute_tables(choose(Project(), merger, "embedded"), made[merger])
        return made[merger]

    return of


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which `kunnskap run` has made everything for Nye Drammen. Not to be changed by tests."""
    root = tmp_path_factory.mktemp("finished")
    shutil.copytree(Project().raw / "embedded", root / "data" / "raw" / "embedded")
    shutil.copytree(Project().definitions, root / "definitions")
    project = Project(root=root, definitions=root / "definitions")
    run.run(choose(project, "nye-drammen"))
    return project


@pytest.fixture
def finished_copy(finished: Project, tmp_path: Path) -> Project:
    """A finished project that a test may change."""
    root = tmp_path / "copy"
    shutil.copytree(finished.root, root)
    return Project(root=root, definitions=root / "definitions")


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
        ("unresolved", 7, "ukjent kode"),
    )
    base.given("def_merger", "merger", ("nye-drammen",))
    yield base
    base.connection.close()
