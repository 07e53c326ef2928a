"""Where figures come from: Statbank tables and registers, and what is known to be wrong in them."""

from typing import Any, Literal

from pydantic import Field, model_validator

from pipeline.model.block import Block
from pipeline.model.forms import Form

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
    population: bool = False  # the population of 1 January, told once more beside the source's own figures


class Implies(Block):
    """Contents that tell the same in 1000 kr and in kr per inhabitant, and so which population was divided by."""

    amount: str
    per_inhabitant: str


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
    role: Literal["", "population", "recast_population"] = ""  # what the pipeline itself reads it as
    implies: Implies | None = None
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
    form: Form | None = None  # a register that the municipalities fill in
    region_basis: Literal["municipality", "former_area"] = "municipality"

    @model_validator(mode="before")
    @classmethod
    def _columns_of_the_form(cls, data: dict[str, Any]) -> dict[str, Any]:
        """A form is a register like any other: its columns, key and fields are those of the form."""
        columns = data.get("form", {}).get("column") if isinstance(data.get("form"), dict) else None
        if not columns:
            return data
        key = [name for name, column in columns.items() if column.get("key")]
        fields = {name: column.get("field", "") for name, column in columns.items()}
        return {**data, "columns": list(columns), "key": key, "fields": fields}

    @property
    def is_form(self) -> bool:
        """A register that the municipalities fill in, row by row."""
        return self.form is not None

    @property
    def as_form(self) -> Form:
        """The form of a source that is one."""
        if self.form is None:
            raise TypeError(f"{self.id} is not a form")
        return self.form

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
    persons: float = Field(default=0, ge=0, le=10)  # so few people off are small in any municipality
    reason: str

    def covers(self, size: float | None, persons_off: float | None) -> bool:
        """Whether a difference is small, as a share of the figure or in people."""
        return (size is not None and size <= self.within) or (persons_off is not None and persons_off <= self.persons)
