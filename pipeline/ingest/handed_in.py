"""What the municipalities have handed in, form by form: the file, how it was read, and what of it is not used.

Nothing that somebody has typed is left out without being named: a file under another name, a second sheet, a column the
form does not have, a row with a source and no figure, one name spelt in two ways.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

from pipeline.errors import KunnskapError
from pipeline.ingest.local import columns_of, files_in, is_of, local_file, needed_of
from pipeline.ingest.rows import Filled, read_rows
from pipeline.ingest.sheets import ENDINGS
from pipeline.model import Definitions, Merger, Source
from pipeline.project import Project

BESIDE = ("kilde", "dato")  # filled in together with a figure: alone they tell of one that is not there
ALIKE = 0.9  # of two names: as much the same that they may be meant to be one
MOST = 3  # rows named, before the rest are counted


@dataclass(frozen=True)
class HandedIn:
    """One form. `rows` are those filled in; `fault` is why the file cannot be read."""

    source: Source
    shown: str = ""
    rows: int = 0
    seen: list[str] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)
    fault: KunnskapError | None = None


def handed_in(project: Project, definitions: Definitions, merger: Merger) -> list[HandedIn]:
    """Every form the municipalities can fill in, in the order of the definitions."""
    local = [source for source in definitions.sources.values() if source.pull == "local"]
    return [_one(project, definitions, merger, source) for source in local]


def not_used(project: Project, definitions: Definitions, merger: Merger) -> Iterator[str]:
    """What was handed in and is not used, a sentence each."""
    for one in handed_in(project, definitions, merger):
        yield from (f"{one.shown}: {text}" for text in one.not_used)
    yield from strays(project, definitions, merger)


def strays(project: Project, definitions: Definitions, merger: Merger) -> Iterator[str]:
    """Files in the folder that are no form's, with the name that would make them one."""
    forms = [source for source in definitions.sources.values() if source.pull == "local"]
    for path in files_in(project.local / merger.id):
        if any(is_of(source, path) for source in forms):
            continue
        remedy = "ingen skjemaer heter det; `kunnskap forms` viser hva de heter."
        if meant := _meant(path, forms):
            end = path.suffix.casefold() if path.suffix.casefold() in ENDINGS else ".xlsx"
            remedy = f"skal den brukes, så lagre den som {meant.id}{end}."
        yield f"{project.shown(path)} brukes ikke: {remedy}"


def _meant(path: Path, forms: Iterable[Source]) -> Source | None:
    """The form a file may be a copy of: its name begins as the form's does."""
    name = _plain(path.stem)
    found = [source for source in forms if name.startswith(_plain(source.id))]
    return max(found, key=lambda source: len(source.id), default=None)


def _one(project: Project, definitions: Definitions, merger: Merger, source: Source) -> HandedIn:
    try:
        file = local_file(project, merger, source)
        if file is None:
            return HandedIn(source)
        columns, fill = columns_of(source)
        filled = read_rows(file.path, file.shown, columns, needed_of(source))
    except KunnskapError as error:
        return HandedIn(source, fault=error)
    used = [number for number, row in filled.rows if any(row[name] for name in fill)]
    told = [*filled.not_used, *_without_figure(filled, fill), *_spelt(definitions, source, filled, set(used))]
    return HandedIn(source, file.shown, len(used), filled.seen, told)


def _without_figure(filled: Filled, fill: Iterable[str]) -> Iterator[str]:
    """Rows where somebody has written where a figure is from, and no figure."""
    lines = [
        str(number)
        for number, row in filled.rows
        if not any(row[name] for name in fill) and any(row.get(name) for name in BESIDE)
    ]
    if lines:
        more = f" og {len(lines) - MOST} til" if len(lines) > MOST else ""
        yield f"rad {', '.join(lines[:MOST])}{more} har kilde eller dato, men ikke {' eller '.join(fill)}"


def _spelt(definitions: Definitions, source: Source, filled: Filled, used: set[int]) -> Iterator[str]:
    """Names that are taken for different things, and may be one spelt in different ways."""
    for column in [name for name, one in source.form.column.items() if one.key] if source.form else []:
        if _is_known(definitions, source.fields[column]):
            continue
        names = sorted({row[column] for number, row in filled.rows if number in used and row[column]})
        for one, other in combinations(names, 2):
            if _alike(one, other):
                yield f"«{one}» og «{other}» ({column}) regnes som to: skriv dem likt hvis de er det samme"


def _is_known(definitions: Definitions, name: str) -> bool:
    """Whether the words of a field are given, so that another spelling is refused."""
    allowed = definitions.fields[name]
    return bool(allowed.allowed or allowed.allowed_of) or name in ("form_fee", "form_service", "form_region")


def _alike(one: str, other: str) -> bool:
    first, second = _plain(one), _plain(other)
    if first == second:
        return True
    digits = re.findall(r"\d+", first) == re.findall(r"\d+", second)
    return digits and SequenceMatcher(None, first, second).ratio() >= ALIKE


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
