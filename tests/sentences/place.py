"""Where a claim stands in its statement: what it is about, whose, when, and which facts it may be."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from tests.sentences.lex import Lexed, Token
from tests.sentences.read import Statement
from tests.sentences.tables import COUNTRY, KR, PER_CENT, Fact, Tables

ADJUSTED = re.compile(
    r"(?<!uten )(?<!ikke )\bkorriger\w*|(?<!ikke )\bjustert for alder|alderen er regnet med|når alder", re.IGNORECASE
)
UNADJUSTED = re.compile(
    r"uten justering|ujustert|uten korrigering|ukorrigert|uten å korrigere|ikke korrigert", re.IGNORECASE
)
LEVELS = (
    "indicator.value",
    "three_year.mean",
    "need.per_inhabitant",
    "need.adjusted",
    "level",
    "household",
    "unit_cost",
    "need.expected",
)
# what a figure that no other rule has placed may be
FIGURES = (
    *LEVELS, "need.", "decomposition.", f"comparison.index.{COUNTRY}", "spread.peer", "school.", "trend.fixed_value",
    "phase_in", "scenario.",
)  # fmt: skip


# what a fault breaks
RULES = {
    "0": "a figure, an end, a way or a count is not what the tables say",
    "1": "superlatives are said of what does not grow with the municipality",
    "2": "a superlative needs a difference worth telling: five per cent, no tie, so in two of three years",
    "3": "every figure has its year, every krone of a scenario its price year, every unit is the figure's own",
    "4": "that something is not there is said only where it is not",
    "5": "the year is the newest, up to the report's, in which all members have a figure",
    "6": "ends that are named are those of the figures beside them",
    "7": "a trend stands beside the country's, over the years it says",
    "8": "no per cent of what is not above 0",
    "9": "what is in doubt is not made into places or kroner",
    "11": "kroner of what need drives say that need is left in",
    "12": "the distance to the country is not what the need calls for",
    "17": "no scenario for a price that the state sets",
    "18": "words a teacher uses: no path, file, code or English; one is singular",
    "unread": "a figure that no rule of the reader can place",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a statement: `rule` is a key of RULES, `told` what the tables say instead."""

    rule: str
    statement: Statement
    told: str

    def __str__(self) -> str:
        return f"[{self.rule}: {RULES[self.rule]}] {self.statement.place}: «{self.statement.text[:400]}» {self.told}"


@dataclass
class Told:
    """What came of reading a statement: how many of its claims hold, and what is wrong."""

    held: int = 0
    faults: list[Fault] = field(default_factory=list)


class Around(Protocol):
    """What is known of the report a statement stands in."""

    tables: Tables
    year: int
    part: str

    def own(self, statement: Statement) -> list[str]: ...

    def quoted(self, sentence: str) -> bool: ...


class Placed:
    """A statement being read. A method that judges tells a fault or that a claim holds."""

    def __init__(self, reader: Around, statement: Statement) -> None:
        self.reader, self.tables, self.statement = reader, reader.tables, statement
        self.text, self.own = statement.text, reader.own(statement)
        self.lexed = Lexed(self.text, self.tables)
        self.told = Told()

    def _fault(self, rule: str, told: str) -> None:
        fault = Fault(rule, self.statement, told)
        if fault not in self.told.faults:
            self.told.faults.append(fault)

    def _held(self) -> None:
        self.told.held += 1

    def _sentence(self, token: Token) -> str:
        start, end = self.lexed.sentence(token)
        return self.text[start:end]

    def _clause(self, token: Token) -> str:
        start, end = self.lexed.clause(token)
        return self.text[start:end]

    def _before(self, token: Token, far: int = 60) -> str:
        start, _ = self.lexed.sentence(token)
        return self.text[max(start, token.start - far) : token.start]

    def _after(self, token: Token, far: int = 60) -> str:
        _, end = self.lexed.sentence(token)
        return self.text[token.end : min(end, token.end + far)]

    # ------------------------------------------------------------------------------- about what

    @cached_property
    def _named(self) -> list[Token]:
        return self.lexed.all("name")

    def _items(self, token: Token) -> list[list[str]]:
        """What a figure may be about, the likeliest first: what was named last before it, then all that is named."""
        if self.statement.indicator:
            return [[self.statement.indicator]]
        before = [name for name in self._named if name.start < token.start]
        found = [self._of(name) for name in reversed(before)]
        found += [self._of(name) for name in self._named if name not in before]
        return [*self._meant(token, found), *found]

    def _meant(self, token: Token, found: list[list[str]]) -> list[list[str]]:
        """What is named by what is said of it: a change of persons, a share of the seven areas, kr per inhabitant."""
        sentence = self._sentence(token)
        own, cards = self.own, self.tables.cards
        if "de sju områdene" in sentence:
            shares = [name for name in own if name.endswith(".andel_av_sju")]
            areas = {cards[name]["area"] for items in found[:1] for name in items if name in cards}
            return [[name for name in shares if not areas or cards[name]["area"] in areas] or shares]
        if "spenner fra" in sentence and "de sju områdene" in self.text:
            return [[name for name in own if name.endswith(".andel_av_sju")]]
        if token.unit == PER_CENT and "endring" in sentence and found:
            since = {str(int(t.of)) for t in self.lexed.within(self.lexed.sentence(token), "span")}
            since |= {str(t.year) for t in self.lexed.within(self.lexed.sentence(token), "base")}
            changes = [n for n in own if cards.get(n, {}).get("formula") == "change"]
            changes = [n for n in changes if not since or any(year in n for year in since)]
            return [[name for name in changes if self._about_same(found[0], name)]]
        if token.unit == KR and re.match(r" per innbygger", self._after(token)) and found:
            areas = {cards[name]["area"] for items in found for name in items if name in cards}
            per = [n for n, card in cards.items() if card["area"] in areas and "per innbygger" in card["title"]]
            return [found[0], per]
        return []

    def _of(self, name: Token) -> list[str]:
        assert name.name
        return list(name.name.items)

    def _about_same(self, items: list[str], change: str) -> bool:
        """Whether a change is that of the persons named: «alder_20_66» and «endring_siden_2005_20_66»."""
        ages = re.search(r"(\d+_\d*|\d+_og_over)?$", change.removeprefix("befolkning.endring_siden_2005"))
        return any(item.startswith("befolkning.") and (not ages or item.endswith(ages[0])) for item in items)

    # ------------------------------------------------------------------------------- who

    def _regions(self, token: Token) -> tuple[set[str], bool]:
        """Whose figure it is, and whether the text says so beside it."""
        bound = self._beside(token)
        if bound:
            return set(bound), True
        pair = self._pair(token)
        if pair is not None:
            first, regions = pair
            if len(regions) == 2:
                return set(regions[0] if first else regions[1]), True
        row = self._row(token)
        if row:
            return {row}, True
        named = {code for found in self.lexed.all("region", "merged") for code in found.regions}
        said = self._before(token)
        spans = re.search(r"(?:[Ff]ra|[Mm]ellom) (?:[^;.]{1,25} (?:til|og) )?$", said)
        if spans or self.statement.kind == "cell" or re.search(r"\b[Kk]ommunen(?:e|es)\b", self._sentence(token)):
            named |= set(self.tables.members)
        return (named or {self.tables.merged}) | {self.tables.merged}, False

    def _beside(self, token: Token) -> tuple[str, ...]:
        before = [t for t in self.lexed.all("region", "merged") if t.end <= token.start]
        if before:
            between = self.text[before[-1].end : token.start]
            if re.fullmatch(r":? ?(?:\(|–|er|med|på|fikk|hadde|har|brukte|bruker|lå på|ligger på)? ?", between):
                return before[-1].regions
        _start, end = self.lexed.sentence(token)
        figures = [t.start for t in self.lexed.all("figure", "count") if t.start > token.start]
        limit = min([end, *figures])
        after = [t for t in self.lexed.all("region", "merged") if token.end <= t.start < limit]
        if after:
            between = self.text[token.end : after[0].start]
            if after[0].kind == "merged" and re.fullmatch(r"[^.;,]{0,25} ", between):
                return after[0].regions
            if re.fullmatch(r"[^.;,:]{0,45}?(?:\bi|\bfor|\bhos|\btil) (?:den )?", between) and "kr mer" not in between:
                return after[0].regions
        if before and re.match(r"[^.;,]{0,30}\bder\b", self._after(token)):
            return before[-1].regions
        return ()

    def _pair(self, token: Token) -> tuple[bool, list[tuple[str, ...]]] | None:
        """Of «A mot B»: whether it is A, and whose the two are: the two named last before, in that order."""
        figures = self.lexed.all("figure")
        at = figures.index(token)
        joins = re.compile(r"(?: [^\d.;,]{0,40})? mot (?:[a-zæøå]+ ){0,3}$|^ mot $")
        for first, second in ((at, at + 1), (at - 1, at)):
            if first < 0 or second >= len(figures):
                continue
            between = self.text[figures[first].end : figures[second].start]
            if joins.fullmatch(between) or between in (" mot ", " kr mot "):
                named = [t for t in self.lexed.all("region") if t.end <= figures[first].start]
                return first == at, [t.regions for t in named[-2:]]
        return None

    def _row(self, token: Token) -> str:
        """In a row of as many figures as there are members, with a comma between, each is that member's."""
        if "år for år" in self.text[: token.start]:
            return ""
        figures = self.lexed.all("figure")
        at, many = figures.index(token), len(self.tables.members)
        first = at
        while first and re.fullmatch(r", ", self.text[figures[first - 1].end : figures[first].start]):
            first -= 1
        last = at
        while last + 1 < len(figures) and re.fullmatch(r", ", self.text[figures[last].end : figures[last + 1].start]):
            last += 1
        if last - first + 1 != many:
            return ""
        return self._listed(figures[first].start)[at - first]

    def _listed(self, before: int) -> list[str]:
        """The members in the order the text lists them before a place, «i Drammen, Nedre Eiker og Svelvik»."""
        members = self.tables.members
        named = [t for t in self.lexed.all("region") if t.end <= before and t.regions[0] in members]
        for at in range(len(named) - len(members), -1, -1):
            run = named[at : at + len(members)]
            joined = [self.text[a.end : b.start] for a, b in pairwise(run)]
            if all(join in (", ", " og ") for join in joined) and len({t.regions[0] for t in run}) == len(members):
                return [t.regions[0] for t in run]
        return members

    def _whose(self, fact: Fact, regions: set[str], certain: bool) -> bool:
        return fact.region in regions or (not certain and fact.region.startswith(("peer_", "school_")))

    # ------------------------------------------------------------------------------- when

    def _years(self, token: Token) -> tuple[set[int], bool]:
        """The years a figure may be of, and whether one stands beside it."""
        clause = self.lexed.clause(token)
        years = self.lexed.all("year", "span", "mean")
        figures = [t.start for t in self.lexed.all("figure") if t.start > token.start and t.start < clause[1]]
        limit = min([clause[1], *figures])
        after = [t for t in years if token.end <= t.start < limit and t.start - token.end < 45]
        if after and after[0].kind in ("year", "mean"):
            return {after[0].year}, True
        earlier = [t.end for t in self.lexed.all("figure") if t.end <= token.start]
        before = [t for t in years if max([clause[0], *earlier]) <= t.start < token.start]
        if before and before[-1].kind in ("year", "mean"):
            return {before[-1].year}, True
        within = {t.year for t in self.lexed.within(clause, "year", "span", "mean")}
        within = within or {t.year for t in self.lexed.within(self.lexed.sentence(token), "year", "span", "mean")}
        told = [t.year for t in years if t.start < token.start]
        if not within and told and self.statement.kind in ("figure", "slide"):
            return {told[-1]}, True  # what a figure or a list was headed by
        everywhere = {t.year for t in years}
        return within or everywhere, bool(within) and len(within) == 1

    def _noted(self) -> set[int]:
        """The year that a caption gives a cell of its table."""
        if self.statement.kind == "figure":
            return set()
        return {int(found) for found in re.findall(r"\b((?:19|20)\d\d)\b", self.statement.note)}

    def _when(self, fact: Fact, years: set[int]) -> bool:
        return not years or any(self.tables.year_of(fact.item, said) == fact.year for said in years)

    # ------------------------------------------------------------------------------- which facts

    def _facts(self, items: list[str], token: Token) -> list[Fact]:
        """The facts a figure may be: of the adjusted or the unadjusted, of a year or the mean of three."""
        means = self.lexed.within(self.lexed.sentence(token), "mean")
        facts = self._of_year(items, token)
        if not means:
            return [f for f in facts if f.what != "three_year.mean"]
        spans = {(int(mean.of), mean.year) for mean in means}
        return [f for f in facts if f.what == "three_year.mean" and (f.first, f.year) in spans]

    def _of_year(self, items: list[str], token: Token) -> list[Fact]:
        start, _ = self.lexed.sentence(token)
        said = self.text[start : token.start]
        bare = list(UNADJUSTED.finditer(said))
        adjusted = list(ADJUSTED.finditer(self.text[: token.start]))
        if bare and (not ADJUSTED.search(said) or bare[-1].start() > list(ADJUSTED.finditer(said))[-1].start()):
            return self.tables.of(items, "need.per_inhabitant", "indicator.value", "level")
        if adjusted and token.unit in (KR, ""):
            found = [f for f in self.tables.of(items, *FIGURES) if "adjusted" in f.what and f.what[:8] != "scenario"]
            if found and not UNADJUSTED.search(self.text[adjusted[-1].end() : token.start]):
                return found
        return self.tables.of(items, *FIGURES)

    def _fits(self, token: Token, value: float, magnitude: bool = False) -> bool:
        told = abs(token.value) if magnitude else token.value
        if token.unit == "måneder" and token.step == 1 and told == float(int(value)):  # whole ones that have passed
            return True
        real = abs(value) if magnitude else value
        return abs(told - real) <= token.step / 2 * 1.0001 + 1e-9 * abs(real)

    def _same_unit(self, token: Token, fact: Fact) -> bool:
        if not token.unit or not fact.unit:
            return True
        if token.unit.startswith("?"):
            return fact.unit not in (KR, PER_CENT) and not fact.unit.startswith("kr ")
        if token.unit == KR:
            return fact.unit == KR or fact.unit.startswith("kr ")
        return token.unit == fact.unit
