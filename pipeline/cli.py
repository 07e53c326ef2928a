"""The command line: `kunnskap run | status | explain`. Reads top to bottom; the work is elsewhere."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.errors import KunnskapError
from pipeline.project import Project

app = typer.Typer(
    name="kunnskap",
    help="Kunnskapsgrunnlag for kommuner som slår seg sammen: fra SSBs tall til rapporter.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)

MergerOption = Annotated[
    str, typer.Option("--merger", "-m", help="Sammenslåingen, for eksempel nye-drammen eller nye-asker.")
]
SetOption = Annotated[
    str | None,
    typer.Option("--set", help="Datasettet i data/raw. Uten valg: det nyeste hentede, ellers det innebygde."),
]
YearOption = Annotated[
    int | None, typer.Option("--year", help="Regnskapsåret rapportene handler om. Uten valg: sammenslåingens basisår.")
]
DEFAULT = "nye-drammen"


@app.command()
def run(merger: MergerOption = DEFAULT, set_name: SetOption = None, year: YearOption = None) -> None:
    """Kontroller råtallene, regn ut indikatorene og lag rapportene."""
    from pipeline.run import run as run_pipeline

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Leser, kontrollerer og regner ut", total=2)

        def tell(text: str) -> None:
            progress.update(task, advance=1, description=text)
            progress.console.print(f"  {text}")

        def plan(reports: int) -> None:
            progress.update(task, completed=2, total=2 + reports, description=f"Lager {reports} rapporter")

        result = run_pipeline(Project(), merger, set_name, year, tell, plan)
    if result.unchanged:
        console.print("Ingenting er endret siden sist; rapportene er ferske.")
    elif not result.built:
        console.print("Tabellene er regnet ut på nytt; ingen rapport ble berørt.")
    else:
        console.print(f"Laget {len(result.built)} rapporter.")
    for path in result.kept:
        console.print(
            f"Noen har skrevet i en fil som ble laget på nytt. Den redigerte er tatt vare på: {Project().shown(path)}"
        )
    console.print(f"Begynn her: {Project().shown(result.reports / 'index.html')}")


@app.command()
def status(merger: MergerOption = DEFAULT, set_name: SetOption = None, year: YearOption = None) -> None:
    """Vis datasett, tabeller, rapporter og hvilke indikatorer som har tall."""
    from pipeline import model
    from pipeline.status import status as lines

    definitions = model.load(Project())
    for line in lines(Project(), definitions, definitions.merger(merger), set_name, year):
        console.print(line, markup=False)


@app.command()
def explain(
    indicator: Annotated[str, typer.Argument(help="Indikatorens id, for eksempel barnehage.dekning_1_5.")],
    merger: MergerOption = DEFAULT,
    set_name: SetOption = None,
    year: YearOption = None,
) -> None:
    """Forklar et tall: kortet, regnestykket, kildecellene og SQL-en."""
    from pipeline import model
    from pipeline.explain import explain as lines

    definitions = model.load(Project())
    for line in lines(
        Project(), definitions, definitions.merger(merger), definitions.indicator(indicator), set_name, year
    ):
        console.print(line, markup=False)


def main() -> None:
    """Run the command; a KunnskapError is told in plain words and gives exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may not be UTF-8
    try:
        app()
    except KunnskapError as error:
        complaints.print(str(error), markup=False, style="red")
        sys.exit(1)
    except KeyboardInterrupt:
        complaints.print("Avbrutt. Det som var ferdig fra før, er urørt.")
        sys.exit(130)
