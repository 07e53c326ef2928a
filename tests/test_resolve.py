"""The definitions held against metadata: exact code, else the same label, else unresolved with the nearest."""

from dataclasses import replace

import pytest

from pipeline.ingest.metadata import Dimension, Metadata
from pipeline.ingest.resolve import Resolution, resolve
from pipeline.ingest.wanted import Wanted, wanted
from pipeline.model import Definitions
from tests.conftest import merger_of

MEMBERS = {"0602": "Drammen (-2019)", "0625": "Nedre Eiker (-2019)", "0711": "Svelvik (-2019)", "EAK": "Landet"}


def dimension(code: str, labels: dict[str, str], elimination: bool = False) -> Dimension:
    return Dimension(code, code, labels, elimination)


def metadata(contents: dict[str, str], units: dict[str, str] | None = None, **more: Dimension) -> Metadata:
    """12210 as SSB describes it."""
    dimensions = {
        "KOKkommuneregion0000": dimension("KOKkommuneregion0000", MEMBERS),
        "ContentsCode": dimension("ContentsCode", contents),
        "Tid": dimension("Tid", {str(year): str(year) for year in range(2015, 2022)}),
    }
    return Metadata("12210: …", "SSB", "2022-03-15T07:00:00Z", dimensions | more, units or {}, {}, (), False, "Tid")


@pytest.fixture
def social(definitions: Definitions) -> Wanted:
    """12210 with the two contents whose codes are known."""
    found = {one.source.id: one for one in wanted(definitions, [merger_of("nye-drammen")])}
    known = {code: label for code, label in found["12210"].codes["ContentsCode"].items() if code[0] != "?"}
    return replace(found["12210"], codes={"ContentsCode": known})


ALL, YOUNG = "Sosialhjelpstilfeller (antall)", "Antall sosialhjelpstilfeller 18-24 år (antall)"


def states(resolution: Resolution) -> dict[str, str]:
    return {code.code: code.state for code in resolution.codes}


def test_exact_codes_are_found_and_asked_for_in_ssbs_order(social: Wanted) -> None:
    found = resolve(social, metadata({"KOSant18240000": YOUNG, "KOSsosantkliente0000": ALL, "KOSannet0000": "Annet"}))
    assert set(states(found).values()) == {"found"}
    assert found.query == {
        "KOKkommuneregion0000": ["0602", "0625", "0711", "EAK"],
        "ContentsCode": ["KOSant18240000", "KOSsosantkliente0000"],
        "Tid": [str(year) for year in range(2015, 2022)],
    }
    assert (found.moved, found.unresolved) == ({}, {})


def test_a_new_code_with_the_same_label_is_the_old_one(social: Wanted) -> None:
    found = resolve(social, metadata({"KOSsosantkliente0001": f" {ALL.upper()}", "KOSant18240000": YOUNG}))
    assert found.moved == {"ContentsCode": {"KOSsosantkliente0000": "KOSsosantkliente0001"}}
    assert found.query["ContentsCode"] == ["KOSsosantkliente0001", "KOSant18240000"]


def test_a_code_that_is_gone_names_the_nearest_and_the_others_go_on(social: Wanted) -> None:
    found = resolve(social, metadata({"KOSant18240000": YOUNG, "KOSsosny0000": "Sosialhjelpstilfeller i året"}))
    assert states(found) == {"KOSsosantkliente0000": "gone", "KOSant18240000": "found"}
    assert "KOSsosny0000 «Sosialhjelpstilfeller i året»" in found.unresolved["ContentsCode"]["KOSsosantkliente0000"]
    assert found.query["ContentsCode"] == ["KOSant18240000"]


def test_a_label_that_fits_two_codes_is_not_chosen_between(social: Wanted) -> None:
    found = resolve(social, metadata({"KOSa0000": ALL, "KOSb0000": ALL, "KOSant18240000": YOUNG}))
    assert "flere koder: KOSa0000, KOSb0000" in found.unresolved["ContentsCode"]["KOSsosantkliente0000"]


def test_a_code_that_means_something_else_now_is_not_used(definitions: Definitions) -> None:
    """Where the definition has SSB's own label; a paraphrase is no evidence against SSB."""
    fees = next(w for w in wanted(definitions, [merger_of("nye-drammen")]) if w.source.id == "12842")
    labels = fees.codes["ContentsCode"] | {"KOSaarsgebyrvann0000": "Areal av kommunale bygg (m2)"}
    found = resolve(fees, metadata(labels))
    assert list(found.unresolved["ContentsCode"]) == ["KOSaarsgebyrvann0000"]
    assert "betyr noe annet nå" in found.unresolved["ContentsCode"]["KOSaarsgebyrvann0000"]


def test_a_reworded_label_is_told_and_used(social: Wanted) -> None:
    found = resolve(
        social, metadata({"KOSsosantkliente0000": "Sosialhjelpstilfeller, antall", "KOSant18240000": YOUNG})
    )
    assert states(found)["KOSsosantkliente0000"] == "relabelled" and not found.unresolved


def test_kroner_are_never_taken_for_thousands(definitions: Definitions) -> None:
    one = next(w for w in wanted(definitions, [merger_of("nye-drammen")]) if w.source.id == "13502")
    labels = one.codes["ContentsCode"]
    found = resolve(one, metadata(labels, units={"KOSutg020000": "1000 kr"}))
    assert found.unresolved["ContentsCode"]["KOSutg020000"] == "KOSutg020000 har enheten «1000 kr», ikke «kr»."


ENERGY = {
    "AG99": "Alle energityper", "A180": "Strøm", "A181": "Fjernvarme/fjernkjøling", "A184": "Bioenergi",
    "AG40": "Fornybar energi",
}  # fmt: skip
OWNED = {"samlet": "Areal totalt", "eid": "Eid areal", "leid": "Leid areal"}
SERVICES = {"A": "Heimeteneste", "B": "Institusjonstenester", "C": "Aktiviserings- og servicetenester"}
AGES = {"F000-120": "I alt", "F000-066": "0 - 66 år", "F067-079": "67-79 år", "F080-120": "80 år og over"}
EXAMS = {"1": "Heimebesøk", "2": "Undersøking ved 8 veker", "3": "Undersøking ved 2 år"}
COUNT, SHARE = ("KOSsosantkliente0000", ALL), ("KOSandel0000", "Andel sosialhjelpsmottakere (prosent)")


@pytest.mark.parametrize(
    ("labels", "elimination", "value", "counted", "taken"),
    [
        (ENERGY, True, "AG99", True, "AG99"),  # 12150: what SSB itself gives where it is left out
        (ENERGY, True, "", True, "AG99"),  # and where it does not say, the one that is named all of it
        ({k: v for k, v in ENERGY.items() if k != "AG99"}, True, "", True, None),  # SSB's sum would hold AG40 twice
        (OWNED, False, "", True, "samlet"),  # 11906
        (AGES, False, "", False, "F000-120"),  # 12003: a share has a total, though no sum
        (SERVICES, False, "", True, None),  # 12003: one who has two services is in both
        (SERVICES, True, "", True, ""),  # SSB says that they may be added, and what is asked for is counted
        (SERVICES, True, "", False, None),  # a sum of shares is nothing
        (EXAMS, False, "", True, None),  # 11993
        ({**OWNED, "alt": "I alt"}, True, "", True, None),  # two that claim to be all of it
    ],
)
def test_of_a_dimension_the_definition_does_not_name_all_of_it_is_taken_or_nothing(
    social: Wanted, labels: dict[str, str], elimination: bool, value: str, counted: bool, taken: str | None
) -> None:
    code, label = COUNT if counted else SHARE
    asked = replace(social, codes={"ContentsCode": {code: label}})
    extra = Dimension("KOKny0000", "type", labels, elimination, value)
    found = resolve(asked, metadata({code: label}, KOKny0000=extra))
    if taken is None:
        first = next(iter(labels))
        assert f"KOKny0000 (type: {first} «{labels[first]}»" in found.trouble and found.query == {}
        assert found.unresolved == {"": {"": found.trouble}}
        return
    assert not found.trouble and found.query.get("KOKny0000", [""]) == [taken]
    words = f"«{labels[taken]}» ({taken})" if taken else "SSBs sum over alle verdiene"
    assert found.whole["KOKny0000"].words == (
        f"Tabellen er delt etter type, som definisjonen ikke nevner; {words} er brukt."
    )


def test_a_dimension_that_is_left_out_must_still_be_one_that_can_be(definitions: Definitions) -> None:
    people = next(w for w in wanted(definitions, [merger_of("nye-drammen")]) if w.source.id == "07459")
    labels = dict.fromkeys(people.codes["Alder"], "")
    own = {
        "Region": dimension("Region", {"0": "Hele landet", "0602": "Drammen"}),
        "Alder": dimension("Alder", labels),
        "ContentsCode": dimension("ContentsCode", {"Personer1": "Personer"}),
        "Tid": dimension("Tid", {"2019": "2019"}),
    }
    plain = metadata({})
    sexes = dimension("Kjonn", {"1": "Menn", "2": "Kvinner"}, elimination=True)
    found = resolve(people, replace(plain, dimensions={**own, "Kjonn": sexes}))
    assert "Kjonn" not in found.query and found.query["Region"] == ["0", "0602"], "EAK is asked for as SSB's 0"
    kept = replace(plain, dimensions={**own, "Kjonn": replace(sexes, elimination=False)})
    assert "Kjonn kan ikke utelates" in resolve(people, kept).trouble


def test_a_code_known_by_label_only_is_found_by_it(definitions: Definitions) -> None:
    one = next(w for w in wanted(definitions, [merger_of("nye-drammen")]) if w.source.id == "12058")
    code = "?aarsgebyr_for_feiing_og_tilsyn_ekskl"
    found = resolve(one, metadata({"KOSfeieavgift0000": one.codes["ContentsCode"][code]}))
    assert found.moved == {"ContentsCode": {code: "KOSfeieavgift0000"}}


def test_posts_in_child_welfare_are_not_shown_before_ssbs_label_is_read(definitions: Definitions) -> None:
    """12305's known code counts the posts of function 244; all posts stand under a code nobody has seen."""
    one = next(w for w in wanted(definitions, [merger_of("nye-drammen")]) if w.source.id == "12305")
    cases = "Stillingar knytt til sakshandsaming og administrasjon (funksjon 244) (årsverk)"
    found = resolve(one, metadata({"KOSsumfunksjon240000": cases}))
    assert "?sum_stillingar" in found.unresolved["ContentsCode"]
    read = resolve(one, metadata({"KOSsum0000": "Sum stillingar i barnevernstenesta (årsverk)"}))
    assert read.moved["ContentsCode"]["?sum_stillingar"] == "KOSsum0000"
