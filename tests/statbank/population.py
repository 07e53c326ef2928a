"""Persons by municipality, age and year: the embedded figures of 07459, and invented ones around them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tests.statbank import embedded, noise, regions

AGES = (*(f"{age:03d}" for age in range(105)), "105+")
YEARS = tuple(range(1986, 2027))
COUNTRY = "0"
COUNTRY_SIZE, COUNTRY_GROWTH = 5_610_000, 0.0072


@dataclass(frozen=True, slots=True)
class Persons:
    rows: dict[str, int]
    numbers: npt.NDArray[np.float64]  # region × age × year, both sexes
    valid: npt.NDArray[np.bool_]  # region × year


@lru_cache(maxsize=10_000)
def growth(code: str) -> float:
    """Yearly growth; the same for all codes that ended up in one municipality, so that a series does not jump."""
    return COUNTRY_GROWTH if code == COUNTRY else -0.002 + 0.014 * noise.one("growth", regions.today(code))


@lru_cache(maxsize=100_000)
def invented_total(code: str, year: int) -> float:
    size = COUNTRY_SIZE if code == COUNTRY else regions.size(code, year)
    return float(size * np.exp(growth(code) * (year - 2026)))


def profile(code: str) -> npt.NDArray[np.float64]:
    """Share of each age: level to 60 years, falling after, and tilted younger or older by municipality."""
    age = np.arange(len(AGES))
    shape = np.where(age < 60, 1.0, np.exp(-(((age - 60) / 22.0) ** 2)))
    tilted = shape * np.exp((noise.one("tilt", regions.today(code)) - 0.5) * (40 - age) / 60)
    return np.asarray(tilted / tilted.sum())


@lru_cache(maxsize=1)
def persons() -> Persons:
    codes = (COUNTRY, *regions.municipalities())
    valid = np.array([[code == COUNTRY or regions.valid_in(code, year) for year in YEARS] for code in codes])
    totals = np.array([[invented_total(code, year) for year in YEARS] for code in codes])
    shapes = np.stack([profile(code) for code in codes])
    rows = {code: row for row, code in enumerate(codes)}
    _join_to_published(totals, rows)
    numbers = np.rint(shapes[:, :, None] * totals[:, None, :]) * valid[:, None, :]
    for (code, year), by_age in embedded.population().items():
        numbers[rows[code], :, YEARS.index(year)] = [by_age.get(age, 0) for age in AGES]
    _join_to_accounts(numbers, rows)
    return Persons(rows, numbers * valid[:, None, :], valid)


def _join_to_accounts(numbers: npt.NDArray[np.float64], rows: dict[str, int]) -> None:
    """Invented persons add up to what the published accounts of the year before were divided by."""
    for (code, year), size in implied().items():
        if code not in rows or year + 1 not in YEARS or (code, year + 1) in embedded.population():
            continue
        ages = numbers[rows[code], :, YEARS.index(year + 1)]
        if ages.sum():
            ages[:] = np.rint(ages * size / ages.sum())
            ages[40] += round(size) - ages.sum()


def _join_to_published(totals: npt.NDArray[np.float64], rows: dict[str, int]) -> None:
    """Scale the invented years of a municipality so that they meet its first published year."""
    firsts: dict[str, int] = {}
    for code, year in embedded.population():
        firsts[code] = min(year, firsts.get(code, year))
    for code, year in firsts.items():
        published = sum(embedded.population()[code, year].values())
        totals[rows[code]] *= published / totals[rows[code], YEARS.index(year)]
    for year, shares in regions.history().moved.items():
        for new in {new for _, new in shares if (new, year) in embedded.population()}:
            _join_to_whole(totals, rows, new, [old for old, other in shares if other == new], year)


def _join_to_whole(totals: npt.NDArray[np.float64], rows: dict[str, int], new: str, olds: list[str], year: int) -> None:
    """Invented municipalities that merged with published ones are what is left of the published whole."""
    if year not in YEARS or len(olds) < 2:
        return
    at = YEARS.index(year)
    told = {old: implied()[old, year - 1] for old in olds if (old, year - 1) in implied()}
    invented = [old for old in olds if old not in told and old != new]
    left = sum(embedded.population()[new, year].values()) - sum(told.values())
    if told and invented and left > 0:
        totals[[rows[old] for old in invented]] *= left / sum(totals[rows[old], at] for old in invented)


@lru_cache(maxsize=100_000)
def known(code: str, year: int, first_age: int = 0, last_age: int = 105) -> int | None:
    """Persons in 07459 on 1 January, or None where the code has no figure that year."""
    found = persons()
    if code not in found.rows or year not in YEARS or not found.valid[found.rows[code], YEARS.index(year)]:
        return None
    return int(found.numbers[found.rows[code], first_age : last_age + 1, YEARS.index(year)].sum())


@lru_cache(maxsize=1)
def implied() -> dict[tuple[str, int], float]:
    """Inhabitants that the published amounts and amounts per inhabitant imply.

    Those of 07459 where they lie in the common interval, else the middle of it.
    """
    spans: dict[tuple[str, int], tuple[float, float]] = {}
    rows = [*embedded.expenditure().items(), *embedded.totals().items()]
    for key, (amount, each) in rows:
        if abs(each) > 1:
            low = (abs(amount) - 0.5) * 1000 / (abs(each) + 0.5)
            high = (abs(amount) + 0.5) * 1000 / (abs(each) - 0.5)
            before = spans.get((key[0], int(key[-1])), (0.0, np.inf))
            spans[key[0], int(key[-1])] = (max(low, before[0]), min(high, before[1]))
    return {key: _within(key, low, high) for key, (low, high) in spans.items()}


def _within(key: tuple[str, int], low: float, high: float) -> float:
    code, year = key
    by_age = embedded.population().get((COUNTRY if code == "EAK" else code, year + 1), {})
    persons_at_end, middle = sum(by_age.values()), (low + high) / 2
    if low <= persons_at_end <= high:
        return float(persons_at_end)
    return float(round(middle)) if low <= round(middle) <= high else middle


@lru_cache(maxsize=100_000)
def kostra(code: str, year: int) -> float:
    """Inhabitants that KOSTRA divides by: those at the end of the year."""
    if (code, year) in implied():
        return implied()[code, year]
    if code == "EAKUO":
        return kostra("EAK", year) - kostra("0301", year)
    if code.startswith(("EKA", "EKG")):
        return sum(kostra(member, year) for member in regions.members(code, year))
    if code != "EAK" and (shared := _shared_out(year + 1).get(code)) is not None:
        return float(shared)
    seven = COUNTRY if code == "EAK" else code
    at_end = known(seven, year + 1)
    return float(round(invented_total(seven, year + 1)) if at_end is None else at_end)


@lru_cache(maxsize=50)
def _shared_out(year: int) -> dict[str, int]:
    """Inhabitants on 1 January of the municipalities of the year before: every new one shared out over its old ones.

    A code that goes on with other land has here what its old land holds. All of it adds up, to the person.
    """
    found: dict[str, int] = {}
    shares = regions.history().moved.get(year, {})
    for new in dict.fromkeys(new for _, new in shares):
        whole = known(new, year)
        if whole is None:
            continue
        parts = {old: size for (old, other), size in shares.items() if other == new}
        told = {old: round(implied()[old, year - 1]) for old in parts if (old, year - 1) in implied()}
        rest = {old: size for old, size in parts.items() if old not in told} or parts
        left = max(whole - sum(told.values()), 0) if set(rest) != set(parts) else whole
        for old, persons in _dealt(left, rest).items():
            found[old] = found.get(old, 0) + persons
    return found


def _dealt(whole: int, sizes: dict[str, float]) -> dict[str, int]:
    """A number of people by size, to the person: the largest remainders are rounded up."""
    exact = {code: whole * size / sum(sizes.values()) for code, size in sizes.items()}
    dealt = {code: int(number) for code, number in exact.items()}
    for code in sorted(exact, key=lambda code: dealt[code] - exact[code])[: whole - sum(dealt.values())]:
        dealt[code] += 1
    return dealt
