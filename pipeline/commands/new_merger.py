"""`kunnskap new NAME CODES… --date`: writes a merger's file where it belongs, and tells what KLASS says of it."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

import tomlkit

from pipeline import words
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import store
from pipeline.mergers import Klass, derive, read_klass
from pipeline.mergers.klass import CHANGES, CODES, GROUPS
from pipeline.model import County, Definitions, Merger, MergerFile
from pipeline.moves import write_whole
from pipeline.project import Project
from pipeline.territory import Atlas, load_facts
from pipeline.territory import Merger as Territories

# a question and what may be answered → the answer; None where nobody is there to ask
Ask = Callable[[str, Sequence[str]], str | None]
LONGEST_ID = 40


@dataclass(frozen=True)
class Wish:
    """What the user typed. `places` are codes or names; `take_defaults`: nobody is asked."""

    name: str
    places: Sequence[str]
    when: date
    base_year: int | None = None
    whole: Sequence[str] = field(default_factory=tuple)
    what_if: bool = False
    take_defaults: bool = False


def new_merger(project: Project, definitions: Definitions, wish: Wish, ask: Ask) -> Iterator[str]:
    """Lines in Norwegian. Raises KunnskapError, a sentence a fault, and writes nothing then."""
    merger_id = slug(wish.name)
    path = project.definitions / "mergers" / f"{merger_id}.toml"
    if path.exists():
        problem = Problem(
            file=project.shown(path), found="filen finnes.", remedy="velg et annet navn, eller rett filen."
        )
        raise KunnskapError("Sammenslåingen finnes fra før:", [problem])
    klass = klass_of(project, definitions)
    file = _file(klass, definitions, wish, merger_id, ask)
    problems = file.faults(project.shown(path))
    if problems:
        raise KunnskapError("Sammenslåingen kan ikke brukes:", problems)
    merger = derive(definitions, file, klass, project.shown(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text(file).encode())
    yield f"Skrevet: {project.shown(path)}"
    yield from told(file, merger)
    yield from _before_accounts(definitions, merger)


def klass_of(project: Project, definitions: Definitions) -> Klass:
    """KLASS of the newest set there is."""
    record = store.set_record(project, store.choose_set(project, None))
    files = {name: store.files_of(project, record, name) for name in (CHANGES, CODES, GROUPS)}
    return read_klass(definitions, files, load_facts(project.definitions / "territory.toml"))


def slug(name: str) -> str:
    """`Nye Ålesund` → `nye-alesund`: the file's name, and the id."""
    plain = name.casefold().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return store.checked_name(re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-"), "sammenslåingen")


def text(file: MergerFile) -> str:
    """The finished file: what was typed, and nothing that can be derived."""
    document = tomlkit.document()
    for name in ("name", "date", "members", "base_year"):
        document[name] = getattr(file, name)
    for name in ("whole", "what_if"):
        if getattr(file, name):
            document[name] = getattr(file, name)
    return tomlkit.dumps(document)


# ------------------------------------------------------------------------------------- what was typed


def _file(klass: Klass, definitions: Definitions, wish: Wish, merger_id: str, ask: Ask) -> MergerFile:
    atlas = klass.atlas
    reference = min(wish.when.year - 1, atlas.newest)
    known = [county for found in definitions.counties.values() for county in found]
    counties = [county for county in known if county.first <= reference <= county.last]
    _refuse_counties(atlas, wish, counties, reference)
    codes = [_code(atlas, place, reference, wish, ask) for place in wish.places]
    whole = [_code(atlas, place, reference, wish, ask) for place in wish.whole]
    found = atlas.merger(codes, wish.when, whole)
    whole += list(_divided(found, whole, wish, ask))
    return MergerFile(
        id=merger_id,
        name=_shown_name(wish.name),
        date=wish.when,
        members=codes,
        base_year=wish.base_year or min(wish.when.year, atlas.newest) - 2,
        whole=whole,
        what_if=wish.what_if or _imagined(found, wish, ask),
    )


def _shown_name(name: str) -> str:
    """`nye-larvik` typed as an id is shown as a name."""
    return name if name != slug(name) else " ".join(words.capital(part) for part in name.split("-"))


def _refuse_counties(atlas: Atlas, wish: Wish, counties: Sequence[County], year: int) -> None:
    """A county is no municipality, by number or name; where both have the name (Oslo) the municipality is meant."""
    municipalities = {part.casefold() for name in atlas.state(year).values() for part in _spellings(name)}
    named = {county.name.casefold(): county for county in counties if county.name.casefold() not in municipalities}
    named |= {county.number: county for county in counties}
    found = [named[place.casefold()] for place in wish.places if place.casefold() in named]
    problems = [
        Problem(found=f"{county.name} ({county.number}) er et fylke.", remedy="skriv kommunene.") for county in found
    ]
    if problems:
        raise KunnskapError("Bare kommuner kan slås sammen:", problems)


def _code(atlas: Atlas, place: str, year: int, wish: Wish, ask: Ask) -> str:
    """A code as it is; a name as the code it had that year."""
    if place.isdigit():
        return place
    named = {code: name for code, name in atlas.state(year).items() if _same(place, name)}
    if len(named) == 1:
        return next(iter(named))
    if not named:
        every = {part for name in atlas.state(year).values() for part in _spellings(name)}
        near = get_close_matches(place, every, n=3)
        remedy = f"mente du {words.listed(near)}?" if near else "skriv kommunenummeret."
        problem = Problem(found=f"Ingen kommune het «{place}» i {year}.", remedy=remedy)
        raise KunnskapError("Kommunen ble ikke funnet:", [problem])
    shown = words.listed([f"{code} (fylke {code[:2]})" for code in sorted(named)])
    answer = None if wish.take_defaults else ask(f"{place} er {shown}. Hvilken?", sorted(named))
    if answer is None:
        problem = Problem(found=f"{place} kan være {shown}.", remedy="skriv kommunenummeret.")
        raise KunnskapError("Navnet er ikke entydig:", [problem])
    return answer


def _same(typed: str, name: str) -> bool:
    return typed.casefold() in {part.casefold() for part in _spellings(name)}


def _spellings(name: str) -> list[str]:
    """A name, each of its languages (`Trondheim - Tråante`), and without its county (`Våler (Østfold)`)."""
    return list(dict.fromkeys([name, *name.split(" - "), re.sub(r" \(.*\)$", "", name)]))


def _divided(found: Territories, whole: Sequence[str], wish: Wish, ask: Ask) -> Iterator[str]:
    """Members that were divided and are to be counted whole: by default none."""
    for one in found.divided:
        if one.code in whole or wish.take_defaults:
            continue
        others = words.listed([name for _, name in one.others])
        question = (
            f"{one.name} ({one.code}) ble delt den dagen; {others} fikk også deler. Skal hele {one.name} regnes med i "
            "årene før? Da merkes hvert tall. Ellers regnes ingen samlede tall før sammenslåingen."
        )
        if ask(question, ("ja", "nei")) == "ja":
            yield one.code


def _imagined(found: Territories, wish: Wish, ask: Ask) -> bool:
    """Whether the members are not those of KLASS on purpose; where nobody says so, `derive` tells what is wrong."""
    if not found.problems or wish.take_defaults:
        return False
    told = " ".join(problem.found for problem in found.problems)
    return ask(f"{told} Er sammenslåingen tenkt?", ("ja", "nei")) == "ja"


# ------------------------------------------------------------------------------------ what was found


def _before_accounts(definitions: Definitions, merger: Merger) -> Iterator[str]:
    """A merger of long ago has no accounts of its members."""
    accounts = [source for source in definitions.sources.values() if source.timing == "regnskapsåret"]
    first = min(source.first_year for source in accounts if source.first_year)
    if merger.base_year < first:
        yield f"Regnskapstall finnes fra {first}: for {merger.base_year} er det bare folketall. Velg et senere --year."


def told(file: MergerFile, merger: Merger) -> Iterator[str]:
    """Ten lines: members with their histories, successor, what was divided, whom to compare with, what comes next."""
    if merger.name != file.name:
        yield f"I rapportene heter den {merger.name}: {file.name} er en av kommunene."
    for member in merger.member:
        yield f"  {member.name}: {_history(merger, member.code)}"
    if merger.successor:
        after = ", ".join(f"{one.code} fra {one.from_.year}" for one in merger.successor)
        yield f"Ble {merger.merged_name}: {after}"
    elif file.date.year > merger.newest_year:
        yield f"{merger.name} finnes ikke ennå: kommunene regnes sammen i alle år."
    else:
        yield f"{merger.name} er tenkt: kommunene regnes sammen i de årene de ikke er del av noe større."
    yield from merger.divided
    yield from merger.notes
    counties = [one.name for one in merger.comparator if one.kind == "county"]
    groups = [one.name for one in merger.comparator if one.kind == "kostra_group"]
    yield f"Sammenlignes med landet, {words.listed([*groups, *counties] or ['ingen fylker'])}."
    if not file.peers:
        yield "Jevnstore kommuner i samme KOSTRA-gruppe velges når tallene hentes; velg selv med peers i filen."
    years = sorted(land.year for land in merger.land if land.region == merger.id and land.use != "not_valid")
    if years:
        yield f"Regnskapsåret rapportene handler om: {merger.base_year}. Samlede tall fra {years[0]} til {years[-1]}."
    yield f"Hent tallene: kunnskap fetch --merger {merger.id} ({len(merger.region_codes)} kommuner og områder)"
    yield f"Lag rapportene: kunnskap run --merger {merger.id}"


def _history(merger: Merger, code: str) -> str:
    """`1612 til 2017, 5011 fra 2018`; a year in which the land is a part of another is left out."""
    spans: list[tuple[str, int, int]] = []
    for land in (one for one in merger.land if one.region == code and one.codes):
        at = "+".join(land.codes)
        if spans and spans[-1][0] == at and spans[-1][2] == land.year - 1:
            spans[-1] = (at, spans[-1][1], land.year)
        else:
            spans.append((at, land.year, land.year))
    return ", ".join(f"{at} {first}–{last if last < merger.newest_year else ''}" for at, first, last in spans)
