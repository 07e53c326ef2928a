"""Reference pages made from the definitions: `python -m pipeline.reference` writes them to docs/.

A test compares what stands in docs/ with what this gives, so that the pages cannot go stale.
"""

from collections.abc import Iterator
from pathlib import Path

import typer

from pipeline import model
from pipeline.cli import app
from pipeline.compute.documents import calculation
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
        "denominator; **N** not addable. The cards stand in the reports and in `indicator_card.parquet`.\n"
    )
    for area in dict.fromkeys(indicator.area for indicator in definitions.indicators.values()):
        yield f"## {definitions.area_title(area)}\n"
        yield "| id | title | heading | unit | rule | direction | calculation |"
        yield "|---|---|---|---|---|---|---|"
        for i in definitions.indicators.values():
            if i.area == area:
                words = calculation(definitions, i)
                yield f"| `{i.id}` | {i.title} | {i.heading} | {i.unit} | {i.merge} | {i.direction} | {words} |"
        yield ""


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


if __name__ == "__main__":
    write()
