"""Wrong sentences made from right ones: one number changed, ends swapped, another year, sign or unit.

What gets through, one or two in a hundred: a figure that became another true one of the same thing (two municipalities
with the same index, 0,2 for 0,8 mill. kr where both are moved), names swapped whose figures are equal, and a year in a
heading of a figure whose figures are the same in both years.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from tests.sentences.lex import MINUS, Lexed, Token
from tests.sentences.read import THIN, Statement
from tests.sentences.tables import Tables

OPPOSITES = [
    ("mer", "mindre"), ("flere", "færre"), ("over", "under"), ("økte", "gikk ned"), ("mest", "minst"),
    ("høyest", "lavest"), ("best", "svakest"),
]  # fmt: skip
UNITS = [("mill. kr", "mrd. kr"), ("prosent", "kr"), ("kr", "prosent"), ("skalapoeng", "prosent"), ("personer", "kr")]


@dataclass(frozen=True)
class Mutant:
    """A statement made wrong: `kind` says how, `told` where."""

    kind: str
    told: str
    statement: Statement


def mutants(statement: Statement, tables: Tables, dice: random.Random) -> Iterator[Mutant]:
    """One of each kind that the statement can be made wrong in, drawn."""
    lexed = Lexed(statement.text, tables)
    for kind, make in KINDS.items():
        drawn = make(lexed, dice)
        if drawn is not None and drawn[0] != statement.text:
            yield Mutant(kind, drawn[1], replace(statement, text=drawn[0]))


def _number(lexed: Lexed, dice: random.Random) -> tuple[str, str] | None:
    """Another digit, not the last one of a long number only: what a slip of the hand does."""
    figures = [t for t in lexed.all("figure") if re.search(r"\d", t.text)]
    if not figures:
        return None
    token = dice.choice(figures)
    places = [found.start() for found in re.finditer(r"\d", _digits(token))]
    at = dice.choice(places)
    digit = dice.choice([d for d in "123456789" if d != token.text[at]])
    return _put(lexed.text, token, token.text[:at] + digit + token.text[at + 1 :])


def _digits(token: Token) -> str:
    """The number of a figure's text, without its unit."""
    found = re.match(rf"[+{MINUS}±]? ?[\d{THIN} ]+(?:,\d+)?", token.text)
    return found[0] if found else token.text


def _year(lexed: Lexed, dice: random.Random) -> tuple[str, str] | None:
    tokens = lexed.all("year", "span", "mean")
    if not tokens:
        return None
    token = dice.choice(tokens)
    years = list(re.finditer(r"(?:19|20)\d\d", token.text))
    found = dice.choice(years)
    other = int(found[0]) + dice.choice((-2, -1, 1, 2))
    return _put(lexed.text, token, token.text[: found.start()] + str(other) + token.text[found.end() :])


def _ends(lexed: Lexed, dice: random.Random) -> tuple[str, str] | None:
    """Two municipalities named in the same statement change places."""
    members = [t for t in lexed.all("region") if t.regions[0] in lexed.tables.members]
    listed = (" og ", ", ")  # in a list the order says nothing
    pairs = [
        (a, b)
        for a, b in pairwise(members)
        if a.regions != b.regions and lexed.text[a.end : b.start] not in listed and not _alike(lexed.text, a, b)
    ]
    if not pairs:
        return None
    one, other = dice.choice(pairs)
    text = lexed.text
    swapped = text[: one.start] + other.text + text[one.end : other.start] + one.text + text[other.end :]
    return swapped, f"{one.text} ↔ {other.text}"


def _alike(text: str, one: Token, other: Token) -> bool:
    """Whether the same words stand after both, and no figure: «Drammen ugyldig år, Svelvik ugyldig år»."""
    return text[one.end : one.end + 8] == text[other.end : other.end + 8] and not re.search(r"\d", text[one.end :][:8])


def _sign(lexed: Lexed, dice: random.Random) -> tuple[str, str] | None:
    """The other way: more for less, over for under, a minus put on or taken away."""
    text = lexed.text
    found = [
        (match.span(), b if match[0] == a else a)
        for a, b in OPPOSITES
        for match in re.finditer(rf"\b(?:{a}|{b})\b", text)
        if re.search(r"\d", text[max(0, match.start() - 40) : match.end() + 60]) and _told(lexed, match)
    ]
    found += [((t.start, t.start + 1), "") for t in lexed.all("figure") if t.text.startswith(MINUS)]
    if not found:
        return None
    (start, end), put = dice.choice(found)
    return text[:start] + put + text[end:], f"«{text[start:end]}» → «{put}» ved {start}"


def _told(lexed: Lexed, match: re.Match[str]) -> bool:
    """Whether a word that has an opposite says something of figures or of a municipality here."""
    if any(name.start <= match.start() < name.end for name in lexed.all("name", "silent")):
        return False
    word = match[0]
    near = lexed.text[max(0, match.start() - 30) : match.start()]
    if word in ("mer", "mindre", "flere", "færre", "over", "under"):
        return bool(re.search(r"(?:prosent|kr(?: i året)?) $", near))
    if word in ("økte", "gikk ned"):
        return True
    after = lexed.text[match.end() : match.end() + 4]
    return bool(re.match(r" i [A-ZÆØÅ]", after) or (re.search(r"[a-zæøå] (?:bruker )?$", near) and lexed.within(
        (match.start() - 20, match.start()), "region"
    )))  # fmt: skip


def _unit(lexed: Lexed, dice: random.Random) -> tuple[str, str] | None:
    found = []
    for token in lexed.all("figure"):
        unit = token.text[len(_digits(token)) :].strip()
        found += [(token, token.text[: len(token.text) - len(unit)] + new) for old, new in UNITS if unit == old]
    if not found:
        return None
    token, text = dice.choice(found)
    return _put(lexed.text, token, text)


def _put(text: str, token: Token, new: str) -> tuple[str, str]:
    return text[: token.start] + new + text[token.end :], f"«{token.text}» → «{new}» ved {token.start}"


KINDS: dict[str, Callable[[Lexed, random.Random], tuple[str, str] | None]] = {
    "number": _number, "ends": _ends, "year": _year, "sign": _sign, "unit": _unit,
}  # fmt: skip
