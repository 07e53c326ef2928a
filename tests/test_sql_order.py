"""What SQL files say they read, what they do read, and the order that follows; and that no *what* stands in code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.compute.order import given, ordered
from pipeline.errors import KunnskapError
from pipeline.model import Definitions
from pipeline.project import HERE
from tests.conftest import SQL_FOLDERS

FILES = [path for folder in SQL_FOLDERS.values() for path in sorted(folder.glob("*/*.sql"))]
MADE = re.compile(r"create or replace (temp )?(table|view|macro) (\w+)")


def names(node: object, hidden: frozenset[str] = frozenset()) -> Iterator[str]:
    """The tables of a statement as DuckDB has parsed it; a common table expression hides a table of its name."""
    if isinstance(node, list):
        for part in node:
            yield from names(part, hidden)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE" and node["table_name"] not in hidden:
            yield node["table_name"]
        for entry in node.get("cte_map", {}).get("map", []):
            yield from names(entry["value"], hidden)
            hidden |= {entry["key"]}
        yield from names([part for key, part in node.items() if key != "cte_map"], hidden)


def read(text: str) -> set[str]:
    query = re.sub(r"^create or replace (temp )?(table|view) \w+ as\s", "", re.sub("^--.*\n", "", text, flags=re.M))
    [(parsed,)] = duckdb.connect().execute("select json_serialize_sql(?)", [query]).fetchall()
    tree = json.loads(parsed)
    assert not tree["error"], tree
    return set(names(tree))


WIDEST = 160


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_line_of_sql_is_wider_than_a_screen(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [at for at, line in enumerate(lines, 1) if len(line) > WIDEST or line != line.rstrip()] == []


def test_a_name_that_a_query_gives_itself_is_no_table() -> None:
    own = "with a as (from b), c as (select * from c join a using (x)) select * from c where x in (select y from d)"
    assert read(f"-- given  nothing\ncreate or replace temp table t as {own}") == {"b", "c", "d"}


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.parent.name != "macros"], ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_a_header_is_what_the_sql_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert sorted(given(text)) == sorted(read(text)), "«-- given» of " + path.name


@pytest.mark.parametrize(
    "path", sorted(SQL_FOLDERS["compute"].glob("*/*.sql")), ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_a_file_makes_one_table_and_is_named_by_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [name for *_, name in MADE.findall(text)] == [path.stem]
    assert len(duckdb.extract_statements(text)) == 1


def written(folder: Path, **reads: str) -> list[Path]:
    for name, header in reads.items():
        (folder / f"{name}.sql").write_text(f"-- What it is.\n-- given  {header}\nselect 1", encoding="utf-8")
    return list(folder.iterdir())


def test_files_come_after_what_they_read_and_by_name_where_there_is_a_choice(tmp_path: Path) -> None:
    files = written(tmp_path, a="c(x, y), there", b="there", c="there,\n--        d(x)", d="there")
    assert [path.stem for path in ordered(files, {"there"})] == ["b", "d", "c", "a"]
    assert [path.stem for path in ordered(reversed(files), {"there"})] == ["b", "d", "c", "a"]


def test_a_table_that_nobody_makes_is_told_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(KunnskapError, match=r"a\.sql: leser tabellen «elsewhere»") as told:
        ordered(written(tmp_path, a="b, elsewhere", b="there"), {"there"})
    assert "b.sql" not in str(told.value)


def test_a_circle_is_told_with_the_files_of_it(tmp_path: Path) -> None:
    with pytest.raises(KunnskapError, match=r"b\.sql: b leser c leser b"):
        ordered(written(tmp_path, a="b", b="c", c="b", d="there"), {"there"})


def test_what_is_read_of_the_sources_stands_in_the_definitions_alone(definitions: Definitions) -> None:
    """The numbers of tables, arts of the accounts and contents codes that the pipeline itself reads."""
    country = {c.id for c in definitions.comparators if c.kind == "country"}
    read_by_role = [s for s in definitions.sources.values() if s.role or s.implies]
    told = [s for s in definitions.sources.values() if any(c.population for c in s.contents.values())]
    accounts = definitions.accounts
    codes = {accounts.source, accounts.contents, *(measure.art for measure in accounts.measure.values()), *country}
    codes |= {s.id for s in [*read_by_role, *told]}
    codes |= {code for s in read_by_role for code in s.contents}
    assert {"EAK", "07459", "12362", "12137", "12367", "12210", "AGD2", "A350", "Personer1"} <= codes
    word = re.compile("|".join(rf"['\"|]{re.escape(code)}['\"|]" for code in codes))
    skeleton = HERE / "commands" / "new.py"  # writes a definition file for somebody to go on with
    found = [
        f"{path.name}: {line}"
        for path in [*HERE.rglob("*.py"), *HERE.rglob("*.sql")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if word.search(line) and not (path == skeleton and line == 'id = "EAK"')
    ]
    assert not found
