"""Reference pages made from the definitions: `python -m pipeline.reference` writes them to docs/.

A test compares what stands in docs/ with what this gives, so that the pages cannot go stale. With `--rows` it computes
the tables of both mergers from the embedded set and writes how many rows each has to tests/row_counts.csv as well.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import typer

from pipeline import model, run
from pipeline.choice import choose
from pipeline.cli import app
from pipeline.compute.documents import calculation, evidence_word, where_known
from pipeline.ingest.store import EMBEDDED
from pipeline.model import Definitions, FieldDef
from pipeline.project import HERE, Project

DOCS = HERE.parent / "docs"
MADE = "<!-- Made by `python -m pipeline.reference`; change the definitions, not this page. -->\n"


def pages(definitions: Definitions) -> dict[str, str]:
    """File name → Markdown of every reference page."""
    return {
        "indicators.md": "\n".join(_indicators(definitions)) + "\n",
        "tables.md": "\n".join(_tables(definitions)) + "\n",
        "commands.md": "\n".join(_commands()) + "\n",
    }


def write(folder: Path = DOCS) -> None:
    for name, text in pages(model.load(Project())).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _indicators(definitions: Definitions) -> Iterator[str]:
    yield f"# Indicators\n\n{MADE}"
    yield (
        f"{len(definitions.indicators)} indicators. Rule: **S** sum A, sum B, divide; **W** weight by its own "
        "denominator; **N** not addable. The cards stand in the reports and in `indicator_card.parquet`. Known: how "
        "well its codes are known, the least known of them, and where they were seen: *bevist* figures that "
        "reconcile, *metadata* the producer's metadata, answer or file, *nettside* a page of the producer, *brukt av "
        "andre* a query that works for others, *antatt* inferred, *ikke sett* seen nowhere.\n"
    )
    for area in dict.fromkeys(indicator.area for indicator in definitions.indicators.values()):
        yield f"## {definitions.area_title(area)}\n"
        yield "| id | title | heading | unit | rule | direction | calculation | known |"
        yield "|---|---|---|---|---|---|---|---|"
        for i in definitions.indicators.values():
            if i.area == area:
                words = calculation(definitions, i)
                where = where_known(definitions, i)
                known = evidence_word(definitions, i) + (f" ({where})" if where else "")
                cells = (f"`{i.id}`", i.title, i.heading, i.unit, i.merge, i.direction, words, known)
                yield "| " + " | ".join(cells) + " |"
        yield ""
    yield from _prices(definitions)


def _prices(definitions: Definitions) -> Iterator[str]:
    price_year = definitions.deflator.price_year
    yield f"## Prices\n\nFixed prices are of {price_year}. Kroner are carried over chained years only.\n"
    yield "| year | per cent | status | date | source | chained |\n|---|---|---|---|---|---|"
    for c in definitions.deflator.change:
        yield f"| {c.year} | {c.pct} | {c.status} | {c.date} | {c.source} | {c.not_chained or 'yes'} |"


def _tables(definitions: Definitions) -> Iterator[str]:
    yield f"# Processed tables\n\n{MADE}"
    yield (
        "`data/processed/<merger>/<table>.parquet`. Built twice from the same raw set they are the same bytes. "
        "A value stands exactly where `status` is `ok`; a hole has a `reason`.\n"
    )
    for name, table in definitions.tables.items():
        yield f"## {name}\n\n{table.about}\n\nGrain: {', '.join(f'`{column}`' for column in table.grain)}"
        if name == "observation":
            yield "and the sources' dimensions, which stand as columns between `year` and `ContentsCode`"
        yield "\n| column | type | what it holds |\n|---|---|---|"
        for column in table.columns:
            field = definitions.fields[table.fields.get(column, column)]
            yield f"| `{column}` | {field.type} | {_about(field)} |"
        yield ""
    yield "## Status\n\n| status | on paper | meaning |\n|---|---|---|"
    yield from (f"| `{s.id}` | {s.label} | {s.meaning} |" for s in definitions.statuses.values())


def _about(field: FieldDef) -> str:
    allowed = f" One of {', '.join(f'`{value}`' for value in field.allowed)}." if field.allowed else ""
    return field.about + allowed + (" May be empty." if field.blank else "")


def _commands() -> Iterator[str]:
    yield f"# Commands\n\n{MADE}"
    yield "`kunnskap` is the same as `python -m pipeline`. Exit code 0 only when all is well.\n"
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        yield f"## kunnskap {' '.join([name, *(p.name.upper() for p in arguments)])}\n\n{command.help}\n"
        yield "| option | default | what it does |\n|---|---|---|"
        for parameter in command.params:
            shown = parameter.name.upper() if parameter in arguments else ", ".join(parameter.opts)
            default = "" if parameter.default is None or parameter in arguments else str(parameter.default)
            yield f"| `{shown}` | {default} | {parameter.help} |"
        yield ""


ROWS = HERE.parent / "tests" / "row_counts.csv"


def row_counts(merger: str, folder: Path) -> Iterator[tuple[str, str, int]]:
    """Merger, table and rows of every processed table in a folder, by name."""
    for path in sorted(folder.glob("*.parquet")):
        (rows,) = duckdb.sql(f"select count(*) from '{path.as_posix()}'").fetchall()[0]
        yield merger, path.stem, rows


def write_rows(mergers: tuple[str, ...] = ("nye-drammen", "nye-asker"), path: Path = ROWS) -> None:
    """What the tables hold now, to be looked at in the diff: nobody types these numbers."""
    lines = ["merger,table,rows"]
    for merger in mergers:
        with TemporaryDirectory() as folder:
            run.compute_tables(choose(Project(), merger, EMBEDDED), Path(folder))
            lines += [f"{merger},{table},{rows}" for _, table, rows in row_counts(merger, Path(folder))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
    if "--rows" in sys.argv[1:]:
        write_rows()
