"""What no figure stands beside: years by themselves, a card's unit, and that something is not there."""

import re

from tests.sentences.figures import Figures
from tests.sentences.tables import COUNTRY

BACKGROUND = ("befolkning", "behov", "okonomi")  # areas about the municipality, not about a service


class Absences(Figures):
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
        self._captions()
        ages = re.search(r"femårsgrupper i (\d{4}) og (\d{4}), og .* (\d{4})\.", self.text)
        whole = {r["year"] for r in self.tables.rows("population") if r["region"] == self.tables.merged}
        alone = {r["year"] for r in self.tables.rows("population") if r["region"] in self.tables.members}
        if ages and whole:
            shown = (min(whole), max(whole), min(max(alone), self.reader.year + 1))
            if tuple(map(int, ages.groups())) != shown:
                self._fault("0", f"Folketallet er fra {shown[0]} og {shown[1]}, for hver kommune {shown[2]}.")
        used = {int(y) for y in re.findall(r"valglokale i (\d{4})", self.text)}
        periods = {row["period"] for row in self.tables.rows("place") if row["kind"] == "polling_place"}
        if used and periods and not all(str(year) in periods for year in used):
            self._fault("0", f"Valglokalene er fra {sorted(periods)}.")

    def _captions(self) -> None:
        """A figure's caption and the words for it say the same years."""
        caption = self.text[: len(self.statement.note)]
        if self.statement.kind != "figure" or "slutter i" in caption:
            return
        year = re.compile(r"\b(?:19|20)\d\d(?:–\d\d)?\b")
        above, below = set(year.findall(caption)), set(year.findall(self.text[len(caption) :]))
        if above and below and not above <= below:
            self._fault("3", f"Bildeteksten sier {sorted(above)}, beskrivelsen {sorted(below)}.")

    # ------------------------------------------------------------------------------- absence

    def _unit_of_card(self) -> None:
        found = re.search(r"\bEnhet: (.*?)\.?$", self.text)
        if self.statement.kind == "card" and found:
            unit = self.tables.cards[self.statement.indicator]["unit"]
            if found[1] != unit:
                return self._fault("3", f"Enheten er {unit}.")
            self._held()
        return None

    def _absences(self) -> None:
        """What is said not to be there is not."""
        self._country()
        self._members()
        self._headings()
        self._prices()

    def _country(self) -> None:
        """«Tall for landet er ikke i datasettet»."""
        if not re.search(r"[Tt]all for landet (?:er ikke|mangler|finnes ikke)", self.text):
            return None
        for name in self._named[:1]:
            found = [f for f in self.tables.of(self._of(name), "indicator.value") if f.region == COUNTRY]
            if found:
                newest = max(found, key=lambda f: f.year)
                return self._fault("4", f"Landet har tall: {newest.value:,.1f} i {newest.year} ({newest.item}).")
        self._held()
        return None

    def _members(self) -> None:
        """«Kommunene hver for seg har ikke tall for 2022», «Uten tall: Asker og Hurum»."""
        items = [item for name in self._named for item in self._of(name)]
        alone = re.search(r"[Kk]ommunene hver for seg har ikke tall for (\d{4})", self.text)
        without = re.search(r"Uten tall: ([^.]+)\.", self.text)
        years = {int(alone[1])} if alone else {t.year for t in self.lexed.all("year")}
        who = set(self.tables.members) if alone else set()
        if without:
            found = [t for t in self.lexed.all("region") if without.start(1) <= t.start < without.end(1)]
            who |= {code for token in found for code in token.regions}
        if not alone and not without:
            return None
        there = [f for f in self.tables.of(items, "indicator.value") if f.region in who and self._when(f, years)]
        if there:
            told = {f"{self.tables.called(f.region)} {f.year} ({f.item})" for f in there}
            return self._fault("4", f"Tall finnes: {', '.join(sorted(told)[:3])}.")
        self._held()
        return None

    def _headings(self) -> None:
        """«Ingen tall i dette settet om kvalitet»."""
        found = re.search(r"[Ii]ngen tall i dette settet om ([^.]+)\.", self.text)
        if not found:
            return None
        own = {self.tables.merged, *self.tables.members}
        for heading in re.split(r", | og ", found[1]):
            cards = [self.tables.cards[n] for n in self.own if n in self.tables.cards]
            about = [c for c in cards if heading.startswith(c["heading"]) and c["area"] not in BACKGROUND]
            there = [c["indicator"] for c in about if any(
                f.region in own for f in self.tables.of([c["indicator"]], "indicator.value")
            )]  # fmt: skip
            if there:
                return self._fault("4", f"Tall om {heading} finnes: {', '.join(there[:3])}.")
        self._held()
        return None

    def _prices(self) -> None:
        """«Prisveksten er ikke kjent for alle årene»: then there is no slope in fixed prices over those years."""
        spans = {(int(t.of), t.year) for t in self.lexed.all("span")}
        if "risveksten er ikke kjent" not in self.text or not spans or not self._named:
            return None
        facts = self.tables.of(self._of(self._named[0]), "trend.fixed_slope")
        there = [f for f in facts if f.region == self.tables.merged and (f.first, f.year) in spans]
        if there:
            return self._fault("4", f"I faste priser: {there[0].value:.2f} prosent ({there[0].item}).")
        self._held()
        return None
