"""The definitions: complete, consistent, and plain about what is wrong with them."""

import re
from pathlib import Path

import pytest

from pipeline import model
from pipeline.errors import KunnskapError
from pipeline.model import (
    Definitions,
    Indicator,
    age_codes,
    harmonisation,
    indicators,
    mergers,
    services,
    sources,
    tables,
)
from pipeline.model.block import Block
from pipeline.project import Project

ROOT = Path(__file__).resolve().parents[1]
INDICATORS = list(model.load(Project()).indicators.values())


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda i: i.id)
def test_an_indicator_is_explained_in_full(indicator: Indicator, definitions: Definitions) -> None:
    assert indicator.title and indicator.short and indicator.unit
    assert indicator.heading in model.HEADINGS
    for text in (indicator.card.what, indicator.card.why, indicator.card.read):
        assert text.endswith("."), "a card is written in whole sentences"
        assert len(text) > 20
    assert indicator.card.what != indicator.card.why
    assert indicator.sources and all(name in definitions.sources for name in indicator.sources)
    if indicator.direction != "neutral":
        assert indicator.kind in ("kvalitet", "dekningsgrad"), "costs and sizes have no good or bad side"


@pytest.mark.parametrize(
    "wanted",
    [
        "befolkning.innbyggere", "grunnskole.netto_per_innbygger_6_15", "barnehage.netto_per_innbygger_1_5",
        "barnehage.dekning_1_5", "barnevern.netto_per_innbygger_0_17", "helse_omsorg.netto_per_innbygger",
        "sosial.netto_per_innbygger_20_66", "sosial.mottakere_per_18_66", "kultur.netto_per_innbygger",
        "var.netto_per_innbygger",
    ],
)  # fmt: skip
def test_the_agreed_ids_are_there(wanted: str, definitions: Definitions) -> None:
    assert wanted in definitions.indicators


# a row with two readings is settled on the card, so it binds nothing
ARROWS = {"↑": "higher", "↓": "lower", "neutral": "neutral", "↔ 100": "neutral"}


def test_every_row_of_the_standard_set_is_defined(definitions: Definitions) -> None:
    answered = {row for indicator in definitions.indicators.values() for row in indicator.standard}
    assert sorted(definitions.standard) == sorted(answered)
    assert len(definitions.standard) == 132


@pytest.mark.parametrize("row", model.load(Project()).standard.values(), ids=lambda row: row.row)
def test_the_definitions_of_a_row_follow_it(row: model.StandardRow, definitions: Definitions) -> None:
    """Merge rule, direction and need adjustment are those of the set. W with a ratio's own denominator is S's sum."""
    own = [i for i in definitions.indicators.values() if row.row in i.standard]
    if row.merge in ("S", "S by work days", "S by km"):
        assert {i.merge for i in own} <= {"S", "W"}
    if row.merge == "N":
        assert {i.merge for i in own} == {"N"}
    if row.direction in ARROWS:
        # a row about several things has one direction for the one it is named for
        assert ARROWS[row.direction] in {i.direction for i in own}
    if row.direction in ("neutral", "↔ 100"):
        assert {i.direction for i in own} == {"neutral"}
    if row.need_adjust == "y":
        assert any(i.need_key for i in own)
    if row.need_adjust == "n":
        assert not any(i.need_key for i in own if row.row == i.standard[0])


def test_every_function_is_placed_once(definitions: Definitions) -> None:
    placed = [f for s in definitions.services.values() for f in s.functions]
    placed += [f for o in definitions.outside for f in o.functions]
    assert sorted(placed) == sorted(definitions.functions)
    assert len(placed) == 89


def test_both_reports_that_share_health_and_care_show_it(definitions: Definitions) -> None:
    parts = {part.id: part for part in definitions.groupings["ap2"].part}
    for part in ("AP2.4", "AP2.5"):
        assert "helse_omsorg.netto_per_innbygger" in {i.id for i in definitions.indicators_of(parts[part])}
    assert "helse_omsorg.netto_per_innbygger" not in {i.id for i in definitions.indicators_of(parts["AP2.1"])}


def test_every_indicator_is_in_a_report(definitions: Definitions) -> None:
    shown = {i.id for part in definitions.groupings["ap2"].part for i in definitions.indicators_of(part)}
    assert set(definitions.indicators) - shown == set()


@pytest.mark.parametrize(
    ("ages", "first", "last", "count"),
    [("0", "000", "000", 1), ("1-5", "001", "005", 5), ("90-", "090", "105+", 16), ("0-", "000", "105+", 106)],
)
def test_ages_are_ssbs_codes(ages: str, first: str, last: str, count: int) -> None:
    codes = age_codes(ages)
    assert (codes[0], codes[-1], len(codes)) == (first, last, count)


@pytest.mark.parametrize("ages", ["", "5-1", "x", "1-200"])
def test_an_age_that_is_none_is_refused(ages: str) -> None:
    with pytest.raises(ValueError, match=r"alder"):
        age_codes(ages)


def test_what_need_not_be_written_is_filled_in(definitions: Definitions) -> None:
    """A cost key counts the people of the population table, and a table with one contents code needs no word of it."""
    need = definitions.indicators["behov.barnehage_alder"].operands
    assert {(operand.source, operand.contents) for operand in need.values()} == {("07459", "Personer1")}
    projected = definitions.indicators["befolkning.alder_80"].operands
    assert all(operand.contents in definitions.sources[operand.source].contents for operand in projected.values())


def test_ages_of_a_table_with_two_contents_must_say_which(project: Project) -> None:
    one = "[source.contents.Personer1]\n"
    edit(project, "sources/statbank.toml", one, f'[source.contents.Husholdninger]\nlabel = "x"\nunit = "x"\n{one}')
    with pytest.raises(KunnskapError, match=r"ContentsCode «» finnes ikke i 07459\. Tillatt: Husholdninger, Personer1"):
        model.load(project)


def edit(project: Project, name: str, old: str, new: str) -> None:
    path: Path = project.definitions / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "comparators.toml",
            'kind = "country_without_oslo"',
            'kind = "country"',
            ["comparators.toml", "kind «country» har EAK, EAK-0301", "nøyaktig én"],
        ),
        ("comparators.toml", 'kind = "country"', 'kind = "peer"', ["kind «country» har ingen"]),
        ("indicators/kultur.toml", 'merge = "S"', 'merge = "X"', ["kultur.toml", "felt merge", "«X»", "'S', 'W', 'N'"]),
        ("indicators/kultur.toml", "title =", "titel =", ["kultur.toml", "felt titel", "ukjent"]),
        ("indicators/kultur.toml", 'KOKart0000 = "AGD2", ', "", ["kultur", "KOKfunksjon0000, KOKart0000"]),
        ("indicators/kultur.toml", '"KOSbelop0000"', '"KOSbelop9999"', ["KOSbelop9999", "finnes ikke i 12362"]),
        ("indicators/kultur.toml", '"konsern"', '"konsernet"', ["begrepet «konsernet»"]),
        ("indicators/kultur.toml", "[[indicator]]", "[[indicator]", ["kultur.toml", "TOML"]),
        ("indicators/kultur.toml", '= "ratio"', '= "per_1000"', ["formelen «per_1000»", "amount, ratio, share"]),
        ("indicators/kultur.toml", '= "ratio"', '= "amount"', ["formelen amount med regel S passer ikke"]),
        ("formulas.toml", 'sum = "A ÷ B"', 'sum = "A / B"', ["formulas.toml", "ratio, felt sum"]),
        ("accounts.toml", '"AGD2"', '"AGD3"', ["accounts.toml", "netto: arten AGD3"]),
        ("accounts.toml", 'whole = "brutto"', 'whole = "alt"', ["lonnsandel: målet «alt» finnes ikke"]),
        ("sources/statbank.toml", 'role = "population" ', "# ", ["role «population» har 0 kilder"]),
        (
            "sources/statbank.toml",
            'per_inhabitant = "KOSbelopinnbygge0000"',
            'per_inhabitant = "KOSx"',
            ["12362", "KOSx"],
        ),
        ("services.toml", '"202", ', "", ["funksjon 202", "0 ganger"]),
        ("services.toml", '["215"]', '["215", "202"]', ["funksjon 202", "2 ganger"]),
        ("groupings/ap2.toml", '"sfo", ', "", ["sfo står i 0 deler"]),
        ("need.toml", "innb_6_12 = 0.6227", "innb_6_12 = 0.7227", ["grunnskole", "1.1000"]),
        (
            "harmonisation/items.toml",
            '"sfo.dekning_6_9"',
            '"kommunehelse.leger_per_10000"',
            ["items.toml", "leger_per_10000 har enheten «årsverk»", "prosent"],
        ),
        (
            "harmonisation/fees.toml",
            '"sfo.foreldrebetaling_hel_plass"',
            '"sfo.ukjent"',
            ["sfo.hel_plass", "sfo.ukjent"],
        ),
        (
            "indicators/kultur.toml",
            'unit = "1000 kr"',
            'unit = "kr"',
            ["kultur.netto_driftsutgifter", "enheten er «kr»", "kilden gir 1000 kr"],
        ),
        ("indicators/brann.toml", "scale = 1000", "scale = 1", ["brann.netto_per_innbygger", "kilden gir 1000 kr"]),
        ("indicators/sosial.toml", 'unit = "prosent"', 'unit = "kr"', ["formelen gir prosent"]),
        ("sources/omsorg.toml", 'evidence = "proved"\n', "", ["12292", "evidence mangler", "proved, metadata"]),
        ("sources/omsorg.toml", 'evidence = "proved"', 'evidence = "sure"', ["«sure»", "'used_elsewhere'"]),
        ("tables.toml", '"region_name"', '"regionname"', ["regionname", "fields.toml"]),
    ],
)
def test_a_wrong_definition_is_told_where_and_what(
    project: Project, name: str, old: str, new: str, told: list[str]
) -> None:
    edit(project, name, old, new)
    with pytest.raises(KunnskapError) as error:
        model.load(project)
    for word in told:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("mergers/nye-drammen.toml", "base_year = 2018", 'base_year = "i fjor"', ["base_year", "et helt tall"]),
        (
            "mergers/nye-drammen.toml",
            "members = [",
            "medlemmer = [",
            ["felt medlemmer: feltet er ukjent", "felt members"],
        ),
        ("mergers/nye-drammen.toml", '"Nye Drammen"', '"Nye Drammen', ["nye-drammen.toml, rad 1: kan ikke leses"]),
        ("mergers/nye-drammen.toml", "base_year = 2018", "base_year = 2020", ["kolonne base_year: base_year er 2020"]),
        ("mergers/nye-drammen.toml", '["0602", "0625", "0711"]', '["0602"]', ["kolonne members: én kommune"]),
        ("mergers/nye-drammen.toml", "date = 2020-01-01", 'date = "i år"', ["felt date", "en dato som 2020-01-01"]),
        ("guidelines/nye-drammen.toml", '"barnevern.tiltak_0_5"', '"barnevern.x"', ["tidlig_innsats", "barnevern.x"]),
        ("guidelines/nye-drammen.toml", "[[set]]", "[[set", ["kan ikke leses som TOML"]),
    ],
)
def test_a_fault_in_one_mergers_file_costs_that_merger_and_no_other(
    project: Project, name: str, old: str, new: str, told: list[str]
) -> None:
    path = project.definitions / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    loaded = model.load(project)
    assert list(loaded.mergers) == ["nye-asker"] and loaded.merger_file("nye-asker").name == "Nye Asker"
    with pytest.raises(KunnskapError) as error:
        loaded.merger_file("nye-drammen")
    for word in (name, *told):
        assert word in str(error.value)
    assert "Input should" not in str(error.value), "pydantic speaks English"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name = \n", "feil.toml, rad 1: kan ikke leses som TOML. Gj\u00f8r slik: rett linjen"),
        (b'name = "X"\nmembers = ["3301",', "filen slutter for tidlig"),
        ('name = "\u00c5lesund"\n'.encode("latin-1"), "er ikke lagret som UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(own_definitions: Project, content: bytes, told: str) -> None:
    (own_definitions.definitions / "mergers" / "feil.toml").write_bytes(content)
    with pytest.raises(KunnskapError) as error:
        model.load(own_definitions).merger_file("feil")
    assert len(error.value.problems) == 1 and told in str(error.value)
    assert "line" not in str(error.value).replace("linjen", "")


def test_every_field_of_a_definition_is_read_by_something() -> None:
    """A field nobody reads says nothing, however well it is filled in."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("pipeline", "notebooks")
        for path in (ROOT / folder).rglob("*.py")
    )
    blocks = [
        kind
        for module in (harmonisation, indicators, mergers, services, sources, tables)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Block) and kind.__module__ == module.__name__
    ]
    assert len(blocks) > 20
    unread = [
        f"{kind.__name__}.{name}"
        for kind in blocks
        for name in kind.model_fields
        if not re.search(rf"""\.{name}\b|["']{name}["']""", code)
    ]
    assert unread == []


def test_a_missing_definition_file_is_named(project: Project) -> None:
    (project.definitions / "need.toml").unlink()
    with pytest.raises(KunnskapError, match=r"need\.toml: filen mangler"):
        model.load(project)


def test_a_misspelt_merger_names_the_ones_there_are(definitions: Definitions) -> None:
    with pytest.raises(KunnskapError, match="nye-asker, nye-drammen"):
        definitions.merger_file("nye-dramen")


def test_a_misspelt_indicator_names_the_nearest(definitions: Definitions) -> None:
    with pytest.raises(KunnskapError, match=r"barnehage\.dekning_1_5"):
        definitions.indicator("barnehage.dekning")
