"""Small tables by hand: given rows, for sentences that are right or wrong of them."""

from pathlib import Path

import duckdb

DRAMMEN, EIKER, SVELVIK, MERGED, COUNTRY = "0602", "0625", "0711", "nye-drammen", "EAK"
NAMES = {DRAMMEN: "Drammen", EIKER: "Nedre Eiker", SVELVIK: "Svelvik", MERGED: "Nye Drammen", COUNTRY: "Landet"}
SCHOOL, PUPILS, CARE, DOCTORS, TEST = (
    "grunnskole.netto_per_innbygger_6_15", "befolkning.alder_6_15", "barnehage.dekning_1_5",
    "kommunehelse.uten_lege", "grunnskole.nasjonale_prover_5_lesing",
)  # fmt: skip
WATER, CHANGE, WELFARE = (
    "var.netto_per_innbygger",
    "befolkning.endring_siden_2005_6_15",
    "barnevern.netto_per_innbygger",
)
ROLES = {MERGED: "merged", COUNTRY: "comparator"}
# indicator → title, short, area, kind, formula, unit, decimals, direction, source
CARDS = {
    SCHOOL: ("Netto driftsutgifter til grunnskole per innbygger 6–15 år", "Grunnskole (6–15 år)", "grunnskole",
             "prioritering", "ratio", "kr", 0, "neutral", "12362"),
    PUPILS: ("Innbyggere 6–15 år, 1. januar", "Innbyggere 6–15 år", "befolkning", "behov", "amount", "personer", 0,
             "neutral", "07459"),
    CHANGE: ("Innbyggere 6–15 år: endring siden 2005", "– endring siden 2005", "befolkning", "behov", "change",
             "prosent", 1, "neutral", "07459"),
    CARE: ("Barn i barnehage, andel av innbyggere 1–5 år", "Dekningsgrad 1–5 år", "barnehage", "dekningsgrad", "share",
           "prosent", 1, "neutral", "13502"),
    DOCTORS: ("Innbyggere på liste uten fast lege", "Uten fast lege", "kommunehelse", "kvalitet", "amount", "personer",
              0, "lower", "12005"),
    TEST: ("Nasjonale prøver 5. trinn, lesing", "Lesing, 5. trinn", "grunnskole", "kvalitet", "value", "skalapoeng", 0,
           "higher", "udir-nasjonale-prover"),
    WATER: ("Netto driftsutgifter til vann, avløp og renovasjon per innbygger",
            "Vann, avløp og renovasjon per innbygger", "var", "prioritering", "ratio", "kr", 0, "neutral", "12362"),
    WELFARE: ("Netto driftsutgifter til barnevern per innbygger", "Barnevern per innbygger", "barnevern",
              "prioritering", "ratio", "kr", 0, "neutral", "12362"),
}  # fmt: skip
# indicator → year → Drammen, Nedre Eiker, Svelvik, Nye Drammen, the country
FIGURES: dict[str, dict[int, tuple[float | None, ...]]] = {
    SCHOOL: {
        2016: (91_000, 88_000, 108_000, 91_500, 108_000), 2017: (95_000, 91_000, 112_000, 95_200, 112_000),
        2018: (98_383, 94_699, 117_107, 98_524, 115_799), 2019: (None, None, None, 101_000, 119_000),
    },
    PUPILS: {2018: (8_300, 3_100, 755, 12_155, 630_000), 2019: (8_350, 3_120, 764, 12_234, 633_000)},
    CHANGE: {
        2017: (18.1, 6.0, -20.0, 12.1, 1.0), 2018: (19.2, 6.5, -21.8, 13.0, 1.5), 2019: (20.1, 7.1, -22.9, 13.8, 2.0),
    },
    CARE: {2018: (89.7, 89.2, 91.7, 89.7, 91.8)},
    DOCTORS: {2018: (1_239, 400, 113, 1_752, 60_000)},
    TEST: {2025: (None, None, None, 52, 50)},
    WATER: {2018: (-565, -538, 37, -518, -253)},
    WELFARE: {2018: (2_400, 2_900, 2_100, 2_544, 2_300)},
}  # fmt: skip


def tables(folder: Path) -> Path:
    """The tables in `folder`, as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, "region", "region region_name role kind", [
        (code, name, ROLES.get(code, "member"), "country" if code == COUNTRY else "municipality")
        for code, name in NAMES.items()
    ])  # fmt: skip
    card = "title short area kind formula unit decimals:i direction source merge heading"
    _write(folder, "indicator_card", f"indicator {card}", [
        (name, *told, "S", "finansiering") for name, told in CARDS.items()
    ])  # fmt: skip
    _write(folder, "indicator", "indicator region year:i value:d unit status uncertainty:d", [
        (name, region, year, value, CARDS[name][5], "ok" if value is not None else "not_valid",
         0.6 if name == TEST and region == MERGED else None)
        for name, years in FIGURES.items()
        for year, values in years.items()
        for region, value in zip(NAMES, values, strict=True)
    ])  # fmt: skip
    adjusted = {2016: (11_000, 10_600, 13_000), 2017: (11_500, 10_900, 13_500), 2018: (11_700, 11_391, 14_069)}
    plain = {2016: (10_900, 11_700, 12_200), 2017: (11_300, 12_100, 12_600), 2018: (11_629, 12_659, 13_121)}
    _write(
        folder,
        "need",
        "indicator region year:i weights_year:i per_inhabitant:d adjusted_per_inhabitant:d need_index:d status",
        [
            (SCHOOL, region, year, 2026, plain[year][at], adjusted[year][at], (99.4, 103.1, 91.2)[at], "ok")
            for year in adjusted
            for at, region in enumerate((DRAMMEN, EIKER, SVELVIK))
        ],
    )
    _write(
        folder,
        "trend",
        "indicator region year:i years_used:i first_year:i slope_pct:d fixed_value:d fixed_slope_pct:d",
        [(SCHOOL, MERGED, 2018, 3, 2016, 3.8, 101_000.0, 1.2), (SCHOOL, COUNTRY, 2018, 3, 2016, 3.5, 119_000.0, 0.9)],
    )
    columns = "item title service region year:i need_adjusted:b measure scenario value:d unit status subproject object"
    changes = {"highest": (160.6e6, 64.7e6, 0.0, 225.3e6), "lowest": (-21.1e6, 0.0, -25.9e6, -47.0e6),
               "average": (10.1e6, 3.7e6, -13.8e6, 0.0)}  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (SCHOOL, "Grunnskole", "grunnskole", region, 2018, True, "cost_change", scenario, value, "kr", "ok", "AP2.1",
         "spending")
        for scenario, values in changes.items()
        for region, value in zip(NAMES, values, strict=False)
    ]  # fmt: skip
    rows += [
        (SCHOOL, "Grunnskole", "grunnskole", region, 2018, True, "level", "today", value, "kr", "ok", "AP2.1",
         "spending")
        for region, value in zip(NAMES, (11_700, 11_391, 14_069, 11_853), strict=False)
    ]  # fmt: skip
    rows += [
        (WELFARE, "Barnevern", "barnevern", MERGED, 2018, False, "cost_change", "highest", 22.2e6, "kr", "ok", "AP2.3",
         "spending"),
        (CARE, CARDS[CARE][0], "barnehage", MERGED, 2018, False, "units_change", "highest", 114.0, "barnehageplasser",
         "ok", "AP2.2", "coverage"),
    ]  # fmt: skip
    rows += [
        ("barnehage.hel_plass", "Barnehage, hel plass", "barnehage", MERGED, 2018, False, "revenue_change", "highest",
         5.0e6, "kr", "ok", "AP2.2", "fee"),
    ]  # fmt: skip
    _write(folder, "harmonisation", columns, rows)
    _write(folder, "item_region", "object item title units_word subproject year:i level:d state_set", [
        ("fee", "barnehage.hel_plass", "Barnehage, hel plass", "plasser", "AP2.2", 2018, 2910.0, "maksimalpris"),
    ])  # fmt: skip
    _write(folder, "register_use", "register title rows_filled:i members_filled:i", [
        ("brukerbetalinger", "Brukerbetalinger og gebyrer", 0, 0), ("dekning", "Dekning og standard", 9, 3),
    ])  # fmt: skip
    (folder / "merger.json").write_text('{"successor": []}', encoding="utf-8")
    return folder


TYPES = {"i": "integer", "d": "double", "b": "boolean"}


def _write(folder: Path, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    named = [column.partition(":") for column in columns.split()]
    connection = duckdb.connect()
    typed = ", ".join(f'"{name}" {TYPES.get(kind, "varchar")}' for name, _, kind in named)
    connection.execute(f"create table t ({typed})")
    connection.executemany(f"insert into t values ({', '.join('?' * len(named))})", [list(row) for row in rows])
    connection.execute(f"copy t to '{(folder / f'{table}.parquet').as_posix()}' (format parquet)")
    connection.close()
