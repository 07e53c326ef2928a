"""Territories against answers typed by hand: tests/territory/*.csv, and faults a user can make."""

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import KunnskapError
from pipeline.project import Project
from pipeline.territory import (
    NO_FACTS,
    Atlas,
    Composition,
    Facts,
    Merger,
    Period,
    SameLand,
    Share,
    load_facts,
    parse_places,
)
from pipeline.territory.land import periods_of

CASES = Path(__file__).parent / "territory"
RAW = Project().raw / "embedded"
TODAY = date(2026, 1, 1)
NEW = "2026-01-01"
# Rows of 2026, which the embedded extract ends before: land from Indre Østfold, receivers without a row to themselves.
ROWS_2026 = [
    (NEW, "3118", "Indre Østfold", "3118", "Indre Østfold"),
    (NEW, "3118", "Indre Østfold", "3207", "Nordre Follo"),
    (NEW, "3118", "Indre Østfold", "3216", "Vestby"),
]
# Invented for a code that no row names: Gjesdal gets land from Time and has no row to itself.
ROWS_TIME = [(NEW, "1121", "Time", "1121", "Time"), (NEW, "1121", "Time", "1122", "Gjesdal")]
MUNICIPALITIES = {
    **dict.fromkeys([2001], 435),
    **dict.fromkeys([2002, 2003, 2004], 434),
    2005: 433,
    **dict.fromkeys([2006, 2007], 431),
    **dict.fromkeys([2008, 2009, 2010, 2011], 430),
    2012: 429,
    **dict.fromkeys([2013, 2014, 2015, 2016], 428),
    2017: 426,
    **dict.fromkeys([2018, 2019], 422),
    **dict.fromkeys([2020, 2021, 2022, 2023], 356),
    **dict.fromkeys([2024, 2025, 2026], 357),
}


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def changes() -> list[Any]:
    with (RAW / "klass-131-changes" / "changes.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def codes() -> list[Any]:
    text = (RAW / "klass-131-codes" / "codes_2026-01-01.json").read_text(encoding="utf-8")
    return list(json.loads(text)["codes"])


def build(extra: Sequence[Any] = (), facts: Facts = NO_FACTS) -> Atlas:
    return Atlas([*changes(), *extra], codes(), TODAY, facts)


STATED = build(ROWS_2026, load_facts())
ROWS_ALONE = build(ROWS_2026)
EMBEDDED = build(facts=load_facts())


# ---------- territory_cases.csv


def answer(atlas: Atlas, case: dict[str, str]) -> Composition:
    return atlas.composition(atlas.union(parse_places(case["reference"])), int(case["year"]))


def shared_text(shares: Sequence[Share]) -> str:
    return "; ".join(f"{one.code} with {', '.join(map(str, one.shared_with))}" for one in shares)


def alone_text(found: Composition) -> str:
    """The answer as the column klass_rows_alone writes one that differs."""
    told = [*found.whole, *(f"part {code}" for code in found.part_codes)]
    return "; ".join([*told, *(f"unknown {code}" for code in found.unknown_codes)])


@pytest.mark.parametrize("case", cases("territory_cases.csv"), ids=lambda case: case["case"])
def test_a_territory_in_a_year(case: dict[str, str]) -> None:
    if case["answer"] == "error":
        for atlas in (STATED, ROWS_ALONE):
            with pytest.raises(KunnskapError):
                answer(atlas, case)
        return
    found = answer(STATED, case)
    assert found.answer == case["answer"]
    assert " ".join(found.whole) == case["whole"]
    assert " ".join(found.part_codes) == case["part"]
    assert not found.unknown
    assert shared_text(found.part) == case["shared_with"]
    assert " ".join(found.counties) == case["counties"]
    uses = {"sum": "pro forma: add", "own": "own figures", "not_yet": "no figures yet"}
    assert case["use"].startswith(uses.get(found.use, found.use))
    assert len(found.reasons) == len(found.part) + (found.answer == "not_yet")


@pytest.mark.parametrize(
    "case", [case for case in cases("territory_cases.csv") if case["answer"] != "error"], ids=lambda case: case["case"]
)
def test_a_territory_by_rows_alone(case: dict[str, str]) -> None:
    found, with_facts = answer(ROWS_ALONE, case), answer(STATED, case)
    if case["klass_rows_alone"] in ("same", ""):
        assert (found.answer, found.whole, found.part_codes, found.unknown) == (
            with_facts.answer,
            with_facts.whole,
            with_facts.part_codes,
            (),
        )
        assert not any(mark.kind == "fact" for mark in with_facts.marks)
    else:
        assert found.answer == "unknown"
        assert alone_text(found) == case["klass_rows_alone"]
        assert [mark.kind for mark in with_facts.marks] == ["fact"]


@pytest.mark.parametrize(
    "case", [case for case in cases("territory_cases.csv") if case["answer"] != "error"], ids=lambda case: case["case"]
)
def test_a_moved_border_is_marked_and_divides_nothing(case: dict[str, str]) -> None:
    marks = [mark for mark in answer(ROWS_ALONE, case).marks if mark.kind == "border"]
    assert bool(marks) == (case["border_rows_counted"].startswith("part"))
    for mark in marks:
        assert (mark.year, mark.codes) == (2026, ("3118", "3207"))
        assert mark.text == (
            "I 2026: et område gikk fra Indre Østfold (3118) til Nordre Follo (3207); begge er regnet hele."
        )


# ---------- mergers.csv

MERGERS = cases("mergers.csv")


def merger_of(case: dict[str, str], atlas: Atlas = STATED) -> Merger:
    members = [text.split()[0] for text in case["members"].split("; ")]
    return atlas.merger(members, date.fromisoformat(case["date"]))


def merged_periods(merger: Merger, first: int, last: int = TODAY.year) -> tuple[Period, ...]:
    return periods_of(merger.merged(year) for year in range(first, last + 1))


def member_periods(merger: Merger, code: str) -> tuple[Period, ...]:
    """A member's own codes from 2001 until the merger."""
    return periods_of(merger.member(code, year) for year in range(2001, merger.when.year))


def period_text(period: Period) -> str:
    years = f"{period.first}–{'' if period.last == TODAY.year else period.last}"
    return f"{years}: {'+'.join([*period.whole, *(f'part of {code}' for code in period.part)])}"


def members_text(merger: Merger) -> str:
    """Each member's own codes from 2001 until the merger."""
    told = []
    for one in merger.members:
        periods = member_periods(merger, one.code)
        told.append(f"{one.code}: {', '.join(map(period_text, periods))}")
    return "; ".join(told)


def counties_text(merger: Merger) -> str:
    told: list[str] = []
    before: tuple[str, ...] = ()
    for year in range(2001, TODAY.year + 1):
        counties = merger.merged(year).counties
        if counties != before:
            told.append(f"{year}: {'+'.join(counties)}")
        before = counties
    return "; ".join(told)


def absorbed_text(merger: Merger) -> str:
    told: dict[str, str] = {}
    for year in range(merger.when.year, TODAY.year + 1):
        for share in merger.merged(year).part:
            others = ", ".join(held.code for held in share.shared_with)
            told.setdefault(share.code, f"{year}: part of {share.code} (with {others})")
    return "; ".join(told.values())


def divided_later(merger: Merger) -> str:
    marks = {
        mark: f"{mark.year}: {'+'.join(mark.codes)}"
        for year in range(2001, TODAY.year + 1)
        for mark in merger.merged(year).marks
        if mark.kind == "divided"
    }
    return "; ".join(marks.values())


def merged_before(merger: Merger) -> list[str]:
    """Members that were themselves a sum of several codes in some year since 2001, and one code the year after."""
    return [
        one.code for one in merger.members if any(len(period.whole) > 1 for period in member_periods(merger, one.code))
    ]


@pytest.mark.parametrize("case", MERGERS, ids=lambda case: f"{case['date'][:4]} {case['name']}")
@pytest.mark.parametrize("atlas", [STATED, EMBEDDED, ROWS_ALONE], ids=["stated", "embedded", "rows_alone"])
def test_a_merger_of_2002_to_2024(case: dict[str, str], atlas: Atlas) -> None:
    merger = merger_of(case, atlas)
    year = merger.when.year
    assert merger.successor == merger.nearest == case["successor"]
    assert not merger.problems
    assert "; ".join(f"{one.code} {one.name}" for one in merger.members) == case["members"]
    assert len(merger.members) == int(case["n_members"])
    assert (merger.successor if merger.surviving else "") == case["surviving_code"]
    assert "; ".join(map(period_text, merged_periods(merger, year))) == case["successor_codes"]
    before = "; ".join(map(period_text, merged_periods(merger, 2001, year - 1)))
    assert before == case["pro_forma_codes"]
    assert members_text(merger) == case["members_codes"]
    assert counties_text(merger) == case["counties"]
    assert absorbed_text(merger) == case["absorbed_later"]
    assert divided_later(merger) == case["split_after"]
    assert " ".join(merged_before(merger)) == case["members_that_were_merged"]
    with_part = [y for y in range(2015, TODAY.year + 1) if merger.merged(y).use == "not_valid"]
    assert " ".join(map(str, with_part)) == case["years_with_part_2015_2026"]


@pytest.mark.parametrize("case", MERGERS, ids=lambda case: f"{case['date'][:4]} {case['name']}")
def test_names_and_divided_members_of_a_merger(case: dict[str, str]) -> None:
    merger = merger_of(case)
    assert merger.successor
    name = STATED.name(merger.successor, merger.when.year)
    assert name == case["name"]
    divided = [
        f"{one.code} {one.name}: rest to {', '.join(' '.join(other) for other in one.others)}" for one in merger.divided
    ]
    assert "; ".join(divided) == case["split_before"]
    assert " ".join(one.code for one in merger.members if one.name == name) == case["member_of_same_name"]
    if case["name_2026"]:
        assert STATED.name(merger.merged(TODAY.year).whole[0], TODAY.year) == case["name_2026"]


@pytest.mark.parametrize("case", MERGERS, ids=lambda case: f"{case['date'][:4]} {case['name']}")
def test_moved_borders_of_a_merger(case: dict[str, str]) -> None:
    """Stated facts give the six marks, whether the rows of 2026 are there or not."""
    for atlas in (STATED, EMBEDDED):
        merger = merger_of(case, atlas)
        marks = {mark for year in range(2001, 2027) for mark in merger.merged(year).marks if mark.kind == "border"}
        assert bool(marks) == bool(case["border_adjustment"])
        for mark in marks:
            assert str(mark.year) in case["border_adjustment"]
            known = [code for code in mark.codes if code in case["border_adjustment"]]
            assert known, mark
            assert any(code in mark.text for code in known)


def test_six_mergers_have_a_moved_border_mark() -> None:
    assert sum(bool(case["border_adjustment"]) for case in MERGERS) == 6


# ---------- acceptance.csv

SIX = {
    "aurskog-høland": (["0121", "0221"], date(2020, 1, 1)),
    "larvik": (["0709", "0728"], date(2018, 1, 1)),
    "heim": (["1571", "5011", "5012"], date(2020, 1, 1)),
    "trondheim": (["5001", "5030"], date(2020, 1, 1)),
    "ålesund": (["1504", "1523", "1529", "1534", "1546"], date(2020, 1, 1)),
    "drammen-lier-2030": (["3301", "3312"], date(2030, 1, 1)),
}


@pytest.mark.parametrize("name", SIX)
def test_a_merger_and_its_members_in_each_year(name: str) -> None:
    merger = STATED.merger(*SIX[name])
    rows = [case for case in cases("acceptance.csv") if case["merger"] == name]
    assert len(rows) == 12 * (1 + len(merger.members))
    for case in rows:
        year = int(case["year"])
        found = merger.merged(year) if case["territory"] == "merged" else merger.member(case["territory"], year)
        told = " ".join(found.whole), " ".join(found.part_codes), found.use
        assert told == (case["whole"], case["part"], case["use"]), case
        assert bool(found.codes) == (found.use != "not_valid")
        assert bool(found.reasons) == (found.use == "not_valid")


def over_new_year(merger: Merger, year: int) -> tuple[Composition, Composition]:
    """Accounts of a year and population of 1 January the year after, of the land the merged municipality is then."""
    before = year < merger.when.year
    return merger.composed(year, before), merger.composed(year + 1, before)


def test_heim_with_a_divided_member_counted_whole() -> None:
    members, when = SIX["heim"]
    merger = STATED.merger(members, when, whole=["5012"])
    plain = STATED.merger(members, when)
    assert merger.merged(2017).codes == ("1571", "1612", "1613")
    assert merger.merged(2019).codes == ("1571", "5011", "5012")
    assert merger.merged(2020).codes == ("5055",)
    text = "Snillfjord (5012) er regnet med hel i årene før 2020; deler ble også Hitra og Orkland."
    assert [mark.text for mark in merger.merged(2019).marks] == [text]
    assert merger.merged(2020).marks == ()
    assert plain.merged(2019).reasons == ("Snillfjord (5012) ble delt i 2020: deler ble også Hitra og Orkland.",)
    accounts, people = over_new_year(merger, 2017)
    assert (accounts.codes, people.codes) == (("1571", "1612", "1613"), ("1571", "5011", "5012"))
    both = [all(one.codes for one in over_new_year(merger, year)) for year in (2017, 2018, 2019, 2020)]
    assert both == [True, True, False, True]
    both = [all(one.codes for one in over_new_year(plain, year)) for year in (2017, 2018, 2019, 2020)]
    assert both == [False, False, False, True]
    assert over_new_year(merger, 2019)[1].reasons == (
        "Hitra (5056) er større: også Hitra (5013) er med fra 2020.",
        "Orkland (5059) er større: også Agdenes (5016), Meldal (5023) og Orkdal (5024) er med fra 2020.",
    )


def test_accounts_and_population_over_a_new_year() -> None:
    ålesund = STATED.merger(*SIX["ålesund"])
    assert [one.codes for one in over_new_year(ålesund, 2023)] == [("1507",), ("1508", "1580")]
    assert ålesund.merged(2024).marks[0].text == "Delt i 2024: Ålesund og Haram lagt sammen."
    trondheim = STATED.merger(*SIX["trondheim"])
    assert [one.codes for one in over_new_year(trondheim, 2019)] == [("5001", "5030"), ("5001",)]
    assert trondheim.member("5001", 2019).codes and not trondheim.member("5001", 2020).codes
    _, people = over_new_year(trondheim, 2026)
    assert not people.codes
    assert people.reasons == ("KLASS er kjent til 2026; kommunene i 2027 er ikke kjent ennå.",)


def test_a_merger_that_is_not_real() -> None:
    merger = STATED.merger(*SIX["drammen-lier-2030"])
    assert merger.successor is merger.nearest is None
    assert not merger.surviving and not merger.problems and not merger.divided
    assert merger.merged(2030).answer == "not_yet"
    again = STATED.merger(["1508", "1580"], date(2028, 1, 1))
    was = STATED.merger(*SIX["ålesund"])
    for year in range(2001, 2027):
        assert again.merged(year).codes == was.merged(year).codes
    assert again.merged(2021).use == "own"
    assert not again.merged(2021).marks
    assert again.member("1508", 2021).use == "not_valid"
    past = STATED.merger(["0602", "0626"], date(2010, 1, 1))
    assert past.successor is None
    assert past.merged(2021).reasons == (
        "Drammen (3005) er større: også Nedre Eiker (0625) og Svelvik (0711) er med fra 2020.",
    )


@pytest.mark.parametrize(
    ("members", "year", "before", "after"),
    [
        (["0602", "0625"], 2020, ("0602", "0625"), "Drammen (3005) er større: også Svelvik (0711) er med fra 2020."),
        (["0602", "0625", "0626", "0711"], 2020, ("0602", "0625", "0626", "0711"), ""),
        (["5011", "5012"], 2020, ("5011", "5012"), "Heim (5055) er større: også Halsa (1571) er med fra 2020."),
        (["1506", "1507"], 2024, ("1506", "1507"), ""),
    ],
    ids=["one left out", "one too many", "one left out, one divided", "a member divided that day"],
)
def test_an_imagined_merger_is_its_members_in_every_year(
    members: list[str], year: int, before: tuple[str, ...], after: str
) -> None:
    """A what-if beside a real merger: neither the real one's land and figures, nor a part of a member."""
    merger = STATED.merger(members, date(year, 1, 1))
    assert merger.successor is None and not merger.divided
    for seen_from_before in (True, False):
        assert merger.composed(year - 1, seen_from_before).codes == before
        found = merger.composed(year, seen_from_before)
        assert bool(found.codes) != bool(after)
        assert not after or after in found.reasons


def test_haram_rests_on_a_stated_fact() -> None:
    merger = STATED.merger(*SIX["ålesund"])
    assert merger.member("1534", 2023).codes == ()
    assert merger.member("1534", 2024).codes == ("1580",)
    assert [mark.text for mark in merger.member("1534", 2024).marks] == [
        "Bygger på en oppgitt opplysning: Haram fra 2024 er Haram slik kommunen var til 2019 (ikke bekreftet)."
    ]
    alone = ROWS_ALONE.merger(*SIX["ålesund"])
    for member in alone.members:
        assert alone.member(member.code, 2019).use == "own"
        assert alone.member(member.code, 2024).unknown_codes == ("1508", "1580")
    assert alone.member("1534", 2024).reasons == (
        "KLASS sier ikke hvor mye av Ålesund (1508) som hører med: Ålesund (1507) ble delt i 2024.",
        "KLASS sier ikke hvor mye av Haram (1580) som hører med: Ålesund (1507) ble delt i 2024.",
    )
    assert alone.merged(2024).codes == ("1508", "1580")


# ---------- states


@pytest.mark.parametrize("atlas", [STATED, EMBEDDED, ROWS_ALONE, build(ROWS_TIME)])
def test_the_count_of_municipalities(atlas: Atlas) -> None:
    assert {year: len(atlas.state(year)) for year in MUNICIPALITIES} == MUNICIPALITIES


def test_when_codes_were_valid() -> None:
    assert STATED.spells("1811") == ((1990, 2026),)
    assert STATED.spells("0711") == ((1990, 2019),)
    assert STATED.spells("3005") == ((2020, 2023),)
    assert STATED.spells("0704") == ((1990, 2019),)
    assert STATED.spells("5001") == ((2018, 2026),)
    assert STATED.spells("0403") == ((1992, 2019),)
    assert STATED.spells("2027") == ((1990, 2019),)
    assert STATED.spells("9876") == STATED.spells("9999") == ()
    assert STATED.valid("3005", 2023) and not STATED.valid("3005", 2024)
    assert all(len(STATED.spells(code)) == 1 for year in range(1990, 2027) for code in STATED.state(year))


@pytest.mark.parametrize(("rows", "code"), [(ROWS_TIME, "1122"), (ROWS_2026, "3216"), (ROWS_2026, "3207")])
def test_a_receiver_without_a_row_to_itself_was_there_before(rows: list[Any], code: str) -> None:
    atlas = build(rows)
    assert atlas.spells(code) == build().spells(code)
    found = atlas.composition(atlas.territory([code], TODAY), 2015)
    plain = build().composition(build().territory([code], TODAY), 2015)
    assert (found.whole, found.part, found.unknown) == (plain.whole, plain.part, plain.unknown)
    assert [mark.kind for mark in found.marks] == ["border"]


def test_names_of_the_year() -> None:
    assert STATED.state(2019)["0602"] == "Drammen"
    assert STATED.name("2027", 1990) == "Unjárga - Nesseby"
    assert STATED.name("0102", 1991) == "Sarpsborg"
    assert STATED.name("5006", 2021) == "Steinkjer"
    assert STATED.name("5006", 2026) == "Steinkjer - Stïentje"
    assert STATED.name("1811", 2005) == STATED.name("1811", 2026) == "Bindal"
    assert STATED.name("9876", 2026) == "9876"
    assert "9999" not in STATED.state(2026)


def test_the_municipalities_of_today_as_peers() -> None:
    """Counts of territory.md: one whole code in each year 2015–2026, whole sums, and not whole in some year."""
    uses = {
        code: {
            (found.use, found.codes)
            for found in (STATED.composition(STATED.territory([code], TODAY), year) for year in range(2015, 2027))
        }
        for code in STATED.state(2026)
    }
    kinds = {code: {use for use, _ in found} for code, found in uses.items()}
    own = [code for code, kind in kinds.items() if kind == {"own"}]
    torn = [code for code, kind in kinds.items() if "not_valid" in kind]
    assert len(own) == 309
    assert len([code for code in own if uses[code] == {("own", (code,))}]) == 82
    assert len(kinds) - len(own) - len(torn) == 39
    # By rows alone 1508 and 1580 are not decided in 2015–2019; a part of 1507 in 2020–2023 all the same.
    assert torn == ["1508", "1580", "1806", "1875", "3905", "3907", "5055", "5056", "5059"]


def test_the_mergers_since_2002_are_found_in_the_rows() -> None:
    """55 of territory.md; Tønsberg 2017 received a part only, and is none."""
    found = []
    for year in range(2002, 2027):
        for code in STATED.state(year):
            before = STATED.composition(STATED.territory([code], date(year, 1, 1)), year - 1)
            members = [*before.whole, *before.part_codes]
            if len(members) > 1 and STATED.merger(members, date(year, 1, 1)).successor == code:
                found.append((year, code))
    assert (2017, "0704") in found
    assert len(found) - 1 == 55
    assert sum(year == 2020 for year, _ in found) == 43
    assert {(int(case["date"][:4]), case["successor"]) for case in MERGERS} <= set(found)


def test_same_code_other_land() -> None:
    for code, last in (("0716", 2001), ("1804", 2004), ("0704", 2016), ("1103", 2019), ("5001", 2019)):
        before = STATED.territory([code], date(last, 12, 31))
        after = STATED.territory([code], date(last + 1, 1, 1))
        assert before != after
        assert STATED.composition(before, last + 1).part_codes == (code,)
        assert STATED.composition(after, last + 1).codes == (code,)
        assert STATED.composition(after, last).codes != (code,)


def test_tønsberg_of_2020_is_not_whole_before_2017() -> None:
    merger = STATED.merger(["0704", "0716"], date(2020, 1, 1))
    assert merger.merged(2017).codes == ("0704", "0716")
    assert merger.merged(2016).whole == ("0704", "0716")
    assert merger.merged(2016).reasons == ("Stokke (0720) ble delt i 2017: en del ble Sandefjord.",)


# ---------- faults


def sentences(error: KunnskapError) -> list[str]:
    return [problem.found for problem in error.problems]


@pytest.mark.parametrize(
    ("members", "when", "told"),
    [
        (
            ["3005", "0626"],
            date(2020, 1, 1),
            "3005 gjaldt ikke 31.12.2019; der var det 0602 Drammen, 0625 Nedre Eiker og 0711 Svelvik.",
        ),
        (["0711", "3049"], date(2024, 1, 1), "0711 gjaldt ikke 31.12.2023; der var det 3005 Drammen."),
        (
            ["5012", "5055"],
            date(2024, 1, 1),
            "5012 gjaldt ikke 31.12.2023; der var det 5055 Heim, 5056 Hitra og 5059 Orkland.",
        ),
        (["9876", "3301"], date(2030, 1, 1), "9876 har ikke vært en kommunekode siden 1990."),
        (["9999", "3301"], date(2030, 1, 1), "9999 er «uoppgitt» og ikke et sted."),
        (["3301", "3301"], date(2030, 1, 1), "3301 Drammen står flere ganger."),
        ([], date(2030, 1, 1), "Ingen kommunekoder er oppgitt."),
        (
            ["3301", "3312"],
            date(2030, 7, 1),
            "Sammenslåingsdatoen 1.7.2030 er ikke 1. januar; kommuner kan bare endres 1. januar.",
        ),
        (["0102", "0114"], date(1990, 1, 1), "1.1.1990 er for tidlig: kommuneinndelingen er kjent fra 1.1.1990."),
    ],
)
def test_a_merger_that_cannot_be(members: list[str], when: date, told: str) -> None:
    with pytest.raises(KunnskapError) as error:
        STATED.merger(members, when)
    assert sentences(error.value) == [told]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (["0602", "0625", "0711", "0626"], ["KLASS: 0626 Lier ble 3049, ikke 3005."]),
        (["0602", "0625"], ["KLASS: også 0711 Svelvik ble 3005 den dagen."]),
        (["0221"], ["KLASS: også 0121 Rømskog ble 3026 den dagen."]),
        (["1571", "5011"], ["KLASS: også 5012 Snillfjord (en del) ble 5055 den dagen."]),
        (["5011", "5012"], ["KLASS: også 1571 Halsa ble 5055 den dagen."]),
        (
            ["0301", "0602", "0625", "0711"],
            ["KLASS: 0301 Oslo - Oslove fortsatte som før, ikke 3005."],
        ),
        (["0602", "0626"], []),
        (["0301", "1811"], []),
        (["0626"], []),
    ],
)
def test_members_that_are_not_those_of_klass(members: list[str], told: list[str]) -> None:
    assert [problem.found for problem in STATED.merger(members, date(2020, 1, 1)).problems] == told


def test_whole_is_for_a_member_that_was_divided() -> None:
    with pytest.raises(KunnskapError) as error:
        STATED.merger(["0602", "0625", "0711"], date(2020, 1, 1), whole=["0711", "5012"])
    assert sentences(error.value) == [
        "5012 skal regnes hel, men er ikke blant medlemmene.",
        "0711 Svelvik skal regnes hel, men ble ikke delt 1.1.2020.",
    ]


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        (
            "3005@2023-12-31+0625@2019-12-31",
            [
                "0625 Nedre Eiker ligger i 3005 Drammen.",
                "Kodene må gjelde samme dato, men er oppgitt for 31.12.2019 og 31.12.2023.",
            ],
        ),
        ("3301@2031-01-01", ["1.1.2031 er for sent: kommuneinndelingen er kjent til 2026."]),
        ("3301@1985-01-01", ["1.1.1985 er for tidlig: kommuneinndelingen er kjent fra 1.1.1990."]),
        ("3301", ["«3301» er ikke en kode med dato."]),
    ],
)
def test_a_territory_that_cannot_be(reference: str, told: list[str]) -> None:
    with pytest.raises(KunnskapError) as error:
        STATED.union(parse_places(reference))
    assert sentences(error.value) == told


def test_a_year_before_the_first_state_is_refused() -> None:
    territory = STATED.territory(["3301"], TODAY)
    with pytest.raises(KunnskapError, match="er for tidlig"):
        STATED.composition(territory, 1989)
    with pytest.raises(KunnskapError, match="er for sent"):
        STATED.state(2027)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("2026-07-01", "3301", "", "3302", ""), "3301 → 3302 er datert 1.7.2026; kommuner kan bare endres 1. januar."),
        (("i fjor", "3301", "", "3302", ""), "«i fjor» er ikke en dato."),
        ((NEW, None, None, "3302", ""), "raden fra 1.1.2026 mangler den gamle koden (3302)."),
        ((NEW, "3301", "", None, None), "raden fra 1.1.2026 mangler den nye koden (3301)."),
        ((NEW, "1811", "", "1700", ""), "1700 ble til 1.1.2026, men ingen rad sier når den falt bort."),
        (("2024-01-01", "1811", "", "5501", ""), "1811 ble til 5501 1.1.2024, men gjelder fortsatt."),
    ],
)
def test_rows_that_cannot_be_followed(row: Any, told: str) -> None:
    with pytest.raises(KunnskapError) as error:
        build([row])
    assert told in sentences(error.value)


# ---------- stated facts


def same(code: str, year: int, other: str, other_year: int) -> Facts:
    return Facts(same=(SameLand(code, year, other, other_year, "tekst", "kilde", "confirmed"),))


def test_facts_that_do_not_fit_the_rows() -> None:
    with pytest.raises(KunnskapError, match="1534 gjaldt ikke i 2021"):
        build(facts=same("1580", 2024, "1534", 2021))
    with pytest.raises(KunnskapError, match=r"1580@2024 = 0301@2019 motsier endringene"):
        build(facts=same("1580", 2024, "0301", 2019))
    assert build(facts=same("1580", 2031, "1534", 2019)).newest == 2026  # of a year not known yet: left out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[same]\n", "kan ikke leses"),
        ("same = 3\n", "må skrives som"),
        ("[[lik]]\n", "filen har feltet «lik»"),
        ('[[same]]\nland = ["1580@2024"]\n', "må være to steder"),
        ('[[same]]\nland = ["1580@2024", "1534@2019"]\ntext = "x"\ncertainty = "confirmed"\n', "felt source: mangler"),
        ('[[border]]\nyear = 2020\nfrom = "5039"\nsource = "x"\ncertainty = "confirmed"\n', "må ha year og to"),
        (
            '[[border]]\nyear = 2020\nfrom = "5039"\nto = "5054"\nsource = "x"\ncertainty = "kanskje"\n',
            "må være confirmed eller to_be_confirmed",
        ),
    ],
)
def test_a_file_of_facts_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "territory.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KunnskapError, match=told):
        load_facts(path)


def test_a_border_of_unknown_direction() -> None:
    marks = STATED.composition(STATED.territory(["1108"], date(2020, 1, 1)), 2016).marks
    assert [mark.text for mark in marks] == [
        "I 2017: grensen mellom Sandnes (1102) og Sola (1124) ble flyttet; begge er regnet hele."
    ]


# ---------- the room


def test_it_imports_nothing_of_the_pipeline_but_errors() -> None:
    for path in (Project().definitions.parent / "territory").glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("from ", "import ")) and "pipeline" in line:
                assert line.startswith(("from pipeline.territory", "from pipeline.errors import")), (path.name, line)


# ---------- small invented countries


def small(rows: Sequence[tuple[int, str, str]], current: Sequence[str], last: int = 2010) -> Atlas:
    """Codes are their own names; states 2000 to `last`."""
    told = [(f"{year}-01-01", old, old, new, new) for year, old, new in rows]
    return Atlas(told, [(code, code) for code in current], date(last, 1, 1), first=2000)


def test_a_code_known_from_earlier_rows_is_not_born_again() -> None:
    atlas = small([(2002, "1001", "1002"), (2005, "1003", "1002")], ["1002"])
    assert atlas.spells("1002") == ((2002, 2010),)
    merged = atlas.composition(atlas.territory(["1002"], date(2010, 1, 1)), 2004)
    assert merged.whole == ("1002", "1003")


def test_a_code_may_come_back() -> None:
    atlas = small([(2002, "1001", "1002"), (2005, "1003", "1003"), (2005, "1003", "1001")], ["1001", "1002", "1003"])
    assert atlas.spells("1001") == ((2000, 2001), (2005, 2010))
    first, later = atlas.territory(["1001"], date(2000, 1, 1)), atlas.territory(["1001"], date(2010, 1, 1))
    assert atlas.composition(first, 2010).whole == ("1002",)
    assert atlas.composition(later, 2001).part_codes == ("1003",)


def test_a_giver_without_a_row_to_itself_that_is_still_valid() -> None:
    """Only where the receiver is known from before; else rows and codes contradict."""
    atlas = small([(2002, "1001", "1002"), (2005, "1003", "1002")], ["1002", "1003"])
    found = atlas.composition(atlas.territory(["1003"], date(2010, 1, 1)), 2004)
    assert found.codes == ("1003",)
    assert [mark.year for mark in found.marks] == [2005]
    with pytest.raises(KunnskapError, match="men gjelder fortsatt"):
        small([(2005, "1003", "1002")], ["1002", "1003"])


def test_land_on_both_sides_of_a_moved_border_has_no_mark() -> None:
    atlas = small([(2005, "1001", "1001"), (2005, "1001", "1002")], ["1001", "1002"])
    assert atlas.composition(atlas.territory(["1001", "1002"], date(2010, 1, 1)), 2004).marks == ()
    for code in ("1001", "1002"):
        assert len(atlas.composition(atlas.territory([code], date(2010, 1, 1)), 2004).marks) == 1
        assert atlas.composition(atlas.territory([code], date(2010, 1, 1)), 2005).marks == ()


def test_a_division_in_two_years_names_both() -> None:
    rows = [(2002, "1001", "1002"), (2002, "1001", "1003"), (2005, "1002", "1004"), (2005, "1002", "1005")]
    atlas = small(rows, ["1003", "1004", "1005"])
    found = atlas.composition(atlas.territory(["1004"], date(2010, 1, 1)), 2001)
    assert found.reasons == ("1001 (1001) ble delt i 2002 og 2005: deler ble også 1003 og 1005.",)
