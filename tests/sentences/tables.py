"""What the processed tables say, as facts a sentence can be held against. Reads Parquet and, for titles, TOML."""

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]
KR, PER_CENT = "kr", "prosent"
MEMBERS, COUNTRY = "members", "EAK"


@dataclass(frozen=True)
class Fact:
    """One figure of the tables. Money is in kr whatever the table counts in.

    `what` is `table.column`, and of a scenario `scenario.measure`; `first` is the first year of a slope or of a mean.
    """

    item: str
    region: str
    year: int
    value: float
    unit: str
    what: str
    scenario: str = ""
    first: int = 0


@dataclass(frozen=True)
class Name:
    """What a text may call something: an indicator, an area with all its indicators, a household, an item of a form."""

    text: str
    items: tuple[str, ...]
    area: bool = False


class Tables:
    """The tables of one merger and one run."""

    def __init__(self, processed: Path, definitions: Path) -> None:
        self.processed, self.definitions = processed, definitions
        self._connection = duckdb.connect(config={"threads": 1})
        self._kept: dict[str, list[Row]] = {}
        self._asked: dict[str, bool] = {}

    def rows(self, table: str, where: str = "true") -> list[Row]:
        """Every row of a table; none where these tables have no such table."""
        path, key = self.processed / f"{table}.parquet", f"{table} {where}"
        if key not in self._kept:
            self._kept[key] = []
            if path.is_file():
                cursor = self._connection.execute(f"select * from '{path.as_posix()}' where {where}")
                columns = [column[0] for column in cursor.description or []]
                self._kept[key] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        return self._kept[key]

    # ------------------------------------------------------------------------------- who

    @cached_property
    def members(self) -> list[str]:
        return [row["region"] for row in self.rows("region") if row["role"] == "member"]

    @cached_property
    def merged(self) -> str:
        return str(next(row["region"] for row in self.rows("region") if row["role"] == "merged"))

    @cached_property
    def region_names(self) -> dict[str, tuple[str, ...]]:
        """Every name a region is called by, with the codes it may be: one name has other codes in other years."""
        names: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("region"):
            plain = re.sub(r" \([^)]*\)$", "", row["region_name"])
            for name in {row["region_name"], plain}:
                # a member that lends its name to somebody else's neighbour is the member
                names[name].append(row["region"])
            if row["kind"] == "kostra_group":
                names[plain.removeprefix("KOSTRA-").capitalize()].append(row["region"])
                names["KOSTRA-gruppen"].append(row["region"])
        own = {*self.members, self.merged}
        return {name: tuple(c for c in codes if c in own) or tuple(codes) for name, codes in names.items()}

    def called(self, region: str) -> str:
        return next((row["region_name"] for row in self.rows("region") if row["region"] == region), region)

    # ------------------------------------------------------------------------------- what

    @cached_property
    def cards(self) -> dict[str, Row]:
        return {row["indicator"]: row for row in self.rows("indicator_card")}

    @cached_property
    def areas(self) -> dict[str, str]:
        """The title of every service, group of services and area across."""
        told = tomllib.loads((self.definitions / "services.toml").read_text(encoding="utf-8"))
        return {
            entry["id"]: entry["title"]
            for block in told.values()
            if isinstance(block, list)
            for entry in block
            if "id" in entry and "title" in entry
        }

    @cached_property
    def cautions(self) -> set[str]:
        """Indicators whose figures are in doubt."""
        found = set()
        for path in sorted((self.definitions / "indicators").glob("*.toml")):
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            found |= {entry["id"] for entry in told.get("indicator", []) if entry.get("caution")}
        return found | {row["item"] for row in self.rows("item_region") if row.get("caution")}

    @cached_property
    def age_shares(self) -> set[int]:
        """How many per cent of each cost key is age."""
        told = tomllib.loads((self.definitions / "need.toml").read_text(encoding="utf-8"))
        keys = {name: sum(w for c, w in key.items() if c in told["ages"]) for name, key in told["keys"].items()}
        for name, parts in told.get("together", {}).items():
            keys[name] = sum(keys[part] * weight for part, weight in parts.items()) / sum(parts.values())
        return {round(100 * share) for share in keys.values()}

    @cached_property
    def _timing(self) -> dict[str, str]:
        """When in the year each source counts."""
        found: dict[str, str] = {}
        for path in sorted((self.definitions / "sources").glob("*.toml")):
            told = tomllib.loads(path.read_text(encoding="utf-8"))
            found |= {entry["id"]: entry.get("timing", "") for entry in told.get("source", [])}
        return found

    def year_of(self, item: str, said: int) -> int:
        """The year of the tables that a text says: itself, or of a school year its autumn or its spring; 0 if the item
        is not told in school years."""
        if said > 0:
            return said
        sources = (self.cards.get(item, {}).get("source") or "").split(", ")
        timing = " ".join(self._timing.get(source, "") for source in sources)
        return 0 if "skoleåret" not in timing else -said + (1 if "våren" in timing else 0)

    @cached_property
    def state_set(self) -> set[str]:
        """Items whose price the state sets."""
        return {row["item"] for row in self.rows("item_region") if row.get("state_set")}

    @cached_property
    def names(self) -> list[Name]:
        """Longest first, so that a name that is part of another does not hide it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, card in self.cards.items():
            for text in (card["title"], card["short"]):
                found[text].add(name)
                found[re.sub(r" \([^)]*\)$", "", text)].add(name)
        for row in self.rows("item_region"):
            found[row["title"]].add(row["item"])
            if row["units_word"]:
                found[row["units_word"]].add(row["item"])
        for row in self.rows("household"):
            found[row["title"]].add(f"household:{row['household']}")
        for row in self.rows("register_use"):
            found[row["title"]].add(f"form:{row['register']}")
        areas = {
            self.areas[area]: {name for name, card in self.cards.items() if card["area"] == area} for area in self.areas
        }
        named = [
            Name(text, tuple(sorted(items))) for text, items in found.items() if len(text) > 3 and text not in areas
        ]
        named += [Name(text, tuple(sorted(items)), area=True) for text, items in areas.items() if items]
        return sorted(named, key=lambda name: (-len(name.text), name.area))

    @cached_property
    def names_lower(self) -> list[tuple[str, Name]]:
        return [(name.text.lower(), name) for name in self.names]

    @cached_property
    def units(self) -> set[str]:
        """Every unit an indicator is told in."""
        return {card["unit"] for card in self.cards.values()}

    # ------------------------------------------------------------------------------- figures

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:
        """All facts by the item they are about."""
        book: dict[str, list[Fact]] = defaultdict(list)
        for fact in (
            *self._indicators(),
            *self._needs(),
            *self._trends(),
            *self._means(),
            *self._compared(),
            *self._parts(),
        ):
            book[fact.item].append(fact)
        for fact in (*self._scenarios(), *self._households(), *self._costs(), *self._forms()):
            book[fact.item].append(fact)
        return dict(book)

    def of(self, items: Iterable[str], *what: str) -> list[Fact]:
        """The facts of some items; of a kind, if one is given."""
        return [f for item in items for f in self.facts.get(item, []) if not what or f.what.startswith(what)]

    def level(self, item: str, what: str, year: int) -> dict[str, float]:
        """The members' figures in a year; empty unless all of them have one."""
        found = {f.region: f.value for f in self.facts.get(item, []) if f.what == what and f.year == year}
        return {r: found[r] for r in self.members} if all(r in found for r in self.members) else {}

    def years(self, item: str, what: str) -> list[int]:
        """The years in which all members have a figure."""
        years = {f.year for f in self.facts.get(item, []) if f.what == what}
        return sorted(year for year in years if self.level(item, what, year))

    def _indicators(self) -> Iterator[Fact]:
        for row in self.rows("indicator"):
            if row["status"] == "ok":
                place = (row["indicator"], row["region"], row["year"])
                value, unit = _money(row["value"], row["unit"])
                yield Fact(*place, value, unit, "indicator.value")
                if row["uncertainty"] is not None:
                    yield Fact(*place, row["uncertainty"], unit, "indicator.uncertainty")

    def _needs(self) -> Iterator[Fact]:
        for row in self.rows("need"):
            if row["status"] != "ok":
                continue
            place = (row["indicator"], row["region"], row["year"])
            for column, value in row.items():
                if isinstance(value, float) and column not in ("age_share", "inhabitants"):
                    unit = "indeks" if "index" in column else KR
                    scale = 1000 if column.endswith("1000kr") else 1
                    yield Fact(*place, scale * value, unit, f"need.{column}")

    def _trends(self) -> Iterator[Fact]:
        for row in self.rows("trend"):
            place = (row["indicator"], row["region"], row["year"])
            first = row.get("first_year") or row["year"] - row["years_used"] + 1
            for column in row:
                if "slope" in column and isinstance(row[column], float):
                    value, unit = row[column], PER_CENT
                    if not column.endswith("pct"):
                        value, unit = _money(value, self.cards[row["indicator"]]["unit"])
                    whose, what = (COUNTRY, column[8:]) if column.startswith("country_") else (row["region"], column)
                    yield Fact(row["indicator"], whose, row["year"], value, unit, f"trend.{what}", first=first)
            if row["fixed_value"] is not None:
                yield Fact(*place, row["fixed_value"], KR, "trend.fixed_value")

    @cached_property
    def breaks(self) -> dict[tuple[str, str, int], str]:
        """What made the figures another thing within a trend."""
        rows = self.rows("trend")
        return {(r["indicator"], r["region"], r["year"]): r["break_reason"] for r in rows if r.get("break_reason")}

    def _means(self) -> Iterator[Fact]:
        """Means of three years; the year is the last of them."""
        for row in self.rows("three_year"):
            if row["mean"] is not None:
                value, unit = _money(row["mean"], row["unit"])
                place = (row["indicator"], row["region"], row["year"])
                yield Fact(*place, value, unit, "three_year.mean", first=row["year"] - 2)

    def _compared(self) -> Iterator[Fact]:
        for row in self.rows("comparison"):
            if row["status"] == "ok" and row["index"] is not None:
                what = f"comparison.index.{row['comparator']}"
                yield Fact(row["indicator"], row["region"], row["year"], row["index"], "indeks", what)

    def _parts(self) -> Iterator[Fact]:
        for row in self.rows("spread"):
            for end in ("peer_lowest", "peer_highest"):
                if row[end] is not None:
                    yield Fact(row["indicator"], end, row["year"], row[end], "", f"spread.{end}")

        yield from self._schools()

    def _schools(self) -> Iterator[Fact]:
        """The lowest and the highest school of each test."""
        tests: dict[tuple[str, str], str] = {}
        for path in sorted((self.definitions / "indicators").glob("*.toml")):
            for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("indicator", []):
                value = entry.get("value", {})
                if "grade" in value and "subject" in value and value.get("ContentsCode") == "score":
                    tests[_code(value["grade"]), _code(value["subject"])] = entry["id"]
        scores: dict[tuple[str, int], list[float]] = defaultdict(list)
        for row in self.rows("observation", "ContentsCode = 'score' and value is not null"):
            name = tests.get((row["grade"], row["subject"])) if row["orgnr"] != "total" else None
            if name and row["region"] in self._own_codes:
                scores[name, row["year"]].append(row["value"])
        for (name, year), found in scores.items():
            yield Fact(name, "school_lowest", year, min(found), "", "school.lowest")
            yield Fact(name, "school_highest", year, max(found), "", "school.highest")

    @cached_property
    def _own_codes(self) -> set[str]:
        """The codes the merged municipality has had of its own."""
        told = json.loads((self.processed / "merger.json").read_text(encoding="utf-8"))
        return set(re.findall(r"\b\d{4}\b", json.dumps(told.get("successor", told)))) | {self.merged}

    def _scenarios(self) -> Iterator[Fact]:
        for row in self.rows("harmonisation"):
            if row["status"] != "ok":
                continue
            adjusted = ".adjusted" if row["need_adjusted"] else ""
            value, unit = _money(row["value"], row["unit"] or "")
            if row["measure"] == "level":
                if row["scenario"] != "today" and row["region"] != self.merged:
                    continue  # the common level, told of nobody
                what = f"level{adjusted}"
            else:
                what, unit = f"scenario.{row['measure']}{adjusted}", KR if unit == KR else "units"
            yield Fact(row["item"], row["region"], row["year"], value, unit, what, row["scenario"])
        yield from self._moved()
        for row in self.rows("sensitivity"):
            what = f"scenario.cost_change.{row['way']}" + (".adjusted" if row["need_adjusted"] else "")
            years = [int(year) for year in (row["years"] or str(row["year"])).split(", ")]
            if row["cost_change_kr"] is not None:
                place = (row["item"], row["region"], row["year"])
                yield Fact(*place, row["cost_change_kr"], KR, what, row["scenario"], min(years))
        for row in self.rows("phase_in"):
            if row["status"] == "ok":
                value, unit = _money(row["value"], row["unit"] or "")
                yield Fact(row["item"], self.merged, row["budget_year"], value, unit, "phase_in", row["scenario"])

    def _moved(self) -> Iterator[Fact]:
        """What the weighted mean moves from those who give to those who get: the sum of what is more."""
        sums: dict[tuple[str, bool, str, int], float] = defaultdict(float)
        for row in self.rows("harmonisation"):
            changes = row["measure"].endswith("_change") and row["unit"] in ("kr", "1000 kr")
            if row["scenario"] == "average" and changes and row["region"] in self.members and row["value"] is not None:
                key = (row["item"], row["need_adjusted"], row["measure"], row["year"])
                sums[key] += max(_money(row["value"], row["unit"])[0], 0)
        for (item, adjusted, measure, year), value in sums.items():
            what = f"scenario.{measure}.moved" + (".adjusted" if adjusted else "")
            yield Fact(item, self.merged, year, value, KR, what, "average")

    def _households(self) -> Iterator[Fact]:
        for row in self.rows("household"):
            if row["status"] == "ok" and row["scenario"] == "today":
                what = "household.sum" if row["what"] == "sum" else "household.line"
                name = f"household:{row['household']}"
                yield Fact(name, row["region"], row["year"], row["value"], KR, what, row["scenario"])

    def _costs(self) -> Iterator[Fact]:
        for row in self.rows("item_target"):
            if row["unit_cost_kr"] is not None:
                yield Fact(row["item"], self.merged, row["year"], row["unit_cost_kr"], KR, "unit_cost")

    def _forms(self) -> Iterator[Fact]:
        for row in self.rows("decomposition"):
            for column, value in row.items():
                if isinstance(value, float):
                    unit = PER_CENT if column.endswith("pct") else KR
                    what = f"decomposition.{column}"
                    yield Fact(row["decomposition"], row["region"], row["year"], value, unit, what)

    # ------------------------------------------------------------------------------- words

    def quotes(self, sentence: str) -> bool:
        """Whether a sentence is in one of the texts that are quoted."""
        if sentence not in self._asked:
            self._asked[sentence] = sentence in self.quoted
        return self._asked[sentence]

    @cached_property
    def quoted(self) -> str:
        """Every text of the definitions, and of tables that quote somebody: such a sentence claims nothing of ours."""
        found: list[str] = []
        for path in sorted(self.definitions.rglob("*.toml")):
            found += _texts(tomllib.loads(path.read_text(encoding="utf-8")))
        for path in sorted(self.definitions.rglob("*.csv")):
            found.append(path.read_text(encoding="utf-8"))
        told = ("indicator_card", "deviation", "source", "service", "guideline", "distribution_model", "grant_scheme")
        for table in (*told, "opening_hours", "standard", "fee", "set_aside", "truth_check", "arrangement"):
            found += {text for row in self.rows(table) for text in row.values() if isinstance(text, str)}
        found += {row["reason"] for table in ("indicator", "need", "trend") for row in self.rows(table)
                  if row.get("reason")}  # fmt: skip
        return "\n".join(re.sub(r"[ \u00a0\n]+", " ", text).replace("*", "") for text in found)


def _money(value: float, unit: str) -> tuple[float, str]:
    """A figure in kr if it is money, with the unit of a price («kr per time») as it is."""
    return (1000 * value, KR) if unit == "1000 kr" else (value, unit)


def _code(told: Any) -> str:
    return str(told[0] if isinstance(told, list) else told)


def _texts(told: Any) -> list[str]:
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        return [text for value in told.values() for text in _texts(value)]
    return [text for value in told for text in _texts(value)] if isinstance(told, list) else []
