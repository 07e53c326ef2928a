"""The command line: `kunnskap run`, `fetch`, `check`, `status`, `forms` and so on; the work is elsewhere."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from pipeline import mishaps
from pipeline.errors import KunnskapError, Problem
from pipeline.progress import Progress
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
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Stopp på alt som ikke stemmer i en hentet tabell; ellers settes det til side."),
]
DEFAULT = "nye-drammen"


@app.command()
def run(
    merger: MergerOption = DEFAULT, set_name: SetOption = None, year: YearOption = None, strict: StrictOption = False
) -> None:
    """Kontroller råtallene, regn ut indikatorene og lag rapportene."""
    from pipeline.choice import choose
    from pipeline.run import run as run_pipeline

    with _bar(REPORTS, "Leser, kontrollerer og regner ut", keep=True) as told:
        result = run_pipeline(choose(Project(), merger, set_name, year, strict), told)
    if result.unchanged:
        console.print("Ingenting er endret siden sist; rapportene er ferske.")
    elif not result.built:
        console.print("Tabellene er regnet ut på nytt; ingen rapport ble berørt.")
    else:
        count = len(result.built)
        console.print(f"Laget {count} {'rapport' if count == 1 else 'rapporter'}.")
    shown = Project().shown
    for edited, beside in result.beside.items():
        console.print(
            f"Noen har skrevet i {shown(edited)}. Den står urørt; den nye utgaven er {shown(beside)}", markup=False
        )
    for path in result.aside:
        console.print(f"Noen har endret en fil som ble laget på nytt. Den endrede er {shown(path)}", markup=False)
    console.print(f"Begynn her: {Project().shown(result.reports / 'index.html')}")


@app.command()
def fetch(
    merger: Annotated[
        list[str] | None,
        typer.Option("--merger", "-m", help="Sammenslåingen settet skal dekke; kan gjentas. Uten valg: alle."),
    ] = None,
    set_name: Annotated[
        str | None, typer.Option("--set", help="Navn på det nye settet. Uten valg: dato og klokkeslett.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Tabell som skal holdes utenfor, for eksempel 12367; kan gjentas."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Begynn på nytt i stedet for å fortsette en henting som ble avbrutt.")
    ] = False,
) -> None:
    """Hent alt definisjonene nevner fra SSB til et nytt datasett."""
    from pipeline import model
    from pipeline.ingest.connection import connect
    from pipeline.ingest.fetch import fetch as pull
    from pipeline.ingest.fetch import lines
    from pipeline.mergers.pulled import Who

    project = Project()
    definitions = model.load(project)
    files = [definitions.merger_file(name) for name in merger or definitions.mergers]
    with _bar(CALLS) as told, connect(told.tell) as at:
        result = pull(project, definitions, Who(project, definitions, files), at, set_name, without, restart, told)
    for line in lines(result):
        console.print(line, markup=False)


@app.command()
def check(
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Skriv det som er sikkert inn i definisjonene: flyttede koder, nye år, etiketter."
        ),
    ] = False,
) -> None:
    """Sammenlign definisjonene med SSBs metadata: funnet, flyttet, avsluttet, borte, nye år."""
    from pipeline import model
    from pipeline.choice import choose
    from pipeline.commands.check import check as look
    from pipeline.commands.check import lines, write_table
    from pipeline.commands.rewrite import rewrite
    from pipeline.ingest.connection import connect
    from pipeline.ingest.statbank import Statbank

    project = Project()
    definitions = model.load(project)
    mergers = [choose(project, name).merger for name in definitions.mergers]
    with _bar(CALLS) as told, connect(told.tell) as at:
        report = look(definitions, mergers, Statbank(at.client, at.statbank), told)
    for line in lines(report):
        console.print(line, markup=False)
    table = project.processed / "kontroll.csv"
    write_table(report, table)
    console.print(f"Alt som ble funnet: {project.shown(table)}")
    if write and report.synthetic:
        raise KunnskapError("Definisjonene er ikke endret: serveren gir syntetiske svar.")
    for line in rewrite(project, definitions, report) if write else []:
        console.print(f"Endret {line}", markup=False)
    if not report.well:
        raise typer.Exit(1)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Sammenslåingen: navnet på en ny, eller id-en til en som finnes.")],
    places: Annotated[
        list[str] | None,
        typer.Argument(
            help="Kommunene som skal bli én: numre eller navn, slik de var dagen før.", metavar="[KOMMUNER]..."
        ),
    ] = None,
    when: Annotated[str | None, typer.Option("--date", help="Dagen de blir én, for eksempel 2030-01-01.")] = None,
    base_year: Annotated[
        int | None, typer.Option("--base-year", help="Regnskapsåret rapportene handler om. Uten valg: to år før.")
    ] = None,
    whole: Annotated[
        list[str] | None, typer.Option("--whole", help="Kommune som ble delt, men skal regnes hel før; kan gjentas.")
    ] = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Sammenslåingen er tenkt, også der KLASS kjenner en annen.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Spør ikke; ta det som er vanligst.")] = False,
) -> None:
    """Lag en ny sammenslåing av kommuner, eller tomme skjemaer for en som finnes."""
    from pipeline import model
    from pipeline.choice import choose
    from pipeline.commands.new import new as write_forms
    from pipeline.commands.new_merger import Wish, new_merger, slug

    project = Project()
    definitions = model.load(project)
    merger_id = name if name in definitions.mergers and not places else slug(name)
    if places:
        wish = Wish(name, places, _day(when), base_year, tuple(whole or ()), what_if, yes)
        for line in new_merger(project, definitions, wish, _ask):
            console.print(line, markup=False)
        definitions = model.load(project)
    definitions.merger_file(merger_id)
    made = list(write_forms(project, definitions, choose(project, merger_id).merger))
    for line in made if not places else [f"Skjemaer kommunene fyller ut: data/local/{merger_id}/"]:
        console.print(line, markup=False)


def _day(text: str | None) -> date:
    """A date as 2030-01-01 or 1.1.2030, or the first day of a year."""
    typed = text or ""
    try:
        if typed.isdigit():
            return date(int(typed), 1, 1)
        day, month, year = typed.split("-")[::-1] if "-" in typed else typed.split(".")
        return date(int(year), int(month), int(day))
    except ValueError:
        problem = Problem(found=f"«{typed}» er ikke en dato.", allowed="en dato som 2030-01-01, etter --date")
        raise KunnskapError("Det trengs en dato for sammenslåingen:", [problem]) from None


def _ask(question: str, answers: Sequence[str]) -> str | None:
    """Ask until one of the answers comes; None where nobody is there to answer."""
    if not sys.stdin.isatty():
        return None
    console.print(question, markup=False)
    while True:
        answer = str(typer.prompt(" / ".join(answers))).strip().casefold()
        if answer in answers:
            return answer
        console.print(f"Svar {' eller '.join(answers)}.", markup=False)


@app.command()
def compare(
    merger_a: Annotated[str, typer.Argument(help="En sammenslåing.", metavar="A")],
    merger_b: Annotated[str, typer.Argument(help="En annen, for eksempel med eller uten en kommune.", metavar="B")],
    year: YearOption = None,
) -> None:
    """Sett to sammenslåinger side om side: folk, utgifter per tjeneste, behov og harmonisering."""
    from pipeline.choice import choose
    from pipeline.commands.compare import compare as lines

    for line in lines(choose(Project(), merger_a, None, year), choose(Project(), merger_b, None, year)):
        console.print(line, markup=False)


@app.command()
def diff(
    set_a: Annotated[str, typer.Argument(help="Det eldste settet.", metavar="SET_A")],
    set_b: Annotated[str, typer.Argument(help="Det nyeste settet.", metavar="SET_B")],
    merger: MergerOption = DEFAULT,
) -> None:
    """Vis hvert tall som er endret, nytt eller borte mellom to sett, med cellene bak."""
    from pipeline.commands.diff import diff as lines

    for line in lines(Project(), merger, set_a, set_b):
        console.print(line, markup=False)


REPORTS = (
    SpinnerColumn(),
    TextColumn("{task.description}"),
    BarColumn(),
    TextColumn("{task.completed}/{task.total}"),
    TimeElapsedColumn(),
)
CALLS = (
    SpinnerColumn(),
    BarColumn(bar_width=20),
    TextColumn("{task.completed}/{task.total} kall, igjen om lag"),
    TimeRemainingColumn(),
    TextColumn("{task.description}"),
)


@contextmanager
def _bar(columns: tuple[ProgressColumn, ...], about: str = "", keep: bool = False) -> Iterator[Progress]:
    """A bar while long work goes on; lines where there is no screen, and on it too where they are to `keep`."""
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(about, total=None)

        def tell(text: str) -> None:
            bar.console.print(f"  {text}", markup=False)

        def step(text: str) -> None:
            bar.update(task, advance=1, description=text[:60] or None)
            if text and (keep or not console.is_terminal):
                tell(text)

        yield Progress(plan=lambda steps: bar.update(task, total=steps), step=step, tell=tell)


@app.command()
def status(merger: MergerOption = DEFAULT, set_name: SetOption = None, year: YearOption = None) -> None:
    """Vis datasett, tabeller, rapporter og hvilke indikatorer som har tall."""
    from pipeline.choice import choose
    from pipeline.commands.status import status as lines
    from pipeline.publish import finish_if_idle

    choice = choose(Project(), merger, set_name, year)
    finish_if_idle(choice)
    for line in lines(choice):
        console.print(line, markup=False)


@app.command()
def forms(merger: MergerOption = DEFAULT) -> None:
    """Vis hva kommunene har fylt ut: filene, hvordan de er lest, og hva i dem som ikke brukes."""
    from pipeline.choice import choose
    from pipeline.commands.forms import forms as lines

    stops = False
    for line, stop in lines(choose(Project(), merger)):
        console.print(line, markup=False)
        stops |= stop
    if stops:
        raise typer.Exit(1)


@app.command()
def explain(
    indicator: Annotated[
        str,
        typer.Argument(help="Indikatorens eller avgiftens id, for eksempel barnehage.dekning_1_5 eller sfo.hel_plass."),
    ],
    merger: MergerOption = DEFAULT,
    set_name: SetOption = None,
    year: YearOption = None,
) -> None:
    """Forklar et tall: kortet, regnestykket, kildecellene og SQL-en."""
    from pipeline.choice import choose
    from pipeline.commands.explain import explain as lines
    from pipeline.commands.explain_item import explain_item
    from pipeline.publish import finish_if_idle

    choice = choose(Project(), merger, None, year)
    finish_if_idle(choice)
    definitions = choice.definitions
    evened = indicator.split(": ")[0] in {*definitions.harmonisation.fees, *definitions.services}
    if not evened:
        for line in lines(choice, definitions.indicator(indicator), set_name):
            console.print(line, markup=False)
    told = list(explain_item(choice, indicator))
    if evened and not told:
        remedy = f"`kunnskap new {merger}` skriver skjemaene; fyll dem ut og kjør igjen."
        raise KunnskapError(
            f"Ingen har fylt ut noe om «{indicator}».", [Problem(found="Satsen mangler.", remedy=remedy)]
        )
    for line in told:
        console.print(line, markup=False)


def _finish_definitions(project: Project) -> None:
    """`check --write` that was killed has left half of the definitions changed: the other half first."""
    if project.changing_definitions.is_file():
        from pipeline.commands.rewrite import finish

        finish(project)


def main() -> None:
    """Run the command. Whatever goes wrong is told in plain words, and gives exit code 1; 130 if it was interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Windows console may not be UTF-8
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, mishaps.interrupt)
    try:
        _finish_definitions(Project())
        app()
    except KunnskapError as error:
        complaints.print(str(error), markup=False, style="red")
        sys.exit(1)
    except mishaps.Interrupted:
        complaints.print(mishaps.INTERRUPTED, markup=False)
        sys.exit(130)
    except Exception as error:
        complaints.print(mishaps.told(Project(), error), markup=False, style="red")
        sys.exit(1)
