"""Where figures come from: Statbank tables and registers, and what is known to be wrong in them."""

from typing import Literal

from pydantic import Field

from pipeline.model.block import Block

Evidence = Literal["proved", "metadata", "page", "used_elsewhere", "inferred", "none"]
# How well it is known that a code stands for what the definition says, the best first, with the word for it on paper:
# figures that reconcile; the producer's metadata, answer or file; a page of the producer; a query that works for
# somebody else; concluded from what is near it; nowhere seen.
EVIDENCE: dict[Evidence, str] = {
    "proved": "bevist",
    "metadata": "metadata",
    "page": "nettside",
    "used_elsewhere": "brukt av andre",
    "inferred": "antatt",
    "none": "ikke sett",
}


class Contents(Block):
    """A content code of a source: label as printed, unit, decimals as published, allowed range.

    `evidence` and `where` say how well the code is known and from where; those of the source hold where they are left
    out. `paraphrased`: the label is somebody else's words for it, not the producer's. A key that starts with "?" is a
    code known by its label only. Decimals that are not known are not checked.
    """

    label: str
    unit: str
    evidence: Evidence | None = None
    where: str = ""
    paraphrased: bool = False
    was: list[str] = []  # codes it had before, which sets pulled or laid out then still carry
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    suppress_below: int = 0  # a count of people from 1 and up to this is never shown (SSB: 3; users of care: 5)
    optional: bool = False


class Source(Block):
    """A Statbank table (`cube`) or a list of units (`register`).

    `evidence` and `where` are about the table itself: its title, dimensions and the codes in them.
    """

    id: str
    kind: Literal["cube", "register"]
    title: str
    producer: str
    licence: str
    selection: str
    evidence: Evidence | None = None
    where: str = ""
    url: str = ""
    successor: str = ""
    # where it comes from: `kunnskap fetch`, or (local) a file the municipalities fill in; nothing: the embedded set
    pull: Literal["", "statbank", "klass", "local"] = ""
    table: str | None = None  # the Statbank table, where it is not the id; "" while it is not known
    search: str = ""  # words to look for a table by whose number is not known
    eliminate: list[str] = []  # dimensions left out on purpose: SSB gives their total
    codelist: dict[str, str] = {}
    functions: str = ""  # the dimension that holds the functions of functions.csv
    labels: dict[str, dict[str, str]] = {}  # codes to pull by dimension, with SSB's label where it is known
    ages: str = ""  # ages to pull, in the dimension Alder
    years_fixed: bool = False  # first_year and last_year are chosen, not all there is
    first_year: int | None = None
    last_year: int | None = None
    timing: str = ""
    dimensions: list[str] = []
    contents: dict[str, Contents] = {}
    # cube
    region: str = ""
    time: str = ""
    time_pattern: str = r"^\d{4}$"
    ignore: list[str] = []
    alias: dict[str, dict[str, str]] = {}
    codes: dict[str, str] = {}  # pattern of the codes a dimension may hold
    symbols: dict[str, str] = {}
    # register
    list_key: str = Field(default="", alias="list")
    query_columns: list[str] = []  # columns that the answer lacks and the question had: taken from the origin record
    columns: list[str] = []
    key: list[str] = []
    fields: dict[str, str] = {}
    years: dict[str, int] = {}  # what the source calls a period → the year it is put on
    # form (a register that the municipalities fill in)
    fill: list[str] = []  # the columns somebody fills in; a row where all of them are empty is not there
    adds: str = ""  # what a report says that the form would bring
    help: dict[str, str] = {}  # what to write in a column, in Norwegian
    region_basis: Literal["municipality", "former_area"] = "municipality"

    @property
    def is_form(self) -> bool:
        """A register that the municipalities fill in, row by row."""
        return self.kind == "register" and self.pull == "local"

    def known(self, code: str) -> tuple[Evidence, str] | None:
        """How well a content is known, and from where; None for what the municipalities fill in themselves.

        Where the figures stand on codes of further dimensions too, the table may be the less known of the two.
        """
        contents = self.contents.get(code)
        own = (contents.evidence, contents.where) if contents and contents.evidence else (self.evidence, self.where)
        both = [own, (self.evidence, self.where)] if self.dimensions else [own]
        known = [(level, where) for level, where in both if level is not None]
        return max(known, key=lambda each: list(EVIDENCE).index(each[0]), default=None)

    def faults(self) -> list[str]:
        """What does not hold together within the block: a code without evidence, evidence without a place."""
        if self.pull == "local":
            return []
        blocks = [(self.id, self.evidence, self.where)]
        blocks += [
            (f"{self.id} {code}", c.evidence, c.where)
            for code, c in self.contents.items()
            if self.pull == "statbank" or c.evidence
        ]
        faults = [
            f"{name}: evidence mangler. Tillatt: {', '.join(EVIDENCE)}." for name, level, _ in blocks if not level
        ]
        return faults + [
            f"{name}: where mangler: skriv hvor det er sett." for name, level, where in blocks if level and not where
        ]

    @property
    def statbank_table(self) -> str:
        """The number of the Statbank table; empty if it is not known."""
        return self.id if self.table is None else self.table


class Correction(Block):
    source: str
    key: dict[str, str]
    column: str
    expect: str
    status: str
    reason: str


class Deviation(Block):
    """A tolerated disagreement; `unusable` where a computed figure would be wrong, not only rounded."""

    check: str
    item: str
    reason: str
    unusable: bool = False


class Tolerance(Block):
    """Disagreements of a check that are of a known kind while they are small: `within` a share of the figure."""

    check: str
    within: float = Field(gt=0, lt=0.01)
    reason: str
