"""What a statement claims, held against the tables: each figure, each «highest», each per cent, each scenario, count.

A claim that the tables contradict is told with what they say; a figure that no rule here can place is `unread`. Both
fail: nothing passes that nobody has understood.
"""

from tests.sentences.absences import Absences
from tests.sentences.place import Told
from tests.sentences.read import PART, Statement
from tests.sentences.tables import Tables


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


class _Reading(Absences):
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
        self._absences()
        self._unit_of_card()
