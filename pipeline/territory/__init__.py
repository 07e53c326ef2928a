"""Which codes make up a piece of land in a year: municipalities through merging, dividing and renumbering.

A municipality code is a name for some land while it lasts; the land stays when codes come and go. `Atlas` is built
once from the rows of KLASS 131 (changes, and the codes valid at a date) and a small file of stated facts, and answers
for any year from the first state to the newest. The room imports nothing from the rest of the pipeline but its errors.

Words: a *state* is a calendar year (every change falls on 1 January); a *territory* is land, given as codes of one
reference date; a *composition* is what the codes of a state have of a territory: whole, a part, or not known.

    rows.py      KLASS rows as dataclasses
    history.py   states and what moved between them; moved borders told from divisions
    names.py     what a code was called in a year
    paths.py     a path is a piece of land as its codes, state by state
    facts.py     stated facts that the rows cannot hold
    land.py      the answers, as plain dataclasses
    compose.py   the composition of land in a year
    reasons.py   why a code is not whole, in Norwegian
    marks.py     what must be told beside a figure that can still be used
    checks.py    codes and dates a user typed
    merger.py    a merger: its successor, who came along, who was divided, year by year
    survey.py    everything but mergers, built once from rows
    atlas.py     the one door in: the survey and its mergers
"""

from pipeline.territory.atlas import Atlas
from pipeline.territory.facts import NO_FACTS, BorderFact, Facts, SameLand, load_facts
from pipeline.territory.land import Composition, Mark, Period, Place, Share, Territory, parse_places
from pipeline.territory.merger import Divided, Member, Merger

__all__ = [
    "NO_FACTS",
    "Atlas",
    "BorderFact",
    "Composition",
    "Divided",
    "Facts",
    "Mark",
    "Member",
    "Merger",
    "Period",
    "Place",
    "SameLand",
    "Share",
    "Territory",
    "load_facts",
    "parse_places",
]
