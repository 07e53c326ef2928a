"""Nye Drammen as land, to give rows to: what members, merged municipality and comparators are in each state."""

from tests.conftest import Sql

MEMBERS = (("0602", "Drammen"), ("0625", "Nedre Eiker"), ("0711", "Svelvik"))
YEARS = range(2004, 2027)
MERGED = "nye-drammen"


def give_land(base: Sql, members: tuple[tuple[str, str], ...] = MEMBERS, merge_year: int = 2020) -> Sql:
    """Members to 2019, 3005 to 2023, 3301 from 2024; the country, a KOSTRA group; the country less Oslo."""
    codes = [code for code, _ in members]
    components: list[tuple[object, ...]] = []
    lands: list[tuple[object, ...]] = []
    for year in YEARS:
        before = year < merge_year
        for at, (code, name) in enumerate(members):
            if before:
                components.append((code, 0, year, code, name, 1, at))
            reason = "" if before else f"Kommunenummer {code} gjaldt ikke i {year}."
            lands.append((code, 0, year, "own" if before else "not_valid", reason, ""))
        own = list(members) if before else [("3005" if year < 2024 else "3301", "Drammen")]
        for version in (0, 1):
            components += [(MERGED, version, year, code, name, 1, at) for at, (code, name) in enumerate(own)]
            lands.append((MERGED, version, year, "sum" if before else "own", "", ""))
        components += [(code, 0, year, code, name, 1, 8) for code, name in (("EAK", "Landet"), ("EKG13", "Gruppe 13"))]
        components += [("EAK-0301", 0, year, "EAK", "EAK", 1, 8), ("EAK-0301", 0, year, "0301", "0301", -1, 9)]
    base.given("def_component", "region version:i year:i component component_name sign:i ord:i", *components)
    base.given("def_land", "region version:i year:i use reason mark", *lands)
    spans = [(region, 0, 1986, 2099) for region in [*codes, "EAK", "EKG13", "EAK-0301"]]
    spans += [(MERGED, 0, 1986, merge_year - 1), (MERGED, 1, merge_year, 2099)]
    base.given("def_span", "region version:i first_year:i last_year:i", *spans)
    return give_merge_year(base, merge_year)


def give_merge_year(base: Sql, merge_year: int = 2020, real: bool = True, divided: bool = False) -> Sql:
    base.given("def_other_land", "region year:i reason")
    columns = "merge_year:i former_state:i newest:i real:b divided:b"
    return base.given("def_merge_year", columns, (merge_year, merge_year - 1, 2026, real, divided))
