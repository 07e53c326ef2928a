"""What a statement claims, held against the tables: each figure, each «highest», each per cent, each scenario, count.

A claim that the tables contradict is told with what they say; a figure that no rule here can place is `unread`. Both
fail: nothing passes that nobody has understood.
"""

import re

from tests.sentences.figures import Figures
from tests.sentences.place import Told
from tests.sentences.read import PART, Statement
from tests.sentences.tables import COUNTRY, Tables


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


class _Reading(Figures):
    """One statement, read."""

    def __init__(self, reader: Reader, statement: Statement) -> None:
        super().__init__(reader, statement)
        self.undated = []
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
        if self.undated:
            told = ", ".join(f"«{token.text}»" for token in self.undated)
            self._fault("3", f"{told} har ikke år.")
        for start, end in self.lexed.bounds:
            if not self.reader.quoted(self.text[start:end]):
                self._superlatives(start, end)
        self._absence()
        self._unit_of_card()

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
        if ages and whole and tuple(map(int, ages.groups())) != (min(whole), max(whole), max(alone)):
            self._fault("0", f"Folketallet er fra {min(whole)} til {max(whole)}, for hver kommune til {max(alone)}.")
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
