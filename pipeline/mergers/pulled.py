"""Who a pull is for: the mergers out of their files and the KLASS that has just come, and whom to compare them with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

from pipeline.ingest.store import RawFile
from pipeline.mergers.derive import derive
from pipeline.mergers.klass import Klass, read_klass
from pipeline.model import Definitions, Merger, MergerFile
from pipeline.project import Project
from pipeline.territory import load_facts

PEERS = 6  # municipalities to compare with, where the file names none
# codes and a year → inhabitants on 1 January, of those that have a figure
Populations = Callable[[Sequence[str], int], dict[str, float]]


@dataclass(frozen=True)
class Who:
    """The mergers that a pull is for."""

    project: Project
    definitions: Definitions
    files: Sequence[MergerFile]

    def mergers(
        self, files: dict[str, list[RawFile]], populations: Populations
    ) -> tuple[list[Merger], dict[str, list[str]]]:
        """Every merger with its comparators, and the peers that were chosen here, by merger."""
        facts = load_facts(self.project.definitions / "territory.toml")
        klass = read_klass(self.definitions, files, facts)
        made, chosen = [], {}
        for file in self.files:
            shown = self.project.shown(self.project.definitions / "mergers" / f"{file.id}.toml")
            merger = derive(self.definitions, file, klass, shown)
            if not file.peers:
                chosen[file.id] = nearest(klass, merger, populations)
                merger = derive(self.definitions, file, klass, shown, chosen[file.id])
            made.append(merger)
        return made, {merger: codes for merger, codes in chosen.items() if codes}


def nearest(klass: Klass, merger: Merger, populations: Populations) -> list[str]:
    """Municipalities of the same KOSTRA group, nearest in population in the base year, the same land ever since.

    Empty where the group or the population is not known. Codes are those of the base year.
    """
    year = merger.base_year
    group = merger.group_of_year.get(year, "").split("-")[0]
    members = {member.code for member in merger.member}
    own = {code for land in merger.land if land.year == year and land.region in members for code in land.codes}
    alike = sorted(code for (code, at), of in klass.groups.items() if at == year and of == group and code not in own)
    lasting = [code for code in alike if _lasts(klass, code, year)]
    if not own or not lasting:
        return []
    persons = populations([*own, *lasting], year)
    if not own <= set(persons):
        return []
    size = fsum(persons[code] for code in own)
    known = [code for code in lasting if code in persons]
    chosen = sorted(known, key=lambda code: (abs(persons[code] - size), code))[:PEERS]
    return [_name_of_code(klass, merger, code, year) for code in chosen]


def _first_of(year: int) -> date:
    return date(year, 1, 1)


def _lasts(klass: Klass, code: str, year: int) -> bool:
    """Whether the land is one code or a whole sum in every year from 2015 on."""
    atlas = klass.atlas
    place = atlas.territory([code], _first_of(year))
    return all(atlas.composition(place, at).codes for at in range(min(2015, year), atlas.newest + 1))


def _name_of_code(klass: Klass, merger: Merger, code: str, year: int) -> str:
    """The code the land had the day before the merger, or today where the merger lies ahead: as a file would say."""
    at = min(merger.merge_date.year - 1, klass.atlas.newest)
    found = klass.atlas.composition(klass.atlas.territory([code], _first_of(year)), at).codes
    return found[0] if len(found) == 1 else code
