"""The definitions held against SSB's metadata: which code stands for what today.

A code is found as it is, or under a new code with the same label; otherwise it is unresolved, with the
nearest there are, and everything else goes on. `kunnskap check` tells it, `kunnskap fetch` acts on it.
"""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from pipeline.ingest.metadata import CONTENTS, Dimension, Metadata
from pipeline.ingest.split import Query
from pipeline.ingest.wanted import Wanted
from pipeline.model import Source

ANOTHER_MEANING = 0.5  # likeness of two labels below which the code now stands for something else
# how SSB names a value that is all of a dimension, and codes that are sums by their kind (AG…, FGK…)
WHOLE = re.compile(r"((\w+ )?(i alt|totalt?|samlet)|alle( \w+)?|begge kjønn|sum)( \(.*\))?", re.IGNORECASE)
SUM_CODE = re.compile(r"(AG|FGK|F000-)")
RATIO = re.compile(r"prosent|\bper\b|\bpr\b|/|andel|snitt|poeng", re.IGNORECASE)  # what no sum can be made of
UNKNOWN_CODE = "?"  # a code that starts with it is known by label only
SHOWN = 8  # values of a dimension that are told
MONEY_OR_SHARE = ("kr", "1000 kr", "prosent")  # units that must not be taken for each other


@dataclass(frozen=True)
class Code:
    """One code of the definitions. `now` is SSB's code for it; empty if there is none."""

    dimension: str
    code: str
    label: str
    state: Literal["found", "moved", "relabelled", "gone"]
    now: str = ""
    now_label: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Whole:
    """What is taken of a dimension the definition does not name: the code that is all of it; empty: it is left out."""

    dimension: Dimension
    code: str

    @property
    def words(self) -> str:
        """What a reader of the figure must be told."""
        label = self.dimension.labels.get(self.code)
        taken = f"«{label}» ({self.code}) er brukt" if label else "SSBs sum over alle verdiene er brukt"
        name = self.dimension.label or self.dimension.code
        return f"Tabellen er delt etter {name}, som definisjonen ikke nevner; {taken}."


@dataclass(frozen=True)
class Resolution:
    """How one table answers to its definition. `trouble` is why nothing of it can be asked for.

    `whole`: dimensions the definition does not name, with what is taken of them.
    """

    wanted: Wanted
    metadata: Metadata | None
    codes: tuple[Code, ...] = ()
    trouble: str = ""
    whole: dict[str, Whole] = field(default_factory=dict)

    @property
    def query(self) -> Query:
        """What to ask for, in SSB's codes and SSB's order; empty if something is missing altogether."""
        if self.trouble or self.metadata is None:
            return {}
        source = self.wanted.source
        query: Query = {}
        for name, dimension in self.metadata.dimensions.items():
            taken = self.whole.get(name)
            if name in source.eliminate or (taken and not taken.code):
                continue
            if taken:
                chosen = {taken.code}
            elif name == source.region:
                chosen = set(self.ssb_regions)
            elif name == source.time:
                chosen = set(self.years)
            else:
                chosen = {c.now for c in self.codes if c.dimension == name and c.now}
            query[name] = [code for code in dimension.codes if code in chosen]
        return query if all(query.values()) else {}

    @property
    def ssb_regions(self) -> list[str]:
        """The wanted regions as this table writes them, those it has."""
        source = self.wanted.source
        back = {ours: theirs for theirs, ours in source.alias.get("region", {}).items()}
        have = self.metadata.dimensions[source.region].labels if self.metadata else {}
        return [code for code in (back.get(region, region) for region in self.wanted.regions) if code in have]

    @property
    def years(self) -> list[str]:
        """The periods of the definition that the table has."""
        source = self.wanted.source
        have = self.metadata.dimensions[source.time].codes if self.metadata else []
        first, last = source.first_year or 0, source.last_year or 9999
        return [period for period in have if period[:4].isdigit() and first <= int(period[:4]) <= last]

    @property
    def moved(self) -> dict[str, dict[str, str]]:
        """Dimension → the definition's code → SSB's code, where they differ."""
        book: dict[str, dict[str, str]] = {}
        for code in self.codes:
            if code.now and code.now != code.code:
                book.setdefault(code.dimension, {})[code.code] = code.now
        return book

    @property
    def decimals(self) -> dict[str, int]:
        """The definition's content code → how many decimals SSB gives."""
        stated = self.metadata.decimals if self.metadata else {}
        return {c.code: stated[c.now] for c in self.codes if c.dimension == CONTENTS and c.now in stated}

    @property
    def unresolved(self) -> dict[str, dict[str, str]]:
        """Dimension → code → why it cannot be asked for; the dimension is empty for the whole table."""
        if self.trouble:
            return {"": {"": self.trouble}}
        book: dict[str, dict[str, str]] = {}
        for code in self.codes:
            if not code.now:
                book.setdefault(code.dimension, {})[code.code] = code.reason
        return book


def resolve(wanted: Wanted, metadata: Metadata) -> Resolution:
    """Every code of a definition looked up in the table's metadata."""
    summed = _can_be_summed(wanted, metadata)
    whole = {name: whole_of(metadata.dimensions[name], summed) for name in _unnamed(wanted.source, metadata)}
    trouble = _trouble(wanted, metadata, [name for name, taken in whole.items() if taken is None])
    if trouble:
        return Resolution(wanted, metadata, trouble=trouble)
    codes: list[Code] = []
    for name, labels in wanted.codes.items():
        dimension = metadata.dimensions[name]
        # a code the definition names is not free to be what another one has become
        free = {code: label for code, label in dimension.labels.items() if code not in labels}
        codes += [_code(wanted, metadata, dimension, free, code, label) for code, label in labels.items()]
    return Resolution(wanted, metadata, tuple(codes), whole={name: taken for name, taken in whole.items() if taken})


def whole_of(dimension: Dimension, summed: bool) -> Whole | None:
    """What is all of a dimension: what SSB itself gives without it, or the one value it names so. None if unsure.

    A dimension that is left out without such a value is summed by SSB, values that are sums themselves included:
    where there is one of those (AG40 beside AG99), or where a sum means nothing (`summed` is false), nothing is taken.
    """
    named = [code for code, label in dimension.labels.items() if WHOLE.fullmatch(label.strip())]
    if dimension.elimination_value:
        return Whole(dimension, dimension.elimination_value)
    if len(named) == 1:
        return Whole(dimension, named[0])
    sums = named or [code for code in dimension.codes if SUM_CODE.match(code)]
    return Whole(dimension, "") if dimension.elimination and summed and not sums else None


def _can_be_summed(wanted: Wanted, metadata: Metadata) -> bool:
    """Whether everything that is asked for is counted, and not a share or something per something."""
    labels = metadata.dimensions[CONTENTS].labels if CONTENTS in metadata.dimensions else {}
    asked = [code for code in wanted.codes[CONTENTS] if code in labels]
    return bool(asked) and not any(RATIO.search(f"{metadata.units.get(code, '')} {labels[code]}") for code in asked)


def _needed(source: Source) -> list[str]:
    return [source.region, source.time, CONTENTS, *source.dimensions]


def _unnamed(source: Source, metadata: Metadata) -> list[str]:
    """Dimensions that the table has and the definition does not name."""
    return [name for name in metadata.dimensions if name not in _needed(source) and name not in source.eliminate]


def _trouble(wanted: Wanted, metadata: Metadata, extra: list[str]) -> str:
    """`extra`: dimensions the definition does not name, of which it is not known what is all of them."""
    source, have = wanted.source, metadata.dimensions
    needed = _needed(source)
    lacking = [name for name in needed if name not in have]
    if lacking:
        return f"Tabellen har ikke dimensjonen {', '.join(lacking)}. Den har {', '.join(have)}."
    if extra:
        told = "; ".join(f"{name} ({have[name].label}: {_values(have[name])})" for name in extra)
        return f"Tabellen har en dimensjon definisjonen ikke nevner, og det er ikke gitt hva som er alt i den: {told}."
    fixed = [name for name in source.eliminate if name in have and not have[name].elimination]
    if fixed:
        return f"{', '.join(fixed)} kan ikke utelates lenger: SSB gir ingen sum over den."
    return ""


def _values(dimension: Dimension) -> str:
    told = [f"{code} «{label}»" for code, label in list(dimension.labels.items())[:SHOWN]]
    hidden = len(dimension.labels) - len(told)
    return ", ".join(told) + (f" og {hidden} til" if hidden > 0 else "")


def _code(
    wanted: Wanted, metadata: Metadata, dimension: Dimension, free: dict[str, str], code: str, label: str
) -> Code:
    if code in dimension.labels:
        return _exact(wanted, metadata, dimension, code, label)
    same = [other for other, name in free.items() if label and _plain(name) == _plain(label)]
    if len(same) == 1:
        unit = _unit_fault(wanted, metadata, dimension.code, code, same[0])
        if not unit:
            return Code(dimension.code, code, label, "moved", same[0], free[same[0]])
        return Code(dimension.code, code, label, "gone", reason=unit)
    what = f"«{label}»" if code.startswith(UNKNOWN_CODE) else f"{code} «{label}»" if label else code
    if len(same) > 1:
        reason = f"{what} passer med flere koder: {', '.join(same)}."
    else:
        reason = f"{what} finnes ikke i {dimension.code}. {_nearest(dimension, code, label)}"
    return Code(dimension.code, code, label, "gone", reason=reason)


def _exact(wanted: Wanted, metadata: Metadata, dimension: Dimension, code: str, label: str) -> Code:
    name = dimension.labels[code]
    unit = _unit_fault(wanted, metadata, dimension.code, code, code)
    if unit:
        return Code(dimension.code, code, label, "gone", now_label=name, reason=unit)
    if not label or _plain(label) == _plain(name):
        return Code(dimension.code, code, label, "found", code, name)
    known = wanted.source.contents.get(code) if dimension.code == CONTENTS else None
    printed = known is not None and not known.paraphrased
    if printed and SequenceMatcher(None, _plain(label), _plain(name)).ratio() < ANOTHER_MEANING:
        reason = f"{code} betyr noe annet nå: «{name}», ikke «{label}»."
        return Code(dimension.code, code, label, "gone", now_label=name, reason=reason)
    return Code(dimension.code, code, label, "relabelled", code, name)


def _unit_fault(wanted: Wanted, metadata: Metadata, dimension: str, code: str, now: str) -> str:
    """A change between kr, 1000 kr and per cent would make every figure wrong."""
    known = wanted.source.contents.get(code) if dimension == CONTENTS else None
    if known is None:
        return ""
    unit = " ".join(metadata.units.get(now, "").split()).lower()
    if unit in MONEY_OR_SHARE and known.unit in MONEY_OR_SHARE and unit != known.unit:
        return f"{now} har enheten «{unit}», ikke «{known.unit}»."
    return ""


def _nearest(dimension: Dimension, code: str, label: str) -> str:
    by_label = get_close_matches(label, list(dimension.labels.values()), n=3, cutoff=0.5) if label else []
    by_code = get_close_matches(code, dimension.codes, n=3, cutoff=0.75)
    near = [other for other, name in dimension.labels.items() if name in by_label or other in by_code]
    told = ", ".join(f"{other} «{dimension.labels[other]}»" for other in near[:3])
    return f"Nærmest: {told}." if told else "Ingen ligner."


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()
