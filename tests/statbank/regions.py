"""Municipalities through time: which codes are valid when, what they are called and how large they are made.

Validity comes from the changes in KLASS. Sizes are invented for today's municipalities and carried backwards
along the changes, so that the parts of a merged municipality always add up to it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from tests.statbank import noise
from tests.statbank.embedded import codes_2026, municipality_changes

NOT_STATED = "9999"
LAST_YEAR = 2026
FIRST_CHANGE_IN_KOSTRA = "2015-01-01"

# Rounded inhabitants of the largest municipalities; they decide the KOSTRA group. All others are drawn by hash.
LARGE = {
    "0301": 717_000,
    "4601": 292_000,
    "5001": 214_000,
    "1103": 149_000,
    "3201": 130_000,
    "4204": 116_000,
    "3301": 104_000,
    "3203": 98_000,
    "3205": 93_000,
    "3107": 85_000,
    "1108": 83_000,
    "5501": 78_000,
}
SMALLEST, LARGEST = 700, 52_000

COUNTIES = {
    **{f"{number:02d}": (0, 2019) for number in range(1, 21) if number not in (3, 11, 13, 15, 18)},
    **dict.fromkeys(("03", "11", "15", "18"), (0, 9999)),
    "50": (2018, 9999),
    **dict.fromkeys(("30", "38", "54"), (2020, 2023)),
    **dict.fromkeys(("34", "42", "46"), (2020, 9999)),
    **dict.fromkeys(("31", "32", "33", "39", "40", "55", "56"), (2024, 9999)),
}
COUNTY_NAMES = {
    "01": "Østfold",
    "02": "Akershus",
    "03": "Oslo",
    "04": "Hedmark",
    "05": "Oppland",
    "06": "Buskerud",
    "07": "Vestfold",
    "08": "Telemark",
    "09": "Aust-Agder",
    "10": "Vest-Agder",
    "11": "Rogaland",
    "12": "Hordaland",
    "14": "Sogn og Fjordane",
    "15": "Møre og Romsdal",
    "16": "Sør-Trøndelag",
    "17": "Nord-Trøndelag",
    "18": "Nordland",
    "19": "Troms",
    "20": "Finnmark",
    "30": "Viken",
    "31": "Østfold",
    "32": "Akershus",
    "33": "Buskerud",
    "34": "Innlandet",
    "38": "Vestfold og Telemark",
    "39": "Vestfold",
    "40": "Telemark",
    "42": "Agder",
    "46": "Vestland",
    "50": "Trøndelag",
    "54": "Troms og Finnmark",
    "55": "Troms",
    "56": "Finnmark",
}
GROUPS = tuple(f"EKG{number:02d}" for number in range(1, 18))

FIXED_GROUPS = {
    **dict.fromkeys(("0602", "0625", "0220", "0627"), "EKG13"),
    **dict.fromkeys(("0711", "0628"), "EKG07"),
    **dict.fromkeys(("1201", "1103", "1601", "5001"), "EKG14"),
    "0301": "EKG15",
}
FIXED_GROUPS_2020 = {**dict.fromkeys(("3005", "3301", "3025", "3203", "4601"), "EKG12"), "0301": "EKG13"}


@dataclass(frozen=True, slots=True)
class Interval:
    """A code is valid from and including `start` up to `end`, ISO dates; empty and "9999" are open ends."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class History:
    validity: dict[str, tuple[Interval, ...]]
    sizes: tuple[
        tuple[str, dict[str, float]], ...
    ]  # (from date, code → inhabitants at the level of 2026), newest first
    successor: dict[str, str]  # the code that most of a ceased municipality went into
    moved: dict[int, dict[tuple[str, str], float]]  # year → (old, new) → inhabitants at the level of 2026


def _size_2026(code: str) -> float:
    drawn = SMALLEST * (LARGEST / SMALLEST) ** noise.one("size", code)
    return float(LARGE.get(code, 0 if code == NOT_STATED else drawn))


@lru_cache(maxsize=1)
def history() -> History:
    """Walk backwards from today's codes through every date with changes."""
    state = {str(row["code"]): _size_2026(str(row["code"])) for row in codes_2026()}
    ends = dict.fromkeys(state, "9999")
    intervals: dict[str, list[Interval]] = {}
    sizes: list[tuple[str, dict[str, float]]] = []
    successor: dict[str, str] = {}
    moved: dict[int, dict[tuple[str, str], float]] = {}
    by_date: dict[str, list[tuple[str, str]]] = {}
    for change in municipality_changes():
        if change.old_code and change.new_code:
            by_date.setdefault(change.occurred, []).append((change.old_code, change.new_code))
    for date in sorted(by_date, reverse=True):
        sizes.append((date, state))
        edges = by_date[date]
        shares = _shares(state, edges)
        before = _before(state, shares)
        moved[int(date[:4])] = shares
        for new in {new for _, new in edges} - {old for old, _ in edges}:
            intervals.setdefault(new, []).append(Interval(date, ends.pop(new, date)))
        for old in {old for old, _ in edges} - {new for _, new in edges}:
            ends[old] = date
            successor[old] = max((new for o, new in edges if o == old), key=lambda new: (state.get(new, 0.0), new))
        state = before
    sizes.append(("", state))
    for code, end in ends.items():
        intervals.setdefault(code, []).append(Interval("", end))
    return History({code: tuple(found) for code, found in intervals.items()}, tuple(sizes), successor, moved)


def _shares(state: dict[str, float], edges: list[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """How large a part of a new municipality each old one became, at one date."""
    into: dict[str, list[str]] = {}
    for old, new in edges:
        into.setdefault(new, []).append(old)
    found: dict[tuple[str, str], float] = {}
    for new, parts in into.items():
        weights = {old: (1.0 if old == new else 0.2) + noise.one("share", old, new) for old in parts}
        for old, weight in weights.items():
            found[old, new] = state.get(new, 0.0) * weight / sum(weights.values())
    return found


def _before(state: dict[str, float], shares: dict[tuple[str, str], float]) -> dict[str, float]:
    """Sizes before the changes of one date: every new municipality is shared out over the old ones."""
    changed = {new for _, new in shares}
    before = {code: size for code, size in state.items() if code not in changed}
    for (old, _), part in shares.items():
        before[old] = before.get(old, 0.0) + part
    return before


@lru_cache(maxsize=100_000)
def valid_on(code: str, date: str) -> bool:
    return any(span.start <= date < span.end for span in history().validity.get(code, ()))


def valid_in(code: str, year: int) -> bool:
    """KOSTRA and 07459 both use the code that is valid on 1 January."""
    return code != NOT_STATED and valid_on(code, f"{year}-01-01")


@lru_cache(maxsize=100_000)
def size(code: str, year: int) -> float:
    """Inhabitants at the level of 2026 within the borders of the year; outside its years, those of the nearest."""
    date = f"{year}-01-01"
    spans = history().sizes
    at = next(index for index, (start, _) in enumerate(spans) if start <= date)
    order = sorted(range(len(spans)), key=lambda index: abs(index - at))
    return next((spans[index][1][code] for index in order if code in spans[index][1]), 0.0)


@lru_cache(maxsize=10_000)
def today(code: str) -> str:
    """The municipality of today that a code ended up in."""
    steps = history().successor
    while code in steps and not valid_on(code, f"{LAST_YEAR}-01-01"):
        code = steps[code]
    return code


@lru_cache(maxsize=10_000)
def name_on(code: str, date: str) -> str:
    """The name in KLASS on a date."""
    if date >= f"{LAST_YEAR}-01-01":
        for row in codes_2026():
            if row["code"] == code:
                return str(row["name"])
    before = [c.new_name for c in municipality_changes() if c.new_code == code and c.occurred <= date]
    after = [c.old_name for c in municipality_changes() if c.old_code == code and c.occurred > date]
    last = [c.old_name for c in municipality_changes() if c.old_code == code]
    names = [*before[-1:], *after[:1], *last[-1:]] or [row["name"] for row in codes_2026() if row["code"] == code]
    return str(names[0]) if names else code


@lru_cache(maxsize=10_000)
def label(code: str) -> str:
    """The label in Statbank: the latest name, without the county that KLASS adds to namesakes."""
    return re.sub(r"\s*\([^)]*\)$", "", name_on(code, f"{LAST_YEAR}-01-01")).strip()


@lru_cache(maxsize=4)
def municipalities(since: str = "") -> tuple[str, ...]:
    """All codes in the changes from a date on, and all codes of today."""
    codes = {str(row["code"]) for row in codes_2026()}
    for change in municipality_changes():
        if change.occurred >= since:
            codes.update(code for code in (change.old_code, change.new_code) if code)
    return tuple(sorted(codes))


@lru_cache(maxsize=1000)
def valid_codes(year: int) -> tuple[str, ...]:
    return tuple(code for code in municipalities() if valid_in(code, year))


@lru_cache(maxsize=10_000)
def group(code: str, year: int) -> str:
    """KOSTRA group of a municipality, KLASS 112. Groups 14 to 17 stand empty from 2020 on."""
    fixed = FIXED_GROUPS_2020 if year >= 2020 else FIXED_GROUPS
    if code in fixed:
        return fixed[code]
    inhabitants = size(code, year)
    if year >= 2020 and inhabitants >= 75_000:
        return "EKG12"
    steps = (1_000, 2_000, 3_000, 4_500, 6_000, 8_000, 10_500, 14_000, 20_000, 30_000, 45_000, 60_000)
    number = 1 + sum(inhabitants >= step for step in steps)
    return f"EKG{min(number, 11 if year >= 2020 else 13):02d}"


@lru_cache(maxsize=10_000)
def members(aggregate: str, year: int) -> tuple[str, ...]:
    """Municipalities behind a country, county or group code in a year."""
    codes = valid_codes(year)
    if aggregate.startswith("EKG"):
        return tuple(code for code in codes if group(code, year) == aggregate)
    if aggregate.startswith("EKA"):
        return tuple(code for code in codes if code[:2] == aggregate[3:])
    return tuple(code for code in codes if not (aggregate == "EAKUO" and code == "0301"))


@lru_cache(maxsize=100_000)
def valid_region(code: str, year: int) -> bool:
    """Whether a KOSTRA region, aggregates included, exists in a year."""
    if code.startswith("EKA"):
        first, last = COUNTIES[code[3:]]
        return first <= year <= last
    if code.startswith("EKG"):
        return bool(members(code, min(year, LAST_YEAR)))
    return code.startswith("E") or valid_in(code, year)


@lru_cache(maxsize=1)
def kostra_regions() -> tuple[tuple[str, str], ...]:
    codes = [(code, label(code)) for code in municipalities(FIRST_CHANGE_IN_KOSTRA)]
    groups = [(code, f"KOSTRA-gruppe {int(code[3:])}") for code in GROUPS]
    counties = [(f"EKA{number}", _county_label(number)) for number in sorted(COUNTIES)]
    return (*codes, ("EAK", "Landet"), ("EAKUO", "Landet uten Oslo"), *groups, *counties)


def _county_label(number: str) -> str:
    first, last = COUNTIES[number]
    span = f" ({first or ''}-{'' if last == 9999 else last})" if first or last != 9999 else ""
    return COUNTY_NAMES[number] + span
