"""A statement cut into what a reader sees in it: names, regions, years, figures with units, counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from tests.sentences.read import THIN, split
from tests.sentences.tables import KR, PER_CENT, Name, Tables

MINUS = "\u2212"
MONTHS = "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
NUMBER_WORDS = dict(zip(["ingen", "én", "en", "ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti"],
                        (0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))  # fmt: skip
BARE_YEAR = r"((?:19|20)\d\d)(?![\d\u202f]|,\d)"
YEAR = r"(?<![\d\u202f,.])" + BARE_YEAR
HEAD_UNIT = r", (mill\. kr|1000 kr|tusen kroner|prosent|timer)\b(?: \([^)]*kroner[^)]*\))?"
HEAD = re.compile(HEAD_UNIT + r"[^:.\d]{0,30}: ")  # of the same sentence
HEAD_BEFORE = re.compile(HEAD_UNIT + r"\. ")  # a sentence of its own
GAP = rf"[{THIN} ]"  # a card's thousands stand with a plain space
ONE = rf"(?:\d+(?:{GAP}\d{{3}})*|{'|'.join(NUMBER_WORDS)})"
UNIT_SCALES = {
    "mrd. kr": 1e9, "mill. kr": 1e6, "millioner kroner": 1e6, "tusen kroner": 1e3, "tusen kr": 1e3, "1000 kr": 1e3,
}  # fmt: skip
# Digits that are no figures, in the order they are looked for.
SILENT = {
    "code": r"\b(?:AP\d(?:\.\d)?|FGK\d+\w*|AGD?\d+|KO[SK]\w+|[A-D]\d(?=\.)|TEK\d+|BRA|"
    r"(?:SSB|SSBs|KLASS|klass-)[ -]?\d{2,5}|[Tt]abell(?:ene)? [\dA-Za-z-]+|[Kk]ilden \d+|"
    r"[Kk]ommunenummer(?:et)? \d{4}|§+ ?[\d–/a-z-]+|kapittel \d+)\b|(?<!\d)\d{5}(?![\d\u202f])",
    "function": r"\((?:funksjon(?:ene)? )?\d{3}(?:(?:, | og )\d{3})*\)|\bfunksjon(?:ene)? \d{3}\b|"
    r"\b\d{3}:|\b\d{3} (?=[A-ZÆØÅ])",
    "group": r"\b(?:KOSTRA-)?[Gg]ruppe \d+(?: \(\d{4}–(?:\d{4})?\))?",
    "base": r"(?:[Ll]andet|[Dd]e andre|[Ss]nittet|[Gg]jennomsnittet) ?(?:=|er) ?(?:100|1\b)|\b100(?= (?:=|er|betyr))|"
    r"(?:[Oo]ver|[Uu]nder|[Ii]ndeks) 100\b|\(100\)",
    "age": r"\b\d{1,3}(?:[–-]\d{1,3})?(?:-åring\w*| år og over| år(?! til\b)\b)|"
    r"\b\d{1,2}–\d{1,2} til \d{1,2}–\d{1,2} år",
    "grade": r"\b\d{1,2}\.(?:–\d{1,2}\.)? (?:trinn|klasse)\b",
    "per": rf"\bper (?:1{THIN}000|1000|10{THIN}000|100{THIN}000|100|10)\b",
    "thousand": rf"\b1{THIN}?000 (?=\x00)|(?<=[,(] )1{THIN}?000 kr\b(?!\w)|\(1{THIN}?000 kr\)|"
    rf"(?:^|(?<=: )|(?<=og ))1{THIN}?000 kr\b",
    "G": r"\b\d(?:–\d)? G\b",
    "m2": r"\bpå \d+ m²",
    "unit": r"\bEnhet: .*",
    "method": r"\bmer enn 10 prosent|minst 5 prosent|[Nn]ærmeste \d+ mill|\b\d+-prosent\w+",
}


@dataclass(frozen=True)
class Token:
    """`kind`: name, region, merged, year, span, mean (of years), base, price, weights, count, figure, silent, broken.

    A figure's value is in kr if it is money, `step` what its last digit counts. A school year is minus its autumn. A
    count is `value` of `of`; a span or a mean is `of` to `value`.
    """

    kind: str
    start: int
    end: int
    text: str
    value: float = 0.0
    step: float = 1.0
    unit: str = ""
    of: float = 0.0
    signed: bool = False
    regions: tuple[str, ...] = ()
    name: Name | None = None

    @property
    def year(self) -> int:
        return int(self.value)


class Lexed:
    """A statement's text with its tokens in order."""

    def __init__(self, text: str, tables: Tables) -> None:
        self.text, self.tables = text, tables
        self._free = text
        self._found: list[Token] = []
        for take in (self._prices, self._names, self._regions, self._silent, self._years, self._counts, self._figures):
            for token in list(take()):
                self._found.append(token)
                blank = "\x00" * (token.end - token.start)
                self._free = self._free[: token.start] + blank + self._free[token.end :]
        self.tokens = sorted(self._found, key=lambda token: token.start)

    def all(self, *kinds: str) -> list[Token]:
        return [token for token in self.tokens if token.kind in kinds]

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends."""
        found, at = [], 0
        for part in split(self.text):
            start = self.text.index(part.split(" ")[0], at)
            at = min(start + len(part), len(self.text))
            found.append((start, at))
        return found

    def sentence(self, token: Token) -> tuple[int, int]:
        return next((b for b in self.bounds if b[0] <= token.start < b[1]), (0, len(self.text)))

    def clause(self, token: Token) -> tuple[int, int]:
        """The part of its sentence between semicolons."""
        start, end = self.sentence(token)
        left = self.text.rfind(";", start, token.start)
        right = self.text.find(";", token.end, end)
        return (left + 1 if left >= 0 else start, right if right >= 0 else end)

    def within(self, bounds: tuple[int, int], *kinds: str) -> list[Token]:
        return [token for token in self.all(*kinds) if bounds[0] <= token.start < bounds[1]]

    # ------------------------------------------------------------------------------- taking

    def _take(self, pattern: str, flags: int = 0) -> Iterator[re.Match[str]]:
        return re.finditer(pattern, self._free, flags)

    def _prices(self) -> Iterator[Token]:
        for found in self._take(r"\b((?:19|20)\d\d)-(?:kroner|priser|kr)\b"):
            yield Token("price", *found.span(), found[0], float(found[1]))

    def _names(self) -> Iterator[Token]:
        low = self.text.lower()
        taken: list[tuple[int, int]] = []
        for text, name in self.tables.names_lower:
            if text not in low:
                continue
            at = 0
            while (at := low.find(text, at)) >= 0:
                end = at + len(text)
                rest = re.match(r"[a-zæøå]{0,4}(?![a-zæøå])" if name.area else r"(?![a-zæøå])", low[end:])
                whole = at == 0 or not low[at - 1].isalnum()
                if rest and whole and not any(a < end + rest.end() and at < b for a, b in taken):
                    taken.append((at, end + rest.end()))
                    yield Token("name", at, end + rest.end(), self.text[at : end + rest.end()], name=name)
                at = end

    def _regions(self) -> Iterator[Token]:
        names = sorted(self.tables.region_names, key=len, reverse=True)
        for found in self._take(r"(?<!\w)(" + "|".join(map(re.escape, names)) + r")(s)?(?!\w)"):
            yield Token("region", *found.span(), found[0], regions=self.tables.region_names[found[1]])
        for found in self._take(r"(?<!\w)[Ll]andets?(?! ?= ?100)(?!\w)"):
            yield Token("region", *found.span(), found[0], regions=("EAK",))
        for found in self._take(r"(?<!\w)(?:[Ss]amlet|[Kk]ommunene samlet|[Tt]il sammen)(?!\w)"):
            yield Token("merged", *found.span(), found[0], regions=(self.tables.merged,))

    def _silent(self) -> Iterator[Token]:
        for found in self._take(
            r"\b[Vv]ekt(?:er|ene)? (?:er )?fra (20\d\d)|[Kk]ostnadsnøkkel(?:en)? (?:fra )?(20\d\d)"
        ):
            yield Token("weights", *found.span(), found[0], float(found[1] or found[2]))
        for pattern in SILENT.values():
            taken = [Token("silent", *found.span(), found[0]) for found in self._take(pattern)]
            yield from taken
            for token in taken:
                self._free = self._free[: token.start] + "\x00" * len(token.text) + self._free[token.end :]

    def _years(self) -> Iterator[Token]:
        for found in self._take(r"\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b"):
            yield self._blank(Token("silent", *found.span(), found[0]))
        for found in self._take(rf"\b\d{{1,2}}\. (?:{MONTHS})\b"):
            yield self._blank(Token("silent", *found.span(), found[0]))
        for found in self._take(rf"\b[Ss]nitt(?:et)? (?:av |for |over |i )?{YEAR}–{BARE_YEAR}"):
            yield self._blank(Token("mean", *found.span(), found[0], float(found[2]), of=float(found[1])))
        for found in self._take(rf"{YEAR}(?:–| til (?:og med )?){BARE_YEAR}"):
            yield self._blank(Token("span", *found.span(), found[0], float(found[2]), of=float(found[1])))
        for found in self._take(r"(?<!\d)((?:19|20)\d\d)[–-](\d\d)(?!\d)"):
            after = (int(found[1]) + 1) % 100 == int(found[2])  # a school year, by its autumn
            yield self._blank(Token("year" if after else "broken", *found.span(), found[0], -float(found[1])))
        for found in self._take(rf"(?:\benn i|\bsiden|\b[Ff]ra) {YEAR}"):
            yield self._blank(Token("base", *found.span(), found[0], float(found[1])))
        for found in self._take(YEAR):
            yield Token("year", *found.span(), found[0], float(found[1]))

    def _blank(self, token: Token) -> Token:
        self._free = self._free[: token.start] + "\x00" * len(token.text) + self._free[token.end :]
        return token

    def _counts(self) -> Iterator[Token]:
        for found in self._take(
            rf"(?<![\w,{THIN}])({ONE})(?: største)? av (?:de |dem )?({ONE})(?![\w,])", re.IGNORECASE
        ):
            yield self._blank(Token("count", *found.span(), found[0], _number(found[1]), of=_number(found[2])))
        for found in self._take(rf"(?<![\w,{THIN}])({ONE}) av dem(?= endret)", re.IGNORECASE):
            yield Token("count", *found.span(), found[0], _number(found[1]))

    def _figures(self) -> Iterator[Token]:
        found_all = list(
            self._take(rf"(?<![\w\x00])([+{MINUS}±] ?)?(\d{{1,3}}(?:{GAP}\d{{3}}(?!\d))+|\d+)(?:,(\d+))?(?![\w])")
        )
        figures: list[Token] = []
        for found in found_all:
            unit, end = self._unit(found.end())
            digits = len(found[3] or "")
            value = float(found[2].replace(THIN, "").replace(" ", "") + "." + (found[3] or "0"))
            sign = (found[1] or "").strip()
            figures.append(
                Token(
                    "figure", found.start(), end, self.text[found.start() : end],
                    -value if sign == MINUS else value, 10.0**-digits, unit, signed=bool(sign),
                )
            )  # fmt: skip
        yield from self._inherited([self._headed(figure) for figure in figures])

    def _headed(self, figure: Token) -> Token:
        """«Endringen år for år, mill. kr: 4,4, 11,1»: what a list is headed by is the unit of its figures."""
        if figure.unit and not figure.unit.startswith("?"):
            return figure
        start = next((b[0] for b in self.bounds if b[0] <= figure.start < b[1]), 0)
        heads = HEAD.findall(self.text[start : figure.start]) or HEAD_BEFORE.findall(self.text[: figure.start])
        return replace(figure, unit=heads[-1]) if heads else figure

    def _unit(self, at: int) -> tuple[str, int]:
        rest = self.text[at:]
        known = sorted(self.tables.units - {"indeks", "1000 kr"}, key=len, reverse=True)
        pattern = "|".join([*map(re.escape, UNIT_SCALES), "prosentpoeng", "%", "kroner", *map(re.escape, known)])
        found = re.match(rf" ?({pattern})(?!\w)", rest)
        if found:
            word = {"%": PER_CENT, "kroner": KR}.get(found[1], found[1])
            return word, at + found.end()
        noun = re.match(r" ((?:flere |færre |ulike |nye )?[a-zæøåA-ZÆØÅ][\wæøå-]*)", rest)
        prepositions = [
            "mot",
            "i",
            "og",
            "av",
            "for",
            "til",
            "om",
            "på",
            "med",
            "der",
            "samlet",
            "er",
            "kan",
            "ble",
            "var",
            "mill",
            "per",
            "som",
            "hos",
            "fra",
            "eller",
            "ville",
        ]
        if noun and noun[1].split()[0] not in prepositions:
            return "?" + noun[1], at
        return "", at

    def _inherited(self, figures: list[Token]) -> Iterator[Token]:
        """A figure without a unit before «mot», «til», «og» or a dash has that of the figure after it."""
        done: list[Token] = []
        for figure in reversed(figures):
            unit, step, value = figure.unit, figure.step, figure.value
            if not unit and done:
                between = self.text[figure.end : done[-1].start]
                if re.fullmatch(r" ?(?:mot|til|og|eller|–|-|,)? ?", between) and not done[-1].unit.startswith("?"):
                    unit = done[-1].unit
            done.append(Token("figure", figure.start, figure.end, figure.text, value, step, unit, signed=figure.signed))
        for token in done:
            scale = UNIT_SCALES.get(token.unit)
            if scale:
                yield Token("figure", token.start, token.end, token.text, token.value * scale, token.step * scale, KR,
                            signed=token.signed)  # fmt: skip
            else:
                yield token


def _number(word: str) -> float:
    low = word.lower().replace(THIN, "").replace(" ", "")
    return float(NUMBER_WORDS[low]) if low in NUMBER_WORDS else float(low)
