"""What SSB says of a table: dimensions with codes and labels, units, when it was updated, what must be noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.ingest.jsonstat import JsonStatError, dimension_codes

CONTENTS = "ContentsCode"


@dataclass(frozen=True)
class Dimension:
    """Codes in the order of `category.index`, each with its label."""

    code: str
    label: str
    labels: dict[str, str]
    elimination: bool
    elimination_value: str = ""  # the code SSB gives where the dimension is left out; empty: the sum of all

    @property
    def codes(self) -> list[str]:
        return list(self.labels)


@dataclass(frozen=True)
class Metadata:
    """A table's metadata, or the head of a data answer: both are json-stat2 datasets.

    `units` and `decimals` by content code, where they are stated; `updated` in UTC as SSB writes it; `notes` are those
    that must be shown.
    """

    label: str
    source: str
    updated: str
    dimensions: dict[str, Dimension]
    units: dict[str, str]
    decimals: dict[str, int]
    notes: tuple[str, ...]
    discontinued: bool
    time: str


def parse(dataset: Mapping[str, Any]) -> Metadata:
    """Raises JsonStatError if it is not a json-stat2 dataset."""
    try:
        return _parsed(dataset)
    except (AttributeError, TypeError, KeyError, IndexError, ValueError) as error:
        if isinstance(error, JsonStatError):
            raise
        raise JsonStatError(f"har noe annet enn det skal ({error}).", "json-stat2") from error


def _parsed(dataset: Mapping[str, Any]) -> Metadata:
    codes = dimension_codes(dataset)
    blocks = {name: dataset["dimension"][name] for name in codes}
    contents = blocks.get(CONTENTS, {}).get("category", {})
    extension = dataset.get("extension") or {}
    notes = dataset.get("note") or []
    mandatory = [int(at) for at, shown in (extension.get("noteMandatory") or {}).items() if shown and str(at).isdigit()]
    times = (dataset.get("role") or {}).get("time") or ["Tid"]
    return Metadata(
        label=str(dataset.get("label") or ""),
        source=str(dataset.get("source") or ""),
        updated=str(dataset.get("updated") or ""),
        dimensions={name: _dimension(name, blocks[name], part) for name, part in codes.items()},
        units={code: str(unit.get("base") or "") for code, unit in (contents.get("unit") or {}).items()},
        decimals={
            code: unit["decimals"]
            for code, unit in (contents.get("unit") or {}).items()
            if isinstance(unit.get("decimals"), int) and unit["decimals"] >= 0
        },
        notes=tuple(str(notes[at]) for at in sorted(mandatory) if at < len(notes)),
        discontinued=bool(extension.get("discontinued")),
        time=times[0],
    )


def _dimension(name: str, block: Mapping[str, Any], codes: list[str]) -> Dimension:
    labels = block["category"].get("label") or {}
    extension = block.get("extension") or {}
    eliminated = str(extension.get("eliminationValueCode") or "")
    return Dimension(
        code=name,
        label=str(block.get("label") or ""),
        labels={code: str(labels.get(code, "")) for code in codes},
        elimination=bool(extension.get("elimination")),
        elimination_value=eliminated if eliminated in codes else "",
    )
