"""What KLASS says in a raw set: municipalities and their land (131), and KOSTRA groups year by year (112)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.read import read_source
from pipeline.ingest.store import RawFile
from pipeline.model import Definitions
from pipeline.territory import NO_FACTS, Atlas, Facts

CHANGES, CODES, GROUPS = "klass-131-changes", "klass-131-codes", "klass-112-131"


@dataclass(frozen=True)
class Klass:
    """`groups`: (municipality code, year) → KOSTRA group; empty where the set has no KLASS 112."""

    atlas: Atlas
    groups: dict[tuple[str, int], str]


def read_klass(definitions: Definitions, files: dict[str, list[RawFile]], facts: Facts = NO_FACTS) -> Klass:
    """From the files of a set, by source. Raises KunnskapError if KLASS 131 is not there."""
    missing = [source for source in (CHANGES, CODES) if not files.get(source)]
    if missing:
        problem = Problem(found=f"settet mangler {', '.join(missing)}.", remedy="hent settet på nytt.")
        raise KunnskapError("Uten KLASS 131 kan ingen kommunekode følges:", [problem])
    changes = _rows(definitions, CHANGES, files[CHANGES])
    codes = _rows(definitions, CODES, files[CODES])
    atlas = Atlas(changes, codes, _asked_for(files[CODES]), facts)
    told = _rows(definitions, GROUPS, files[GROUPS]) if files.get(GROUPS) else []
    return Klass(atlas, {(row["targetCode"], int(row["date"][:4])): row["sourceCode"] for row in told})


def _rows(definitions: Definitions, source: str, files: Sequence[RawFile]) -> list[dict[str, str]]:
    known = definitions.sources[source]
    frame = read_source(known, list(files), None)
    return [{str(name): str(value) for name, value in row.items()} for row in frame[known.columns].to_dict("records")]


def _asked_for(files: Iterable[RawFile]) -> date:
    """The day the list of valid codes is of: asked for in the query, else the day it was pulled."""
    for file in files:
        query = file.origin.query
        asked = query.get("date") if isinstance(query, dict) else None
        told = asked or file.origin.retrieved
        if told:
            return date.fromisoformat(str(told)[:10])
    raise KunnskapError("Kodelisten fra KLASS 131 sier ikke hvilken dag den gjelder.")
