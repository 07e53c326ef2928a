"""Codelists: subsets of the KOSTRA regions, and groupings of the regions and ages of the population tables."""

from dataclasses import dataclass
from functools import lru_cache

from tests.statbank import population, regions
from tests.statbank.catalogue import KOSTRA_CODELISTS


@dataclass(frozen=True, slots=True)
class Codelist:
    id: str
    label: str
    type: str  # Aggregation or Valueset
    elimination: bool
    values: tuple[tuple[str, str, tuple[str, ...]], ...]  # code, label, the codes it stands for

    def members(self, code: str) -> tuple[str, ...]:
        return next(mapped for own, _, mapped in self.values if own == code)

    def codes(self) -> list[str]:
        return [code for code, _, _ in self.values]


@lru_cache(maxsize=256)
def find(name: str) -> Codelist | None:
    """Ids are case-sensitive."""
    if name.startswith("agg_KOGkommuneregion0000") and name[-5:].isdigit():
        return _kostra(name)
    return {
        "agg_KommSummer": _sums,
        "agg_KommGjeldende": _current,
        "agg_KommFylker": _counties,
        "vs_Kommun": _all_municipalities,
        "vs_AlleAldre00B": _all_ages,
        "agg_FemAarigGruppering": _five_years,
        "agg_TodeltGrupperingB": _young_and_old,
    }.get(name, lambda: None)()


def _kostra(name: str) -> Codelist | None:
    step = int(name[-5:]) % 10 - 1
    if not 0 <= step < len(KOSTRA_CODELISTS) or int(name[-5:]) // 10 not in (290, 540, 541):
        return None
    label = KOSTRA_CODELISTS[step]
    chosen = [(code, text) for code, text in regions.kostra_regions() if _in_subset(label, code)]
    return Codelist(name, label, "Aggregation", False, tuple((code, text, (code,)) for code, text in chosen))


def _in_subset(label: str, code: str) -> bool:
    what = label.removeprefix("Uttrekk for ")
    if what == "Landet":
        return code in ("EAK", "EAKUO")
    if what == "KOSTRA-grupperinger":
        return code.startswith("EKG")
    if "ylker" in what:
        return code.startswith("EKA") and (what == "Alle fylker" or regions.valid_region(code, int(what[7:11])))
    return code.isdigit() and (what == "Alle kommuner" or regions.valid_in(code, int(what[9:13])))


def _sums() -> Codelist:
    """Today's municipalities with every code that ended up in them."""
    inside: dict[str, list[str]] = {}
    for code in reversed(regions.municipalities()):
        inside.setdefault(regions.today(code), []).append(code)
    values = tuple(
        (f"K-{code}", regions.label(code), tuple(inside[code])) for code in regions.valid_codes(regions.LAST_YEAR)
    )
    return Codelist("agg_KommSummer", "Kommuner 2024, sammenslåtte tidsserier", "Aggregation", True, values)


def _current() -> Codelist:
    values = tuple((code, regions.label(code), (code,)) for code in regions.valid_codes(regions.LAST_YEAR))
    return Codelist("agg_KommGjeldende", "Gjeldende kommuner", "Aggregation", True, values)


def _counties() -> Codelist:
    codes = regions.valid_codes(regions.LAST_YEAR)
    inside = {number: tuple(code for code in codes if code[:2] == number) for number in sorted(regions.COUNTY_NAMES)}
    values = tuple((f"F-{number}", regions.COUNTY_NAMES[number], found) for number, found in inside.items() if found)
    return Codelist("agg_KommFylker", "Fylker", "Aggregation", True, values)


def _all_municipalities() -> Codelist:
    values = tuple((code, regions.label(code), (code,)) for code in regions.municipalities())
    return Codelist("vs_Kommun", "Alle kommuner", "Valueset", True, values)


def _all_ages() -> Codelist:
    return Codelist("vs_AlleAldre00B", "Alle aldre", "Valueset", True, tuple((a, a, (a,)) for a in population.AGES))


def _five_years() -> Codelist:
    spans = [population.AGES[first : first + 5] for first in range(0, 105, 5)]
    values = [(f"F{ages[0]}-{ages[-1]}", f"{int(ages[0])}-{int(ages[-1])} år", ages) for ages in spans]
    values.append(("F105+", "105 år eller eldre", ("105+",)))
    return Codelist("agg_FemAarigGruppering", "5-årige grupper", "Aggregation", True, tuple(values))


def _young_and_old() -> Codelist:
    values = (("H17", "0-17 år", population.AGES[:18]), ("H18", "18 år eller eldre", population.AGES[18:]))
    return Codelist("agg_TodeltGrupperingB", "Todelt alder", "Aggregation", True, values)
