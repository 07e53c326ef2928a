"""Runs a notebook in the process of a run: its cells from top to bottom, and the Markdown they show."""

import ast
import gc
import traceback
from contextlib import redirect_stderr, redirect_stdout
from contextvars import ContextVar
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from pipeline.errors import KunnskapError, Problem

PARAMETERS = "parameters"
# where `show` puts Markdown while a notebook is run here; nowhere in a person's own notebook
shown: ContextVar[list[str] | None] = ContextVar("shown", default=None)


class CellFailed(Exception):
    """A cell has failed: the error as Python names it, and where it came from."""

    def __init__(self, told: str, trace: str) -> None:
        super().__init__(told, trace)
        self.told, self.trace = told, trace

    def __str__(self) -> str:
        return f"{self.told}\n{self.trace}"


def run(source: Path, parameters: dict[str, Any]) -> str:
    """The Markdown of a notebook: its own cells, and what the others show with `parameters` in place of its own.

    Figures are full of circles, and looking for them again and again while the next one is drawn costs more than a
    tenth of the time: what a notebook leaves is collected here, once, and what was imported is never looked through.
    """
    gc.disable()
    gc.collect()
    gc.freeze()
    names: dict[str, Any] = {"__name__": "__main__"}
    written: list[str] = []
    before = shown.set(written)
    try:
        for cell in _cells(source.read_text(encoding="utf-8")):
            if cell.cell_type == "markdown":
                written.append(cell.source)
            elif PARAMETERS in cell.metadata.get("tags", []):
                names |= parameters
            elif cell.cell_type == "code":
                _execute(source, cell.source, names)
    finally:
        shown.reset(before)
    return tidy("\n\n".join(written))


def get_ready(source: Path) -> None:
    """Read a notebook, and import what it imports: so much is done before there is anything to show."""
    for cell in _cells(source.read_text(encoding="utf-8")):
        if cell.cell_type == "code":
            steps = ast.parse(cell.source)
            steps.body = [step for step in steps.body if isinstance(step, ast.Import | ast.ImportFrom)]
            exec(compile(steps, source.name, "exec"), {})


_drawn: dict[Path, object] = {}


def drawn_before(path: Path, what: object) -> bool:
    """Whether this run has drawn the same in the same place: the draft of a strategy repeats its report's figures.

    Always no in a person's own notebook, where the code that draws may have changed since.
    """
    if shown.get() is None:
        return False
    before, _drawn[path] = _drawn.get(path), what
    return before is not None and before == what


@cache
def _cells(text: str) -> Any:
    """A notebook as it was written; the same one is run for every sub-project."""
    import jupytext

    return jupytext.reads(text, fmt="py:percent").cells


def _execute(source: Path, code: str, names: dict[str, Any]) -> None:
    """Run one cell. What it prints, warns of or ends with would stand below the cell in Jupyter: stop instead."""
    told = StringIO()
    try:
        steps = ast.parse(code, f"notebooks/{source.name}")
        last = steps.body.pop() if steps.body and isinstance(steps.body[-1], ast.Expr) else None
        with redirect_stdout(told), redirect_stderr(told):
            exec(compile(steps, f"notebooks/{source.name}", "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), f"notebooks/{source.name}", "eval"), names)
                if value is not None:
                    print(value)
    except Exception as error:
        raise CellFailed(f"{type(error).__name__}: {error}", traceback.format_exc()) from None
    text = told.getvalue().strip()
    if text:
        problem = Problem(
            file=f"notebooks/{source.name}",
            found=f"cellen «{code.splitlines()[0]}» skrev «{text[:300]}».",
            allowed="bare Markdown, gjennom show(…)",
        )
        raise KunnskapError("Noe annet enn rapporten ville havnet i rapporten:", [problem])


def tidy(markdown: str) -> str:
    """One blank line between blocks, none at the start, one newline at the end."""
    lines: list[str] = []
    for line in markdown.split("\n"):
        clean = line.rstrip()
        if clean or (lines and lines[-1]):
            lines.append(clean)
    return "\n".join(lines).strip("\n") + "\n"
