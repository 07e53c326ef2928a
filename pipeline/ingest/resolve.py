"""The definitions held against SSB's metadata: which code stands for what today.

A code is found as it is, or under a new code with the same label; otherwise it is unresolved, with the
nearest there are, and everything else goes on. `kunnskap check` tells it, `kunnskap fetch` acts on it.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from pipeline.ingest.metadata import CONTENTS, Dimension, Metadata
from pipeline.ingest.split import Query
from pipeline.ingest.wanted import Wanted

ANOTHER_MEANING = 0.5  # likeness of two labels below which the code now stands for something else
UNKNOWN_CODE = "?"  # a code that starts with it is known by label only
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
class Resolution:
    """How one table answers to its definition. `trouble` is why nothing of it can be asked for."""

    wanted: Wanted
    metadata: Metadata | None
    codes: tuple[Code, ...] = ()
    trouble: str = ""

    @property
    def query(self) -> Query:
        """What to ask for, in SSB's codes and SSB's order; empty if something is missing altogether."""
        if self.trouble or self.metadata is None:
            return {}
        source = self.wanted.source
        query: Query = {}
        for name, dimension in self.metadata.dimensions.items():
            if name in source.eliminate:
                continue
            if name == source.region:
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
    trouble = _trouble(wanted, metadata)
    if trouble:
        return Resolution(wanted, metadata, trouble=trouble)
    codes: list[Code] = []
    for name, labels in wanted.codes.items():
        dimension = metadata.dimensions[name]
        # a code the definition names is not free to be what another one has become
        free = {code: label for code, label in dimension.labels.items() if code not in labels}
        codes += [_code(wanted, metadata, dimension, free, code, label) for code, label in labels.items()]
    return Resolution(wanted, metadata, tuple(codes))


def _trouble(wanted: Wanted, metadata: Metadata) -> str:
    source, have = wanted.source, metadata.dimensions
    needed = [source.region, source.time, CONTENTS, *source.dimensions]
    lacking = [name for name in needed if name not in have]
    if lacking:
        return f"Tabellen har ikke dimensjonen {', '.join(lacking)}. Den har {', '.join(have)}."
    extra = [name for name in have if name not in needed and name not in source.eliminate]
    if extra:
        counted = ", ".join(f"{name} ({have[name].label}, {len(have[name].codes)} koder)" for name in extra)
        return f"Tabellen har en dimensjon definisjonen ikke nevner: {counted}."
    fixed = [name for name in source.eliminate if name in have and not have[name].elimination]
    if fixed:
        return f"{', '.join(fixed)} kan ikke utelates lenger: SSB gir ingen sum over den."
    return ""


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
