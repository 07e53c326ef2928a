"""The definitions as plain tables that the SQL files join with (`def_*`), for one merger.

This is the only bridge between TOML and SQL: every code an indicator names becomes one row of
`def_cell`, so that no SQL is written per indicator.
"""

from collections.abc import Iterator
from itertools import product
from math import fsum

import pandas as pd

from pipeline.compute.harmonisation import harmonisation_tables
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import Definitions, Deflator, Indicator, Land, Merger, Operand, age_codes

FIRST, LAST = 1986, 2099  # years that anything is asked for
Tables = dict[str, pd.DataFrame]


def dimension_columns(definitions: Definitions) -> list[str]:
    """Every dimension of every source, in the one order that names cells."""
    return sorted({name for source in definitions.sources.values() for name in source.dimensions})


def definition_tables(
    definitions: Definitions, merger: Merger, record: SetRecord, files: dict[str, list[RawFile]]
) -> Tables:
    """All `def_*` tables."""
    return {
        **harmonisation_tables(definitions, merger),
        "def_merger": pd.DataFrame({"merger": [merger.id]}),
        "def_decomposition": pd.DataFrame(
            [(s.id, at, s.cost, s.users, s.inhabitants) for at, s in enumerate(definitions.decompositions.values())],
            columns=["decomposition", "ord", "cost", "users", "inhabitants"],
        ),
        "def_account": _account_items(definitions, merger),
        "def_measure": _measures(definitions, record),
        "def_share": pd.DataFrame(
            [(name, s.part, s.whole) for name, s in definitions.accounts.share.items()],
            columns=["share", "part", "whole"],
            dtype=str,
        ),
        **_source_roles(definitions),
        "def_price": _prices(definitions),
        "def_merge_year": _merge_year(merger),
        "def_break": pd.DataFrame(
            [(i.id, int(year), reason) for i in definitions.indicators.values() for year, reason in i.breaks.items()],
            columns=["indicator", "year", "reason"],
        ).astype({"indicator": str, "year": "int32", "reason": str}),
        "def_merger_code": pd.DataFrame({"region": [merger.id, *merger.own_codes]}),
        "def_status": pd.DataFrame(
            [s.model_dump(include={"id", "label", "rank"}) for s in definitions.statuses.values()]
        ),
        "def_indicator": _indicators(definitions, files),
        "def_cell": _cells(definitions, record),
        "def_need_cell": _need_cells(definitions),
        "def_need_key": _need_keys(definitions),
        "def_former_area": pd.DataFrame(
            {"source": [s.id for s in definitions.sources.values() if s.region_basis == "former_area"]}, dtype=str
        ),
        "def_region": _regions(merger),
        "def_region_code": pd.DataFrame({"region": merger.region_codes}),
        "def_span": _spans(merger),
        "def_land": _lands(merger),
        "def_component": _components(merger),
        "def_other_land": _other_land(merger),
        "def_recast": pd.DataFrame(
            [(merger.recast_code, merger.id)] if merger.recast_code else [], columns=["recast", "region"], dtype=str
        ),
        "def_group_claim": _group_claims(merger),
        "def_period": _periods(definitions),
        "def_deviation": pd.DataFrame(
            [(d.check, d.item, d.reason, d.unusable) for d in (*definitions.deviations, *merger.deviation)],
            columns=["check", "item", "reason", "unusable"],
        ).astype({"check": str, "item": str, "reason": str, "unusable": bool}),
    }


def _source_roles(definitions: Definitions) -> Tables:
    """What the SQL itself reads of the sources: by role, what implies a population, what tells it once more."""
    sources = definitions.sources.values()
    roles = [(source.role, source.id) for source in sources if source.role]
    implied = [(s.id, at, s.implies.amount, s.implies.per_inhabitant) for at, s in enumerate(sources) if s.implies]
    told = [(s.id, code) for s in sources for code, contents in s.contents.items() if contents.population]
    return {
        "def_source_role": pd.DataFrame(roles, columns=["role", "source"], dtype=str),
        "def_implied": pd.DataFrame(implied, columns=["source", "ord", "amount", "per_inhabitant"]),
        "def_told_population": pd.DataFrame(told, columns=["source", "contents"], dtype=str),
    }


def _account_items(definitions: Definitions, merger: Merger) -> pd.DataFrame:
    """Functions, services and sub-projects with the functions each is the sum of, and the years those exist in."""
    items = [("function", code, f"{code} {f.name}", [code]) for code, f in definitions.functions.items()]
    items += [("service", s.id, s.title, s.functions) for s in definitions.services.values()]
    items += [
        ("part", part.id, part.title, [f for name in part.services for f in definitions.services[name].functions])
        for part in definitions.parts(merger)
    ]
    rows = []
    for at, (level, item, title, functions) in enumerate(items):
        for code in functions:
            years = _function_years(definitions, {"KOKfunksjon0000": code})
            rows.append((level, item, title, at, code, *years.values()))
    return pd.DataFrame(rows, columns=["level", "item", "title", "ord", "function", "first_year", "last_year"])


def _prices(definitions: Definitions) -> pd.DataFrame:
    """What kroner of each year are multiplied by to be of the price year, or which years the deflator lacks."""
    rows = []
    for year in range(2000, LAST):
        factor, missing = definitions.deflator.factor(year)
        told = _no_price(definitions.deflator, missing)
        rows.append((year, definitions.deflator.price_year, factor, told))
    frame = pd.DataFrame(rows, columns=["year", "price_year", "factor", "missing"])
    return frame.astype({"factor": "float64", "missing": "object", "year": "int32", "price_year": "int32"})


def _no_price(deflator: Deflator, missing: list[int]) -> str | None:
    """Why kroner cannot be carried: the years that are not known, and those whose estimate is known to be wrong."""
    doubted = {change.year: change.not_chained for change in deflator.change if change.year in missing}
    unknown = [str(year) for year in missing if year not in doubted]
    told = [f"Deflatoren mangler for {', '.join(unknown)}."] if unknown else []
    return " ".join([*told, *doubted.values()]) or None


def _measures(definitions: Definitions, record: SetRecord) -> pd.DataFrame:
    accounts = definitions.accounts
    rows = [
        {
            "measure": name,
            "source": accounts.source,
            "scope": accounts.scope,
            "contents": accounts.contents,
            **measure.model_dump(),
            "unresolved": _unresolved(record, accounts.source, {"KOKart0000": measure.art}),
        }
        for name, measure in accounts.measure.items()
    ]
    return pd.DataFrame(rows).astype({"unresolved": "object"})


def _regions(merger: Merger) -> pd.DataFrame:
    rows = [(m.code, m.name, "member", "municipality", FIRST, LAST) for m in merger.member]
    rows.append((merger.id, merger.name, "merged", "merger", FIRST, LAST))
    rows += [(c.id, c.name, "comparator", c.kind, *c.years) for c in merger.comparator]
    frame = pd.DataFrame(rows, columns=["region", "region_name", "role", "kind", "first_year", "last_year"])
    return frame.assign(ord=range(len(frame)))


def _spans(merger: Merger) -> pd.DataFrame:
    """The years in which a region's land is seen from before (0) or after the merger (1); others are seen one way."""
    year = merger.merge_date.year
    rows = [
        (region, 0, FIRST, LAST) for region in [*(m.code for m in merger.member), *(c.id for c in merger.comparator)]
    ]
    rows += [(merger.id, 0, FIRST, year - 1), (merger.id, 1, year, LAST)]
    return pd.DataFrame(rows, columns=["region", "version", "first_year", "last_year"])


def _every_year(merger: Merger) -> Iterator[tuple[int, Land]]:
    """The merger's land in every year: before the first state and after the newest it is what it was and is."""
    by_region: dict[tuple[str, int], dict[int, Land]] = {}
    for land in merger.land:
        by_region.setdefault((land.region, land.version), {})[land.year] = land
    for states in by_region.values():
        first, last = min(states), max(states)
        for year in range(FIRST, LAST + 1):
            yield year, states[min(max(year, first), last)]


def _lands(merger: Merger) -> pd.DataFrame:
    rows = [(one.region, one.version, year, one.use, one.reason, one.mark) for year, one in _every_year(merger)]
    return pd.DataFrame(rows, columns=["region", "version", "year", "use", "reason", "mark"])


def _components(merger: Merger) -> pd.DataFrame:
    """Which codes are added up to be a region in a year; a comparator is its own code in any year."""
    order = {code: at for at, code in enumerate(merger.own_codes)}
    rows = [
        (one.region, one.version, year, code, name, 1, order[code])
        for year, one in _every_year(merger)
        for code, name in zip(one.codes, one.names, strict=True)
    ]
    for one in merger.comparator:
        signed = [(code, code, 1) for code in one.plus] + [(code, code, -1) for code in one.minus]
        for at, (code, name, sign) in enumerate(signed or [(one.id, one.name, 1)]):
            rows += [(one.id, 0, year, code, name, sign, at) for year in range(FIRST, LAST + 1)]
    columns = ["region", "version", "year", "component", "component_name", "sign", "ord"]
    return pd.DataFrame(rows, columns=columns)


def _merge_year(merger: Merger) -> pd.DataFrame:
    """`former_state`: the last one with the members' own codes. `divided`: the land is another after the merger."""
    year = merger.merge_date.year
    row = (year, min(year - 1, merger.newest_year), merger.newest_year, merger.real, bool(merger.divided))
    return pd.DataFrame([row], columns=["merge_year", "former_state", "newest", "real", "divided"])


def _other_land(merger: Merger) -> pd.DataFrame:
    """Codes that go on into the next year as another piece of land."""
    rows = [(code, int(year), reason) for code, years in merger.other_land.items() for year, reason in years.items()]
    return pd.DataFrame(rows, columns=["region", "year", "reason"]).astype(
        {"region": str, "year": "int32", "reason": str}
    )


def _indicators(definitions: Definitions, files: dict[str, list[RawFile]]) -> pd.DataFrame:
    rows = []
    for ord_, indicator in enumerate(definitions.indicators.values()):
        first = indicator.operands["A"]
        source = definitions.sources[first.source]
        published = indicator.published
        decimals = (definitions.sources[published.table].contents[published.contents].decimals or 0) if published else 0
        updated = [f.origin.updated for name in indicator.sources for f in files.get(name, []) if f.origin.updated]
        rows.append(
            {
                "indicator": indicator.id,
                "ord": ord_,
                "merge": indicator.merge,
                "formula": indicator.formula,
                "unit": indicator.unit,
                "need_key": indicator.need_key,
                "money": indicator.is_spending,
                "target_group": _of_a_target_group(definitions, indicator),
                "protect": _protect(definitions, first),
                "region_basis": source.region_basis,
                "source": ", ".join(indicator.sources),
                "updated": max(updated, default=None),
                "first_year": indicator.fixed_year or source.first_year,
                "last_year": indicator.fixed_year or (source.last_year or 0) - first.year_offset,
                "a_scale": first.scale,
                "published_step": 10.0**-decimals * (published.scale if published else 1),
            }
        )
    return pd.DataFrame(rows).astype({"updated": "object"})


def _of_a_target_group(definitions: Definitions, indicator: Indicator) -> bool:
    """Whether it is a service's figure divided by, or weighted by, the inhabitants of an age."""
    below = indicator.operands.get("B")
    counted = below is not None and bool(below.table) and definitions.sources[below.table].role == "population"
    return counted and indicator.kind != "behov"


def _protect(definitions: Definitions, operand: Operand) -> int:
    """How few people may stand on either side of a share before it is not shown."""
    contents = definitions.sources[operand.source].contents.get(operand.contents)
    return contents.suppress_below if contents else 0


def _cells(definitions: Definitions, record: SetRecord) -> pd.DataFrame:
    dimensions = dimension_columns(definitions)
    rows = [
        {
            "indicator": indicator.id,
            "operand": letter,
            "source": operand.source,
            "scale": operand.scale,
            "year_offset": operand.year_offset,
            "fixed_year": operand.year,
            "unresolved": _unresolved(record, operand.source, codes),
            **_function_years(definitions, codes),
            **codes,
        }
        for indicator in definitions.indicators.values()
        for letter, operand in indicator.operands.items()
        if not operand.need_key
        for codes in _expanded(operand)
    ]
    own = ["indicator", "operand", "source", "scale", "year_offset", "fixed_year", "unresolved"]
    own += ["first_cell_year", "last_cell_year"]
    frame = pd.DataFrame(rows, columns=[*own, *dimensions, "ContentsCode"])
    return frame.astype({"fixed_year": "Int64", "unresolved": "object"})


def _function_years(definitions: Definitions, codes: dict[str, str]) -> dict[str, int]:
    """The years a cell exists in: those of its KOSTRA function, if it has one that came or went."""
    function = definitions.functions.get(codes.get("KOKfunksjon0000", ""))
    first = int(function.valid_from) if function and function.valid_from else 0
    last = int(function.valid_to) if function and function.valid_to else LAST
    return {"first_cell_year": first, "last_cell_year": last}


def _unresolved(record: SetRecord, source: str, codes: dict[str, str]) -> str | None:
    """Why a cell could not be asked for when the set was pulled: its table, or one of its codes."""
    faults = record.unresolved.get(source, {})
    told = list(faults.get("", {}).values())
    told += [faults[name][code] for name, code in codes.items() if code in faults.get(name, {})]
    return told[0] if told else None


def _expanded(operand: Operand) -> Iterator[dict[str, str]]:
    """Every cell an operand names: the product of its codes, one dict per cell."""
    codes = operand.cell_codes
    return (dict(zip(codes, cell, strict=True)) for cell in product(*codes.values()))


def _need_cells(definitions: Definitions) -> pd.DataFrame:
    """Cells of each age criterion with its share of the key's age part."""
    rows = [row for indicator in definitions.indicators.values() for row in _need_rows(definitions, indicator)]
    return pd.DataFrame(rows, columns=["indicator", "criterion", "share", "source", "year_offset", "cell"])


def _need_rows(definitions: Definitions, indicator: Indicator) -> Iterator[tuple[str, str, float, str, int, str]]:
    operand = indicator.numerator
    if operand is None or not operand.need_key:
        return
    weights = definitions.need.keys[operand.need_key]
    ages = {name: span for name, span in definitions.need.ages.items() if name in weights}
    whole = fsum(weights[name] for name in ages)
    for name, span in ages.items():
        for code in age_codes(span):
            cell = f"{code}|{operand.contents}"
            yield indicator.id, name, weights[name] / whole, operand.source, operand.year_offset, cell


def _need_keys(definitions: Definitions) -> pd.DataFrame:
    """Every cost key: how much of it is age, and the indicator that holds its index, if there is one."""
    index_of = {
        i.numerator.need_key: i.id for i in definitions.indicators.values() if i.numerator and i.numerator.need_key
    }
    rows = [
        (key, fsum(weights.get(name, 0.0) for name in definitions.need.ages), definitions.need.year, index_of.get(key))
        for key, weights in definitions.need.keys.items()
    ]
    frame = pd.DataFrame(rows, columns=["need_key", "age_share", "weights_year", "index_indicator"])
    return frame.astype({"index_indicator": "object", "weights_year": "int32"})


def _group_claims(merger: Merger) -> pd.DataFrame:
    """Which KOSTRA group each municipality is compared with, year by year; the file may say so where KLASS does too."""
    own = {
        one.year: one.codes[0]
        for one in merger.land
        if one.region == merger.id and one.version == 1 and one.use == "own"
    }
    rows = {(m.code, year, group) for m in merger.member for year, group in m.groups.items()}
    rows |= {
        (own[year], year, group.split("-")[0])
        for year, group in merger.group_of_year.items()
        if year in own and year >= merger.merge_date.year
    }
    return pd.DataFrame(sorted(rows), columns=["region", "year", "kostra_group"]).astype({"year": "int32"})


def _periods(definitions: Definitions) -> pd.DataFrame:
    rows = [(s.id, period, year) for s in definitions.sources.values() for period, year in s.years.items()]
    return pd.DataFrame(rows, columns=["source", "period", "year"])
