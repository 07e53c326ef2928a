"""What a report is made of stands in its key: no text of any definition file can reach a report unseen."""

import random
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline import run, stamps
from pipeline.choice import Choice, choose
from pipeline.project import Project
from pipeline.report.build import Site, jobs
from pipeline.report.data import ReportData, rows_of
from pipeline.report.keys import Rows
from tests import whole
from tests.poison import MARK, Text, marks, poison, texts

MERGER = "nye-drammen"
PACKED = (".xlsx", ".docx", ".pptx")
Keys = dict[str, str]


def keys(choice: Choice) -> Keys:
    """The key of every report, over the tables that are there."""
    site = Site(choice.definitions, choice.project.notebooks, choice.merger, choice.processed, choice.year)
    found = {job.name: stamps.report_key(choice, site.data(job)) for job in jobs(choice.definitions, choice.merger)}
    return found | {"tables": stamps.compute_key(choice), "documents": stamps.document_key(choice)}


def changed(before: Keys, after: Keys) -> set[str]:
    return {name for name, key in after.items() if before[name] != key}


@pytest.mark.parametrize(("without", "kept"), [(False, ["barnevern's"]), (True, ["kultur"])])
def test_the_rows_in_a_key_are_the_rows_that_are_read(without: bool, kept: list[str]) -> None:
    rows = Rows("name", frozenset({"barnevern's", "pleie"}), without)
    names = ["barnevern's", "kultur", None]
    read = rows_of(f"select name from (select unnest(?) as name) where {rows.condition}", names)
    assert [name for (name,) in read] == [name for name in names if rows.hold(name)] == kept


# ------------------------------------------------------------------------- every text at once


@dataclass(frozen=True)
class Poisoned:
    choice: Choice
    marks: dict[str, Text]


@pytest.fixture(scope="module")
def poisoned(embedded: Path) -> Poisoned:
    """A whole run in which every text of every definition file bears a mark of its own."""
    project = whole.kept("poisoned", whole.poisoned)
    return Poisoned(choose(project, MERGER), marks(texts(Project().definitions)))


def marks_in(path: Path) -> set[str]:
    """The marks a file shows; of a PDF nothing, it is made from the same Markdown as the Word file."""
    if path.suffix in PACKED:
        with zipfile.ZipFile(path) as parts:
            content = b" ".join(parts.read(name) for name in parts.namelist())
    else:
        content = path.read_bytes()
    return set(MARK.findall(content.decode("utf-8", errors="ignore")))


def test_whatever_turns_up_in_a_report_stands_in_its_key(poisoned: Poisoned) -> None:
    choice = poisoned.choice
    site = Site(choice.definitions, choice.project.notebooks, choice.merger, choice.processed, choice.year)
    made = stamps.read_stamp(choice.reports)["reports"]
    everywhere: set[str] = set()
    for job in jobs(choice.definitions, choice.merger):
        shown = {mark for name in made[job.name]["files"] for mark in marks_in(choice.reports / name)}
        data = site.data(job)
        keyed = set(MARK.findall(repr(data.scope.definitions)))
        for table in data.scope.rows:
            keyed |= set(MARK.findall(str(data.query(f"select * from {{{table}}}"))))
        unseen = [poisoned.marks[mark] for mark in shown - keyed]
        assert not unseen, (job.name, unseen[:3])
        assert len(shown) > 50, f"{job.name} shows texts of the definitions"
        everywhere |= shown
    kinds = {poisoned.marks[mark].kind for mark in everywhere}
    for kind in (
        ("terms", "helse_og_omsorg_samlet.text"), ("decompositions", "decomposition.user_word"),
        ("harmonisation", "left_out.why"), ("groupings", "part.title"), ("indicators", "indicator.card.read"),
    ):  # fmt: skip
        assert kind in kinds, kind


def test_no_word_of_a_card_is_computed_with(poisoned: Poisoned) -> None:
    """So a changed card makes the cards anew, and nothing else is computed again."""
    cards = {mark for mark, text in poisoned.marks.items() if "card" in text.path}
    choice = poisoned.choice
    data = ReportData(choice.definitions, choice.processed, choice.merger, None, choice.year)
    holding = {
        name
        for name in choice.definitions.tables
        if cards & set(MARK.findall(str(data.query(f"select * from {{{name}}}"))))
    }
    assert holding == {"indicator_card"}


# ------------------------------------------------------------------------- one change at a time

EVERY = {"AP2.1-utdanning", "AP2.2-oppvekst", "AP2.3-barnevern", "AP2.4-pleie-og-omsorg"}
EVERY |= {"AP2.5-helse-og-sosial", "AP2.6-kultur-idrett-fritid", "AP2.7-tekniske-tjenester"}


@pytest.mark.parametrize(
    ("file", "old", "new", "touched", "spared"),
    [
        pytest.param("terms.toml", "KOSTRA", "KOSTRA!", EVERY, set(), id="a term stands in all seven"),
        pytest.param(
            "decompositions.toml", "barn i barnehage", "barnehagebarn", {"AP2.2-oppvekst"}, set(),
            id="a word of a gap taken apart",
        ),
        pytest.param(
            "harmonisation/items.toml", "Gebyrene skal dekke kostnaden", "Gebyrene dekker alt",
            {"AP2.7-tekniske-tjenester/harmonisering"}, set(), id="why a service is left out",
        ),
        pytest.param(
            "groupings/ap2.toml", "Tekniske tjenester", "Teknikk", {*EVERY, "index"}, set(),
            id="a sub-project's title stands in the others' reports too",
        ),
        pytest.param(
            "indicators/barnevern.toml", "Små kommuner svinger mye", "Små kommuner svinger", {"AP2.3-barnevern"},
            {"tables", "index", "økonomi", "AP2.1-utdanning", "AP2.3-barnevern/harmonisering"},
            id="a card is printed in one report, and computed with in none",
        ),
        pytest.param(
            "guidelines/nye-drammen.toml", "title", "title", set(), {"index"}, id="nothing changed",
        ),
        pytest.param(
            "mergers/nye-asker.toml", 'name = "Nye Asker"', 'name = "Nye Askøy"', set(), {*EVERY, "index", "økonomi"},
            id="another merger touches no report",
        ),
    ],
)  # fmt: skip
def test_a_change_is_seen_where_it_matters(
    finished: Project, tmp_path: Path, file: str, old: str, new: str, touched: set[str], spared: set[str]
) -> None:
    before = keys(choose(finished, MERGER))
    definitions = tmp_path / "definitions"
    shutil.copytree(finished.definitions, definitions)
    path = definitions / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    seen = changed(before, keys(choose(Project(root=finished.root, definitions=definitions), MERGER)))
    assert touched <= seen
    assert not spared & seen
    assert bool(seen) == bool(touched)


def test_a_changed_form_touches_what_evens_out_and_no_other_report(project: Project) -> None:
    shutil.copytree(whole.EXAMPLES / MERGER, project.local / MERGER)
    found = []
    for amount in ("4200000", "4300000"):
        path = project.local / MERGER / "tilskuddsordninger.csv"
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace("4200000", amount), encoding="utf-8-sig")
        run.compute_tables(choose(project, MERGER), project.processed / MERGER)
        found.append(keys(choose(project, MERGER)))
    seen = changed(*found)
    assert {"tables", "documents", "AP2.6-kultur-idrett-fritid/harmonisering", "index", "økonomi"} <= seen
    assert not EVERY & seen


def test_a_report_cannot_read_what_its_key_does_not_hold(finished: Project) -> None:
    choice = choose(finished, MERGER)
    site = Site(choice.definitions, choice.project.notebooks, choice.merger, choice.processed, choice.year)
    by_name = {job.name: site.data(job) for job in jobs(choice.definitions, choice.merger)}
    first, second = by_name["AP2.3-barnevern"], by_name["AP2.3-barnevern/harmonisering"]
    with pytest.raises(LookupError, match="kunnskapsgrunnlag may not read item_region"):
        first.query("select * from {item_region}")
    assert second.query("select * from {item_region}")
    assert {row["subproject"] for row in second.query("select subproject from {item_region}")} == {"AP2.3"}
    shown = {row["indicator"] for row in first.query("select indicator from {indicator}")}
    assert "barnevern.netto_per_innbygger" in shown and "kultur.netto_per_innbygger" not in shown
    assert "kultur.netto_per_innbygger" not in first.definitions.indicators
    assert not first.definitions.mergers, "its own stands beside the tables; others are none of its business"


# ------------------------------------------------------------- one change at a time, made for real


def contents(choice: Choice) -> dict[str, dict[str, bytes]]:
    """The bytes of every report, by its name."""
    made = stamps.read_stamp(choice.reports)["reports"]
    return {name: {at: (choice.reports / at).read_bytes() for at in one["files"]} for name, one in made.items()}


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.long if n else ()) for n in range(12)])
def test_whatever_differs_was_said_to_be_built(finished_copy: Project, seed: int) -> None:
    """A text drawn by chance is changed; every report whose bytes differ is among those the run built.

    The one that is always tried is of a card, which takes one report and not all of them to make.
    """
    before = contents(choose(finished_copy, MERGER))
    every = texts(finished_copy.definitions)
    drawn = random.Random(seed).choice(every if seed else [text for text in every if "card" in text.path])
    poison(finished_copy.definitions, [drawn])
    result = run.run(choose(finished_copy, MERGER))
    after = contents(choose(finished_copy, MERGER))
    differs = {name for name, files in after.items() if files != before[name]}
    assert differs <= set(result.built), drawn
