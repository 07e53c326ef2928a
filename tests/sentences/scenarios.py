"""What a common level would change: kroner, places, who pays less, who gives and who gets."""

import re

from tests.sentences.counts import UNREAD, Counts
from tests.sentences.lex import Token
from tests.sentences.place import LEVELS
from tests.sentences.tables import KR, Fact

MORE = r"mer|flere|over|høyere|dyrere|større"
LESS = r"mindre|færre|under|lavere|billigere"
SCENARIO = re.compile(
    r"flytt|snittet for alle|betaler (?:mer|mindre)|\bom alle\b|\bhvis\b|\bville\b|laveste sats|mer i året|"
    r"mindre i året|til (?:laveste|høyeste)\b|år for år|innfasing|gjøres? (?:alle )?like|likt? nivå|koste|spar[te]|"
    r"samme nivå|ned til|opp til|første runde",
    re.IGNORECASE,
)


class Scenarios(Counts):
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
        headed = re.findall(r"(opp til høyeste|ned til laveste)[^;]*$", self._before(token, 200))
        moved = bool(re.search(r"flytt\w* $", self._before(token, 12)))
        money = self._items(token)
        regions, certain = self._regions(token)
        if not certain:
            regions = {self.tables.merged}
        everyone = {self.tables.merged, *self.tables.members}
        like = re.search(r"(?:som|i) ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self._after(token, 90)) or re.search(
            r"\bsom ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self._before(token, 120)
        )
        if not like and re.search(r"(?:snitt|enhets)kostnad\w* (?:blir|er) det $", self._before(token)):
            like = re.search(r"dekningen i ([A-ZÆØÅ][\wæøå]*(?: [A-ZÆØÅ][\wæøå]*)?)", self.text[: token.start])
        model = set(self.tables.region_names.get(like[1], ())) & set(self.tables.members) if like else set()
        known: list[str] = []
        for items in money:
            if known:
                break  # what is nearest has a scenario of this kind: it is that
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
                if headed and fact.scenario != {"o": "highest", "n": "lowest"}[headed[-1][0]]:
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
        if any(self._fits(token, f.value) and (f.unit in (KR, "") or f.unit.startswith("kr ")) for f in levels):
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
            self._fault("3", "Kroner i et regnestykke uten prisår («2018-kroner»).")
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

    def _sides(self, start: int, end: int) -> None:
        """«Svelvik ville brukt mindre enn i dag, Nedre Eiker og Drammen mer»: who gives and who gets with the mean."""
        semicolon = self.text.find("; for ", start, end)  # of whom it is not known is said after it
        end = semicolon if semicolon >= 0 else end
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
