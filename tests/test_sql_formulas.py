"""The macros: one formula for every figure, in SQL and in words; one way to write an item's id."""

import pytest

from pipeline.model import Definitions
from pipeline.model.harmonisation import is_kind, is_of, item_head, item_id
from tests.conftest import Sql

FIGURES = [(7.0, 4.0), (-3.0, 8.0), (0.0, 5.0)]
ARITHMETIC = str.maketrans({"÷": "/", "×": "*", "−": "-"})


def test_every_formula_is_computed_as_its_words_say(definitions: Definitions, sql: Sql) -> None:
    for name, formula in definitions.formulas.items():
        for a, b in FIGURES:
            words = formula.sum.translate(ARITHMETIC).replace("A", f"({a})").replace("B", f"({b})")
            [(found, wanted)] = sql.rows(f"select figure('{name}', {a}::double, {b}::double), ({words})::double")
            assert found == pytest.approx(wanted), name  # type: ignore[arg-type]
        [(divides,)] = sql.rows(f"select divides('{name}')")
        assert divides == formula.divides, name


def test_a_formula_there_is_no_sum_for_gives_no_figure(sql: Sql) -> None:
    assert sql.rows("select figure('ratio', 1.0, 4.0), figure('per_thousand', 1.0, 4.0)") == [(0.25, None)]
    assert sql.rows("select figure('ratio', null, 4.0), figure('ratio', 1.0, null)") == [(None, None)]


@pytest.mark.parametrize(
    ("parts", "item"),
    [
        (("sfo.hel_plass", None, None), "sfo.hel_plass"),
        (("sfo.hel_plass", "andre barn", None), "sfo.hel_plass: andre barn"),
        (("sfo.hel_plass", None, "under 2 G"), "sfo.hel_plass: under 2 G"),
        (("sfo.hel_plass", "andre barn", "under 2 G"), "sfo.hel_plass: andre barn: under 2 G"),
    ],
)
def test_an_items_id_is_written_alike_in_sql_and_python(sql: Sql, parts: tuple[str | None, ...], item: str) -> None:
    marks = ", ".join("null" if part is None else f"'{part}'" for part in parts)
    assert sql.rows(f"select item_id({marks})") == [(item,)]
    assert item_id(*parts) == item
    assert item_head(item) == "sfo.hel_plass"
    assert is_kind(item) == (len([part for part in parts if part]) > 1)
    assert is_of(item, "sfo.hel_plass") and not is_of(item, "sfo.hel")
