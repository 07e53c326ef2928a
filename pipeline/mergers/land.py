"""Members, merged municipality and peers as codes, year by year, from the atlas."""

from collections.abc import Iterator
from datetime import date

from pipeline.model.mergers import Land
from pipeline.territory import Atlas, Composition, Merger, Territory

BEFORE, AFTER = 0, 1


def lands(atlas: Atlas, merger: Merger, merger_id: str, names: dict[str, str], first: int) -> Iterator[Land]:
    """Every member in every year; the merged municipality seen from before and from after the merger."""
    for year in range(first, atlas.newest + 1):
        for member in merger.members:
            found = merger.member(member.code, year)
            yield _land(atlas, member.code, BEFORE, found, names, _member_reason(merger, member.code, found))
        for version, found in ((BEFORE, merger.composed(year, True)), (AFTER, merger.composed(year, False))):
            yield _land(atlas, merger_id, version, found, names, " ".join(found.reasons))


def _land(atlas: Atlas, region: str, version: int, found: Composition, names: dict[str, str], reason: str) -> Land:
    use = found.use if found.use in ("own", "sum") else "not_valid"
    told = [names.get(code, atlas.name(code, found.year)) for code in found.codes]
    marks = " ".join(dict.fromkeys(mark.text for mark in found.marks if mark.kind != "border"))
    return Land(
        region=region,
        version=version,
        year=found.year,
        use=use,
        codes=list(found.codes),
        names=told,
        reason="" if found.codes else reason,
        mark=marks if found.codes else "",
    )


def _member_reason(merger: Merger, code: str, found: Composition) -> str:
    """From the merger on a member is gone into the successor: said in the shortest way."""
    gone = found.year >= merger.when.year and merger.successor is not None
    if gone and not merger.surviving:
        return f"Kommunenummer {code} gjaldt ikke i {found.year}."
    return " ".join(found.reasons)


def periods(atlas: Atlas, territory: Territory, first: int) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """First and last year, and codes, of the times in which the land is whole."""
    for period in atlas.periods(territory, first, atlas.newest):
        if not period.part and not period.unknown and period.whole:
            yield period.first, period.last, period.whole


def place_of(atlas: Atlas, code: str, reference: date) -> Territory | None:
    """A code of the reference day, or of today; None if it is neither."""
    for when in (reference, date(atlas.newest, 1, 1)):
        if atlas.valid(code, when.year):
            return atlas.territory([code], when)
    return None
