"""All definitions of a project, as one object."""

from dataclasses import dataclass
from difflib import get_close_matches

from pipeline.errors import KunnskapError, Problem
from pipeline.model.accounts import Accounts
from pipeline.model.harmonisation import Harmonisation, item_head
from pipeline.model.indicators import Decomposition, Deflator, Formula, Indicator, NeedKeys
from pipeline.model.mergers import Comparator, Merger, MergerFile
from pipeline.model.services import (
    County,
    CrossCutting,
    Function,
    Grouping,
    Outside,
    Part,
    Service,
    ServiceGroup,
    StandardRow,
)
from pipeline.model.sources import EVIDENCE, Correction, Deviation, Evidence, Source, Tolerance
from pipeline.model.tables import FieldDef, Status, Table, Term


@dataclass(frozen=True)
class Definitions:
    statuses: dict[str, Status]
    terms: dict[str, Term]
    fields: dict[str, FieldDef]
    tables: dict[str, Table]
    sources: dict[str, Source]
    functions: dict[str, Function]
    services: dict[str, Service]
    service_groups: dict[str, ServiceGroup]
    cross_cutting: dict[str, CrossCutting]
    outside: list[Outside]
    groupings: dict[str, Grouping]
    mergers: dict[str, MergerFile]
    merger_faults: dict[str, list[Problem]]  # of files that cannot be used; each costs its own merger only
    counties: dict[str, list[County]]  # by number
    comparators: list[Comparator]  # what every merger is compared with
    indicators: dict[str, Indicator]
    formulas: dict[str, Formula]
    accounts: Accounts
    need: NeedKeys
    corrections: list[Correction]
    deviations: list[Deviation]
    tolerances: list[Tolerance]
    decompositions: dict[str, Decomposition]
    standard: dict[str, StandardRow]
    deflator: Deflator
    harmonisation: Harmonisation

    @property
    def provisional(self) -> list[str]:
        """The producer's signs that may stand beside a figure without taking it away."""
        return [sign for status in self.statuses.values() for sign in status.provisional]

    @property
    def forms(self) -> list[Source]:
        """The registers that the municipalities fill in to harmonise."""
        return [source for source in self.sources.values() if source.is_form]

    def is_moved(self, item: str) -> bool:
        """Whether a scenario may move an item: not a price that the state sets, nor coverage that is in doubt."""
        fee = self.harmonisation.fees.get(item_head(item))
        indicator = self.indicators.get(item)
        return not (fee and fee.is_set_by_state(item)) and not (indicator and indicator.caution)

    def form(self, table: str) -> Source:
        """The form that becomes this table."""
        return next(source for source in self.forms if source.as_form.table == table)

    def with_role(self, role: str) -> Source:
        """The source that the pipeline itself reads as this."""
        return next(source for source in self.sources.values() if source.role == role)

    def merger_file(self, merger_id: str) -> MergerFile:
        """The merger's own file; a misspelt id names the ones there are, one that cannot be used says why."""
        if merger_id in self.merger_faults:
            raise KunnskapError("Sammenslåingens fil kan ikke brukes:", self.merger_faults[merger_id])
        if merger_id in self.mergers:
            return self.mergers[merger_id]
        raise KunnskapError(
            f"Fant ingen sammenslåing som heter «{merger_id}».",
            [
                Problem(
                    found="Disse finnes: " + ", ".join(sorted(self.mergers)) + ".",
                    remedy="skriv en av dem etter --merger, eller lag en ny med `kunnskap new`.",
                )
            ],
        )

    def indicator(self, indicator_id: str) -> Indicator:
        """The indicator with this id; a misspelt id names the nearest."""
        if indicator_id in self.indicators:
            return self.indicators[indicator_id]

        near = get_close_matches(indicator_id, self.indicators, n=5, cutoff=0.4)
        raise KunnskapError(
            f"Fant ingen indikator som heter «{indicator_id}».",
            [Problem(found="Mente du " + ", ".join(near) + "?" if near else "`kunnskap status` lister alle.")],
        )

    def evidence(self, indicator: Indicator) -> tuple[Evidence, str] | None:
        """How well the codes of an indicator are known, the least known of them; None for the municipalities' own."""
        known = [
            self.sources[operand.source].known(operand.cell_codes.get("ContentsCode", [""])[0])
            for letter, operand in indicator.operands.items()
            if letter in "AB"
        ]
        told = [each for each in known if each is not None]
        return max(told, key=lambda each: list(EVIDENCE).index(each[0]), default=None)

    def parts(self, merger: Merger) -> list[Part]:
        return self.groupings[merger.subprojects].part

    def subprojects_of(self, merger: Merger, part: Part) -> list[str]:
        """The sub-project, and those that keep the groups of services it shows as well."""
        parts = self.parts(merger)
        homes = [next(p.id for p in parts if group in p.also_show) for group in part.also_show]
        return list(dict.fromkeys([part.id, *homes]))

    def area_title(self, area: str) -> str:
        for book in (self.services, self.service_groups, self.cross_cutting):
            if area in book:
                return book[area].title
        raise KeyError(area)

    def indicators_of(self, part: Part) -> list[Indicator]:
        """The indicators a part's report shows: its services, shared groups, and what cuts across."""
        return [indicator for indicator in self.indicators.values() if self._shows(part, indicator)]

    def _shows(self, part: Part, indicator: Indicator) -> bool:
        if indicator.area in part.services or indicator.area in part.also_show or indicator.id in part.also_indicators:
            return True
        if indicator.area not in self.cross_cutting:
            return False
        if indicator.for_services:
            return any(service in part.services for service in indicator.for_services)
        if indicator.id in part.profile:
            return True
        ages = indicator.numerator.ages if indicator.numerator else ""
        return ages in ("", "0-") or ages in part.target_ages
