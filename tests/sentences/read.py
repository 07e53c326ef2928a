"""Finds what a report says in words: every statement of its Markdown, as plain text with the place it stands.

A statement is what a reader takes in at once: an item of a list, a paragraph, a slide, a figure with its caption and
its text for those who cannot see it, the caption of a table, an indicator's card, a cell that is a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

THIN = "\u202f"
CARD = re.compile(r"\[([a-z_0-9]+\.[a-z_0-9]+)\]\{\.id\}")
PICTURE = re.compile(r"!\[(?P<caption>.*?)\]\((?P<file>[^)]*)\)\{alt=\"(?P<alt>[^\"]*)\"[^}]*\}")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
SPAN = re.compile(r"\[([^\]]*)\]\{[^}]*\}")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]<>#$~^@!])")
BULLET = re.compile(r"^(?:\d+\.|[-*])\s+")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ«–…0-9])")
# what ends in a full stop and no sentence: «mill. kr», «1. januar», «7. trinn», «S. 12»
SHORT = re.compile(r"(?:\bmill|\bca|\binnb|\bnr|\bbl\.a|\bf\.eks|\bpst|(?:^|[\s(–])\d{1,2})\.$")
# what a line of a card is about: its words are the definition's, held against the definition
LABEL = re.compile(
    r"^(?:Hva|Hvorfor|Les slik|Utregning|Utvalg|Tellere|Kjente brudd|Hvor godt kodene er kjent|Type|Enhet): "
)
PART = re.compile(r"(AP\d\.\d) [^.:]{1,60}$")  # a line that only names a sub-project: what follows is about it
SLIDES = "verksted"
CELL_WORDS = 4  # from so many words a cell of a table is read as a sentence


@dataclass(frozen=True)
class Statement:
    """`kind`: finding, slide, figure, caption, card, cell, source or text. `indicator` where the page names one by id;
    `under` is the heading above it, `note` the caption of its table or figure."""

    text: str
    kind: str
    file: str
    line: int
    under: str = ""
    note: str = ""
    indicator: str = ""

    @property
    def sentences(self) -> list[str]:
        return split(self.text)

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def split(text: str) -> list[str]:
    """A text as its sentences; a full stop after «mill» or a day of the month ends none."""
    found: list[str] = []
    for part in SENTENCE.split(text):
        if found and SHORT.search(found[-1]):
            found[-1] += " " + part
        else:
            found.append(part)
    return [part for part in found if part.strip()]


def plain(markdown: str) -> str:
    """Markdown as the words a reader sees. Thousands keep their thin space; other spaces are one kind."""
    text = SPAN.sub(r"\1", LINK.sub(r"\1", markdown))
    text = ESCAPE.sub(r"\1", re.sub(r"(?<!\\)(\*+|`)", "", text))
    return re.sub(r"[ \t\u00a0\n]+", " ", text).replace("\\", "").strip()


def statements(path: Path, file: str) -> list[Statement]:
    """Everything a report says, in the order it says it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    read = _slides(lines) if path.stem == SLIDES else _blocks(lines)
    return [replace(statement, file=file) for statement in read if statement.text]


def _blocks(lines: list[str]) -> Iterator[Statement]:
    under = ""
    table: list[tuple[int, str]] = []  # the heading above, and the rows of a table not yet named
    at = 0
    while at < len(lines):
        line = lines[at]
        start = at + 1
        at += 1
        if not line.strip() or line.startswith(":::"):
            continue
        if line.startswith("#"):
            under = plain(line.lstrip("# "))
            yield Statement(under, "heading", "", start, under)
        elif line.startswith("|"):
            table.append((start, line))
        elif line.startswith(": "):
            note = plain(line[2:])
            yield Statement(note, "caption", "", start, under)
            yield from _cells(table, under, note)
            table = []
        elif picture := PICTURE.match(line):
            caption = plain(picture["caption"])
            yield Statement(f"{caption} {plain(picture['alt'])}", "figure", "", start, under, caption)
        elif BULLET.match(line):
            yield Statement(plain(BULLET.sub("", line)), "finding", "", start, under)
        else:
            block = [line]
            while at < len(lines) and lines[at].strip() and not re.match(r":::|[|#!]|: |\d+\. |- ", lines[at]):
                block.append(lines[at])
                at += 1
            said = list(_block(block, start, under))
            if len(said) == 1 and PART.match(said[0].text):
                under = said[0].text
            yield from said
    yield from _cells(table, under, "")


def _block(block: list[str], start: int, under: str) -> Iterator[Statement]:
    """A paragraph, or a card: lines that each say one thing, with the id of the indicator."""
    card = next((found[1] for line in block if (found := CARD.search(line))), "")
    if card:
        for number, line in enumerate(block):
            if not CARD.search(line):
                yield Statement(LABEL.sub("", plain(line)), "card", "", start + number, under, "", card)
        return
    text = plain(" ".join(block))
    yield Statement(text, "source" if text.startswith("Kilde:") else "text", "", start, under)


def _cells(table: list[tuple[int, str]], under: str, note: str) -> Iterator[Statement]:
    for number, (start, line) in enumerate(table):
        for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")):
            text = plain(cell)
            if set(text) <= set(":- "):
                continue
            if number == 0 or len(text.split()) < CELL_WORDS:
                yield Statement(text, "label", "", start, under, note)
            else:
                yield Statement(text, "cell", "", start, under, note)


def _slides(lines: list[str]) -> Iterator[Statement]:
    """A slide is its heading, what is told, the question and the words for the figure."""
    title, start = "", 1
    told: list[str] = []
    for number, line in [*enumerate(lines, 1), (len(lines) + 1, "# ")]:
        if line.startswith("# "):
            text = ". ".join([title, *told]) if title else " ".join(told)
            yield Statement(re.sub(r"([.!?:])\. ", r"\1 ", text), "slide", "", start, title)
            title, told, start = plain(line[2:]), [], number
        elif picture := PICTURE.match(line):
            told.append(plain(f"{picture['caption']} {picture['alt']}"))
        elif line.strip() and not line.startswith(":::"):
            told.append(plain(BULLET.sub("", line)))
