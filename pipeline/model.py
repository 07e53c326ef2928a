"""The definitions, loaded from TOML and checked against each other.

*What* the pipeline does stands in `pipeline/definitions/`; this module is the one place that reads
it. `load(project)` returns a `Definitions`; anything that does not hold together stops there, with
file, block and field named.
"""

import csv
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from math import prod
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from pipeline.block import STRICT
from pipeline.errors import KunnskapError, Problem
from pipeline.harmonisation import (
    Assumptions,
    Coverage,
    Fee,
    GuidelineSet,
    Harmonisation,
    Household,
    Known,
    LeftOut,
    Question,
    Spending,
    faults,
)
from pipeline.project import Project

Heading = Literal["innretning", "dimensjonering", "kvalitet", "finansiering", "geografi"]
HEADINGS: dict[str, str] = {
    "innretning": "Innretning",
    "dimensjonering": "Dimensjonering",
    "kvalitet": "Kvalitet",
    "finansiering": "Finansiering",
    "geografi": "Geografisk fordeling",
}
OLDEST = 105  # 07459's open top group: 105 years or older
WEIGHT_TOLERANCE = 0.001  # published cost keys are rounded to four decimals


class _Block(BaseModel):
    model_config = STRICT


class Status(_Block):
    id: str
    label: str
    rank: int
    meaning: str
    symbols: list[str] = []


class Term(_Block):
    term: str
    text: str


class Contents(_Block):
    """A content code of a source: label as printed, unit, decimals as published, allowed range.

    `evidence` says how the label is known: printed by SSB, paraphrased by others, or guessed from the code.
    Decimals that are not known are not checked.
    """

    label: str
    unit: str
    evidence: Literal["ssb", "app", "inferred"] = "ssb"
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    suppress_below: int = 0  # a count of people from 1 and up to this is never shown (SSB: 3; users of care: 5)
    optional: bool = False


class Source(_Block):
    """A Statbank table (`cube`) or a list of units (`register`)."""

    id: str
    kind: Literal["cube", "register"]
    title: str
    producer: str
    licence: str
    confidence: Literal["A", "B", "C"]
    selection: str
    evidence: list[str] = []
    seen: bool = True
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
    years: dict[str, int] = {}
    # form (a register that the municipalities fill in)
    fill: list[str] = []  # the columns somebody fills in; a row where all of them are empty is not there
    adds: str = ""  # what a report says that the form would bring
    help: dict[str, str] = {}  # what to write in a column, in Norwegian
    region_basis: Literal["municipality", "former_area"] = "municipality"

    @property
    def is_form(self) -> bool:
        """A register that the municipalities fill in, row by row."""
        return self.kind == "register" and self.pull == "local"

    @property
    def statbank_table(self) -> str:
        """The number of the Statbank table; empty if it is not known."""
        return self.id if self.table is None else self.table


class FieldDef(_Block):
    """One entry of the field dictionary."""

    type: Literal["text", "number", "integer", "date", "boolean"]
    about: str
    pattern: str = ""
    allowed_words: str = ""
    allowed: list[str] = []
    minimum: float | None = None
    maximum: float | None = None
    blank: bool = False
    region: bool = False
    status: bool = False


class Table(_Block):
    """A processed table: its grain, its columns, and what it is for."""

    about: str
    grain: list[str]
    columns: list[str]
    fields: dict[str, str] = {}


class Operand(_Block):
    """What is summed: cells of one source, or the age part of a cost key.

    `codes` holds the code or codes per dimension; `ages` stands for the dimension Alder of 07459.
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

    @property
    def source(self) -> str:
        return "07459" if self.need_key else self.table

    @property
    def year_offset(self) -> int:
        return 1 if self.at == "year_end" or self.need_key else 0

    @property
    def cell_codes(self) -> dict[str, list[str]]:
        """The codes it names, per dimension and for ContentsCode; empty for a cost key."""
        if self.need_key:
            return {}
        if self.ages:
            return {**self.codes, "Alder": age_codes(self.ages), "ContentsCode": [self.contents or "Personer1"]}
        return {**self.codes, "ContentsCode": [self.contents]}


class Card(_Block):
    what: str
    why: str
    read: str
    terms: list[str] = []


class Indicator(_Block):
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
    formula: Literal["amount", "ratio", "share", "change", "value"]
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


class Service(_Block):
    id: str
    title: str
    functions: list[str]
    target_ages: str
    function_group: str = ""
    judgement: dict[str, str] = {}


class ServiceGroup(_Block):
    id: str
    title: str
    services: list[str]
    function_group: str


class CrossCutting(_Block):
    id: str
    title: str


class Outside(_Block):
    title: str
    functions: list[str]
    reason: str


class Part(_Block):
    id: str
    slug: str
    title: str
    services: list[str]
    also_show: list[str] = []
    target_ages: list[str] = []
    profile: list[str] = []
    profile_scale: Literal["index", "value"] = "index"
    lead: str = ""
    also_indicators: list[str] = []  # of other areas, shown here as well
    places: Literal["", "school", "kindergarten", "polling_place"] = ""


class Grouping(_Block):
    id: str
    title: str
    source: str
    complete: bool
    part: list[Part]
    profile: list[str] = []


class Member(_Block):
    code: str = Field(pattern=r"^\d{4}$")
    name: str
    kostra_group: str = ""


class Successor(_Block):
    code: str = Field(pattern=r"^\d{4}$")
    from_: date = Field(alias="from")
    to: date | None = None


class Comparator(_Block):
    """Something to compare with: a region code, or regions put together (`plus`) less others (`minus`)."""

    id: str
    name: str
    kind: Literal["country", "country_without_oslo", "county", "kostra_group", "peer"]
    plus: list[str] = []
    minus: list[str] = []
    years: tuple[int, int] = (1986, 2099)


class Deadline(_Block):
    basis: date
    rehearsal: date
    workshop: date


class Merger(_Block):
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    merged_name: str
    merge_date: date
    base_year: int
    subprojects: str
    groupings: list[str] = []
    member: list[Member] = Field(min_length=2)
    successor: list[Successor] = []
    comparator: list[Comparator] = []
    deadlines: dict[str, Deadline] = {}

    @property
    def own_codes(self) -> list[str]:
        """The municipality codes of the members and of the merged municipality."""
        return [member.code for member in self.member] + [successor.code for successor in self.successor]

    @property
    def region_codes(self) -> list[str]:
        """Every region code that figures are looked up for: own, and what comparators are made of."""
        compared = [code for c in self.comparator for code in (c.plus + c.minus or [c.id])]
        return list(dict.fromkeys([*self.own_codes, *compared]))

    @property
    def recast_code(self) -> str:
        """SSB's code for the series recast to today's municipality (codelist agg_KommSummer); empty if none."""
        return f"K-{self.successor[-1].code}" if self.successor else ""


class NeedKeys(_Block):
    """Weights of the cost keys by criterion, for one year."""

    year: int
    status: str
    source: str
    confidence: Literal["A", "B", "C"]
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
                    key[criterion] = key.get(criterion, 0) + weight * share / sum(sectors.values())
        return {**data, "keys": {**data.get("keys", {}), **made}}


class PriceChange(_Block):
    """How much dearer municipal services became in a year, in per cent; `status` is that of the estimate."""

    year: int
    pct: float
    status: Literal["NB", "RNB", "TBU", "revidert"]
    date: date
    source: str
    confidence: Literal["A", "B", "C"]


class Deflator(_Block):
    """The yearly price changes that are known, and the year whose prices are shown."""

    price_year: int
    change: list[PriceChange] = []

    def factor(self, year: int) -> tuple[float | None, list[int]]:
        """What kroner of `year` are multiplied by to be of `price_year`; None, and the years that lack a change."""
        known = {change.year: 1 + change.pct / 100 for change in self.change}
        low, high = sorted((year, self.price_year))
        steps = range(low + 1, high + 1)
        missing = [step for step in steps if step not in known]
        grown = prod(known.get(step, 1.0) for step in steps)
        return (None if missing else grown if year <= self.price_year else 1 / grown), missing


class Decomposition(_Block):
    """Spending per inhabitant as target share × coverage × cost per user; the parts are indicators' A and B."""

    id: str
    title: str
    cost: str
    users: str
    inhabitants: str
    user_word: str


class Correction(_Block):
    source: str
    key: dict[str, str]
    column: str
    expect: str
    status: str
    reason: str


class Deviation(_Block):
    """A tolerated disagreement; `unusable` where a computed figure would be wrong, not only rounded."""

    check: str
    item: str
    reason: str
    unusable: bool = False


class Tolerance(_Block):
    """Disagreements of a check that are of a known kind while they are small: `within` a share of the figure."""

    check: str
    within: float = Field(gt=0, lt=0.01)
    reason: str


@dataclass(frozen=True)
class Function:
    """A municipal KOSTRA function as listed in functions.csv."""

    code: str
    name: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class StandardRow:
    """A row of the field's standard set of indicators, as standard.csv has it; signs as there (↑, ↓, neutral; y, n)."""

    row: str
    part: str
    indicator: str
    unit: str
    direction: str
    merge: str
    need_adjust: str


@dataclass(frozen=True)
class Definitions:
    statuses: dict[str, Status]
    terms: dict[str, Term]
    fields: dict[str, FieldDef]
    tables: dict[str, Table]
    sources: dict[str, Source]
    functions: dict[str, Function]
    services: dict[str, Service]
    service_groups: dict[str, ServiceGroup]
    cross_cutting: dict[str, CrossCutting]
    outside: list[Outside]
    groupings: dict[str, Grouping]
    mergers: dict[str, Merger]
    indicators: dict[str, Indicator]
    need: NeedKeys
    corrections: list[Correction]
    deviations: list[Deviation]
    tolerances: list[Tolerance]
    decompositions: dict[str, Decomposition]
    standard: dict[str, StandardRow]
    deflator: Deflator
    harmonisation: Harmonisation

    @property
    def forms(self) -> list[Source]:
        """The registers that the municipalities fill in to harmonise."""
        return [source for source in self.sources.values() if source.is_form]

    def merger(self, merger_id: str) -> Merger:
        """The merger with this id; a misspelt id names the ones there are."""
        if merger_id in self.mergers:
            return self.mergers[merger_id]
        raise KunnskapError(
            f"Fant ingen sammenslåing som heter «{merger_id}».",
            [
                Problem(
                    found="Disse finnes: " + ", ".join(sorted(self.mergers)) + ".",
                    remedy="skriv en av dem etter --merger, eller lag en ny fil i pipeline/definitions/mergers/.",
                )
            ],
        )

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator with this id; a misspelt id names the nearest."""
        if indicator_id in self.indicators:
            return self.indicators[indicator_id]
        from difflib import get_close_matches

        near = get_close_matches(indicator_id, self.indicators, n=5, cutoff=0.4)
        raise KunnskapError(
            f"Fant ingen indikator som heter «{indicator_id}».",
            [Problem(found="Mente du " + ", ".join(near) + "?" if near else "`kunnskap status` lister alle.")],
        )

    def parts(self, merger: Merger) -> list[Part]:
        return self.groupings[merger.subprojects].part

    def area_title(self, area: str) -> str:
        for book in (self.services, self.service_groups, self.cross_cutting):
            if area in book:
                return book[area].title
        raise KeyError(area)

    def indicators_of(self, part: Part) -> list[Indicator]:
        """The indicators a part's report shows: its services, shared groups, and what cuts across."""
        return [indicator for indicator in self.indicators.values() if self._shows(part, indicator)]

    def _shows(self, part: Part, indicator: Indicator) -> bool:
        if indicator.area in part.services or indicator.area in part.also_show or indicator.id in part.also_indicators:
            return True
        if indicator.area not in self.cross_cutting:
            return False
        if indicator.for_services:
            return any(service in part.services for service in indicator.for_services)
        if indicator.id in part.profile:
            return True
        ages = indicator.numerator.ages if indicator.numerator else ""
        return ages in ("", "0-") or ages in part.target_ages


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


# ---------------------------------------------------------------------------------------- loading


def load(project: Project) -> Definitions:
    """Read and check every definition file under `project.definitions`."""
    reader = _Reader(project)
    services = reader.toml("services.toml")
    definitions = Definitions(
        statuses=reader.keyed(Status, "statuses.toml", "status"),
        terms=reader.named(Term, "terms.toml"),
        fields=reader.named(FieldDef, "fields.toml"),
        tables=reader.named(Table, "tables.toml"),
        sources=reader.keyed(Source, "sources/*.toml", "source"),
        functions=reader.functions("functions.csv"),
        services=reader.keyed(Service, "services.toml", "service"),
        service_groups=reader.keyed(ServiceGroup, "services.toml", "service_group"),
        cross_cutting=reader.keyed(CrossCutting, "services.toml", "cross_cutting"),
        outside=[reader.build(Outside, block, "services.toml", "outside") for block in services.get("outside", [])],
        groupings=reader.files(Grouping, "groupings/*.toml"),
        mergers=reader.files(Merger, "mergers/*.toml"),
        indicators=reader.keyed(Indicator, "indicators/*.toml", "indicator"),
        need=reader.build(NeedKeys, reader.toml("need.toml"), "need.toml", ""),
        corrections=reader.listed(Correction, "corrections.toml", "correction"),
        deviations=reader.listed(Deviation, "deviations.toml", "deviation"),
        tolerances=reader.listed(Tolerance, "deviations.toml", "tolerance"),
        decompositions=reader.keyed(Decomposition, "decompositions.toml", "decomposition"),
        deflator=reader.build(Deflator, reader.toml("deflator.toml"), "deflator.toml", ""),
        standard={row["row"]: StandardRow(**row) for row in reader.rows("standard.csv")},
        harmonisation=_harmonisation(reader),
    )
    problems = reader.problems or _check(definitions)
    if problems:
        raise KunnskapError("Definisjonene henger ikke sammen:", problems)
    return definitions


def _harmonisation(reader: "_Reader") -> Harmonisation:
    folder = "harmonisation"
    return Harmonisation(
        fees=reader.keyed(Fee, f"{folder}/fees.toml", "fee"),
        coverage=reader.listed(Coverage, f"{folder}/items.toml", "coverage"),
        spending=reader.listed(Spending, f"{folder}/items.toml", "spending"),
        left_out=reader.listed(LeftOut, f"{folder}/items.toml", "left_out"),
        households=reader.keyed(Household, f"{folder}/households.toml", "household"),
        assumptions=reader.build(
            Assumptions, reader.toml(f"{folder}/assumptions.toml"), f"{folder}/assumptions.toml", ""
        ),
        questions=reader.listed(Question, f"{folder}/questions.toml", "question"),
        guidelines={
            Path(name).stem: reader.listed(GuidelineSet, name, "set") for name in reader.names("guidelines/*.toml")
        },
    )


class _Reader:
    """Reads definition files and gathers every problem instead of stopping at the first."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.definitions
        self.problems: list[Problem] = []

    def shown(self, name: str) -> str:
        return self.project.shown(self.folder / name)

    def toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(Problem(file=self.shown(name), found="filen mangler."))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problems.append(
                Problem(
                    file=self.shown(name),
                    found=f"kan ikke leses som TOML ({error}).",
                    remedy="rett linjen og kjør igjen.",
                )
            )
        return {}

    def names(self, pattern: str) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern))

    def build(self, model: type[Any], block: dict[str, Any], name: str, where: str) -> Any:
        try:
            return model.model_validate(block)
        except ValidationError as error:
            label = block.get("id", "")
            for item in error.errors():
                self.problems.append(_definition_problem(self.shown(name), f"{where} {label}".strip(), item))
            return None

    def listed(self, model: type[Any], pattern: str, key: str) -> list[Any]:
        built = [
            self.build(model, block, name, key)
            for name in self.names(pattern)
            for block in self.toml(name).get(key, [])
        ]
        return [block for block in built if block is not None]

    def keyed(self, model: type[Any], pattern: str, key: str) -> dict[str, Any]:
        book: dict[str, Any] = {}
        for block in self.listed(model, pattern, key):
            if block.id in book:
                self.problems.append(Problem(file=self.shown(pattern), found=f"{key} {block.id} står to ganger."))
            book[block.id] = block
        return book

    def named(self, model: type[Any], name: str) -> dict[str, Any]:
        built = {key: self.build(model, block, name, key) for key, block in self.toml(name).items()}
        return {key: block for key, block in built.items() if block is not None}

    def files(self, model: type[Any], pattern: str) -> dict[str, Any]:
        book = {}
        for name in self.names(pattern):
            block = self.build(model, self.toml(name), name, "")
            if block is None:
                continue
            if block.id != Path(name).stem:
                self.problems.append(
                    Problem(file=self.shown(name), found=f"id er «{block.id}».", remedy="la id og filnavn være like.")
                )
            book[block.id] = block
        return book

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def functions(self, name: str) -> dict[str, Function]:
        rows = self.rows(name)
        return {row["code"]: Function(row["code"], row["name"], row["valid_from"], row["valid_to"]) for row in rows}


def _definition_problem(file: str, where: str, item: Any) -> Problem:
    field_name = ".".join(str(step) for step in item["loc"])
    found, allowed = f"«{item['input']}» kan ikke brukes.", ""
    if item["type"] == "extra_forbidden":
        found = "feltet er ukjent."
    elif item["type"] == "missing":
        found = "feltet mangler."
    elif item["type"] == "literal_error":
        allowed = item["ctx"]["expected"].replace(" or ", ", ")
    else:
        allowed = item["msg"]
    return Problem(file=file, found=f"{where}, felt {field_name}: {found}", allowed=allowed)


# --------------------------------------------------------------------------------------- checking


def _check(d: Definitions) -> list[Problem]:
    problems = [*_check_functions(d), *_check_groupings(d), *_check_mergers(d), *_check_need(d), *_check_tables(d)]
    problems += [
        Problem(file="definitions/decompositions.toml", found=f"{split.id}: indikatoren «{name}» finnes ikke.")
        for split in d.decompositions.values()
        for name in (split.cost, split.users, split.inhabitants)
        if name not in d.indicators
    ]
    problems += [Problem(file=f"definitions/{file}", found=text) for file, text in faults(d.harmonisation, _known(d))]
    problems += [
        Problem(
            file="definitions/harmonisation/items.toml",
            found=f"{item.indicator} har enheten «{d.indicators[item.indicator].unit}».",
            allowed="prosent: plassene er verdi × målgruppe ÷ 100",
        )
        for item in d.harmonisation.coverage
        if item.indicator in d.indicators and d.indicators[item.indicator].unit != "prosent"
    ]
    for indicator in d.indicators.values():
        problems += [
            Problem(file=f"definitions/indicators/{indicator.area}.toml", found=f"{indicator.id}: {text}")
            for text in _indicator_faults(d, indicator)
        ]
    return problems


def _known(d: Definitions) -> Known:
    return Known(
        indicators=d.indicators,
        areas=[*d.services, *d.service_groups],
        parts=[part.id for grouping in d.groupings.values() for part in grouping.part],
        registers=[source.id for source in d.forms],
        mergers=d.mergers,
    )


def _check_functions(d: Definitions) -> list[Problem]:
    file = "definitions/services.toml"
    placed = [f for s in d.services.values() for f in s.functions] + [f for o in d.outside for f in o.functions]
    problems = [
        Problem(
            file=file, found=f"funksjon {code} er plassert {placed.count(code)} ganger.", allowed="nøyaktig én plass"
        )
        for code in d.functions
        if placed.count(code) != 1
    ]
    problems += [
        Problem(file=file, found=f"funksjon {code} står ikke i functions.csv.")
        for code in placed
        if code not in d.functions
    ]
    for group in d.service_groups.values():
        problems += [
            Problem(file=file, found=f"{group.id} viser til tjenesten {s}, som ikke finnes.")
            for s in group.services
            if s not in d.services
        ]
    return problems


def _check_groupings(d: Definitions) -> list[Problem]:
    problems = []
    for grouping in d.groupings.values():
        file = f"definitions/groupings/{grouping.id}.toml"
        named = [service for part in grouping.part for service in part.services]
        shared = [area for part in grouping.part for area in part.also_show]
        problems += [
            Problem(file=file, found=f"«{area}» finnes ikke i services.toml.")
            for area in [*named, *shared]
            if area not in d.services and area not in d.service_groups
        ]
        problems += [
            Problem(file=file, found=f"indikatoren «{indicator}» finnes ikke.")
            for indicator in [
                *grouping.profile,
                *(name for p in grouping.part for name in [*p.profile, *p.also_indicators, p.lead] if name),
            ]
            if indicator not in d.indicators
        ]
        if grouping.complete:
            problems += [
                Problem(file=file, found=f"{service} står i {named.count(service)} deler.", allowed="nøyaktig én")
                for service in d.services
                if named.count(service) != 1
            ]
    return problems


def _check_mergers(d: Definitions) -> list[Problem]:
    problems = []
    for merger in d.mergers.values():
        file = f"definitions/mergers/{merger.id}.toml"
        for grouping in [merger.subprojects, *merger.groupings]:
            if grouping not in d.groupings:
                problems.append(
                    Problem(file=file, found=f"grupperingen «{grouping}» finnes ikke.", allowed=", ".join(d.groupings))
                )
        start = merger.merge_date
        for successor in merger.successor:
            if successor.from_ != start:
                problems.append(
                    Problem(file=file, found=f"{successor.code} gjelder fra {successor.from_}.", allowed=f"{start}")
                )
            start = successor.to or date.max
        if merger.base_year >= merger.merge_date.year:
            problems.append(
                Problem(file=file, found=f"base_year {merger.base_year}.", allowed="et år før sammenslåingen")
            )
    return problems


def _check_need(d: Definitions) -> list[Problem]:
    file = "definitions/need.toml"
    problems = [
        Problem(file=file, found=f"nøkkelen {key} summerer til {sum(weights.values()):.4f}.", allowed="1 (±0,001)")
        for key, weights in d.need.keys.items()
        if abs(sum(weights.values()) - 1) > WEIGHT_TOLERANCE
    ]
    known = {name for weights in d.need.keys.values() for name in weights}
    problems += [
        Problem(file=file, found=f"alderskriteriet {name} brukes ikke av noen nøkkel.")
        for name in d.need.ages
        if name not in known
    ]
    return problems


def _check_tables(d: Definitions) -> list[Problem]:
    problems = []
    for name, table in d.tables.items():
        for column in table.columns:
            if table.fields.get(column, column) not in d.fields:
                problems.append(
                    Problem(file="definitions/tables.toml", found=f"{name}: kolonnen {column} står ikke i fields.toml.")
                )
        problems += [
            Problem(file="definitions/tables.toml", found=f"{name}: {column} er i grain, men ikke i columns.")
            for column in table.grain
            if column not in table.columns
        ]
    for source in d.sources.values():
        if source.successor and source.successor not in d.sources:
            problems.append(
                Problem(file="definitions/sources", found=f"{source.id}: etterfølgeren {source.successor} finnes ikke.")
            )
        problems += [
            Problem(file="definitions/sources", found=f"{source.id}: kolonnen {column} står ikke i fields.toml.")
            for column in source.columns
            if source.fields.get(column, column) not in d.fields
        ]
    return problems


def _indicator_faults(d: Definitions, indicator: Indicator) -> list[str]:
    faults = []
    if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", indicator.id):
        faults.append("id skal være tjeneste.navn med små bokstaver.")
    if not any(indicator.area in book for book in (d.services, d.service_groups, d.cross_cutting)):
        faults.append(f"«{indicator.area}» finnes ikke i services.toml.")
    faults += [f"begrepet «{term}» står ikke i terms.toml." for term in indicator.card.terms if term not in d.terms]
    faults += [f"tjenesten «{service}» finnes ikke." for service in indicator.for_services if service not in d.services]
    if indicator.mix and (indicator.formula != "share" or len(indicator.mix) != 2):
        faults.append("mix gjelder andeler (formelen share) og skal ha to navn: det som telles, og resten.")
    faults += [f"raden «{row}» står ikke i standard.csv." for row in indicator.standard if row not in d.standard]
    if indicator.need_key and indicator.need_key not in d.need.keys:
        faults.append(f"kostnadsnøkkelen «{indicator.need_key}» står ikke i need.toml.")
    letters = set(indicator.operands) - {"P", "U"}
    wanted = {"amount": {"A"}, "value": {"A", "B"} if indicator.merge == "W" else {"A"}}.get(
        indicator.formula, {"A", "B"}
    )
    if letters != wanted:
        faults.append(f"formelen {indicator.formula} med regel {indicator.merge} passer ikke med det som er oppgitt.")
    if (indicator.formula == "value") != (indicator.value is not None):
        faults.append("bruk `value` med formelen value, ellers `numerator`.")
    if indicator.merge == "W" and indicator.formula != "value":
        faults.append("regel W gjelder publiserte forholdstall: bruk formelen value med value og weight.")
    for name in ("numerator", "denominator", "value", "weight", "uncertainty", "published"):
        operand = getattr(indicator, name)
        if operand is not None:
            faults += [f"{name}: {text}" for text in _operand_faults(d, operand)]
    published = indicator.published
    if published and not faults and d.sources[published.table].contents[published.contents].decimals is None:
        faults.append(f"published: {published.contents} i {published.table} må ha decimals for å kunne avstemmes.")
    return faults


def _operand_faults(d: Definitions, operand: Operand) -> list[str]:
    if operand.need_key:
        return (
            [] if operand.need_key in d.need.keys else [f"kostnadsnøkkelen «{operand.need_key}» står ikke i need.toml."]
        )
    source = d.sources.get(operand.table)
    if source is None:
        return [f"kilden «{operand.table}» er ikke definert i sources/."]
    faults = []
    named = set(operand.codes) | ({"Alder"} if operand.ages else set())
    if named != set(source.dimensions):
        faults.append(f"skal si hva som gjelder for {', '.join(source.dimensions) or 'ingen dimensjoner'}.")
    if operand.ages:
        try:
            age_codes(operand.ages)
        except ValueError as error:
            faults.append(str(error))
    if (not operand.ages or operand.contents) and operand.contents not in source.contents:
        faults.append(
            f"ContentsCode «{operand.contents}» finnes ikke i {source.id}. Tillatt: {', '.join(source.contents)}."
        )
    return faults
