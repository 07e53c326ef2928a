"""What harmonisation is about, as definitions: fees, coverage, spending, households, assumptions, guidelines.

`definitions/harmonisation/` and `definitions/guidelines/` hold them; `load` reads them with the rest and asks `faults`
whether they hold together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from pipeline.model.block import Block

Object = Literal["fee", "coverage", "distribution", "grant", "opening"]
SCENARIOS: dict[str, str] = {
    "today": "i dag",
    "lowest": "laveste",
    "average": "snitt",
    "highest": "høyeste",
    "target": "eget mål",
}


SEPARATOR = ": "  # between what an item is and which kind of it; compute/sql/macros/item_id.sql writes the same


def item_id(*parts: str | None) -> str:
    """`sfo.hel_plass` and «andre barn» → `sfo.hel_plass: andre barn`: what it is, then which kind of it."""
    return SEPARATOR.join(part for part in parts if part)


def item_head(item: str) -> str:
    """What an item is, whichever kind of it: `sfo.hel_plass: andre barn` → `sfo.hel_plass`."""
    return item.split(SEPARATOR)[0]


def is_kind(item: str) -> bool:
    """Whether an item is one kind of something, with a name of its own after the head."""
    return item != item_head(item)


def is_of(item: str, name: str) -> bool:
    """Whether an item is the one named, or a kind of it."""
    return item == name or item.startswith(name + SEPARATOR)


SetBy = Literal["municipality", "state"]


class Variant(Block):
    """A kind of place and an income band that a fee is usually set for; `set_by` where the state sets only this one."""

    place: str = ""
    band: str = ""
    set_by: SetBy = "municipality"


class Fee(Block):
    """A fee or user payment. `months` is how many times a year it is paid; `per_hour` if users pay for hours used.

    `indicator` holds SSB's or the municipalities' published price of the same thing, for members without a row in the
    register. `set_by` is the state where a rule leaves the municipality nothing to decide: `set_source` names the rule,
    `set_year` the year it holds from. `paid_unit` is the unit of what a user pays each time, of a fee per hour with
    a cap.
    """

    id: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    title: str
    unit: str
    months: float
    per_hour: bool = False
    self_cost: bool = False
    indicator: str = ""
    variants: list[Variant] = [Variant()]
    payer: str = "husholdninger"  # who is counted as paying more or less
    paid_unit: str = "kr per gang"
    set_by: SetBy = "municipality"
    set_source: str = ""
    set_year: int | None = None

    @property
    def service(self) -> str:
        return self.id.split(".")[0]

    def is_set_by_state(self, item: str) -> bool:
        """Whether the state sets the price of one kind of this fee (`item_id`); what the fee says holds for every kind,
        those too that the municipalities write themselves."""
        kinds = {item_id(self.id, kind.place, kind.band): kind.set_by for kind in self.variants}
        return "state" in (self.set_by, kinds.get(item))

    @property
    def state_kinds(self) -> list[str]:
        """The items whose price the state sets: the fee itself where it is all of them."""
        if self.set_by == "state":
            return [self.id]
        kinds = [item_id(self.id, kind.place, kind.band) for kind in self.variants]
        return [item for item in kinds if self.is_set_by_state(item)]

    @property
    def set_told(self) -> str:
        """By which rule, and since when, as it is told."""
        return f"{self.set_source}, fra {self.set_year}"


class Coverage(Block):
    """Units per target group, from an indicator in per cent; what is told in kroner and what is not.

    `cost` is an indicator of spending whose A (kr) is divided by the units: the average cost of a unit. `not_kroner`
    says why the difference is none in kroner.
    """

    indicator: str
    units: str
    cost: str = ""
    cost_note: str = ""
    not_kroner: str = ""


class Spending(Block):
    """What a service costs, on one or more bases: `indicators` as it is, `need` the one adjusted by the need table."""

    area: str
    indicators: list[str] = Field(min_length=1)
    need: str = ""


class LeftOut(Block):
    """A service whose spending is not evened out, and why."""

    area: str
    why: str


class Line(Block):
    """What a household pays for: a fee, how much of it, how often (the register's months if not given)."""

    fee: str
    what: str
    place: str = ""
    band: str = ""
    quantity: float = 1
    months: float | None = None

    @property
    def item(self) -> str:
        return item_id(self.fee, self.place, self.band)


class Household(Block):
    id: str
    title: str
    text: str
    part: str
    line: list[Line]


class Assumptions(Block):
    """`phase_in_pct`: how much of a change has come after each year, the first year first."""

    elasticity: float
    phase_in_pct: list[float]
    few: int  # fewer paying users than this are not shown
    source: str


class Question(Block):
    """An open question to the group; `parts` empty: to every group."""

    text: str
    about: Object | Literal["all"] = "all"
    parts: list[str] = []


class Arrangement(Block):
    """A way of doing things together with other municipalities (`id`, as in the form), and what it may hide in the
    sums."""

    id: str
    hides: str


class Guideline(Block):
    """One point of a plan, in our own words, and what in the figures and registers speaks to it."""

    id: str
    text: str
    parts: list[str] = []  # empty: concerns every sub-project
    indicators: list[str] = []
    fees: list[str] = []
    registers: list[str] = []
    counted: bool = False  # the point is about kroner or a number: such an indicator may answer it
    note: str = ""  # what no figure can tell


class GuidelineSet(Block):
    id: str
    title: str
    source: str
    guideline: list[Guideline]


@dataclass(frozen=True)
class Harmonisation:
    fees: dict[str, Fee]
    coverage: list[Coverage]
    spending: list[Spending]
    left_out: list[LeftOut]
    households: dict[str, Household]
    assumptions: Assumptions
    questions: list[Question]
    arrangements: dict[str, Arrangement]
    guidelines: dict[str, list[GuidelineSet]]  # by merger; one without a platform has none

    @property
    def indicators(self) -> set[str]:
        """The indicators that fees, coverage and spending stand on."""
        named = [fee.indicator for fee in self.fees.values()]
        named += [name for item in self.coverage for name in (item.indicator, item.cost)]
        named += [name for spent in self.spending for name in (*spent.indicators, spent.need)]
        return {name for name in named if name}


@dataclass(frozen=True)
class Known:
    """The ids that these definitions may refer to."""

    indicators: Collection[str]
    areas: Collection[str]
    parts: Collection[str]
    registers: Collection[str]
    counted: Collection[str] = ()  # the indicators that are kroner or a number


def faults(h: Harmonisation, known: Known) -> Iterator[tuple[str, str]]:
    """File and fault of everything that refers to something that is not there."""

    def unknown(
        file: str, where: str, kind: str, names: Collection[str], there: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        yield from ((file, f"{where}: {kind} «{name}» finnes ikke.") for name in names if name and name not in there)

    for fee in h.fees.values():
        yield from unknown("harmonisation/fees.toml", fee.id, "tjenesten", [fee.service], known.areas)
        yield from unknown("harmonisation/fees.toml", fee.id, "indikatoren", [fee.indicator], known.indicators)
        if bool(fee.state_kinds) != bool(fee.set_source and fee.set_year):
            yield "harmonisation/fees.toml", f'{fee.id}: set_by = "state" skal ha set_source og set_year, og bare da.'
    file = "harmonisation/items.toml"
    for item in h.coverage:
        yield from unknown(file, "coverage", "indikatoren", [item.indicator, item.cost], known.indicators)
        if item.cost and item.not_kroner:
            yield file, f"{item.indicator}: oppgi cost eller not_kroner, ikke begge."
    for spent in h.spending:
        yield from unknown(file, "spending", "indikatoren", [*spent.indicators, spent.need], known.indicators)
        yield from unknown(file, "spending", "tjenesten", [spent.area], known.areas)
    for left in h.left_out:
        yield from unknown(file, "left_out", "tjenesten", [left.area], known.areas)
    for household in h.households.values():
        file = "harmonisation/households.toml"
        yield from unknown(file, household.id, "avgiften", [line.fee for line in household.line], h.fees)
        yield from unknown(file, household.id, "delprosjektet", [household.part], known.parts)
    shares = h.assumptions.phase_in_pct
    if sorted(shares) != shares or not shares or shares[-1] != 100 or shares[0] < 0:
        yield "harmonisation/assumptions.toml", "phase_in_pct skal stige fra 0 eller mer og ende på 100."


def guideline_faults(h: Harmonisation, plans: list[GuidelineSet], known: Known) -> Iterator[str]:
    """The same for the plans' points of one merger."""
    points = [point for plan in plans for point in plan.guideline]
    for id_ in {p.id for p in points if sum(q.id == p.id for q in points) > 1}:
        yield f"{id_} står to ganger."
    for point in points:
        for kind, names, there in (
            ("indikatoren", point.indicators, known.indicators),
            ("avgiften", point.fees, h.fees),
            ("registeret", point.registers, known.registers),
            ("delprosjektet", point.parts, known.parts),
        ):
            yield from (f"{point.id}: {kind} «{name}» finnes ikke." for name in names if name not in there)
        for name in [] if point.counted else point.indicators:
            if name in known.counted:
                yield (
                    f"{point.id}: «{name}» er kroner eller et antall, og måler ikke punktet. "
                    "Handler det om nettopp det, skriv counted = true."
                )
