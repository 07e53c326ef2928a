"""A figure: of an indicator, a need, a bill; a per cent of something; a slope; a difference."""

import re
from collections.abc import Iterator
from itertools import combinations

from tests.sentences.counts import UNREAD
from tests.sentences.ends import Ends
from tests.sentences.lex import Token
from tests.sentences.place import LEVELS
from tests.sentences.scenarios import LESS, MORE, SCENARIO
from tests.sentences.tables import COUNTRY, KR, PER_CENT, Fact

UP, DOWN = r"økte|øker|økt|vokste|vokser|steg|opp", r"gikk ned|falt|faller|sank|minket|minker|redusert|ned"
TREND = re.compile(
    r"(?:prosent|kr)\s(?:mer |mindre )?(?:i året|per år|hvert år|årlig)|faste \d{4}-priser|i snitt|linjen gjennom"
)


class Figures(Ends):
    undated: list[Token]  # figures for which the statement says no year

    def _figure(self, token: Token) -> None:
        clause, after = self._clause(token), self._after(token)
        apart = token.unit == PER_CENT and re.match(rf" (?P<way>{MORE}|{LESS})\b", after)
        if re.search(r"usikkerhet|±|pluss/minus", self._before(token, 25) + token.text):
            return self._slack(token)
        if apart:
            return self._apart(token, 1 if re.fullmatch(MORE, apart["way"]) else -1)
        if token.unit == KR and re.match(r" (?:over|under) landet", after):
            return self._difference(token)
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
            self.undated.append(token)
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
        figures = self.lexed.all("figure")
        after = figures[figures.index(token) + 1 :][:1]
        between = self.text[token.end : after[0].start] if after else ""
        from_to = re.search(r"\b(?:[Ff]ra|mellom) $", self._before(token)) and re.fullmatch(
            r"[a-zæøå. ]{0,12} ?(?:til|og) ", between
        )
        if certain or not (from_to or between == "–"):
            return
        fitting = [f for f in near if self._fits(token, f.value) and f.region in self.tables.members]
        for fact in fitting:
            levels = self.tables.level(fact.item, fact.what, fact.year)
            if levels and self._fits(token, min(levels.values())) and self._fits(after[0], max(levels.values())):
                return
        if fitting:
            self._fault("0", f"«fra {token.text} til {after[0].text}» er ikke laveste og høyeste.")

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
                if (
                    (
                        fact.what == "need.need_index"
                        or (fact.item.startswith("behov.") and fact.what == "indicator.value")
                    )
                    and fact.region in {a for a, _ in pairs}
                    and self._when(fact, years)
                ):
                    yield fact.value - 100, f"{fact.region} {fact.year} {fact.what}", True
        for fact in self.tables.of(self.own, "indicator.value") if bases else ():
            card = self.tables.cards.get(fact.item, {})
            of_whole = fact.year in everywhere and fact.region == self.tables.merged
            since = any(str(base) in fact.item for base in bases)
            if card.get("formula") == "change" and of_whole and since and self._about_same(items, fact.item):
                yield fact.value, f"{fact.item} {fact.year}", True

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
                    self._beside_a_trend(fact, token)
                    return self._held()
                known.append(
                    f"{fact.value:.2f} ({self.tables.called(fact.region)} {fact.first}–{fact.year}, {fact.what})"
                )
        self._fault("0", f"«{token.text}» i året: der står {'; '.join(known[:4]) or 'ingenting'}.")
        return None

    def _beside_a_trend(self, fact: Fact, token: Token) -> None:
        """What broke it is told, and nothing is in per cent of figures that are not above 0."""
        broke = self.tables.breaks.get((fact.item, fact.region, fact.year), "")
        if fact.region == self.tables.merged and broke not in self.text:
            self._fault("7", f"Uten «{broke}»")
        values = [
            f.value
            for f in self.tables.of([fact.item], "indicator.value")
            if f.region == fact.region and fact.first <= f.year <= fact.year
        ]
        if token.unit == PER_CENT and values and min(values) <= 0:
            self._fault("8", f"«{token.text}» i året av tall som ikke er over 0 ({min(values):,.0f}).")

    def _falls(self, token: Token) -> bool:
        said = self.text[: token.start]
        up = [m.start() for m in re.finditer(rf"\b(?:{UP})\b", said)]
        down = [m.start() for m in re.finditer(rf"\b(?:{DOWN})\b", said)]
        return bool(down) and (not up or down[-1] > up[-1])
