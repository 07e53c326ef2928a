"""What the merged municipality's figures are: which are sums, which its own, and what must be told beside them."""

from pipeline import words
from pipeline.report.data import DAGGER, ReportData

SUMMED = "tellere og nevnere legges sammen hver for seg, aldri snitt av forholdstall."


def about(data: ReportData) -> str:
    """Where the figures come from, before and after; a municipality that does not exist has none of its own."""
    name, own_from = data.merged.name, data.merger.own_from
    if not own_from:
        return f"{name} er ikke en kommune i tallene. Alle år er kommunene regnet sammen pro forma: {SUMMED}"
    told = f"{name} før {own_from} er kommunene regnet sammen pro forma: {SUMMED} "
    told += f"Fra {own_from} er tallene den nye kommunens egne, og tabeller for de årene har bare den."
    ends = data.merger.successor[-1].to
    if ends:
        told += f" Kommunen ble delt {words.date(ends.isoformat())}; senere år er delene regnet sammen."
    return told


def told(data: ReportData) -> list[str]:
    """What a reader must know of the land behind the figures, and where the dagger stands; mostly nothing."""
    notes = [*data.merger.divided, *data.merger.notes]
    if any(one.mark for one in data.merger.land):
        notes.append(f"Merket {DAGGER} viser hvilke tall det gjelder; forklaringen står under tabellene.")
    return notes


def notes(data: ReportData) -> str:
    """The same on the first page."""
    found = told(data)
    return f"**Merk:** {' '.join(found)}\n" if found else ""
