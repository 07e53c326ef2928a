"""What must be told beside a figure that can be used: moved borders, a municipality divided since, a stated fact."""

from pipeline.territory.ground import Border, Ground
from pipeline.territory.land import Mark
from pipeline.territory.words import listed


def border_marks(ground: Ground, land: int, year: int, reference: int) -> tuple[Mark, ...]:
    """Borders that moved between the two states, with the land on one side of them and not on the other."""
    low, high = sorted((year, reference))
    between = (border for border in ground.borders if low < border.year <= high)
    return tuple(
        Mark("border", border.year, (border.old, border.new), _moved(ground, border))
        for border in between
        if _one_side(ground, border, land & ground.live)
    )


def divided_marks(ground: Ground, land: int, year: int, reference: int) -> tuple[Mark, ...]:
    """Codes of the land that were divided after the reference, all pieces of which are added together."""
    era = ground.history.era(year)
    found: list[Mark] = []
    for step in ground.history.steps:
        if not reference < step.year <= year:
            continue
        for code in step.divided:
            through = ground.through(code, step.year - 1) & ground.live
            pieces = tuple(sorted(ground.paths.at(through, era)))
            if through and not through & ~land and len(pieces) > 1:
                names = listed(ground.names.of(piece, year) for piece in pieces)
                found.append(Mark("divided", step.year, pieces, f"Delt i {step.year}: {names} lagt sammen."))
    return tuple(found)


def fact_marks(ground: Ground, land: int) -> tuple[Mark, ...]:
    """The stated facts that rule out paths of the land's codes; for an answer that differs from that of rows alone."""
    touched = ((fact, paths) for fact, paths in ground.ruled_out if paths & land)
    return tuple(
        Mark(
            "fact",
            fact.year,
            (fact.code, fact.other_code),
            f"Bygger på en oppgitt opplysning: {fact.text}"
            f"{' (ikke bekreftet)' if fact.certainty != 'confirmed' else ''}.",
        )
        for fact, _ in touched
    )


def _one_side(ground: Ground, border: Border, land: int) -> bool:
    old = ground.through(border.old, border.year - 1) & land
    new = ground.through(border.new, border.year) & land
    return bool(old) != bool(new)


def _moved(ground: Ground, border: Border) -> str:
    old = ground.names.shown(border.old, border.year - 1)
    new = ground.names.shown(border.new, border.year)
    how = f"et område gikk fra {old} til {new}" if border.directed else f"grensen mellom {old} og {new} ble flyttet"
    return f"I {border.year}: {how}; begge er regnet hele."
