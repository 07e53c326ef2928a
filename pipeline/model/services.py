"""The services, the KOSTRA functions they are made of, and how they are grouped into sub-projects."""

from dataclasses import dataclass
from typing import Literal

from pipeline.model.block import Block


class Service(Block):
    id: str
    title: str
    functions: list[str]
    target_ages: str
    # whether a law says that the municipality must have it; `law` names the law, and what of the service it is about
    statutory: Literal["yes", "partly", "no"]
    law: str = ""
    judgement: dict[str, str] = {}

    def faults(self) -> list[str]:
        """What is statutory is so by a law."""
        return (
            []
            if self.law or self.statutory == "no"
            else [f"{self.id}: law mangler: skriv hvilken lov som pålegger det."]
        )


class ServiceGroup(Block):
    id: str
    title: str
    services: list[str]


class CrossCutting(Block):
    id: str
    title: str


class County(Block):
    """A county while it was there; its number begins the codes of its municipalities."""

    number: str
    name: str
    first: int
    last: int


class Outside(Block):
    title: str
    functions: list[str]
    reason: str


class Part(Block):
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


class Grouping(Block):
    id: str
    title: str
    source: str
    complete: bool
    part: list[Part]
    profile: list[str] = []


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
