"""A merger's file and KLASS make a Merger."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from pipeline.errors import KunnskapError, Problem
from pipeline.mergers import compare
from pipeline.mergers.klass import Klass
from pipeline.mergers.land import AFTER, lands, place_of
from pipeline.model import Definitions
from pipeline.model.mergers import Comparator, Land, Member, Merger, MergerFile, Successor
from pipeline.territory import Atlas
from pipeline.territory import Merger as Territories


def derive(definitions: Definitions, file: MergerFile, klass: Klass, shown: str, peers: Sequence[str] = ()) -> Merger:
    """`shown` is how the file is called to a person; `peers` those chosen when the set was pulled, where it names none.

    Raises KunnskapError, a sentence a fault, where the file and KLASS do not go together.
    """
    atlas = klass.atlas
    told = _territories(atlas, file, shown)
    names = {**{one.code: one.name for one in told.members}, **file.names}
    first = min(source.first_year for source in definitions.sources.values() if source.first_year)
    land = list(lands(atlas, told, file.id, names, max(first, atlas.first)))
    members = [_member(klass, file, land, one.code, names[one.code]) for one in told.members]
    of_year = _group_of_year(klass, file, land, members)
    chosen = file.peers or list(peers)
    unknown = [code for code in chosen if place_of(atlas, code, told.reference) is None]
    if unknown:
        found = f"{', '.join(unknown)} er verken en kommune {told.reference:%d.%m.%Y} eller i dag."
        raise KunnskapError("Sammenslåingen kan ikke brukes:", [Problem(file=shown, column="peers", found=found)])
    comparators = [
        *definitions.comparators,
        *compare.groups(of_year, [member.groups for member in members], atlas.newest),
        *compare.peers(atlas, chosen, told.reference, max(first, atlas.first)),
        *compare.counties(land, file.id, definitions.counties, atlas.newest),
    ]
    both = Counter(one.plus[0] if one.plus else one.id for one in comparators if one.kind == "kostra_group")
    successors = _successors(atlas, land, file) if told.successor else []
    return Merger(
        id=file.id,
        name=_name(file.name, names.values()),
        merged_name=file.merged_name or (atlas.name(told.successor, file.date.year) if told.successor else file.name),
        merge_date=file.date,
        base_year=file.base_year,
        newest_year=atlas.newest,
        subprojects=file.subprojects,
        groupings=file.groupings,
        member=members,
        successor=successors,
        recast_code=f"K-{successors[-1].code}" if successors and successors[-1].to is None else "",
        comparator=comparators,
        group_of_year={year: compare.group_id(group, year, both[group] > 1) for year, group in of_year.items()},
        land=land,
        divided=_divided(file, told),
        other_land=_other_land(atlas, land, comparators, max(first, atlas.first)),
        notes=_notes(klass, file, told),
        deadlines=file.deadlines,
        deviation=file.deviation,
    )


def _name(name: str, members: Collection[str]) -> str:
    """`Larvik` of Larvik and Lardal is `Nye Larvik`: no two columns of a table have the same heading."""
    return f"Nye {name}" if name in members else name


def _territories(atlas: Atlas, file: MergerFile, shown: str) -> Territories:
    try:
        told = atlas.merger(file.members, file.date, file.whole)
    except KunnskapError as error:
        problems = [Problem(file=shown, found=one.found, allowed=one.allowed) for one in error.problems]
        raise KunnskapError(error.heading, problems) from error
    if told.problems and not file.what_if:
        remedy = "rett members, eller skriv what_if = true hvis sammenslåingen er tenkt."
        problems = [Problem(file=shown, column="members", found=one.found, remedy=remedy) for one in told.problems]
        raise KunnskapError("Medlemmene er ikke de som ble slått sammen:", problems)
    return told


def _member(klass: Klass, file: MergerFile, land: Sequence[Land], code: str, name: str) -> Member:
    groups: dict[int, str] = {}
    for one in (one for one in land if one.region == code and one.use == "own"):
        group = _group(klass, file, one.codes[0], code, one.year)
        if group:
            groups[one.year] = group
    before = [group for year, group in sorted(groups.items()) if year < file.date.year]
    return Member(code=code, name=name, groups=groups, kostra_group=before[-1] if before else "")


def _group(klass: Klass, file: MergerFile, code: str, reference: str, year: int) -> str:
    """A municipality's group in a year: as the file says, else KLASS 112. The file's word is of one definition."""
    for named in (code, reference):
        if named in file.kostra_groups and _defined(klass.atlas, named, year):
            return file.kostra_groups[named]
    return klass.groups.get((code, year), "")


def _defined(atlas: Atlas, code: str, year: int) -> bool:
    """Whether a group told for a code is of the definition that holds in the year."""
    if year < compare.FIRST_GROUPS:
        return False
    first, _ = atlas.spells(code)[0]
    last = atlas.spells(code)[-1][1]
    after = first >= compare.GROUPS_REDEFINED or (last >= compare.GROUPS_REDEFINED and year >= compare.GROUPS_REDEFINED)
    return (year >= compare.GROUPS_REDEFINED) == after


def _group_of_year(klass: Klass, file: MergerFile, land: Sequence[Land], members: Sequence[Member]) -> dict[int, str]:
    """The merged municipality's own group where it is one code; before that what most members belonged to."""
    found: dict[int, str] = {}
    for one in (one for one in land if one.region == file.id and one.version == AFTER):
        groups = [member.groups[one.year] for member in members if one.year in member.groups]
        own = ""
        if one.use == "own" and one.year >= file.date.year:
            own = _group(klass, file, one.codes[0], one.codes[0], one.year) or found.get(one.year - 1, "")
        chosen = own or max(groups, key=groups.count, default="")
        if chosen:
            found[one.year] = chosen
    return found


def _successors(atlas: Atlas, land: Sequence[Land], file: MergerFile) -> list[Successor]:
    """The codes that are the merged municipality alone, from the merger on."""
    years: dict[str, list[int]] = {}
    for one in land:
        if one.region == file.id and one.version == AFTER and one.year >= file.date.year and one.use == "own":
            years.setdefault(one.codes[0], []).append(one.year)
    return [
        Successor(
            code=code, **{"from": date(at[0], 1, 1)}, to=None if at[-1] >= atlas.newest else date(at[-1] + 1, 1, 1)
        )
        for code, at in years.items()
    ]


def _divided(file: MergerFile, told: Territories) -> list[str]:
    """Why the land before is not the land after: members counted whole by the user's word."""
    counted = {one.code: one for one in told.divided if one.code in file.whole}
    return [
        f"{one.name} er regnet hel før {file.date.year}, men {' og '.join(name for _, name in one.others)} fikk også "
        f"deler av den: tallene før og etter gjelder ikke det samme området."
        for one in counted.values()
    ]


def _other_land(
    atlas: Atlas, land: Sequence[Land], comparators: Sequence[Comparator], first: int
) -> dict[str, dict[int, str]]:
    """Codes that go on into the next year with more or less land: accounts are not divided by people of other land."""
    codes = {code for one in land for code in one.codes}
    codes |= {code for one in comparators for code in (one.plus + one.minus or [one.id]) if atlas.spells(code)}
    found: dict[str, dict[int, str]] = {}
    for code in sorted(codes):
        for year in range(first, atlas.newest):
            if not (atlas.valid(code, year) and atlas.valid(code, year + 1)):
                continue
            after = atlas.composition(atlas.territory([code], date(year, 1, 1)), year + 1)
            if after.codes != (code,):
                told = f"Folketallet 31.12.{year} finnes bare for et annet område. {' '.join(after.reasons)}"
                found.setdefault(code, {})[year] = told.strip()
    return found


def _notes(klass: Klass, file: MergerFile, told: Territories) -> list[str]:
    """What a reader should know: divided members left out, moved borders, what could not be derived."""
    notes = [
        f"{one.name} ble delt {file.date:%d.%m.%Y}: også {' og '.join(name for _, name in one.others)} fikk deler av "
        "den. Samlede tall før sammenslåingen regnes ikke."
        for one in told.divided
        if one.code not in file.whole
    ]
    day_before = told.reference + timedelta(days=1)
    for found in (told.merged(klass.atlas.newest), told.merged(max(day_before.year - 2, klass.atlas.first))):
        notes += [mark.text for mark in found.marks if mark.kind in ("border", "divided")]
    if not klass.groups and not file.kostra_groups:
        notes.append("KLASS 112 er ikke i settet: KOSTRA-gruppen er ikke kjent, og sammenlignes ikke med.")
    return list(dict.fromkeys(notes))
