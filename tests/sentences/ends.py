"""«Svelvik bruker mest», «omtrent like mye»: who is at the ends of all members, and whether that may be said."""

import re

from tests.sentences.counts import UNREAD
from tests.sentences.lex import Token
from tests.sentences.place import ADJUSTED, UNADJUSTED
from tests.sentences.scenarios import Scenarios

FIVE_PER_CENT = 1.05
HIGH = r"mest|høyest|høyeste|flest|størst|største|dyrest"
LOW = r"minst|lavest|laveste|færrest|billigst|minste"
GOOD, BAD = r"best|beste", r"svakest|svakeste|dårligst"


class Ends(Scenarios):
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
        """«Kommunene bruker omtrent like mye»: under five per cent apart; what is in doubt is never more than alike."""
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
                    f"{said}: ikke alle har tall i {sorted(years)}; alle har det i {sorted(years_known)[-3:]}.",
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
        """What may be said of true ends: of ratios, 5 % apart or more, in two of three years, newest."""
        card = self.tables.cards.get(item, {})
        names = ", ".join(f"«{word}» {self.tables.called(region)}" for word, region in said)
        if card.get("formula") == "amount" or (
            card.get("unit") in ("1000 kr", "personer") and "per" not in card.get("title", "")
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
