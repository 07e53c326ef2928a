"""What may stand in a page for people whatever its figures: no path, file, code or English word; one is singular."""

import re
from collections.abc import Iterator

from tests.sentences.place import Fault
from tests.sentences.read import Statement

ADDRESS = re.compile(r"https?://\S+|www\.\S+")
PATH = re.compile(r"(?<![\w/])(?:[\w.-]+/){1,}[\w.-]+\.\w+|\b(?:data|reports|pipeline|docs|tests)/\S*")
FILE = re.compile(r"(?<![\w/])[\wæøå.-]+\.(?:toml|csv|xlsx|docx|pptx|parquet|json|sql|py|md|html|svg|png)\b")
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\bNone\b|\bnan\b|\bTrue\b|\bFalse\b|\bNULL\b")
ENGLISH = re.compile(
    r"\b(?:the|and|are|was|not|with|without|from|this|that|which|than|when|where|there|their|have|highest|lowest|average|"
    r"target|today|missing|unknown|value|table|figure|years?|spending|coverage|fees|changes?|none|true|false|pull|explain)\b"
)
PLURAL = re.compile(r"(?<![\w,.\u202f–-])1[ \u00a0]([a-zæøå]+(?:er|ene|erne))\b")
NOT_PLURAL = {"eller", "over", "under", "etter", "per", "meter", "kvarter", "semester", "bruker"}
NEED = re.compile(r"(?:over|under|mer enn|mindre enn) det (?:landet og )?behovet tilsier|som landet og behovet tilsier")
NEGATIVES = re.compile(r"(\d+) av (?:de )?\1 \w+ er ikke")


def faults(statement: Statement) -> Iterator[Fault]:
    """What is wrong with the words of a statement."""
    text = ADDRESS.sub("", statement.text)
    if statement.kind != "card" or "tabell" not in text:
        for pattern, what in ((PATH, "en sti"), (FILE, "et filnavn"), (CODE, "en kode")):
            found = pattern.search(text)
            if found:
                yield Fault("18", statement, f"«{found[0]}» er {what}.")
                break
    english = sorted(set(ENGLISH.findall(text)))
    if english:
        yield Fault("18", statement, f"«{', '.join(english)}» er engelsk.")
    for found in PLURAL.finditer(text):
        if found[1] not in NOT_PLURAL:
            yield Fault("18", statement, f"«1 {found[1]}»: én er entall.")
    if NEED.search(text):
        yield Fault("12", statement, "Avstanden til landet, justert for alder, er ikke «det behovet tilsier».")
    if NEGATIVES.search(text):
        yield Fault("18", statement, "Alle av alle er ikke: «ingen av».")
