"""What the room is asked for and answers with. Codes are KLASS 131 codes; years are states (1.1. to 31.12.)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.errors import KunnskapError, Problem

Answer = Literal["own_code", "sum", "part", "unknown", "not_yet"]
Use = Literal["own", "sum", "not_valid", "not_yet"]
MarkKind = Literal["border", "divided", "fact", "whole"]

USES: dict[Answer, Use] = {
    "own_code": "own",
    "sum": "sum",
    "part": "not_valid",
    "unknown": "not_valid",
    "not_yet": "not_yet",
}


@dataclass(frozen=True, order=True)
class Place:
    """A code at a date; the state is that of the date's year, after the changes of its 1 January."""

    code: str
    reference: date

    def __str__(self) -> str:
        return f"{self.code}@{self.reference.isoformat()}"


@dataclass(frozen=True)
class Territory:
    """Land: all land of some codes at one reference date. Made by `Atlas.territory`, which refuses wrong codes."""

    codes: tuple[str, ...]
    reference: date

    @property
    def year(self) -> int:
        """The state that gives the codes their meaning."""
        return self.reference.year

    def __str__(self) -> str:
        return "+".join(str(Place(code, self.reference)) for code in self.codes)


@dataclass(frozen=True)
class Held:
    """Someone else with land in a code: `code`, in the state of `year`."""

    code: str
    year: int
    name: str

    def __str__(self) -> str:
        return f"{self.code}@{self.year}"


@dataclass(frozen=True)
class Share:
    """A code that does not lie wholly in the land: who else holds it, and a sentence that can be printed."""

    code: str
    name: str
    shared_with: tuple[Held, ...]
    reason: str


@dataclass(frozen=True)
class Mark:
    """What must be told beside the figure.

    border: a border moved in `year`, both `codes` are counted whole · divided: the codes were one until `year` ·
    fact: the answer rests on a stated fact · whole: a divided member is counted whole by the user's word.
    """

    kind: MarkKind
    year: int
    codes: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Composition:
    """The codes of one state that hold some of the land.

    `whole`: all land of the code is in. `part`: some surely in, some surely out. `unknown`: rows cannot tell.
    `reasons`: one printable sentence for each code that is not whole, or why there is no answer yet.
    """

    year: int
    answer: Answer
    whole: tuple[str, ...] = ()
    part: tuple[Share, ...] = ()
    unknown: tuple[Share, ...] = ()
    marks: tuple[Mark, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def use(self) -> Use:
        """How figures of the state can be used: the code's own, the sum of the codes, or not at all."""
        return USES[self.answer]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes whose figures are, or add up to, those of the land; none when it is not whole."""
        return self.whole if self.answer in ("own_code", "sum") else ()

    @property
    def part_codes(self) -> tuple[str, ...]:
        return tuple(share.code for share in self.part)

    @property
    def unknown_codes(self) -> tuple[str, ...]:
        return tuple(share.code for share in self.unknown)

    @property
    def counties(self) -> tuple[str, ...]:
        """Counties of the state with some of the land: the first two digits."""
        return tuple(sorted({code[:2] for code in (*self.whole, *self.part_codes, *self.unknown_codes)}))


@dataclass(frozen=True)
class Period:
    """Years in a row, both included, in which the land is made up of the same codes."""

    first: int
    last: int
    whole: tuple[str, ...]
    part: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def answer_of(whole: tuple[str, ...], part: tuple[Share, ...], unknown: tuple[Share, ...]) -> Answer:
    if part:
        return "part"
    if unknown:
        return "unknown"
    return "own_code" if len(whole) == 1 else "sum"


def periods_of(compositions: Iterable[Composition]) -> tuple[Period, ...]:
    """Compositions of years in a row, put together while the codes stay the same."""
    found: list[Period] = []
    for one in compositions:
        same = found and (found[-1].whole, found[-1].part, found[-1].unknown) == _codes(one)
        begun = found.pop().first if same else one.year
        found.append(Period(begun, one.year, *_codes(one)))
    return tuple(found)


def parse_places(text: str) -> tuple[Place, ...]:
    """Places out of 3301@2026-01-01+3312@2026-01-01. Raises KunnskapError on anything else."""
    return tuple(_parse_place(part) for part in text.split("+"))


def _parse_place(text: str) -> Place:
    code, _, when = text.strip().partition("@")
    try:
        return Place(code, date.fromisoformat(when))
    except ValueError as error:
        problem = Problem(found=f"«{text}» er ikke en kode med dato.", allowed="som 3301@2026-01-01")
        raise KunnskapError("Stedet kan ikke leses:", [problem]) from error


def _codes(one: Composition) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    return one.whole, one.part_codes, one.unknown_codes
