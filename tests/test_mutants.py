"""The fixed list of mutants: it fits the code, and every one is killed (`pytest -m long`)."""

import re
from pathlib import Path

import pytest

from tests import mutants

FIXED = mutants.fixed()
ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("mutant", FIXED, ids=lambda mutant: mutant.told)
def test_a_mutant_stands_once_in_its_file_and_its_test_is_there(mutant: mutants.Mutant) -> None:
    text = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.was) == 1 and mutant.was != mutant.becomes
    for killer in mutant.killed_by:
        file, _, test = killer.partition("::")
        assert f"def {test or 'test_'}" in (ROOT / file).read_text(encoding="utf-8")


def test_the_list_has_no_mutant_twice() -> None:
    assert len({(mutant.file, mutant.was, mutant.becomes) for mutant in FIXED}) == len(FIXED) >= 33


def test_what_is_drawn_is_one_change_of_logic_and_the_same_for_the_same_seed() -> None:
    drawn = mutants.drawn(60, seed=3)
    assert drawn == mutants.drawn(60, seed=3) and drawn != mutants.drawn(60, seed=4)
    for mutant in drawn:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        lines = zip(text.splitlines(), mutant.applied(text).splitlines(), strict=True)
        (changed,) = [(old, new) for old, new in lines if old != new]
        assert not changed[0].lstrip().startswith(("--", "#")), changed
        assert mutant.killed_by, mutant.told
    assert {Path(mutant.file).suffix for mutant in drawn} == {".sql", ".py"}


def test_what_is_said_to_people_is_not_changed() -> None:
    path = ROOT / "pipeline" / "compute" / "sql" / "marts" / "spread.sql"
    text = path.read_text(encoding="utf-8")
    stretches = [text[start:end] for start, end in mutants.code(path, text)]
    assert not any(re.match(r"\s*--", stretch) for stretch in stretches)
    assert any("lowest > 0" in stretch for stretch in stretches)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mutants.copy(tmp_path_factory.mktemp("copy"))


@pytest.mark.long
def test_the_tests_pass_where_nothing_is_changed(room: Path) -> None:
    """Or every mutant would be killed."""
    assert mutants.passes(dict.fromkeys(killer for mutant in FIXED for killer in mutant.killed_by), room)


@pytest.mark.long
@pytest.mark.parametrize("mutant", FIXED, ids=lambda mutant: mutant.told)
def test_a_mutant_is_killed(mutant: mutants.Mutant, room: Path) -> None:
    assert not mutants.survives(mutant, room)
