"""What a statement claims, held against the tables: each figure, each «highest», each per cent, each scenario, count.

A claim that the tables contradict is told with what they say; a figure that no rule here can place is `unread`. Both
fail: nothing passes that nobody has understood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise

from tests.sentences.lex import Lexed, Token
from tests.sentences.read import PART, Statement
from tests.sentences.tables import COUNTRY, KR, PER_CENT, Fact, Tables

UNREAD = "unread"
ANY = {(-1, -1)}  # a count of what no table holds: that it is no more than there are
FIVE_PER_CENT = 1.05
MORE = r"mer|flere|over|høyere|dyrere|større"
LESS = r"mindre|færre|under|lavere|billigere"
HIGH = r"mest|høyest|høyeste|flest|størst|største|dyrest"
LOW = r"minst|lavest|laveste|færrest|billigst|minste"
GOOD, BAD = r"best|beste", r"svakest|svakeste|dårligst"
UP, DOWN = r"økte|øker|økt|vokste|vokser|steg|opp", r"gikk ned|falt|faller|sank|minket|minker|redusert|ned"
TREND = re.compile(
    r"(?:prosent|kr)\s(?:mer |mindre )?(?:i året|per år|hvert år|årlig)|faste \d{4}-priser|i snitt|linjen gjennom"
)
SCENARIO = re.compile(r"flytt|snittet for alle|betaler (?:mer|mindre)|\bom alle\b|\bhvis\b|\bville\b|laveste sats|mer i året|mindre i året|til (?:laveste|høyeste)\b|"
                      r"år for år|innfasing|gjøres? (?:alle )?like|likt? nivå|koste|spar[te]|samme nivå|ned til|opp til|første runde", re.IGNORECASE)  # fmt: skip
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
FIGURES = (*LEVELS, "need.", "decomposition.", f"comparison.index.{COUNTRY}", "spread.peer", "school.", "trend.fixed_value",
           "phase_in", "scenario.")  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """`rule` is the number in the list of what a sentence may claim, 0 for a figure that is not what the tables say."""

    rule: str
    statement: Statement
    told: str

    def __str__(self) -> str:
        return f"[{self.rule}] {self.statement.place}: «{self.statement.text[:400]}» {self.told}"


@dataclass
class Told:
    """What came of reading a statement: how many of its claims hold, and what is wrong."""

    held: int = 0
    faults: list[Fault] = field(default_factory=list)


class Reader:
    """Reads the statements of one report: `part` is its sub-project, `year` the year it was asked for.

    `own` are the indicators that each sub-project's report has cards for.
    """

    def __init__(self, tables: Tables, own: dict[str, list[str]], year: int, part: str = "") -> None:
        self.tables, self._own, self.year, self.part = tables, own, year, part

    def own(self, statement: Statement) -> list[str]:
        """The indicators of the sub-project a statement is about; of all, if it is about none."""
        found = PART.match(statement.under)
        return self._own.get(found[1] if found else self.part) or list(self.tables.cards)

    def read(self, statement: Statement) -> Told:
        return _Reading(self, statement).told

    def quoted(self, sentence: str) -> bool:
        """Whether a sentence is somebody's own: of the definitions, a source, a form."""
        return len(sentence) > 12 and self.tables.quotes(sentence.rstrip("."))


class _Reading:
    """One statement being read."""

    def __init__(self, reader: Reader, statement: Statement) -> None:
        self.reader, self.tables, self.statement = reader, reader.tables, statement
        self.text, self.own = statement.text, reader.own(statement)
        self.lexed = Lexed(self.text, self.tables)
        self.told = Told()
        self._undated: list[Token] = []
        for token in self.lexed.all("count"):
            self._count(token)
        for token in self.lexed.all("broken"):
            self._fault("3", f"«{token.text}» er ikke et skoleår.")
        self._last_years()
        for token in self.lexed.all("weights"):
            self._weights(token)
        for token in self.lexed.all("figure"):
            if statement.kind == "cell" and (not token.unit or token.unit.startswith("?")):
                continue  # the words of a row of a table; its figures stand in cells of their own
            if not self.reader.quoted(self._sentence(token)):
                self._figure(token)
        if self._undated:
            told = ", ".join(f"«{token.text}»" for token in self._undated)
            self._fault("3", f"{told} har ikke år.")
        for start, end in self.lexed.bounds:
            if not self.reader.quoted(self.text[start:end]):
                self._superlatives(start, end)
        self._absence()
        self._unit_of_card()

    # ------------------------------------------------------------------------------- telling

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
        """What is named by what is said of it: a change of persons, a share of the seven areas, kroner per inhabitant."""
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
        if "år for år" in self._sentence(token):
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
        """The members in the order the text lists them before a place, «i Drammen, Nedre Eiker og Svelvik»; else as always."""
        members = self.tables.members
        named = [t for t in self.lexed.all("region") if t.end <= before and t.regions[0] in members]
        for at in range(len(named) - len(members), -1, -1):
            run = named[at : at + len(members)]
            joined = [self.text[a.end : b.start] for a, b in pairwise(run)]
            if all(join in (", ", " og ") for join in joined) and len({t.regions[0] for t in run}) == len(members):
                return [t.regions[0] for t in run]
        return members

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
        everywhere = {t.year for t in years}
        return within or everywhere, bool(within) and len(within) == 1

    def _noted(self) -> set[int]:
        """The year that a caption gives a cell of its table."""
        return {int(found) for found in re.findall(r"\b((?:19|20)\d\d)\b", self.statement.note)}

    # ------------------------------------------------------------------------------- a figure

    def _figure(self, token: Token) -> None:
        clause, after = self._clause(token), self._after(token)
        apart = token.unit == PER_CENT and re.match(rf" (?P<way>{MORE}|{LESS})\b", after)
        if re.search(r"usikkerhet|±|pluss/minus", self._before(token, 25) + token.text):
            return self._slack(token)
        if apart:
            return self._apart(token, 1 if re.fullmatch(MORE, apart["way"]) else -1)
        if self._counted(token):
            return None
        if self._is_trend(token, clause, after):
            return self._trend(token)
        if SCENARIO.search(self.text) and self._scenario(token):
            return None
        if re.search(r"skiller|forskjell(?:en)? (?:er|på)", self._before(token, 30)):
            return self._difference(token)
        return self._value(token)

    def _is_trend(self, token: Token, clause: str, after: str) -> bool:
        if token.unit not in (PER_CENT, "", KR):
            return False
        told = self.text
        if token.unit == PER_CENT and TREND.search(told) and re.search(rf"\b(?:{UP}|{DOWN})\b|[Uu]tvikling", told):
            return True
        if (
            token.unit == KR
            and re.match(r" (?:i året|per år)", after)
            and re.search(r"\b(?:økte|gikk ned|falt)", clause)
        ):
            return True
        beside = self._beside(token) == (COUNTRY,)
        return beside and token.unit == "" and bool(TREND.search(told))

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

    def _value(self, token: Token) -> None:
        """A figure of an indicator, need, household, form, index."""
        regions, certain = self._regions(token)
        years, dated = self._years(token)
        years = years or self._noted()
        groups = self._items(token)
        if not groups:
            groups = [self.own] if certain or years else []
        if re.match(r" av kostnadsnøkkelen", self._after(token)):
            if token.value not in self.tables.age_shares or token.unit != PER_CENT:
                self._fault("0", f"«{token.text}»: nøklenes aldersdeler er {sorted(self.tables.age_shares)}.")
            return self._held()
        if re.search(r"elastisitet $", self._before(token)):
            known = {row["elasticity"] for row in self.tables.rows("item_target")}
            return self._held() if token.value in known else self._fault("0", f"Elastisiteten er {known}.")
        if not years and self._is_amount(token):
            self._undated.append(token)
        for items in groups:
            facts = self._facts(items, token)
            near = [f for f in facts if self._whose(f, regions, certain) and self._when(f, years)]
            if any(self._same_unit(token, f) and self._fits(token, f.value) for f in near):
                self._held()
                self._spans(token, certain, near)
                return self._same_extremes(token)
            if not dated:
                everywhere = {t.year for t in self.lexed.all("year", "span", "mean")} | self._noted()
                wide = [
                    f for f in facts if self._whose(f, regions, certain) and everywhere and self._when(f, everywhere)
                ]
                if any(self._same_unit(token, f) and self._fits(token, f.value) for f in wide):
                    self._held()
                    self._spans(token, certain, wide)
                    return self._same_extremes(token)
        if not groups:
            return self._fault(UNREAD, f"«{token.text}» hører ikke til noe som er nevnt.")
        self._fault("0", f"«{token.text}» er ikke i tabellene{self._what_is(token, groups[0], regions, years)}")
        return None

    def _spans(self, token: Token, certain: bool, near: list[Fact]) -> None:
        """«Kommunene spenner fra 4,2 til 6,4»: the two are the lowest and the highest of the members."""
        if certain or not re.search(r"\b(?:[Ff]ra|mellom) $", self._before(token)):
            return
        figures = self.lexed.all("figure")
        after = figures[figures.index(token) + 1 :][:1]
        if not after or not re.fullmatch(r"[a-zæøå. ]{0,12} ?(?:til|og) ", self.text[token.end : after[0].start]):
            return
        fitting = [f for f in near if self._fits(token, f.value) and f.region in self.tables.members]
        for fact in fitting:
            levels = self.tables.level(fact.item, fact.what, fact.year)
            if levels and self._fits(token, min(levels.values())) and self._fits(after[0], max(levels.values())):
                return
        if fitting:
            self._fault("0", f"«fra {token.text} til {after[0].text}» er ikke laveste og høyeste.")

    def _when(self, fact: Fact, years: set[int]) -> bool:
        return not years or any(self.tables.year_of(fact.item, said) == fact.year for said in years)

    def _whose(self, fact: Fact, regions: set[str], certain: bool) -> bool:
        return fact.region in regions or (not certain and fact.region.startswith(("peer_", "school_")))

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

    def _is_amount(self, token: Token) -> bool:
        return self.statement.kind != "caption" and not self._noted() and not self.lexed.all("price")

    def _what_is(self, token: Token, items: list[str], regions: set[str], years: set[int]) -> str:
        found = [
            f"{f.value:.4g} ({self.tables.called(f.region)} {f.year}, {f.what})" if abs(f.value) < 1e4
            else f"{f.value:,.0f} ({self.tables.called(f.region)} {f.year}, {f.what})"
            for f in self._facts(items, token)
            if f.region in regions and self._when(f, years) and self._same_unit(token, f)
        ][:4]  # fmt: skip
        other = [
            f"{self.tables.called(f.region)} {f.year} ({f.item}, {f.what})"
            for f in self._facts(items, token)
            if self._same_unit(token, f) and self._fits(token, f.value)
        ][:3]
        about = ", ".join(items[:2])
        return f" for {about}; der står {'; '.join(found) or 'ingenting'}" + (
            f". Tallet er det for {'; '.join(other)}." if other else "."
        )

    # ------------------------------------------------------------------------------- per cent

    def _apart(self, token: Token, way: int) -> None:
        """«11 prosent mer», «15 prosent under landet», «6,7 prosent færre enn i 2005»."""
        groups = self._items(token) or [self.own]
        years, _ = self._years(token)
        bases = {t.year for t in self.lexed.within(self.lexed.sentence(token), "base")}
        everywhere = {t.year for t in self.lexed.all("year", "span", "mean")} | self._noted()
        told = way * abs(token.value)
        known: list[str] = []
        negative = False
        for items in groups:
            for value, why, sound in self._differences(token, items, years or everywhere, bases, everywhere):
                if abs(told - value) <= token.step / 2 * 1.0001 + 1e-9:
                    if not sound:
                        negative = True
                        continue
                    return self._held()
                known.append(f"{value:.2f} ({why})")
        if negative:
            return self._fault("8", f"«{token.text}» er prosent av noe som ikke er over 0.")
        self._fault(
            "0", f"«{token.text}» {'mer' if way > 0 else 'mindre'}: der står {'; '.join(known[:4]) or 'ingenting'}."
        )
        return None

    def _differences(
        self, token: Token, items: list[str], years: set[int], bases: set[int], everywhere: set[int]
    ) -> Iterator[tuple[float, str, bool]]:
        bound = self._beside(token)
        behov = "behov" in self._sentence(token).lower()
        named = [t.regions for t in self.lexed.all("region") if t.start < token.end]
        if re.match(rf" (?:{MORE}|{LESS}) (?:enn )?landet", self._after(token)):
            who = set(bound) - {COUNTRY} or set(named[-1] if named else (self.tables.merged,))
            later = [t for t in self.lexed.all("region") if t.start > token.end and t.regions != (COUNTRY,)]
            if later and re.fullmatch(rf" (?:{MORE}|{LESS}) landet i ", self.text[token.end : later[0].start]):
                who = set(later[0].regions)
            pairs = [(one, COUNTRY) for one in who]
        else:
            flat = list(dict.fromkeys(code for regions in named for code in regions))
            pairs = [(a, b) for a, b in [tuple(flat[-2:])] if a != b] if len(flat) >= 2 else []
            pairs += [(self.tables.merged, COUNTRY)] if COUNTRY in flat else []
        facts = self._facts(items, token)
        by = {(f.item, f.what, f.region, f.year): f.value for f in facts}
        newest = years if years else {f.year for f in facts}
        if not behov:
            for (item, what, region, year), value in by.items():
                if (
                    not what.startswith(("indicator.value", "three_year", "need.", "level", "household"))
                    or year not in newest
                ):
                    continue
                for a, b in pairs:
                    other = by.get((item, what, b, year))
                    if region == a and other:
                        yield 100 * (value / other - 1), f"{a} mot {b} {year}, {item} {what}", other > 0
        else:
            areas = {
                self.tables.areas.get(self.tables.cards[i]["area"], "-").lower()
                for i in items
                if i in self.tables.cards
            }
            titles = {n: self.tables.cards[n]["title"].lower() for n in self.own if n.startswith("behov.")}
            facts += self.tables.of(
                [n for n, title in titles.items() if any(f"til {area} " in title for area in areas)]
            )
            for fact in facts:
                if (fact.what == "need.need_index" or (
                    fact.item.startswith("behov.") and fact.what == "indicator.value"
                )) and fact.region in {a for a, _ in pairs} and self._when(fact, years):
                    yield fact.value - 100, f"{fact.region} {fact.year} {fact.what}", True
        for fact in self.tables.of(self.own, "indicator.value") if bases else ():
            card = self.tables.cards.get(fact.item, {})
            if card.get("formula") == "change" and fact.year in everywhere and fact.region == self.tables.merged:
                if self._about_same(items, fact.item) and any(str(base) in fact.item for base in bases):
                    yield fact.value, f"{fact.item} {fact.year}", True

    def _about_same(self, items: list[str], change: str) -> bool:
        """Whether a change is that of the persons named: «alder_20_66» and «endring_siden_2005_20_66»."""
        ages = re.search(r"(\d+_\d*|\d+_og_over)?$", change.removeprefix("befolkning.endring_siden_2005"))
        return any(item.startswith("befolkning.") and (not ages or item.endswith(ages[0])) for item in items)

    def _slack(self, token: Token) -> None:
        regions, _ = self._regions(token)
        years, _ = self._years(token)
        groups = self._items(token)
        for items in groups:
            facts = [f for f in self.tables.of(items, "indicator.uncertainty") if self._when(f, years)]
            if any(self._fits(token, f.value, magnitude=True) for f in facts if f.region in regions):
                return self._held()
        self._fault("3", f"«{token.text}»: en slik usikkerhet står ikke i tabellene.")
        return None

    # ------------------------------------------------------------------------------- trend

    def _trend(self, token: Token) -> None:
        """The slope over the years it says, of who it says, in the prices it says."""
        clause = self._clause(token)
        regions, certain = self._regions(token)
        if not certain:
            regions = {self.tables.merged}
        spans = self.lexed.within(self.lexed.sentence(token), "span") or self.lexed.all("span")
        sentence = self._sentence(token)
        priced = [t for t in self.lexed.all("price") if self.lexed.sentence(t) == self.lexed.sentence(token)]
        fixed = bool(re.search(r"\bfaste?\b", clause.rsplit("løpende", 1)[-1]) or priced) and "løpende" not in sentence
        beside = not token.unit and self._beside(token) == (COUNTRY,)
        if not spans:
            self._fault("3", f"«{token.text}»: årene linjen går gjennom er ikke sagt.")
        if not re.search(r"\b[Ll]andet", self.text):
            self._fault("7", "En utvikling uten landets ved siden av.")
        sign = 1 if token.signed or beside else (-1 if self._falls(token) else 1)
        what = "trend.fixed_slope" if fixed else "trend.slope"
        known = []
        for items in self._items(token) or [self.own]:
            for fact in self.tables.of(items, what):
                if fact.region not in regions or fact.unit != (token.unit or fact.unit):
                    continue
                if spans and not any((fact.first, fact.year) == (int(s.of), s.year) for s in spans):
                    continue
                if self._fits(token, sign * fact.value):
                    return self._held()
                known.append(
                    f"{fact.value:.2f} ({self.tables.called(fact.region)} {fact.first}–{fact.year}, {fact.what})"
                )
        self._fault("0", f"«{token.text}» i året: der står {'; '.join(known[:4]) or 'ingenting'}.")
        return None

    def _falls(self, token: Token) -> bool:
        said = self.text[: token.start]
        up = [m.start() for m in re.finditer(rf"\b(?:{UP})\b", said)]
        down = [m.start() for m in re.finditer(rf"\b(?:{DOWN})\b", said)]
        return bool(down) and (not up or down[-1] > up[-1])

    # ------------------------------------------------------------------------------- scenarios

    def _scenario(self, token: Token) -> bool:
        """What a common level would change: kroner, places, who pays less. False where no scenario is meant."""
        if token.unit == KR:
            return self._scenario_money(token)
        if not token.unit.startswith("?") and token.unit not in self.tables.units:
            return False
        return self._scenario_units(token)

    def _scenario_money(self, token: Token) -> bool:
        way = re.match(rf"[^.;,\d]{{0,30}}?\b(?P<way>{MORE}|{LESS}|spart)\b", self._after(token))
        sign = 0 if way is None else (1 if re.fullmatch(MORE, way["way"]) else -1)
        if re.search(r"\btas $", self._before(token)):
            sign = -1
        sentence = self._sentence(token)
        prices = {t.year for t in self.lexed.within(self.lexed.sentence(token), "price")}
        means = {(int(t.of), t.year) for t in self.lexed.within(self.lexed.sentence(token), "mean")}
        end = re.search(r"som bruker (mest|minst)", self._before(token, 90))
        moved = bool(re.search(r"flytt\w* $", self._before(token, 12)))
        money = self._items(token)
        regions, certain = self._regions(token)
        if not certain:
            regions = {self.tables.merged}
        everyone = {self.tables.merged, *self.tables.members}
        like = re.search(r"(?:som|i) ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self._after(token, 90)) or re.search(
            r"\bsom ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self._before(token, 120)
        )
        model = set(self.tables.region_names.get(like[1], ())) & set(self.tables.members) if like else set()
        known = []
        for items in money:
            for fact in self.tables.of(items, "scenario.", "phase_in"):
                if fact.unit != KR or fact.region not in (regions & everyone or {self.tables.merged}) | {
                    self.tables.merged
                }:
                    continue
                if ("change" not in fact.what and fact.what != "phase_in") or moved != ("moved" in fact.what):
                    continue
                if prices and fact.what != "phase_in" and fact.year not in prices:
                    continue
                if means and ((fact.first, fact.year) not in means or "three_years" not in fact.what):
                    continue
                if end and fact.scenario != {"mest": "highest", "minst": "lowest"}[end[1]]:
                    continue
                magnitude = sign != 0
                if not self._fits(token, fact.value, magnitude) or (sign and sign * fact.value < 0):
                    known.append(
                        f"{fact.value / 1e6:.2f} mill. ({fact.scenario}, {fact.item} {fact.year}, {fact.what})"
                    )
                    continue
                if model and sign and not self._is_model(fact, model):
                    ends = self._ends_of(fact)
                    self._fault(
                        "0", f"«{token.text}»: nivået som er brukt, er ikke {like[1] if like else ''}s, men {ends}."
                    )
                    return True
                self._held()
                self._scenario_words(token, fact)
                return True
        levels = [f for items in money for f in self.tables.of(items, *LEVELS)]
        if any((self._fits(token, f.value) and f.unit in (KR, "")) or (f.unit.startswith("kr ") and self._fits(token, f.value))
               for f in levels):  # fmt: skip
            return False
        sure = SCENARIO.search(sentence) and (token.step >= 1000 or sign)
        if not money or not known or not sure:
            return False
        self._fault("0", f"«{token.text}» flyttes ikke i noe regnestykke: {'; '.join(known[:4])}.")
        return True

    def _is_model(self, fact: Fact, model: set[str]) -> bool:
        """Whether one of these members has the level that the scenario moves everybody to."""
        levels = self._levels_behind(fact)
        if not levels:
            return True
        end = {"highest": max, "lowest": min}.get(fact.scenario)
        return end is None or any(levels[region] == end(levels.values()) for region in model)

    def _levels_behind(self, fact: Fact) -> dict[str, float]:
        what = "level.adjusted" if fact.what.endswith(".adjusted") else "level"
        found = {
            f.region: f.value
            for f in self.tables.facts[fact.item]
            if f.what == what and f.year == fact.year and f.scenario == "today"
        }
        return {r: found[r] for r in self.tables.members if r in found}

    def _ends_of(self, fact: Fact) -> str:
        levels = self._levels_behind(fact)
        return ", ".join(f"{self.tables.called(region)} {value:,.1f}" for region, value in levels.items())

    def _scenario_words(self, token: Token, fact: Fact) -> None:
        if self.statement.kind in ("figure", "cell", "caption"):
            return
        if not self.lexed.all("price"):
            self._fault("3", f"«{token.text}» i et regnestykke uten prisår («{fact.year}-kroner»).")
        if fact.item in self.tables.cautions:
            self._fault("9", f"«{token.text}»: {fact.item} er usikker og skal ikke bli kroner.")
        spending = fact.item.startswith(("barnevern.", "sosial.")) and ".netto" in fact.item
        if fact.item in self.tables.state_set:
            self._fault("17", f"«{token.text}»: prisen på {fact.item} settes av staten.")
        told = re.search(r"\b(?:mer|mindre|flytt\w*|kost\w*)\b", self._sentence(token))
        if spending and told and "adjusted" not in fact.what and "behov" not in self.text.lower():
            self._fault("11", f"«{token.text}»: ulikt behov er ikke trukket fra, og det står ikke.")

    def _scenario_units(self, token: Token) -> bool:
        regions, certain = self._regions(token)
        if not certain:
            regions = {self.tables.merged}
        fewer = re.match(r" (?:\w+ )?færre\b", self._after(token)) or token.unit.startswith("?færre")
        kinds = ["scenario.units", "scenario.pay", "scenario.fund_months"]
        paying = (
            re.match(r"[^.;,\d]{0,60}?\b(mer|mindre)\b", self._after(token))
            if "betaler" in self._sentence(token)
            else None
        )
        if paying:
            kinds = ["scenario.pay_more" if paying[1] == "mer" else "scenario.pay_less"]
        for items in self._items(token):
            for fact in self.tables.of(items, *kinds):
                if fact.region not in regions | {self.tables.merged}:
                    continue
                if not self._fits(token, fact.value, magnitude=bool(fewer)) or (fewer and fact.value > 0):
                    continue
                like = re.search(r"dekningen (?:i|som) ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self.text)
                model = set(self.tables.region_names.get(like[1], ())) if like else set()
                if model and fact.what == "scenario.units_change" and not self._is_model(fact, model):
                    self._fault(
                        "0", f"«{token.text}»: den dekningen har ikke {like[1] if like else ''}: {self._ends_of(fact)}."
                    )
                    return True
                self._held()
                if fact.item in self.tables.cautions and self.statement.kind not in ("figure", "cell"):
                    self._fault("9", f"«{token.text}»: {fact.item} er usikker og skal ikke bli plasser.")
                return True
        return False

    def _difference(self, token: Token) -> None:
        regions = [t.regions for t in self.lexed.all("region") if t.start < token.start]
        flat = list(dict.fromkeys(code for found in regions for code in found))[-2:]
        known = []
        for items in self._items(token):
            facts = [f for f in self.tables.of(items, *LEVELS) if f.region in flat]
            for one, other in combinations(facts, 2):
                if (one.item, one.what, one.year, one.scenario) == (other.item, other.what, other.year, other.scenario):
                    if self._fits(token, abs(one.value - other.value)) and self._same_unit(token, one):
                        return self._held()
                    known.append(f"{abs(one.value - other.value):,.0f} ({one.item} {one.year})")
        self._fault("0", f"«{token.text}» skiller: der står {'; '.join(known[:3]) or 'ingenting'}.")
        return None

    # ------------------------------------------------------------------------------- counts

    def _counted(self, token: Token) -> bool:
        """A number of things that are counted, not measured: places on a map, rows of a form, steps, tests."""
        noun = token.unit.removeprefix("?")
        tables = self.tables
        if not noun:
            if re.match(r" til\b", self._after(token)) and self.text.startswith("…"):
                noun = "til"
            else:
                return False
        head = noun.split()[-1]
        known: set[int] | None = None
        if head in ("steder", "sted", "lokalsentre"):
            known = self._places("local_centre" if "lokalsent" in noun else self._kind_of_place())
        elif head in ("rader", "rad"):
            known = {row["rows_filled"] for row in tables.rows("register_use")}
        elif head in ("kommunale",):
            known = {len({row["function"] for row in tables.rows("service")})}
        elif head in ("ukers", "uker", "dagers"):
            return True
        elif head == "tall" and re.match(r" (?:flere )?tall til\b", self._after(token)):
            known = {self._results() - 1}
        elif head in ("andre",):
            known = set(range(1, len(self.own)))
        elif noun.startswith("ulike") or head in ("modell", "modeller"):
            known = {
                len({r["title"] for r in tables.rows("distribution_model") if r["subproject"] == self.reader.part})
            }
        elif head in ("ordning", "ordninger"):
            known = {len({r["title"] for r in tables.rows("grant_scheme") if r["subproject"] == self.reader.part})}
        elif head == "år" and "Endringen" in self.text:
            known = {row["step"] for row in tables.rows("phase_in")}
        elif head in ("til", "trinn"):
            known = {len([r for r in tables.rows("truth_check") if r["verdict"] == "jump"]) - 15}
        if known is None:
            return False
        if token.value in known:
            self._held()
        else:
            self._fault("0", f"«{token.text} {noun}»: tabellene teller {sorted(known)[:6]}.")
        return True

    def _results(self) -> int:
        """How many figures of quality, in which one way is better, the merged municipality has."""
        cards = [self.tables.cards[name] for name in self.own if name in self.tables.cards]
        good = [c["indicator"] for c in cards if c["kind"] == "kvalitet" and c["direction"] != "neutral"]
        return len(
            [n for n in good if any(f.region == self.tables.merged for f in self.tables.of([n], "indicator.value"))]
        )

    def _kind_of_place(self) -> str:
        words = {"valglokale": "polling_place", "skole": "school", "barnehage": "kindergarten"}
        return next((kind for word, kind in words.items() if word in self.text.lower()), "")

    def _places(self, only: str) -> set[int]:
        found: set[int] = set()
        rows = [row for row in self.tables.rows("place") if only in ("", row["kind"])]
        for kind in {row["kind"] for row in rows}:
            ours = [r for r in rows if r["kind"] == kind]
            for period in {r["period"] for r in ours}:
                found.add(len([r for r in ours if r["period"] == period]))
                found.add(len([r for r in ours if r["period"] == period and r["lat"] is not None]))
                open_ = [r for r in ours if r["period"] == period and r["status"] == "ok"]
                found |= {len(open_), len([r for r in open_ if r["lat"] is not None])}
            found.add(len({r["place_id"] for r in ours}))
            found.add(len({r["place_id"] for r in ours if r["region"] in (*self.tables.members, self.tables.merged)}))
        for region in self.tables.members:
            found.add(len([r for r in rows if region in (r["region"], r["former_region"])]))
        return found

    def _count(self, token: Token) -> None:
        """«47 av 68 indikatorer», «5 av 5 skjemaer»."""
        pair = (int(token.value), int(token.of))
        named = [t for t in self._named if t.end <= token.start and self.text[t.end : token.start] == ": "]
        if named and named[-1].name and named[-1].name.items[0].startswith("form:"):
            forms = {f"form:{r['register']}": r["members_filled"] for r in self.tables.rows("register_use")}
            filled = forms[named[-1].name.items[0]]
            if pair == (filled, len(self.tables.members)):
                return self._held()
            return self._fault("0", f"«{token.text}»: {filled} kommuner har fylt ut.")
        if "største" in token.text:
            if pair[0] <= pair[1] <= self._steps():
                return self._held()
            return self._fault("0", f"«{token.text}»: {self._steps()} endringer fases inn.")
        after = self._after(token, 120).lower()
        for word, known in self._countable().items():
            if re.match(rf"[^.;]{{0,30}}\b{word}", after):
                if pair in known or (known == ANY and pair[0] <= pair[1]):
                    return self._held()
                return self._fault("0", f"«{token.text}»: tabellene sier {sorted(known)[:4]}.")
        self._fault(UNREAD, f"«{token.text}» teller noe ukjent.")
        return None

    def _countable(self) -> dict[str, set[tuple[int, int]]]:
        t = self.tables
        own = [name for name in self.own if name in t.cards]
        with_figure = sum(1 for name in own if self._has_merged(name))
        tried = list(t.rows("truth_check"))
        tested = [r for r in tried if r["verdict"] != "not_testable"]
        jumps = [r for r in tried if r["verdict"] == "jump"]
        forms = [r for r in t.rows("register_use") if r["register"] != "forutsetninger"]
        empty = len([r for r in forms if not r["rows_filled"]])
        return {
            r"indikator\w* har tall både": {(len(tested), len(tried))},
            "indikator": {(with_figure, len(own)), (len(own) - with_figure, len(own))},
            "skjema": {(empty, len(forms)), (len(forms) - empty, len(forms))},
            "endret seg": {(len(jumps), 0)},
            "punkt": set(self._points()),
            "sats": self._fees(),
            "resultater": ANY,
            "har ikke koordinat": ANY,
            "tabeller": {(len({r.get("source") for r in t.rows("set_aside")}), n) for n in range(1, 200)},
            "kommune": {(n, len(t.members)) for n in range(len(t.members) + 1)},
        }

    def _has_merged(self, name: str) -> bool:
        """In the year an indicator is shown for: the report's, else the newest up to it, else the newest.

        What cannot be put together is there when every member has its own.
        """
        rows = [f for f in self.tables.facts.get(name, []) if f.what == "indicator.value"]
        whole = {f.year for f in rows if f.region == self.tables.merged}
        own = whole | {f.year for f in rows if f.region in self.tables.members}
        if not own:
            return False
        asked = self.reader.year
        years = whole or own
        shown = asked if asked in own else max([y for y in years if y <= asked] or years)
        alone = self.tables.cards[name]["merge"] == "N" and bool(self.tables.level(name, "indicator.value", shown))
        return shown in whole or alone

    def _points(self) -> set[tuple[int, int]]:
        return {(n, len(rows)) for rows in self._guidelines().values() for n in [sum(map(self._spoken, rows))]}

    def _guidelines(self) -> dict[str, list[dict[str, str]]]:
        rows = [r for r in self.tables.rows("guideline") if self.reader.part in (r["subprojects"] or "").split(", ")]
        found: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            found.setdefault(row["set"], []).append(row)
        return found

    def _spoken(self, row: dict[str, str]) -> bool:
        """Whether an indicator or a fee has a figure about a point, or a form has rows."""
        names = [n for n in (row["indicators"] or "").split(", ") if n]
        own = {self.tables.merged, *self.tables.members}
        facts = [
            f for n in names for f in self.tables.facts.get(n, []) if f.what == "indicator.value" and f.region in own
        ]
        fees = [n for n in (row["fees"] or "").split(", ") if n]
        there = {r["item"].split(":")[0] for r in self.tables.rows("item_region") if r["object"] == "fee"}
        return bool(facts) or any(any(item.startswith(fee) for item in there) for fee in fees)

    def _steps(self) -> int:
        """How many changes are phased in."""
        rows = self.tables.rows("phase_in")
        return len({(r["object"], r["item"], r["need_adjusted"], r["scenario"]) for r in rows})

    def _fees(self) -> set[tuple[int, int]]:
        """How many of the fees of a sub-project are not the same in all municipalities."""
        rows = [
            r for r in self.tables.rows("item_region") if r["object"] == "fee" and r["subproject"] == self.reader.part
        ]
        rows = [r for r in rows if r["item"] not in self.tables.state_set] if "selv setter" in self.text else rows
        years = {r["year"] for r in rows}
        found = set()
        for year in years:
            levels: dict[str, list[float | None]] = {}
            for r in rows:
                if r["year"] == year:
                    levels.setdefault(r["item"], []).append(r["level"])
            differ = [v for v in levels.values() if None not in v and len({round(x or 0, 9) for x in v}) > 1]
            found.add((len(differ), len(levels)))
        return found

    def _weights(self, token: Token) -> None:
        years = {row["weights_year"] for row in self.tables.rows("need")}
        if years and token.year not in years:
            self._fault("3", f"«{token.text}»: vektene er fra {sorted(years)}.")
        else:
            self._held()

    # ------------------------------------------------------------------------------- superlatives

    def _superlatives(self, start: int, end: int) -> None:
        """«Svelvik bruker mest», «lavest i Nedre Eiker»: who is at the end of all members in the year that is said."""
        text = self.text[start:end]
        regions = [t for t in self.lexed.all("region") if start <= t.start < end]
        said: list[tuple[str, str]] = []
        for found in re.finditer(rf"\b(?:{HIGH}|{LOW}|{GOOD}|{BAD})\b", text):
            region = self._end_of(found, start, regions)
            if region and region in self.tables.members:
                said.append((found[0], region))
        if said:
            self._ends(said, start, end)
        if re.search(r"\bytterst\b", text) and len(regions) == 2:
            outer = [("høyest", regions[0].regions[0]), ("lavest", regions[1].regions[0])]
            self._ends(outer, start, end, named=False)
        if re.search(r"\bomtrent (?:like|lik|likt|som landet)\b", text):
            self._alike(start, end)
        if re.search(r"ville (?:brukt|fått) (?:mindre|mer) enn i dag", text):
            self._sides(start, end)

    def _alike(self, start: int, end: int) -> None:
        """«Kommunene bruker omtrent like mye»: under five per cent apart; a coverage in doubt is never more than alike."""
        names = [t for t in self._named if t.start < end]
        items = self._of(names[-1]) if names else []
        sentence = self.text[start:end]
        if set(items) & self.tables.cautions:
            return self._held()
        if "som landet" in sentence:
            return None  # the two figures that follow are held against each other where they stand
        years = {t.year for t in self.lexed.all("year", "span", "mean")} or {self.reader.year}
        apart = []
        for item, what, year, levels in self._measures(items, sentence, years):
            low, high = min(levels.values()), max(levels.values())
            if low > 0 and high / low < FIVE_PER_CENT:
                return self._held()
            apart.append(f"{item} {what} {year}: {low:,.1f}–{high:,.1f}")
        self._fault("0" if apart else UNREAD, f"«omtrent»: {'; '.join(apart[:3]) or 'ingen tall'}.")
        return None

    def _sides(self, start: int, end: int) -> None:
        """«Svelvik ville brukt mindre enn i dag, Nedre Eiker og Drammen mer»: who gives and who gets with the mean."""
        names = [t for t in self._named if t.start < end]
        less, _, _more = self.text[start:end].partition("mindre")
        cut = start + len(less)
        regions = [
            t for t in self.lexed.all("region") if start <= t.start < end and t.regions[0] in self.tables.members
        ]
        for name in reversed(names):
            facts = [f for f in self.tables.of(self._of(name), "scenario.cost_change") if f.scenario == "average"]
            facts = [f for f in facts if f.what in ("scenario.cost_change", "scenario.cost_change.adjusted")]
            for key in {(f.item, f.what, f.year) for f in facts}:
                change = {f.region: f.value for f in facts if (f.item, f.what, f.year) == key}
                if all((change.get(t.regions[0], 0) < 0) == (t.start < cut) for t in regions) and regions:
                    return self._held()
            if facts:
                told = {
                    f"{self.tables.called(f.region)} {f.value / 1e6:.2f}"
                    for f in facts
                    if f.region in self.tables.members
                }
                return self._fault("0", f"Hvem som gir og får: {', '.join(sorted(told)[:6])}.")
        return self._fault(UNREAD, "Hvem som gir og får, av ingenting.")

    def _end_of(self, found: re.Match[str], start: int, regions: list[Token]) -> str:
        """The region a «highest» is said of: the one after it («høyest i X»), else the one before («X bruker mest»)."""
        at, end = start + found.start(), start + found.end()
        for token in regions:
            if token.start >= end and re.fullmatch(r" (?:i|er|har|for|hos|nivå i|:)? ?", self.text[end : token.start]):
                return token.regions[0]
        before = [t for t in regions if t.end <= at]
        if before and not re.search(r"[.;:,]", self.text[before[-1].end : at]):
            return before[-1].regions[0]
        return ""

    def _ends(self, said: list[tuple[str, str]], start: int, end: int, named: bool = True) -> None:
        """Holds the ends that are named against all members; `named` where they are also the message."""
        before = [t for t in self._named if t.start < end]
        items = self._of(before[-1]) if before else []
        if self.statement.indicator:
            items = [self.statement.indicator]
        sentence = self.text[start:end]
        years = {t.year for t in self.lexed.within((start, end), "year", "span", "mean")}
        years = years or {t.year for t in self.lexed.all("year", "span", "mean")} or {self.reader.year}
        measures = self._measures(items, sentence, years)
        if not measures:
            every = [
                (i, w)
                for i in items
                for w in ("indicator.value", "need.adjusted_per_inhabitant")
                if self.tables.of([i], w)
            ]
            if every:
                years_known = {y for i, w in every for y in self.tables.years(i, w)}
                rule = "5" if years_known else "2"
                return self._fault(
                    rule,
                    f"{said}: ikke alle kommunene har tall i {sorted(years)}; alle har det i {sorted(years_known)[-3:]}.",
                )
            return (
                self._fault(UNREAD, f"{said}: hva som er høyest eller lavest er ikke nevnt.")
                if items or self._named
                else None
            )
        wrong = []
        for item, what, year, levels in measures:
            problem = self._not_ends(said, item, levels)
            if not problem:
                self._held()
                return self._worth_saying(said, item, what, year, levels) if named else None
            wrong.append(f"{item} {what} {year}: {problem}")
        self._fault("0", f"{'; '.join(wrong[:3])}")
        return None

    def _measures(
        self, items: list[str], sentence: str, years: set[int]
    ) -> list[tuple[str, str, int, dict[str, float]]]:
        adjusted = ADJUSTED.search(sentence) and not UNADJUSTED.search(sentence)
        whats = ["need.adjusted_per_inhabitant"] if adjusted else ["indicator.value"]
        if self.lexed.all("mean"):
            whats = ["three_year.mean"]
        if UNADJUSTED.search(sentence):
            whats = ["need.per_inhabitant"]
        names = list(items)
        if "endring" in sentence:
            changes = [n for n in self.own if self.tables.cards.get(n, {}).get("formula") == "change"]
            names = [n for n in changes if self._about_same(items, n)] or names
        found = []
        for item in names:
            for what in whats if item in self.tables.cards else ["household.sum", "level"]:
                for year in sorted({self.tables.year_of(item, said) for said in years}):
                    levels = self.tables.level(item, what, year)
                    if levels:
                        found.append((item, what, year, levels))
        return found

    def _not_ends(self, said: list[tuple[str, str]], item: str, levels: dict[str, float]) -> str:
        higher = self.tables.cards.get(item, {}).get("direction") != "lower"
        for word, region in said:
            high = bool(re.fullmatch(HIGH, word)) or (
                bool(re.fullmatch(GOOD, word)) == higher and bool(re.fullmatch(f"{GOOD}|{BAD}", word))
            )
            end = max(levels.values()) if high else min(levels.values())
            if levels[region] != end:
                told = ", ".join(f"{self.tables.called(r)} {v:,.4g}" for r, v in levels.items())
                return f"{self.tables.called(region)} er ikke «{word}» ({told})"
        return ""

    def _worth_saying(
        self, said: list[tuple[str, str]], item: str, what: str, year: int, levels: dict[str, float]
    ) -> None:
        """What may be said of a true superlative: of ratios, by at least 5 %, the same way in two of three years, newest."""
        card = self.tables.cards.get(item, {})
        names = ", ".join(f"«{word}» {self.tables.called(region)}" for word, region in said)
        if (
            card.get("formula") == "amount"
            or (card.get("unit") in ("1000 kr", "personer")
            and "per" not in card.get("title", ""))
        ):
            return self._fault("1", f"{names}: {card.get('title')} vokser med kommunen.")
        high, low = max(levels.values()), min(levels.values())
        if high == low or list(levels.values()).count(high) > 1 or list(levels.values()).count(low) > 1:
            self._fault("2", f"{names}: to kommuner er like.")
        change = card.get("formula") == "change"
        if not change and low > 0 and high / low < FIVE_PER_CENT:
            self._fault("2", f"{names}: forskjellen er {100 * (high / low - 1):.1f} prosent, under 5 ({item} {year}).")
        self._steady(names, item, what, year, levels)
        newer = [y for y in self.tables.years(item, what) if year < y <= self.reader.year]
        if newer:
            self._fault("5", f"{names} i {year}: alle kommunene har tall i {newer[-1]} ({item}).")
        return None

    def _steady(self, names: str, item: str, what: str, year: int, levels: dict[str, float]) -> None:
        """The ends are the same in two of the last three years that have figures for everybody."""
        years = [y for y in self.tables.years(item, what) if year - 2 <= y <= year]
        if len(years) < 2 or len(levels) < 2:
            return

        def ends(at: int) -> tuple[str, str]:
            found = self.tables.level(item, what, at)
            return max(found, key=lambda r: found[r]), min(found, key=lambda r: found[r])

        if sum(ends(y) == ends(year) for y in years) < 2:
            told = "; ".join(f"{y}: {self.tables.called(ends(y)[0])}, {self.tables.called(ends(y)[1])}" for y in years)
            self._fault("2", f"{names}: ikke slik i to av de tre siste årene ({item}; {told}).")

    def _same_extremes(self, token: Token) -> None:
        """Two unadjusted figures told beside each other after the ends of the adjusted ones are ends themselves."""
        pair = self._pair(token)
        start, _ = self.lexed.sentence(token)
        if pair is None or not pair[0] or not UNADJUSTED.search(self.text[start : token.start]):
            return
        firsts, seconds = (set(found) for found in pair[1]) if len(pair[1]) == 2 else (set(), set())
        years, _ = self._years(token)
        for items in self._items(token)[:1]:
            for item in items:
                for year in sorted(years or {self.reader.year}):
                    levels = self.tables.level(item, "need.per_inhabitant", year)
                    if not levels:
                        continue
                    high, low = max(levels, key=lambda r: levels[r]), min(levels, key=lambda r: levels[r])
                    if {high, low} != (firsts | seconds) & set(self.tables.members):
                        told = ", ".join(f"{self.tables.called(r)} {v:,.0f}" for r, v in levels.items())
                        self._fault("6", f"Endene er ikke de ukorrigertes: {told}.")
                    return

    # ------------------------------------------------------------------------------- years by themselves

    def _last_years(self) -> None:
        """«Kommunenes egne tall slutter i 2018», «valglokale i 2017»: a year that no figure stands beside."""
        ended = re.search(r"egne tall slutter i (\d{4})(?:: [^.]*ved utgangen av (\d{4}))?", self.text)
        if ended and self._named:
            years = [y for item in self._of(self._named[0]) for y in self.tables.years(item, "indicator.value")]
            if years and (int(ended[1]) != max(years) or (ended[2] and int(ended[2]) != max(years) + 1)):
                self._fault("0", f"Det siste året med tall for alle er {max(years)}.")
        tried = re.search(r"tall både i (\d{4}) .*? og i (\d{4})", self.text)
        firsts = {row["first_year"] for row in self.tables.rows("truth_check") if row["verdict"] != "not_testable"}
        if (tried and {int(tried[2])} != firsts) or (tried and int(tried[1]) + 1 != int(tried[2])):
            self._fault("0", f"Prøven er mellom {firsts} og året før.")
        used = {int(y) for y in re.findall(r"valglokale i (\d{4})", self.text)}
        periods = {row["period"] for row in self.tables.rows("place") if row["kind"] == "polling_place"}
        if used and periods and not all(str(year) in periods for year in used):
            self._fault("0", f"Valglokalene er fra {sorted(periods)}.")

    # ------------------------------------------------------------------------------- absence

    def _unit_of_card(self) -> None:
        found = re.search(r"\bEnhet: (.*?)\.?$", self.text)
        if self.statement.kind == "card" and found:
            unit = self.tables.cards[self.statement.indicator]["unit"]
            if found[1] != unit:
                return self._fault("3", f"Enheten er {unit}.")
            self._held()
        return None

    def _absence(self) -> None:
        """«Tall for landet er ikke i datasettet» is only so where they are not."""
        if not re.search(r"[Tt]all for landet (?:er ikke|mangler|finnes ikke)", self.text):
            return None
        for name in self._named[:1]:
            found = [f for f in self.tables.of(self._of(name), "indicator.value") if f.region == COUNTRY]
            if found:
                newest = max(found, key=lambda f: f.year)
                return self._fault("4", f"Landet har tall: {newest.value:,.1f} i {newest.year} ({newest.item}).")
        self._held()
        return None
