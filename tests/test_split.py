"""Cutting a query under the cell limit, and putting the parts together again."""

import json
from math import ceil, prod
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import KunnskapError
from pipeline.ingest.read import read_parts, read_source
from pipeline.ingest.split import Query, cells, split
from pipeline.ingest.store import Origin, RawFile
from pipeline.model import Definitions


def query(**sizes: int) -> Query:
    return {name: [f"{name}{at}" for at in range(size)] for name, size in sizes.items()}


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (query(region=10, funksjon=97, art=35, omfang=2, Tid=11), 1),  # 746 900: just under the limit
        (query(region=17, funksjon=97, art=35, omfang=2, Tid=11), 2),
        (query(region=891, funksjon=97, art=35, omfang=2, Tid=11), 84),  # the whole of 12367, 66 million cells
        (query(region=1, Tid=1), 1),
    ],
)
def test_no_grid_of_cuts_has_fewer_parts(asked: Query, parts: int) -> None:
    assert len(split(asked, 800_000)) == parts == ceil(cells(asked) / 800_000)


def test_contents_are_cut_only_if_nothing_else_helps() -> None:
    asked = query(region=4, ContentsCode=5)
    assert all(len(part["ContentsCode"]) == 5 for part in split(asked, 9, whole=("ContentsCode",)))
    assert all(cells(part) <= 3 for part in split(asked, 3, whole=("ContentsCode",)))


def test_nothing_is_asked_for_where_a_dimension_is_empty() -> None:
    assert split({"region": ["0602"], "Tid": []}, 800_000) == []
    assert split({}, 800_000) == [] and cells({}) == 0


sizes = st.lists(st.integers(1, 6), min_size=1, max_size=4)


@given(sizes, st.integers(1, 60))
def test_every_cell_is_in_exactly_one_part_and_no_part_is_too_large(lengths: list[int], limit: int) -> None:
    asked = query(**{f"d{at}": length for at, length in enumerate(lengths)})
    parts = split(asked, limit)
    assert all(0 < cells(part) <= limit for part in parts)
    assert sum(cells(part) for part in parts) == prod(lengths)
    seen = {cell for part in parts for cell in pd.MultiIndex.from_product(part.values())}
    assert len(seen) == prod(lengths)


# ------------------------------------------------------------------------------------ together again

CODES = {
    "KOKkommuneregion0000": ["0602", "0625", "0711"],
    "KOKfunksjon0000": ["FGK7", "FGK8b"],
    "KOKart0000": ["AGD2"],
    "ContentsCode": ["KOSbelop0000", "KOSbelopinnbygge0000"],
    "Tid": ["2017", "2018"],
}


def dataset(part: Query, values: dict[tuple[str, ...], float | None], signs: dict[tuple[str, ...], str]) -> Any:
    """A part as SSB answers it: codes in the order asked for."""
    keys = list(pd.MultiIndex.from_product(part.values()))
    return {
        "id": list(part),
        "size": [len(codes) for codes in part.values()],
        "dimension": {
            name: {"category": {"index": {code: at for at, code in enumerate(codes)}}} for name, codes in part.items()
        },
        "value": [values[tuple(sorted(key))] for key in keys],
        "status": {str(at): signs[tuple(sorted(key))] for at, key in enumerate(keys) if tuple(sorted(key)) in signs},
    }


def read(definitions: Definitions, folder: Path, datasets: list[Any]) -> pd.DataFrame:
    files = []
    for at, content in enumerate(datasets):
        path = folder / f"{at:03d}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        files.append(RawFile(path, path.name, Origin("SSB", "t", "CC BY 4.0", "x")))
    source = definitions.sources["12362"]
    frame = read_source(source, files)
    texts = [name for name in frame.columns if name not in ("value", "year")]
    in_parts = pd.concat([part.astype(dict.fromkeys(texts, str)) for part in read_parts(source, files)])
    plain = in_parts.drop(columns=["file", "row"])
    assert len(plain) == len(frame), "file by file there are as many cells as all at once"
    return plain.sort_values([name for name in plain.columns if name != "value"], ignore_index=True)


@settings(max_examples=40)
@given(data=st.data(), limit=st.integers(1, 24))
def test_any_cube_any_split_any_order_gives_the_same_table(
    data: st.DataObject, limit: int, definitions: Definitions, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = [tuple(sorted(key)) for key in pd.MultiIndex.from_product(CODES.values())]
    numbers = st.one_of(st.none(), st.integers(-(10**6), 10**6))
    values = dict(zip(keys, data.draw(st.lists(numbers, min_size=len(keys), max_size=len(keys))), strict=True))
    signs = {key: ":" for key, value in values.items() if value is None}
    whole = read(definitions, tmp_path_factory.mktemp("whole"), [dataset(CODES, values, signs)])
    shuffled = {name: data.draw(st.permutations(codes)) for name, codes in CODES.items()}
    turned = {name: shuffled[name] for name in data.draw(st.permutations(list(CODES)))}
    parts = data.draw(st.permutations([dataset(part, values, signs) for part in split(turned, limit)]))
    again = [parts[0]] if data.draw(st.booleans()) else []  # a part that came twice
    pd.testing.assert_frame_equal(read(definitions, tmp_path_factory.mktemp("parts"), [*parts, *again]), whole)


def test_parts_that_contradict_each_other_stop_the_run(definitions: Definitions, tmp_path: Path) -> None:
    keys = [tuple(sorted(key)) for key in pd.MultiIndex.from_product(CODES.values())]
    first, other = dict.fromkeys(keys, 1.0), dict.fromkeys(keys, 2.0)
    with pytest.raises(KunnskapError, match=r"ulike verdier") as error:
        read(definitions, tmp_path, [dataset(CODES, first, {}), dataset(CODES, other, {})])
    assert "000.json" in str(error.value) or "001.json" in str(error.value)
