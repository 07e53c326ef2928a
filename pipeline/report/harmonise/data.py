"""What a harmonisation report reads: the items of one sub-project, what they are today, and what a scenario changes."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum

from pipeline import words
from pipeline.model import Source
from pipeline.model.harmonisation import SCENARIOS, Question, is_kind, item_head
from pipeline.report import claims
from pipeline.report.data import Figure, Region, ReportData, Row

MOVES = [name for name in SCENARIOS if name != "today"]
CHANGES = {"fee": "revenue_change", "coverage": "cost_change", "spending": "cost_change"}


@dataclass(frozen=True)
class Item:
    """Something that can be evened out, in the year it is shown for. Titles and units may be somebody's own words: they
    are Markdown that shows them; `plain` is the title as it was written."""

    object: str
    id: str
    title: str
    plain: str
    service: str
    unit: str
    units_word: str
    need_adjusted: bool
    self_cost: bool
    not_kroner: str
    caution: str  # why it moves neither units nor kroner
    state_set: str  # the rule by which the state sets the price
    year: int

    @property
    def offered(self) -> bool:
        """Whether it is the municipalities' to even out, and known well enough to count on."""
        return not self.state_set and not self.caution

    @property
    def decimals(self) -> int:
        return {"prosent": 1, "per 100 i målgruppen": 2}.get(self.unit, 0)

    @property
    def counted(self) -> str:
        """What is counted: places and users by their word, a standard of the form by its name."""
        return self.title if is_kind(self.id) else self.units_word

    @property
    def change(self) -> str:
        """The measure that tells what a scenario changes in kroner."""
        return "fund_change" if self.self_cost else CHANGES[self.object]


class Harmonised:
    """Read-only view of the harmonisation tables for a report: `data.part`, or everything where there is none."""

    def __init__(self, data: ReportData) -> None:
        self.data = data

    @cached_property
    def subprojects(self) -> list[str]:
        """The report's sub-project, and the one that keeps the groups of services it shows as well."""
        part, definitions = self.data.part, self.data.definitions
        if part is None:
            return [other.id for other in definitions.parts(self.data.merger)]
        return definitions.subprojects_of(self.data.merger, part)

    def _mine(self, row: Row) -> bool:
        part = self.data.part
        return part is None or row["subproject"] == part.id or row["service"] in part.also_show

    # --------------------------------------------------------------------------------- items

    @cached_property
    def _items(self) -> list[Item]:
        rows = self.data.query(
            "select * from {item_region} where list_contains(?, subproject) and region = ?",
            self.subprojects,
            self.data.members[0].id,
        )
        years: dict[tuple[str, str, bool], list[Row]] = {}
        for row in rows:
            if self._mine(row):
                years.setdefault((row["object"], row["item"], row["need_adjusted"]), []).append(row)
        return [_item(self._shown(found)) for found in years.values()]

    def _shown(self, rows: list[Row]) -> Row:
        """The row of the year that is shown in a report of this year (`item_target` says which: the newest usable one);
        where there are only later years, the newest."""
        by_year = {row["year"]: row for row in rows}
        newest = claims.newest_usable(by_year, self.data.year)
        if newest is None:
            return by_year[max(by_year)]
        head = rows[0]
        return by_year[self._shown_years[head["object"], head["item"], head["need_adjusted"], newest]]

    @cached_property
    def _shown_years(self) -> dict[tuple[str, str, bool, int], int]:
        rows = self.data.query(
            "select object, item, need_adjusted, year, shown_year from {item_target} where scenario = 'today'"
        )
        return {(r["object"], r["item"], r["need_adjusted"], r["year"]): r["shown_year"] for r in rows}

    def items(self, object_: str) -> list[Item]:
        return [item for item in self._items if item.object == object_]

    def spending(self) -> list[tuple[Item, list[Item]]]:
        """One basis of each service to read first, and the others: need-adjusted where there is a key that can be used,
        else by target group, else per inhabitant."""
        services: dict[str, list[Item]] = {}
        for item in self.items("spending"):
            services.setdefault(item.service, []).append(item)
        told = []
        for bases in services.values():
            known = [item for item in bases if self.figure(item, "level", "highest").ok]
            first = (known or bases)[-1]
            told.append((first, [item for item in known if item is not first and item.year == first.year]))
        return sorted(told, key=lambda pair: self._own_first(pair[0]))

    def _own_first(self, item: Item) -> tuple[bool, bool, int]:
        """The sub-project's own services before groups that hold others' as well; among them the one it is led by."""
        part = self.data.part
        if part is None:
            return False, False, 0
        lead = self.data.definitions.indicators[part.lead].area
        own = item.service in part.services
        return not own, item.service != lead, part.services.index(item.service) if own else 0

    def need_left_in(self, item: Item) -> bool:
        """Whether the service follows a need that could not be taken out: there is a cost key, and it is not used."""
        return (item.object, item.need_adjusted) == ("spending", False) and any(
            other.need_adjusted and other.service == item.service for other in self.items("spending")
        )

    def fees(self) -> list[Item]:
        """The fees that the municipalities set themselves."""
        return [item for item in self.items("fee") if not item.state_set]

    # ------------------------------------------------------------------------------- figures

    @cached_property
    def _figures(self) -> dict[tuple[str, str, bool, str, str, str, int], Row]:
        rows = self.data.query(
            "select object, item, need_adjusted, measure, scenario, region, year, value, unit, status, reason "
            "from {harmonisation} where list_contains(?, subproject)",
            self.subprojects,
        )
        keys = ("object", "item", "need_adjusted", "measure", "scenario", "region", "year")
        return {tuple(row[key] for key in keys): row for row in rows}

    def figure(self, item: Item, measure: str, scenario: str, region: Region | None = None) -> Figure:
        """One figure, of the merged municipality unless a region is given; kroner in whole kr."""
        where = (region or self.data.merged).id
        row = self._figures.get((item.object, item.id, item.need_adjusted, measure, scenario, where, item.year))
        decimals = item.decimals if measure == "level" else 0
        if measure in ("units", "units_change") and item.units_word == "årsverk":
            decimals = 1  # of which there are parts
        return self.data.marked(self._read(row, decimals), where, item.year)

    def _read(self, row: Row | None, decimals: int) -> Figure:
        if row is None:
            label = self.data.definitions.statuses["not_available"].label
            return Figure(None, "not_available", label, "Ikke regnet ut.", "", decimals)
        label = self.data.definitions.statuses[row["status"]].label
        return Figure(row["value"], row["status"], label, row["reason"] or "", row["unit"] or "", decimals)

    def thousand(self, item: Item, scenario: str, region: Region | None = None) -> Figure:
        """What a scenario changes, in 1000 kr."""
        return in_thousand(self.figure(item, item.change, scenario, region))

    def span(self, item: Item) -> list[tuple[Region, float]]:
        """The members' levels from lowest to highest; empty unless every member has one."""
        levels = [(region, self.figure(item, "level", "today", region).value) for region in self.data.members]
        known = [(region, value) for region, value in levels if value is not None]
        return sorted(known, key=lambda pair: pair[1]) if len(known) == len(levels) else []

    def differs(self, item: Item) -> bool:
        """Whether there is something to even out: unlike levels that are the municipalities' own and known well
        enough."""
        found = self.span(item)
        return item.offered and bool(found) and found[-1][1] - found[0][1] > 1e-9

    def levels(self, item: Item, year: int | None = None) -> dict[str, float | None]:
        """The members' levels by name, in the item's year or another."""
        of_year = item if year is None else replace(item, year=year)
        return {region.name: self.figure(of_year, "level", "today", region).value for region in self.data.members}

    def standing(self, item: Item) -> claims.Standing:
        """Whether it may be said which member has most and least of an item, by all that is known of it."""
        held = self.sensitivity(item, "rest_held")
        other = [{region.name: held[region.id, "average"]["level"] for region in self.data.members}] if held else []
        earlier = [self.levels(item, item.year - back) for back in (1, 2)]
        return claims.standing(
            self.levels(item),
            earlier=None if item.object == "fee" or is_kind(item.id) else earlier,
            treatments=other,
            caution=item.caution,
            decimals=item.decimals,
        )

    def sensitivity(self, item: Item, way: str) -> dict[tuple[str, str], Row]:
        """The item's scenarios made in another way, by region and scenario; empty where they are not."""
        return self._sensitivity.get((item.object, item.id, item.need_adjusted, item.year, way), {})

    @cached_property
    def _sensitivity(self) -> dict[tuple[str, str, bool, int, str], dict[tuple[str, str], Row]]:
        rows = self.data.query("select * from {sensitivity} where list_contains(?, subproject)", self.subprojects)
        book: dict[tuple[str, str, bool, int, str], dict[tuple[str, str], Row]] = {}
        for row in rows:
            key = (row["object"], row["item"], row["need_adjusted"], row["year"], row["way"])
            book.setdefault(key, {})[row["region"], row["scenario"]] = row
        return book

    def moved_kr(self, item: Item) -> float | None:
        """Kroner that the weighted mean moves between the municipalities: what some give is what others get."""
        changes = [self.figure(item, item.change, "average", region).value for region in self.data.members]
        known = [change for change in changes if change is not None]
        return fsum(max(change, 0.0) for change in known) if len(known) == len(changes) else None

    def comparator(self, item: Item) -> list[tuple[Region, Figure]]:
        """The KOSTRA group and the country beside an item that is an indicator, or a fee with a published price."""
        fee = self.data.definitions.harmonisation.fees.get(item.id)
        name = fee.indicator if fee else item.id
        data = self.data
        others = [region for region in (data.group_for(item.year), data.country) if region]
        column = "adjusted_per_inhabitant" if item.need_adjusted else "value"
        table = "{need}" if item.need_adjusted else "{indicator}"
        rows = data.query(
            f"select region, {column} as value, status, reason from {table} where indicator = ? and year = ?",
            name,
            item.year,
        )
        found = {row["region"]: {**row, "unit": item.unit} for row in rows}
        return [(region, self._read(found.get(region.id), item.decimals)) for region in others]

    def unit_cost(self, item: Item) -> Row | None:
        """What one more unit costs (kr), and whether it was given or is an average."""
        rows = self.data.query(
            "select unit_cost_kr, unit_cost_basis from {item_target} where object = ? and item = ? and year = ? and "
            "scenario = 'highest'",
            item.object,
            item.id,
            item.year,
        )
        return rows[0] if rows and rows[0]["unit_cost_kr"] is not None else None

    def has_target(self, items: list[Item]) -> bool:
        return any(self.figure(item, "level", "target").ok for item in items)

    # --------------------------------------------------------------------- households, registers

    @cached_property
    def households(self) -> dict[str, list[Row]]:
        """Rows of the report's typical households in the year they are shown for."""
        rows = self.data.query("select * from {household} where list_contains(?, subproject)", [self.own])
        sums = [row for row in rows if row["what"] == "sum" and row["scenario"] == "today"]
        holes = {row["year"] for row in sums if row["status"] != "ok"}
        years = {row["year"] for row in rows}
        year = claims.newest_usable(years - holes, self.data.year) or max(years, default=self.data.year)
        book: dict[str, list[Row]] = {}
        for row in rows:
            if row["year"] == year:
                book.setdefault(row["household"], []).append(row)
        return book

    @property
    def own(self) -> str:
        return self.data.part.id if self.data.part else ""

    def register(self, table: str) -> list[Row]:
        """The rows of a form that belong to the sub-project."""
        return self.data.query(f"select * from {{{table}}} where subproject = ?", self.own)

    @cached_property
    def registers(self) -> list[Row]:
        return self.data.query("select * from {register_use}")

    @property
    def members_forms(self) -> list[Row]:
        """The forms that each municipality fills in rows of its own in; the others are the group's."""
        return [row for row in self.registers if self.form(row["register"]).as_form.by_member]

    def form(self, register: str) -> Source:
        return self.data.definitions.sources[register]

    @cached_property
    def guidelines(self) -> list[Row]:
        """The points that concern the sub-project, with those that concern everybody."""
        rows = self.data.query("select * from {guideline}")
        return [row for row in rows if row["subprojects"] == "alle" or self.own in row["subprojects"].split(", ")]

    @cached_property
    def indicators(self) -> list[str]:
        """The indicators that guidelines and comparisons look up."""
        named = [name for row in self.guidelines for name in (row["indicators"] or "").split(", ") if name]
        fees = self.data.definitions.harmonisation.fees
        prices = [fees[item.id].indicator for item in self._items if item.id in fees and fees[item.id].indicator]
        return list(dict.fromkeys([*named, *prices, *(item.id for item in self._items if item.object != "fee")]))

    @cached_property
    def indicator_rows(self) -> dict[str, dict[tuple[str, int], Row]]:
        """Figures of the guidelines' indicators: members and merged, up to the report's year, else the newest."""
        rows = self.data.query(
            "select indicator, region, year, value, status, reason, unit from {indicator} "
            "where list_contains(?, indicator) and role in ('member', 'merged')",
            self.indicators,
        )
        book: dict[str, dict[tuple[str, int], Row]] = {}
        for row in rows:
            book.setdefault(row["indicator"], {})[row["region"], row["year"]] = row
        return book

    def has_figures(self, point: Row) -> bool:
        """Whether an indicator or fee of a guideline has a figure for any of the municipalities."""
        named = (point["indicators"] or "").split(", ")
        found = any(row["status"] == "ok" for name in named for row in self.indicator_rows.get(name, {}).values())
        fees = (point["fees"] or "").split(", ")
        return found or any(item_head(item.id) in fees for item in self.items("fee"))

    def questions(self, about: str) -> list[str]:
        return [q.text for q in self.data.definitions.harmonisation.questions if q.about == about and self._asked(q)]

    def _asked(self, question: Question) -> bool:
        return not question.parts or self.own in question.parts


def _item(row: Row) -> Item:
    return Item(
        object=row["object"],
        id=row["item"],
        title=words.literal(row["title"]),
        plain=row["title"],
        service=row["service"],
        unit=words.literal(row["unit"]),
        units_word=words.literal(row["units_word"] or ""),
        need_adjusted=row["need_adjusted"],
        self_cost=row["self_cost"],
        not_kroner=row["not_kroner"] or "",
        caution=row["caution"] or "",
        state_set=row["state_set"] or "",
        year=row["year"],
    )


def in_thousand(figure: Figure) -> Figure:
    """Kroner told in 1000 kr; a hole stays the hole it is."""
    value = None if figure.value is None else figure.value / 1000
    return replace(figure, value=value, unit="1000 kr", decimals=0)


def signed(figure: Figure) -> Figure:
    """Shown as `+1 234`."""
    return replace(figure, signed=True)


def plus(value: float, decimals: int = 0) -> str:
    return words.signed(value, decimals)
