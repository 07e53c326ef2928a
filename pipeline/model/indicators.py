"""What is computed: an indicator with its operands and its card, cost keys, prices, and gaps taken apart."""

import re
from datetime import date
from math import fsum, prod
from typing import Any, Literal

from pydantic import Field, model_validator

from pipeline.model.block import Block

Heading = Literal["innretning", "dimensjonering", "kvalitet", "finansiering", "geografi"]
HEADINGS: dict[str, str] = {
    "innretning": "Innretning",
    "dimensjonering": "Dimensjonering",
    "kvalitet": "Kvalitet",
    "finansiering": "Finansiering",
    "geografi": "Geografisk fordeling",
}
OPERANDS = ("numerator", "denominator", "value", "weight", "uncertainty", "published")
WEIGHT_TOLERANCE = 0.001  # published cost keys are rounded to four decimals
OLDEST = 105  # SSB's open top group: 105 years or older


class Operand(Block):
    """What is summed: cells of one source, or the age part of a cost key.

    `codes` holds the code or codes per dimension; `ages` stands for the dimension Alder. A cost key's table, and the
    contents of a table that has only one, need not be written: they are filled in when the definitions are read.
    `at = "year_end"` takes the population of 1 January the following year.
    """

    table: str = ""
    need_key: str = ""
    codes: dict[str, list[str]] = {}
    contents: str = Field(default="", alias="ContentsCode")
    ages: str = ""
    at: Literal["year", "start", "year_end"] = "year"
    year: int | None = None
    scale: float = 1.0

    @model_validator(mode="before")
    @classmethod
    def _codes_from_dimensions(cls, data: dict[str, Any]) -> dict[str, Any]:
        known = {"table", "need_key", "codes", "contents", "ContentsCode", "ages", "at", "year", "scale"}
        codes = {k: [v] if isinstance(v, str) else v for k, v in data.items() if k not in known}
        return {**{k: v for k, v in data.items() if k in known}, "codes": {**data.get("codes", {}), **codes}}

    def faults(self) -> list[str]:
        try:
            age_codes(self.ages or "0-")
        except ValueError as error:
            return [str(error)]
        return []

    @property
    def source(self) -> str:
        return self.table

    @property
    def year_offset(self) -> int:
        return 1 if self.at == "year_end" or self.need_key else 0

    @property
    def cell_codes(self) -> dict[str, list[str]]:
        """The codes it names, per dimension and for ContentsCode; empty for a cost key."""
        if self.need_key:
            return {}
        if self.ages:
            return {**self.codes, "Alder": age_codes(self.ages), "ContentsCode": [self.contents]}
        return {**self.codes, "ContentsCode": [self.contents]}


class Formula(Block):
    """What a figure is: `sum` as arithmetic in A and B, `told` as a card says it where the sum alone would not do."""

    sum: str = Field(pattern=r"^[AB0-9 ×÷−+()]+$")
    told: str = ""

    @property
    def divides(self) -> bool:
        """Whether there is a B to divide by."""
        return "B" in self.sum

    @property
    def words(self) -> str:
        return self.told or self.sum


class Card(Block):
    what: str
    why: str
    read: str
    terms: list[str] = []


class Indicator(Block):
    id: str
    title: str
    short: str
    heading: Heading
    kind: Literal[
        "behov",
        "beløp",
        "dekningsgrad",
        "dimensjonering",
        "enhetskostnad",
        "innretning",
        "kvalitet",
        "pris",
        "prioritering",
    ]
    formula: str  # one of formulas.toml
    unit: str
    decimals: int
    direction: Literal["higher", "lower", "neutral"]
    merge: Literal["S", "W", "N"]
    card: Card
    numerator: Operand | None = None
    denominator: Operand | None = None
    value: Operand | None = None
    weight: Operand | None = None
    uncertainty: Operand | None = None
    published: Operand | None = None
    need_key: str = ""
    konsern: bool = False
    breaks: dict[str, str] = {}  # year → why figures before and from it are not the same thing
    caution: str = ""  # what must be said wherever the figure is shown, not only on the card
    instead_of: str = ""  # the indicator of the same thing that is shown where the set has it for the members
    for_services: list[str] = []
    mix: list[str] = []  # what a share divides the whole into: what it counts, and the rest
    standard: list[str] = []  # rows of the field's standard set (standard.csv) that it answers

    @property
    def area(self) -> str:
        return self.id.split(".")[0]

    @property
    def operands(self) -> dict[str, Operand]:
        """The operands by the letter used in the tables: A, B, published P, uncertainty U."""
        named = {
            "A": self.numerator or self.value,
            "B": self.denominator or self.weight,
            "P": self.published,
            "U": self.uncertainty,
        }
        return {letter: operand for letter, operand in named.items() if operand is not None}

    @property
    def named_operands(self) -> dict[str, Operand]:
        """The operands by the name they have in the definition."""
        named = {name: getattr(self, name) for name in OPERANDS}
        return {name: operand for name, operand in named.items() if operand is not None}

    def faults(self) -> list[str]:
        """What does not hold together within the block."""
        faults = []
        if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", self.id):
            faults.append("id skal være tjeneste.navn med små bokstaver.")
        if self.mix and (self.formula != "share" or len(self.mix) != 2):
            faults.append("mix gjelder andeler (formelen share) og skal ha to navn: det som telles, og resten.")
        if (self.formula == "value") != (self.value is not None):
            faults.append("bruk `value` med formelen value, ellers `numerator`.")
        if self.merge == "W" and self.formula != "value":
            faults.append("regel W gjelder publiserte forholdstall: bruk formelen value med value og weight.")
        return faults

    @property
    def is_spending(self) -> bool:
        """Whether it is kroner that follow the price of municipal services (fees and prices follow other rules)."""
        return self.unit in ("kr", "1000 kr") and self.kind in ("beløp", "prioritering", "enhetskostnad")

    @property
    def fixed_year(self) -> int | None:
        """The one year a figure stands on if every operand names its own year (a projection from 2018 to 2040)."""
        years = [operand.year for operand in self.operands.values()]
        return min(year for year in years if year) if all(years) else None

    @property
    def sources(self) -> list[str]:
        used = [operand.source for letter, operand in self.operands.items() if letter in "AB"]
        return list(dict.fromkeys(used))


class NeedKeys(Block):
    """Weights of the cost keys by criterion, for one year."""

    year: int
    status: str
    source: str
    ages: dict[str, str]
    keys: dict[str, dict[str, float]]
    together: dict[str, dict[str, float]] = {}  # keys made of several sectors', each by its share of the whole

    @model_validator(mode="before")
    @classmethod
    def _add_up(cls, data: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, dict[str, float]] = {}
        for name, sectors in data.get("together", {}).items():
            key = made.setdefault(name, {})
            for sector, share in sectors.items():
                for criterion, weight in data["keys"][sector].items():
                    key[criterion] = key.get(criterion, 0) + weight * share / fsum(sectors.values())
        return {**data, "keys": {**data.get("keys", {}), **made}}

    def faults(self) -> list[tuple[str, str]]:
        """What was found and what is allowed: keys that do not add up, ages that no key uses."""
        faults = [
            (f"nøkkelen {key} summerer til {fsum(weights.values()):.4f}.", "1 (±0,001)")
            for key, weights in self.keys.items()
            if abs(fsum(weights.values()) - 1) > WEIGHT_TOLERANCE
        ]
        known = {name for weights in self.keys.values() for name in weights}
        return faults + [
            (f"alderskriteriet {name} brukes ikke av noen nøkkel.", "") for name in self.ages if name not in known
        ]


class PriceChange(Block):
    """How much dearer municipal services became in a year, in per cent; `status` is that of the estimate.

    `not_chained` says why an estimate is shown but not used to carry kroner over the year.
    """

    year: int
    pct: float
    status: Literal["NB", "RNB", "TBU", "revidert"]
    date: date
    source: str
    not_chained: str = ""


class Deflator(Block):
    """The yearly price changes that are known, and the year whose prices are shown."""

    price_year: int
    change: list[PriceChange] = []

    def factor(self, year: int) -> tuple[float | None, list[int]]:
        """What kroner of `year` are multiplied by to be of `price_year`; None, and the years that lack a change."""
        known = {change.year: 1 + change.pct / 100 for change in self.change if not change.not_chained}
        low, high = sorted((year, self.price_year))
        steps = range(low + 1, high + 1)
        missing = [step for step in steps if step not in known]
        grown = prod(known.get(step, 1.0) for step in steps)
        return (None if missing else grown if year <= self.price_year else 1 / grown), missing


class Decomposition(Block):
    """Spending per inhabitant as target share × coverage × cost per user; the parts are indicators' A and B."""

    id: str
    title: str
    cost: str
    users: str
    inhabitants: str
    user_word: str


def age_codes(ages: str) -> list[str]:
    """`"1-5"` → SSB's codes 001 … 005; `"90-"` → 090 … 105+; `"0"` → 000."""
    found = re.fullmatch(r"(\d{1,3})(-(\d{1,3})?)?", ages)
    if not found:
        raise ValueError(f"«{ages}» er ikke en alder; skriv for eksempel 1-5, 67- eller 0.")
    first = int(found[1])
    last = first if found[2] is None else int(found[3] or OLDEST)
    if not first <= last <= OLDEST:
        raise ValueError(f"«{ages}» går ikke fra lav til høy alder innenfor 0–{OLDEST}.")
    return [f"{age:03d}" if age < OLDEST else f"{OLDEST}+" for age in range(first, last + 1)]
