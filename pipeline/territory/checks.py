"""Codes and dates that a user typed: one Norwegian sentence for each that does not hold."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from pipeline.errors import KunnskapError, Problem
from pipeline.territory.ground import Ground
from pipeline.territory.land import Place
from pipeline.territory.rows import NOWHERE
from pipeline.territory.words import day, listed


def require(problems: list[str], heading: str) -> None:
    if problems:
        raise KunnskapError(heading, [Problem(found=found) for found in problems])


def year_fault(ground: Ground, when: date) -> str:
    """A reference date must lie in a known state."""
    if when.year < ground.history.first:
        return f"{day(when)} er for tidlig: kommuneinndelingen er kjent fra 1.1.{ground.history.first}."
    if when.year > ground.history.newest:
        return f"{day(when)} er for sent: kommuneinndelingen er kjent til {ground.history.newest}."
    return ""


def place_faults(ground: Ground, places: Sequence[Place]) -> list[str]:
    """Places that are to be one territory: dates known and the same, codes valid then, none twice or overlapping."""
    if not places:
        return ["Ingen kommunekoder er oppgitt."]
    dates = sorted({place.reference for place in places})
    found = [fault for fault in (year_fault(ground, when) for when in dates) if fault]
    if found:
        return found
    found = [fault for fault in (_code_fault(ground, place) for place in dict.fromkeys(places)) if fault]
    found += [f"{_named(ground, place)} står flere ganger." for place, times in Counter(places).items() if times > 1]
    found += _overlaps(ground, list(dict.fromkeys(places)))
    if len({when.year for when in dates}) > 1:
        found.append(f"Kodene må gjelde samme dato, men er oppgitt for {listed(day(when) for when in dates)}.")
    return found


def merger_date_fault(ground: Ground, when: date) -> str:
    if (when.month, when.day) != (1, 1):
        return f"Sammenslåingsdatoen {day(when)} er ikke 1. januar; kommuner kan bare endres 1. januar."
    if when.year <= ground.history.first:
        return f"{day(when)} er for tidlig: kommuneinndelingen er kjent fra 1.1.{ground.history.first}."
    return ""


def _code_fault(ground: Ground, place: Place) -> str:
    code, when = place.code, place.reference
    history = ground.history
    if code == NOWHERE:
        return f"{code} er «uoppgitt» og ikke et sted."
    if history.valid(code, when.year):
        return ""
    spells = history.spells(code)
    if not spells:
        return f"{code} har ikke vært en kommunekode siden {history.first}."
    nearest = min((year for spell in spells for year in spell), key=lambda year: abs(year - when.year))
    then = ground.paths.at(ground.through(code, nearest) & ground.live, history.era(when.year))
    names = listed(f"{other} {ground.names.of(other, when.year)}" for other in sorted(then))
    return f"{code} gjaldt ikke {day(when)}; der var det {names}."


def _overlaps(ground: Ground, places: list[Place]) -> list[str]:
    """Pairs of places that share land; the two are of different states, or they could not."""
    valid = [place for place in places if ground.history.valid(place.code, place.reference.year)]
    land = {place: ground.through(place.code, place.reference.year) & ground.live for place in valid}
    pairs = [
        (one, other) for number, one in enumerate(valid) for other in valid[number + 1 :] if land[one] & land[other]
    ]
    return [_overlap(ground, one, other, land[one], land[other]) for one, other in pairs]


def _overlap(ground: Ground, one: Place, other: Place, land: int, other_land: int) -> str:
    if not land & ~other_land:
        return f"{_named(ground, one)} ligger i {_named(ground, other)}."
    if not other_land & ~land:
        return f"{_named(ground, other)} ligger i {_named(ground, one)}."
    return f"{_named(ground, one)} og {_named(ground, other)} overlapper."


def _named(ground: Ground, place: Place) -> str:
    return f"{place.code} {ground.names.of(place.code, place.reference.year)}"
