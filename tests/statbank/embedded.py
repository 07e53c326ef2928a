"""The figures of the embedded set that the server gives back unchanged."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).parents[2] / "data" / "raw" / "embedded"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of KLASS changes for classification 131. A missing code is None."""

    occurred: str
    old_code: str | None
    old_name: str | None
    new_code: str | None
    new_name: str | None


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False)


@lru_cache(maxsize=1)
def municipality_changes() -> tuple[Change, ...]:
    rows = _read("klass-131-changes/changes.csv")[["changeOccurred", "oldCode", "oldName", "newCode", "newName"]]
    return tuple(Change(row[0], *(text or None for text in row[1:])) for row in rows.itertuples(index=False, name=None))


@lru_cache(maxsize=1)
def codes_2026() -> tuple[dict[str, Any], ...]:
    text = (FOLDER / "klass-131-codes" / "codes_2026-01-01.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["codes"])


@lru_cache(maxsize=1)
def basic_units() -> tuple[tuple[str, str], ...]:
    rows = _read("klass-1/basic_units_2024.csv")
    return tuple(zip(rows["code"], rows["name"], strict=True))


def _population(name: str) -> dict[tuple[str, int], dict[str, int]]:
    made: dict[tuple[str, int], dict[str, int]] = {}
    for region, year, age, persons in _read(name)[["Region", "Tid", "Alder", "Personer1"]].itertuples(index=False):
        made.setdefault(("0" if region == "EAK" else region, int(year)), {})[age] = int(persons)
    return made


@lru_cache(maxsize=1)
def population() -> dict[tuple[str, int], dict[str, int]]:
    """(region, year) → age → persons, both sexes. The country is "0", as in 07459."""
    return _population("07459/population.csv")


@lru_cache(maxsize=1)
def population_recast() -> dict[tuple[str, int], dict[str, int]]:
    return _population("07459-recast/population.csv")


Amounts = dict[tuple[str, ...], tuple[int, int]]


@lru_cache(maxsize=1)
def expenditure() -> Amounts:
    """12362: (region, function, art, year) → (1000 kr, kr per inhabitant)."""
    rows = _read("12362/expenditure.csv")
    return {tuple(row[:4]): (int(row[4]), int(row[5])) for row in rows.itertuples(index=False, name=None)}


@lru_cache(maxsize=1)
def totals() -> Amounts:
    """12137: (region, regnskapsbegrep, year) → (1000 kr, kr per inhabitant)."""
    rows = _read("12137/totals.csv")
    return {tuple(row[:3]): (int(row[3]), int(row[4])) for row in rows.itertuples(index=False, name=None)}


@lru_cache(maxsize=1)
def recipients() -> dict[tuple[str, str, str], int]:
    """12210: (region, contents code, year) → recipients."""
    rows = _read("12210/recipients.csv").to_dict("records")
    codes = ("KOSsosantkliente0000", "KOSant18240000")
    return {(r["KOKkommuneregion0000"], code, r["Tid"]): int(r[code]) for r in rows for code in codes}
