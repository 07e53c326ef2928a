"""`kunnskap forms`: what the municipalities have handed in, how it is read and what is not used, before any run."""

from collections.abc import Iterator

from pipeline.choice import Choice
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.forms import read_form
from pipeline.ingest.handed_in import HandedIn, handed_in, strays
from pipeline.ingest.local import local_file, read_local
from pipeline.model import Definitions, Merger
from pipeline.project import Project
from pipeline.validate.forms import check_form


def forms(choice: Choice) -> Iterator[tuple[str, bool]]:
    """Lines in Norwegian, and whether each tells of something that would stop a run."""
    project, definitions, merger = choice.project, choice.definitions, choice.merger
    yield f"Skjemaer for {merger.name} i {project.shown(project.local / merger.id)}", False
    empty = []
    for one in handed_in(project, definitions, merger):
        problems = one.fault.problems if one.fault else list(_problems(project, definitions, merger, one))
        if not problems and not one.rows:
            empty.append(one.source.id)
            continue
        found = f"{one.shown}, {one.rows} {'rad' if one.rows == 1 else 'rader'}" if one.shown else "kan ikke leses"
        yield f"  {one.source.id:<20} {found}" + (f" ({'; '.join(one.seen)})" if one.seen else ""), False
        yield from ((f"    brukes ikke: {text}", False) for text in one.not_used)
        yield from ((f"    stopper: {problem}", True) for problem in problems)
    if empty:
        yield f"  Ikke fylt ut: {', '.join(empty)}", False
    yield from ((f"  {text}", False) for text in strays(project, definitions, merger))


def _problems(project: Project, definitions: Definitions, merger: Merger, one: HandedIn) -> Iterator[Problem]:
    """What a run would stop on in the rows of one form."""
    file = local_file(project, merger, one.source)
    if file is None:
        return
    try:
        if one.source.is_form:
            yield from check_form(definitions, merger, one.source, read_form(definitions, one.source, file))
        else:
            read_local(merger, one.source, file)
    except KunnskapError as error:
        yield from error.problems
