"""The figures of the tables: the same every time, published where the embedded set has them, synthetic elsewhere."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tests.statbank import accounts, catalogue, codelists, embedded, noise, population, regions
from tests.statbank.catalogue import CONTENTS, REGION, Dimension, Table, Value
from tests.statbank.noise import Floats

Signs = npt.NDArray[np.uint8]
NONE, NOT_IN_USE, NOT_AVAILABLE, CONFIDENTIAL = range(4)
SYMBOLS = ("", ".", "..", ":")
SMALL = 8_000
SCHOOL_SECTOR = ["202", "215", "222", "223"]
# users of care for each user of home services
CARE_SHARES = {"KOSkjerne066aar0000": 0.45, "KOSkjerne80aarov0000": 0.33, "KOSomsorgbrukere0000": 1.2}
BALANCE_CONTENTS = {"KOSbelop0000", "KOSbelopprinnb0000", "KOSbelopbrinv0000"}

# Real figures, from recorded answers and smoke values: (table, region, contents, year) → value or symbol
KNOWN: dict[tuple[str, str, str, str], float | int] = {
    ("12134", "0301", "KOSAG110000", "2024"): 81240,
    ("12134", "4601", "KOSAG110000", "2024"): 66605,
    ("12134", "5001", "KOSAG110000", "2024"): 62853,
    **{
        ("12134", code, "KOSAGD230000", str(year)): value
        for code, series in {"4601": (0.7, -2.4, 1.0), "EKG12": (1.6, 0.1, 3.2), "EAKUO": (1.0, -0.3, 2.1)}.items()
        for year, value in zip((2023, 2024, 2025), series, strict=True)
    },
    ("13526", "EAK", "KOSbygsokrestrik0000", "2025"): 50.3,
    ("13526", "EAKUO", "KOSbygsokrestrik0000", "2025"): 50.3,
    ("13526", "EKG12", "KOSbygsokrestrik0000", "2025"): 47.5,
}

# unit → (lowest, highest) of a figure that does not grow with the municipality
SPANS = {
    "prosent": (5.0, 95.0),
    "kr": (500.0, 60_000.0),
    "timer": (10.0, 120.0),
    "poeng": (35.0, 45.0),
    "m2": (2.0, 9.0),
    "promille": (1.0, 7.0),
}
PER_SOMETHING = (1.0, 50.0)
# unit → (lowest, highest) per inhabitant
RATES = {
    "1000 kr": (0.1, 6.0),
    "km": (0.002, 0.02),
    "dekar": (0.01, 0.5),
    "døgn": (1.0, 4.0),
    "årsverk": (0.0005, 0.004),
    "personer": (0.0005, 0.005),
    "elever": (0.10, 0.13),
    "kvadratmeter": (3.0, 6.0),
    "kilowattimer": (500.0, 1000.0),
    "MWh": (0.05, 0.2),
}
OTHER_RATE = (0.001, 0.05)


@dataclass(slots=True)
class Chosen:
    """The values asked for in one dimension, and the codes behind each when a codelist groups them."""

    dimension: Dimension
    values: tuple[Value, ...]
    codelist: codelists.Codelist | None = None


@dataclass(slots=True)
class Cells:
    """An answer before it becomes JSON. Axes follow `chosen`; a missing figure is NaN."""

    chosen: list[Chosen]
    values: Floats
    signs: Signs


def cells(table: Table, chosen: list[Chosen]) -> Cells:
    """`chosen` holds every dimension that was not eliminated."""
    found = {each.dimension.code: each for each in chosen}
    plan = [_Axis(dimension, found.get(dimension.code)) for dimension in table.dimensions if not dimension.added]
    values, signs = _figures(table, [axis.values for axis in plan])
    for number, axis in enumerate(plan):
        if axis.sizes:
            values, signs = _summed(table, values, signs, number, axis.sizes, plan)
    kept = [number for number, axis in enumerate(plan) if axis.kept]
    values = values.reshape([values.shape[number] for number in kept])
    signs = signs.reshape(values.shape)
    own = [each for each in chosen if each.dimension.added]
    for each in own:
        factors = np.array([1.0 if value.origin == "0" else 0.5 for value in each.values])
        values, signs = values[..., None] * factors, np.repeat(signs[..., None], len(factors), axis=-1)
    order = [plan[number].dimension.code for number in kept] + [each.dimension.code for each in own]
    axes = [order.index(each.dimension.code) for each in chosen]
    return Cells(chosen, values.transpose(axes), signs.transpose(axes))


class _Axis:
    """One dimension as the figures see it: the single codes, and how many of them make up each value."""

    def __init__(self, dimension: Dimension, chosen: Chosen | None) -> None:
        self.dimension = dimension
        self.kept = chosen is not None
        self.sizes: list[int] = []
        self.values = dimension.values if chosen is None else chosen.values
        self.codelist = None if chosen is None else chosen.codelist
        if chosen is None:
            self._eliminate()
        elif chosen.codelist is not None:
            self._group(chosen.codelist)

    def _eliminate(self) -> None:
        if self.dimension.elimination_value is None:
            self.sizes = [len(self.values)]
        else:
            self.values = tuple(v for v in self.values if v.origin == self.dimension.elimination_value)

    def _group(self, codelist: codelists.Codelist) -> None:
        own = {value.code: value for value in self.dimension.values}
        groups = [[own[code] for code in codelist.members(value.code) if code in own] for value in self.values]
        self.asked = [value.code for value in self.values]
        self.values = tuple(value for group in groups for value in group)
        self.sizes = [len(group) for group in groups]


def _summed(
    table: Table, values: Floats, signs: Signs, number: int, sizes: list[int], plan: list[_Axis]
) -> tuple[Floats, Signs]:
    """Sums over the codes of each group; the mean where figures cannot be added. Missing only if all are."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
    there = ~np.isnan(values)
    total = np.add.reduceat(np.nan_to_num(values), starts, axis=number)
    count = np.add.reduceat(there.astype(float), starts, axis=number)
    contents = next(at for at, axis in enumerate(plan) if axis.dimension.code == CONTENTS)
    mean = np.array([_is_level(value) for value in plan[contents].values])
    shape = [1] * total.ndim
    shape[contents] = len(mean)
    made = np.where(mean.reshape(shape), total / np.maximum(count, 1), total)
    made[count == 0] = np.nan
    first = np.take(signs, starts, axis=number)
    if table.id == "07459" and plan[number].codelist is not None:
        _recast(made, plan, number)
    return made, np.where(np.isnan(made), first, NONE).astype(np.uint8)


def _recast(made: Floats, plan: list[_Axis], number: int) -> None:
    """Put in the published recast series for today's borders. Sexes are split as everywhere in 07459."""
    axis = plan[number]
    if axis.dimension.code != "Region":
        return
    sexes, ages, _, time = (other.values for other in plan[1:])
    for place, code in enumerate(axis.asked):
        for at, period in enumerate(time):
            by_age = embedded.population_recast().get((code, int(period.origin)))
            if by_age is not None and made.shape[1] == len(sexes) and made.shape[2] == len(ages):
                both = np.array([by_age.get(age.origin, 0) for age in ages], dtype=float)
                made[place, :, :, 0, at] = np.stack([_one_sex(both, sex.origin) for sex in sexes])


def _figures(table: Table, axes: list[tuple[Value, ...]]) -> tuple[Floats, Signs]:
    """Figures for single codes, in the table's own order of dimensions."""
    codes = [[value.origin for value in values] for values in axes]
    names = [dimension.code for dimension in table.dimensions if not dimension.added]
    contents = axes[names.index(CONTENTS)]
    if table.id == "07459":
        values = _persons(codes)
    elif table.id == "12362":
        values = accounts.expenditure([*codes[:3], codes[4]], codes[3], table.release)
    elif table.id == "12367":
        values = accounts.detailed([*codes[:4], codes[5]], table.release)[:, :, :, :, None, :]
    elif "KOKartkap0000" in names and BALANCE_CONTENTS.issuperset(codes[2]):
        values = accounts.balance([*codes[:2], codes[3]], codes[2], table.release)
    else:
        values = _generic(table, codes, contents, names)
        if table.id == "12292":
            _users_of_care(codes, values)
    signs = np.zeros(values.shape, dtype=np.uint8)
    if not (set(names) & {"KOKart0000", "KOKartkap0000", "Region", "Grunnkretser"}):
        _hide(table, codes, values, signs)
    if table.id in ("12134", "12209", "12210", "12255", "13502", "13526", "11820"):
        _put_in(table, codes, contents, values, signs)
    _mark_invalid(table, codes, contents, names, values, signs)
    if table.release and table.id not in ("12362", "12367") and "KOKartkap0000" not in names:
        values = _revised(values, contents, names, table.release)
    values[signs != NONE] = np.nan
    return values, signs


def _one_sex(both: Floats, sex: str) -> Floats:
    """Men and women; together exactly both."""
    men = np.floor(both * 0.503 + 0.5)
    return men if sex == "1" else both - men


def _persons(codes: list[list[str]]) -> Floats:
    places, sexes, ages, contents, periods = codes
    found = population.persons()
    years = [population.YEARS.index(int(period)) if int(period) in population.YEARS else -1 for period in periods]
    at = np.ix_([found.rows[code] for code in places], [population.AGES.index(age) for age in ages], years)
    both = found.numbers[at]
    made = np.stack([_one_sex(both, sex) for sex in sexes], axis=1)
    return np.repeat(made[:, :, :, None, :], len(contents), axis=3)


def _is_level(value: Value) -> bool:
    """Whether a figure says how much per something, and so neither grows with the municipality nor adds up."""
    words = value.label.lower()
    per = any(word in words for word in (" per ", "pr. ", "gjennomsnitt", "gj.sn", "omløpshastighet", "gebyr"))
    return value.span is not None or value.kind in SPANS or per


def _generic(table: Table, codes: list[list[str]], contents: tuple[Value, ...], names: list[str]) -> Floats:
    at = names.index(CONTENTS)
    place, others = codes[0], codes[1:at]
    years = [int(period[:4]) for period in codes[-1]]
    parts = 1
    for other in others:
        parts *= max(len(other), 1)
    size = _sizes(table, names[0], place, years).reshape(len(place), *(1,) * len(others), 1, len(years))
    ages = _age_shares(names, codes)
    made = [_series(table, place, others, value, codes[-1], years, size, ages) for value in contents]
    return np.concatenate(made, axis=at)


def _sizes(table: Table, dimension: str, codes: list[str], years: list[int]) -> Floats:
    if dimension == REGION:
        return accounts.inhabitants(codes, years)
    if dimension == "Grunnkretser":
        return np.repeat(200 + 1000 * noise.uniform("unit", codes)[:, None], len(years), axis=1)
    return np.array([[population.invented_total(code, year) for year in years] for code in codes])


def _age_shares(names: list[str], codes: list[list[str]]) -> Floats | None:
    """Share of the municipality in each combination of sex and age, for the projections."""
    if names[1:3] != ["Kjonn", "Alder"]:
        return None
    shape = population.profile(population.COUNTRY)
    ages = np.array([shape[population.AGES.index(age)] for age in codes[2]])
    return np.stack([ages * (0.503 if sex == "1" else 0.497) for sex in codes[1]])


def _series(
    table: Table,
    place: list[str],
    others: list[list[str]],
    value: Value,
    periods: list[str],
    years: list[int],
    size: Floats,
    ages: Floats | None,
) -> Floats:
    """One content for every region and year: a national level, a distance from it, and a smooth path."""
    key = f"{table.id} {value.origin}"
    national = noise.uniform(key, *others)[None, ..., None] if others else noise.uniform(key)
    distance = noise.uniform(f"{key} place", place, *others)[..., None]
    path = accounts.wave(key, (place, *others), years, 0.0)
    if ages is not None:
        made = np.rint(size[..., 0, :] * ages[None, :, :, None] * (0.97 + 0.06 * noise.one(key)))
    elif value.kind == "personer" and value.origin in ("Folkemengde", "Folketallet1", "Folketallet11", "Bosatte"):
        made = np.rint(size[..., 0, :])
    elif _is_level(value):
        low, high = value.span or SPANS.get(value.kind, PER_SOMETHING)
        level = low + (high - low) * (0.15 + 0.55 * national + 0.3 * distance)
        made = level * path if low > 0 else level + (high - low) * (path - 1)
        made = np.round(np.clip(made, low, high), value.decimals)
    else:
        low, high = RATES.get(value.kind, OTHER_RATE)
        rate = (low + (high - low) * national**2) * (0.7 + 0.6 * distance) * path
        made = np.round(size[..., 0, :] * rate, value.decimals)
    return np.asarray(np.broadcast_to(made, (len(place), *map(len, others), len(years)))[..., None, :]).copy()


def _hide(table: Table, codes: list[list[str]], values: Floats, signs: Signs) -> None:
    """Small municipalities: about one cell in a hundred is confidential, one in two hundred not available."""
    years = [int(period[:4]) for period in codes[-1]]
    small = accounts.inhabitants(codes[0], years) < SMALL
    drawn = noise.uniform(f"{table.id} hidden", *codes)
    drawn[~np.broadcast_to(small.reshape(len(codes[0]), *(1,) * (drawn.ndim - 2), len(years)), drawn.shape)] = 1.0
    signs[drawn < 0.015] = NOT_AVAILABLE
    signs[drawn < 0.010] = CONFIDENTIAL


def _users_of_care(codes: list[list[str]], values: Floats) -> None:
    """Users by age are parts of all users of home services; with those in institutions they are all users of care."""
    whole = _care(codes[0], "KOSkjernetotalt0000", codes[2])
    for content, share in CARE_SHARES.items():
        if content in codes[1]:
            values[:, codes[1].index(content), :] = np.rint(whole * share)


@lru_cache(maxsize=8)
def _care_table() -> tuple[Table, dict[str, Value]]:
    table = catalogue.load()["12292"]
    return table, {value.code: value for value in table.dimension(CONTENTS).values}


def _care(places: list[str], content: str, periods: list[str]) -> Floats:
    """A series of 12292 as drawn, nothing hidden: region × year."""
    table, contents = _care_table()
    if content in CARE_SHARES:
        return np.asarray(np.rint(_care(places, "KOSkjernetotalt0000", periods) * CARE_SHARES[content]))
    names = [REGION, CONTENTS, "Tid"]
    return _generic(table, [places, [content], periods], (contents[content],), names)[:, 0, :]


def _of_care_users(
    table: Table, codes: list[list[str]], contents: tuple[Value, ...], values: Floats, signs: Signs
) -> None:
    """What 12209 says of the users that 12292 counts, to the decimals it is published with."""
    made = {
        "Andel brukere av hjemmetjenester 0-66 år (prosent)": ("KOSkjerne066aar0000", "KOSkjernetotalt0000", 100, 1),
        "Årsverk per bruker av omsorgstjenester": ("KOSaarsverkbruke0000", "KOSomsorgbrukere0000", 1, 2),
    }
    for at, content in enumerate(contents):
        if content.label in made:
            a, b, times, decimals = made[content.label]
            figure = times * _care(codes[0], a, codes[2]) / np.maximum(_care(codes[0], b, codes[2]), 1)
            values[:, at, :] = np.round(figure, decimals)
        if content.code == "KOShjtj80aarover0001":
            users = _care(codes[0], "KOSkjerne80aarov0000", codes[2])
            share = np.round(
                100 * users / np.array([[_old(code, int(year)) for year in codes[2]] for code in codes[0]]), 1
            )
            values[:, at, :] = np.where(np.isnan(share), values[:, at, :], share)


def _put_in(table: Table, codes: list[list[str]], contents: tuple[Value, ...], values: Floats, signs: Signs) -> None:
    """Figures that are known, or that must agree with another table."""
    for i, region in enumerate(codes[0]):
        for j, content in enumerate(codes[1]):
            for k, period in enumerate(codes[2]):
                figure = _known(table.id, region, content, period)
                if figure is not None:
                    values[i, j, k], signs[i, j, k] = figure, NONE
    if table.id == "13502" and "KOSutg020000" in codes[1]:
        net = accounts.amounts(codes[0], ["FGK7"], ["AGD2"], [int(period) for period in codes[2]])[:, 0, 0, :]
        _per_child(codes, "KOSutg020000", net, (1, 5), values, signs)
    if table.id == "12255" and "KOSregnind20000" in codes[1]:
        detailed = accounts.detailed([codes[0], ["A"], SCHOOL_SECTOR, ["AGD2"], codes[2]], table.release)
        _per_child(codes, "KOSregnind20000", detailed[:, 0, :, 0, :].sum(axis=1), (6, 15), values, signs, decimals=1)
    if table.id == "12209":
        _of_care_users(table, codes, contents, values, signs)
    if table.id == "13526" and {"0301"} <= set(codes[0]) and {"KOSbygsokrestrik0000"} <= set(codes[1]):
        at = codes[0].index("0301"), codes[1].index("KOSbygsokrestrik0000")
        signs[at][[period == "2025" for period in codes[2]]] = NOT_AVAILABLE


def _known(table: str, region: str, content: str, period: str) -> float | None:
    if table == "12210":
        return embedded.recipients().get((region, content, period))
    if table == "11820" and content in ("KOSfolkemengde0000", "KOSkvinne0000", "KOSmenn0000"):
        everybody = round(population.kostra(region, int(period)))
        women = round(everybody * 0.497)
        return {"KOSfolkemengde0000": everybody, "KOSkvinne0000": women}.get(content, everybody - women)
    return KNOWN.get((table, region, content, period))


def _per_child(
    codes: list[list[str]],
    content: str,
    net: Floats,
    ages: tuple[int, int],
    values: Floats,
    signs: Signs,
    decimals: int = 0,
) -> None:
    """An amount in thousands over the inhabitants of an age in 07459; not available where those are not known."""
    at = codes[1].index(content)
    years = [int(period) for period in codes[2]]
    children = [[_children(code, year + 1, ages) for year in years] for code in codes[0]]
    there = np.array([[bool(number) for number in row] for row in children]).reshape(net.shape)
    numbers = np.array([[number or 1 for number in row] for row in children]).reshape(net.shape)
    values[:, at, :] = np.round(net * 1000 / numbers, decimals)
    signs[:, at, :] = np.where(there, NONE, NOT_AVAILABLE)


def _old(code: str, year: int) -> float:
    """Inhabitants 80 years and older at the end of the year; of its beginning where the code is gone by then."""
    return _children(code, year + 1, (80, 105)) or _children(code, year, (80, 105)) or float("nan")


def _children(code: str, year: int, ages: tuple[int, int]) -> int | None:
    return population.known(population.COUNTRY if code == "EAK" else code, year, *ages)


def _mark_invalid(
    table: Table,
    codes: list[list[str]],
    contents: tuple[Value, ...],
    names: list[str],
    values: Floats,
    signs: Signs,
) -> None:
    """ "." where the municipality, the function or the content does not exist that year."""
    years = [int(period[:4]) for period in codes[-1]]
    ones = [1] * values.ndim
    if names[0] in (REGION, "Region") and not table.projection:
        known = [[_valid(names[0], code, year) for year in years] for code in codes[0]]
        shape = [len(codes[0]), *ones[1:-1], len(years)]
        signs[np.broadcast_to(~np.array(known).reshape(shape), values.shape)] = NOT_IN_USE
    if table.id in ("12362", "12367"):
        at = names.index("KOKfunksjon0000")
        used = accounts.in_use(codes[at], years)
        shape = [*ones[:at], len(codes[at]), *ones[at + 1 : -1], len(years)]
        signs[np.broadcast_to(~used.reshape(shape), values.shape)] = NOT_IN_USE
    for number, value in enumerate(contents):
        if value.last is not None:
            late = np.array(years) > value.last
            signs[..., number, late] = np.where(signs[..., number, late] == NONE, NOT_AVAILABLE, NOT_IN_USE)


def _valid(dimension: str, code: str, year: int) -> bool:
    if dimension == REGION:
        return regions.valid_region(code, year)
    return code == population.COUNTRY or regions.valid_in(code, year)


def _revised(values: Floats, contents: tuple[Value, ...], names: list[str], release: int) -> Floats:
    decimals = [value.decimals for value in contents]
    factor = 1.01**release
    parts = [np.round(values[..., number, :] * factor, places) for number, places in enumerate(decimals)]
    return np.stack(parts, axis=names.index(CONTENTS))
