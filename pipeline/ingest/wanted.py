"""What the definitions ask SSB for: every code of every pulled table, with the label it is known by."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.ingest.metadata import CONTENTS
from pipeline.model import Definitions, Merger, Source, age_codes

# Labels by code, by dimension; ContentsCode is one of them. An empty label is one that is not known.
Codes = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Wanted:
    """What is asked of one table. `regions` are the pipeline's codes; `unnamed` dimensions have no code yet."""

    source: Source
    regions: list[str]
    codes: Codes
    users: dict[tuple[str, str], list[str]]  # (dimension, code) → the indicators that name it

    @property
    def unnamed(self) -> list[str]:
        return [name for name, codes in self.codes.items() if not codes]


def wanted(definitions: Definitions, mergers: Iterable[Merger]) -> list[Wanted]:
    """One Wanted per source that is pulled from the Statbank, in the order of the definitions."""
    chosen = list(mergers)
    return [_of(definitions, s, chosen) for s in definitions.sources.values() if s.pull == "statbank"]


def _of(definitions: Definitions, source: Source, mergers: list[Merger]) -> Wanted:
    codes: Codes = {name: {} for name in [*source.dimensions, CONTENTS]}
    for name, labels in source.labels.items():
        codes[name] |= labels
    if source.functions:
        codes[source.functions] |= {
            f.code: f.name for f in definitions.functions.values() if f.valid_to == "" or f.valid_to >= "2015"
        }
    if source.ages:
        codes["Alder"] |= dict.fromkeys(age_codes(source.ages), "")
    codes[CONTENTS] |= {code: c.label for code, c in source.contents.items() if not c.optional}
    users: dict[tuple[str, str], list[str]] = {}
    for indicator in definitions.indicators.values():
        for operand in indicator.operands.values():
            if operand.source != source.id:
                continue
            for name, named in operand.cell_codes.items():
                for code in named:
                    codes[name].setdefault(code, "")
                    users.setdefault((name, code), []).append(indicator.id)
    return Wanted(source, _regions(source, mergers), codes, users)


def _regions(source: Source, mergers: list[Merger]) -> list[str]:
    if source.codelist.get(source.region) == "agg_KommSummer":
        return [merger.recast_code for merger in mergers if merger.recast_code]
    return list(dict.fromkeys(code for merger in mergers for code in merger.region_codes))
