"""The composition of land in a year, by the paths (paths.py tells how sure each word is)."""

from dataclasses import replace

from pipeline.territory.ground import Ground
from pipeline.territory.land import Composition, Share, answer_of
from pipeline.territory.marks import border_marks, divided_marks, fact_marks
from pipeline.territory.reasons import Shared, part_reason, unknown_reason


def compose(ground: Ground, land: int, year: int, reference: int) -> Composition:
    """`land`: a set of paths; `reference`: the year whose codes others are named by. `year` is within the states."""
    found = _composed(ground, ground.live, land, year, reference)
    marks = border_marks(ground, land, year, reference)
    if found.answer == "sum":
        marks += divided_marks(ground, land, year, reference)
    reach = _reach(ground, land, year)
    if reach & ~ground.live:
        by_rows = _composed(ground, ground.paths.everything, land, year, reference)
        marks += fact_marks(ground, reach) if _codes(by_rows) != _codes(found) else ()
    return replace(found, marks=marks)


def not_yet(ground: Ground, year: int) -> Composition:
    """A year after the newest state."""
    reason = f"KLASS er kjent til {ground.history.newest}; kommunene i {year} er ikke kjent ennå."
    return Composition(year, "not_yet", reasons=(reason,))


def _composed(ground: Ground, live: int, land: int, year: int, reference: int) -> Composition:
    whole: list[str] = []
    part: list[Share] = []
    unknown: list[Share] = []
    for code in sorted(ground.paths.at(live & land, ground.history.era(year))):
        paths = ground.through(code, year) & live
        inside, outside = paths & land, paths & ~land
        if not outside:
            whole.append(code)
            continue
        shared = Shared(ground, code, year, inside, outside, reference)
        if _surely_held(ground, live, inside) and _surely_held(ground, live, outside):
            others = shared.others()
            part.append(Share(code, ground.names.of(code, year), others, part_reason(shared, others)))
        else:
            unknown.append(Share(code, ground.names.of(code, year), shared.others(), unknown_reason(shared)))
    answer = answer_of(tuple(whole), tuple(part), tuple(unknown))
    reasons = tuple(share.reason for share in (*part, *unknown))
    return Composition(year, answer, tuple(whole), tuple(part), tuple(unknown), reasons=reasons)


def _surely_held(ground: Ground, live: int, paths: int) -> bool:
    """Whether some row or code has all of its paths among these."""
    return any(not held & live & ~paths for held in ground.paths.held if held & paths)


def _reach(ground: Ground, land: int, year: int) -> int:
    """All paths through the year's codes that hold any of the land."""
    reach = 0
    for code in ground.paths.at(land, ground.history.era(year)):
        reach |= ground.through(code, year)
    return reach


def _codes(one: Composition) -> tuple[tuple[str, ...], ...]:
    return one.whole, one.part_codes, one.unknown_codes
