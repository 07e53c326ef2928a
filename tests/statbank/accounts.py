"""The accounts: published amounts where the embedded set has them, and invented ones that hang together around them."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tests.statbank import catalogue, embedded, noise, population
from tests.statbank.noise import Floats

# kr per inhabitant, gross, at the level of 2015, for the functions that cost most; others are drawn by hash
COSTS = {
    "201": 7600,
    "202": 9500,
    "211": 900,
    "213": 500,
    "215": 900,
    "221": 900,
    "222": 3100,
    "241": 2000,
    "244": 700,
    "251": 450,
    "252": 1300,
    "253": 7400,
    "254": 9300,
    "257": 6600,
    "258": 5900,
    "261": 1100,
    "281": 1400,
    "120": 3600,
    "190": 400,
    "332": 1300,
    "381": 900,
    "345": 700,
    "353": 750,
    "355": 1200,
}
# Functions paid by fees: gross and net differ by nearly everything.
FEES = frozenset(("340", "345", "350", "353", "354", "355"))
FINANCE = "8"

# share of gross, lowest and highest
ART_SHARES = {"AGD10": (1.0, 1.0), "AGD4": (0.88, 0.98), "AGD3": (0.89, 0.99), "AGD2": (0.55, 0.86)}
OTHER_ART = (0.002, 0.08)
WIDER = {"AG16": (0.35, 0.6), "A010": (0.25, 0.35), "AGD56": (0.1, 0.2), "AGD28": (0.1, 0.3), "AGI1": (0.02, 0.3)}

# kr per inhabitant at the level of 2015, lowest and highest
BALANCE = {
    "AGD9": (62000, 78000),
    "AGD3": (58000, 70000),
    "AGD1": (45000, 56000),
    "AGD13": (65000, 82000),
    "AGD18": (1000, 5000),
    "AGD23": (-1500, 4500),
    "AGD29": (-500, 2500),
    "A800": (12000, 30000),
    "AG11": (48000, 62000),
    "KG32": (40000, 110000),
}
OTHER_BALANCE = (2000, 20000)


def wave(name: str, codes: Sequence[Sequence[str]], years: Sequence[int], pace: float) -> Floats:
    """A smooth path over the years for every series; 1 around 2015 to 2020."""
    year = np.array(years, dtype=np.float64)
    phase = noise.uniform(f"{name} phase", *codes)[..., None] * 2 * np.pi
    drift = (noise.uniform(f"{name} drift", *codes)[..., None] - 0.5) * 0.01
    steady = (1 + pace) ** (year - 2015) * (1 + drift) ** (year - 2015)
    return np.asarray(steady * (1 + 0.01 * np.sin(phase + (year - 2015) * 0.9)))


def inhabitants(codes: Sequence[str], years: Sequence[int]) -> Floats:
    return np.array([[population.kostra(code, year) for year in years] for code in codes]).reshape(
        len(codes), len(years)
    )


def in_use(functions: Sequence[str], years: Sequence[int]) -> np.ndarray:
    """Function × year: whether the function is in the chart of accounts."""
    spans = catalogue.function_years()
    known = [spans.get(code, (None, None)) for code in functions]
    return np.array([[(a or 0) <= year <= (b or 9999) for year in years] for a, b in known]).reshape(
        len(functions), len(years)
    )


def _shares(codes: Sequence[str], functions: Sequence[str], arts: Sequence[str]) -> Floats:
    limits = np.array([ART_SHARES.get(art) or WIDER.get(art) or OTHER_ART for art in arts]).reshape(-1, 2)
    low, high = limits[:, 0], limits[:, 1]
    national = noise.uniform("art", functions, arts) * 0.7
    made = low + (high - low) * (national + 0.3 * noise.uniform("art", codes, functions, arts))
    for function in FEES.intersection(functions):
        for art in {"AGD2"}.intersection(arts):
            place = functions.index(function), arts.index(art)
            made[:, *place] = 0.12 * noise.uniform("fee", codes, [function])[:, 0] - 0.05
    return np.asarray(made)


def _drawn(codes: Sequence[str], functions: Sequence[str], years: Sequence[int]) -> Floats:
    """Gross amounts in 1000 kr as drawn, not rounded: region × function × year."""
    costs = np.array([COSTS.get(code, 60 + 500 * noise.one("cost", code)) for code in functions])
    level = costs * (0.8 + 0.4 * noise.uniform("level", codes, functions))
    each = level[:, :, None] * wave("accounts", (codes, functions), years, 0.035)
    return np.asarray(inhabitants(codes, years)[:, None, :] * each / 1000 * in_use(functions, years))


@lru_cache(maxsize=1)
def _published_levels() -> dict[tuple[str, str, int], float]:
    """(region, function, year) → how much dearer than drawn, where the net of its service area is published.

    Without this the invented gross of a service area could be below its published net.
    """
    levels: dict[tuple[str, str, int], float] = {}
    for (code, group, art, period), (amount, _) in embedded.expenditure().items():
        functions = parts(group)
        if art == "AGD2" and not FEES.intersection(functions):
            year = int(period)
            net = (_drawn([code], functions, [year])[..., None] * _shares([code], functions, [art])[..., None, :]).sum()
            levels.update({(code, function, year): amount / float(net) for function in functions})
    return levels


def _follow_published(gross: Floats, codes: Sequence[str], functions: Sequence[str], years: Sequence[int]) -> None:
    places = [{code: place for place, code in enumerate(axis)} for axis in (codes, functions, years)]
    for key, factor in _published_levels().items():
        at = tuple(place.get(code) for place, code in zip(places, key, strict=True))
        if None not in at:
            gross[at] *= factor


def single(codes: Sequence[str], functions: Sequence[str], arts: Sequence[str], years: Sequence[int]) -> Floats:
    """Invented amounts in 1000 kr: region × single function × art × year."""
    gross = _drawn(codes, functions, years)
    _follow_published(gross, codes, functions, years)
    return np.asarray(np.rint(np.rint(gross)[:, :, None, :] * _shares(codes, functions, arts)[..., None]))


@lru_cache(maxsize=64)
def parts(function: str) -> tuple[str, ...]:
    """The single functions behind a service area; 254 goes on as 257 and 258."""
    listed = catalogue.function_groups().get(function, [function])
    more = ("257", "258") if "254" in listed and function != "254" else ()
    return (*listed, *more)


def amounts(codes: Sequence[str], functions: Sequence[str], arts: Sequence[str], years: Sequence[int]) -> Floats:
    """12362 in 1000 kr, and konsern in 12367: published where there is a figure, else the sum of the functions."""
    singles = sorted({part for function in functions for part in parts(function)})
    made = single(codes, singles, arts, years)
    rows = {code: row for row, code in enumerate(singles)}
    summed = [made[:, [rows[part] for part in parts(function)]].sum(axis=1) for function in functions]
    found = np.stack(summed, axis=1)
    _fill(found, 0, (codes, functions, arts, [str(year) for year in years]), embedded.expenditure())
    return found


def per_inhabitant(found: Floats, codes: Sequence[str], years: Sequence[int]) -> Floats:
    shape = (len(codes), *(1,) * (found.ndim - 2), len(years))
    return np.asarray(np.rint(found * 1000 / np.maximum(inhabitants(codes, years).reshape(shape), 1)))


def _fill(made: Floats, which: int, axes: Sequence[Sequence[str]], published: embedded.Amounts) -> None:
    places = [{code: place for place, code in enumerate(axis)} for axis in axes]
    for key, figures in published.items():
        at = tuple(place.get(code) for place, code in zip(places, key, strict=True))
        if None not in at:
            made[at] = figures[which]


def expenditure(axes: Sequence[Sequence[str]], contents: Sequence[str], release: int) -> Floats:
    """Table 12362: region × function × art × contents × year."""
    codes, functions, arts, periods = axes
    years = [int(period) for period in periods]
    amount = revised(amounts(codes, functions, arts, years), release)
    made: dict[str, Floats] = {"KOSbelop0000": amount}
    if "KOSbelopinnbygge0000" in contents:
        made["KOSbelopinnbygge0000"] = per_inhabitant(amount, codes, years)
        if not release:
            _fill(made["KOSbelopinnbygge0000"], 1, (codes, functions, arts, periods), embedded.expenditure())
    if "KOSandel3501" in contents:
        everything = [code for code in catalogue.functions() if not code.startswith(FINANCE)]
        total = single(codes, everything, arts, years).sum(axis=1)[:, None]
        made["KOSandel3501"] = np.round(100 * amount / np.where(total == 0, 1, total), 1)
    return np.stack([made[code] for code in contents], axis=3)


def detailed(axes: Sequence[Sequence[str]], release: int) -> Floats:
    """Table 12367: region × regnskapsomfang × function × art × year; A is 12362, B most of it."""
    codes, scopes, functions, arts, periods = axes
    konsern = amounts(codes, functions, arts, [int(period) for period in periods])
    kasse = np.rint(konsern * (0.86 + 0.12 * noise.uniform("kasse", codes, functions))[:, :, None, None])
    return revised(np.stack([konsern if scope == "A" else kasse for scope in scopes], axis=1), release)


def balance(axes: Sequence[Sequence[str]], contents: Sequence[str], release: int) -> Floats:
    """12137 and its sisters: region × regnskapsbegrep × contents × year."""
    codes, concepts, periods = axes
    years = [int(period) for period in periods]
    amount = revised(_balance_amounts(codes, concepts, years), release)
    made: dict[str, Floats] = {"KOSbelop0000": amount}
    if "KOSbelopprinnb0000" in contents:
        made["KOSbelopprinnb0000"] = per_inhabitant(amount, codes, years)
        if not release:
            _fill(made["KOSbelopprinnb0000"], 1, (codes, concepts, periods), embedded.totals())
    if "KOSbelopbrinv0000" in contents:
        income = revised(_balance_amounts(codes, ["AGD13"], years), release)
        made["KOSbelopbrinv0000"] = np.round(100 * amount / np.where(income == 0, 1, income), 1)
    return np.stack([made[code] for code in contents], axis=2)


def _balance_amounts(codes: Sequence[str], concepts: Sequence[str], years: Sequence[int]) -> Floats:
    limits = np.array([BALANCE.get(concept, OTHER_BALANCE) for concept in concepts]).reshape(-1, 2)
    level = limits[:, 0] + (limits[:, 1] - limits[:, 0]) * noise.uniform("balance", codes, concepts)
    each = level[:, :, None] * wave("balance", (codes, concepts), years, 0.035)
    made = np.asarray(np.rint(inhabitants(codes, years)[:, None, :] * each / 1000))
    _fill(made, 0, (codes, concepts, [str(year) for year in years]), embedded.totals())
    return made


def revised(made: Floats, release: int) -> Floats:
    """A later release: all amounts a little different."""
    return np.asarray(np.rint(made * 1.01**release)) if release else made
