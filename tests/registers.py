"""The registers that the municipalities fill in, filled in with numbers that are made up."""

import csv
from itertools import product

from pipeline.ingest.local import COLUMNS
from pipeline.model import Definitions
from pipeline.project import Project

YEARS = (2017, 2018)
Number = tuple[str, str, str, int, float]  # source, contents code, region, year, value


def fill_in(project: Project, definitions: Definitions, merger: str, members: tuple[str, ...]) -> list[Number]:
    """Every number of every register; the last one of each is left out for the last member in the first year."""
    filled: list[Number] = []
    for source in definitions.sources.values():
        if source.pull != "local" or source.is_form:
            continue
        rows = []
        for at, (code, contents) in enumerate(source.contents.items()):
            for region, year in product(members, YEARS):
                if (code, region, year) == (list(source.contents)[-1], members[-1], YEARS[0]):
                    continue
                value = float(10 + 7 * at + members.index(region) * 3 + year - YEARS[0])
                if contents.maximum is not None and contents.maximum <= 100:
                    value = contents.maximum - members.index(region) / 2
                rows.append([code, "", "", region, "", year, value, "prøve", "01.02.2019", ""])
                filled.append((source.id, code, region, year, value))
        path = project.local / merger / f"{source.id}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(COLUMNS)
            writer.writerows(rows)
    return filled
