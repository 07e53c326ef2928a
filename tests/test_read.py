"""Reading raw files: CSV and json-stat give the same cells, and broken files say what is wrong."""

import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import KunnskapError
from pipeline.ingest import jsonstat
from pipeline.ingest.read import read_source
from pipeline.ingest.store import Origin, RawFile
from pipeline.model import Definitions

ORIGIN = Origin(producer="SSB", title="t", licence="CC BY 4.0", sha256="x")


def raw(folder: Path, name: str, content: str) -> RawFile:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return RawFile(path, name, ORIGIN)


def dataset(**changes: Any) -> dict[str, Any]:
    """12362 for two municipalities and two years, in the shape of PxWebApi v2; order by category.index."""
    plain: dict[str, Any] = {
        "class": "dataset",
        "id": ["KOKkommuneregion0000", "KOKfunksjon0000", "KOKart0000", "ContentsCode", "Tid"],
        "size": [2, 1, 1, 1, 2],
        "dimension": {
            "KOKkommuneregion0000": {"category": {"index": {"0711": 1, "0602": 0}}},
            "KOKfunksjon0000": {"category": {"index": {"FGK7": 0}}},
            "KOKart0000": {"category": {"index": {"AGD2": 0}}},
            "ContentsCode": {"category": {"index": {"KOSbelop0000": 0}}},
            "Tid": {"category": {"index": {"2018": 0, "2017": 1}}},
        },
        "value": [554652, 540000, None, 45000],
        "status": {"2": ":", "3": "*"},
    }
    return {**plain, **changes}


def test_csv_and_jsonstat_are_read_by_one_path(tmp_path: Path, definitions: Definitions) -> None:
    source = definitions.sources["12362"]
    header = "KOKkommuneregion0000,KOKfunksjon0000,KOKart0000,Tid,KOSbelop0000,KOSbelopinnbygge0000\n"
    lines = "0602,FGK7,AGD2,2018,554652,8046\n0711,FGK7,AGD2,2018,:,..\n"
    from_csv = read_source(source, [raw(tmp_path, "a.csv", header + lines)])
    from_json = read_source(source, [raw(tmp_path, "b.json", json.dumps(dataset()))])
    assert list(from_csv.columns) == list(from_json.columns)
    key = ["region", "year", "ContentsCode"]
    amounts = from_csv[from_csv["ContentsCode"] == "KOSbelop0000"].set_index(key)
    same = from_json[from_json["year"] == 2018].set_index(key)
    assert amounts["value"].fillna(-1).to_dict() == same["value"].fillna(-1).to_dict()
    assert amounts["symbol"].to_dict() == same["symbol"].to_dict()
    assert amounts["row"].to_list() == [2, 3], "the row is the line in the file"


def test_values_follow_category_index_and_a_sign_may_stand_on_a_value() -> None:
    frame = jsonstat.read(dataset())
    assert frame["Tid"].to_list() == ["2018", "2017", "2018", "2017"]
    assert frame["KOKkommuneregion0000"].to_list() == ["0602", "0602", "0711", "0711"]
    assert frame["value"].fillna(-1).to_list() == [554652, 540000, -1, 45000]
    assert frame["symbol"].to_list() == ["", "", ":", "*"]


@pytest.mark.parametrize("odd", [True, "12", [1], {}])
@pytest.mark.parametrize("sparse", [False, True])
def test_what_is_not_written_as_a_number_is_none(odd: object, sparse: bool) -> None:
    """numpy takes true for 1 and the text "12" for 12: one recipient where nobody knows how many there are."""
    values = [1, 2, 3, odd]
    with pytest.raises(jsonstat.JsonStatError, match="ikke er et tall"):
        jsonstat.read(dataset(value=dict(zip("0123", values, strict=True)) if sparse else values, status={}))


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=4, max_size=4))
def test_sparse_and_dense_say_the_same(values: list[int | None]) -> None:
    dense = jsonstat.read(dataset(value=values, status={}))
    sparse = jsonstat.read(dataset(value={str(n): v for n, v in enumerate(values) if v is not None}, status={}))
    assert dense.dropna(subset="value").to_dict("records") == sparse.to_dict("records")


@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=4, max_size=4),
    st.dictionaries(st.sampled_from("0123"), st.sampled_from([":", "..", "*"])),
)
def test_pyjstat_agrees_cell_by_cell(values: list[int | None], status: dict[str, str]) -> None:
    """An independent reader gives the same values; it has no signs to compare."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyjstat import pyjstat

        content = dataset(value=values, status=status)
        for block in content["dimension"].values():  # pyjstat wants a label for everything
            block["label"] = "x"
            block["category"]["label"] = dict.fromkeys(block["category"]["index"], "x")
        content |= {"version": "2.0", "label": "12362", "role": {}}
        theirs = pyjstat.Dataset(content).write("dataframe", naming="id")
    ours = jsonstat.read(content)
    names = [name for name in ours.columns if name not in ("value", "symbol")]
    key = ours[names].astype(str).apply(tuple, axis=1)
    expected = dict(zip(theirs[names].astype(str).apply(tuple, axis=1), theirs["value"], strict=True))
    assert len(ours) == len(theirs) == 4
    for cell, value in zip(key, ours["value"], strict=True):
        assert (pd.isna(value) and pd.isna(expected[cell])) or value == expected[cell]


def test_a_sparse_answer_keeps_the_signs_of_cells_it_leaves_out() -> None:
    frame = jsonstat.read(dataset(value={"0": 1.0, "3": 4.0}, status={"2": ":"}))
    assert frame["value"].fillna(-1).to_list() == [1.0, -1, 4.0]
    assert frame["symbol"].to_list() == ["", ":", ""]


def test_labels_need_not_be_unique() -> None:
    content = dataset()
    content["dimension"]["KOKkommuneregion0000"]["category"]["label"] = {"0602": "Våler", "0711": "Våler"}
    assert jsonstat.read(content)["KOKkommuneregion0000"].nunique() == 2


def test_nil_is_a_figure(tmp_path: Path, definitions: Definitions) -> None:
    frame = read_source(
        definitions.sources["12210"],
        [raw(tmp_path, "a.csv", "KOKkommuneregion0000,Tid,KOSsosantkliente0000,KOSant18240000\n0711,2018,-,..\n")],
    )
    assert frame["value"].fillna(-1).to_list() == [0.0, -1]
    assert frame["symbol"].to_list() == ["", ".."]


def test_a_school_year_is_its_autumn_and_totals_are_called_total(tmp_path: Path, definitions: Definitions) -> None:
    header = "level,region,region_name,orgnr,unit_name,school_year,grade,subject,pupils,score,uncertainty\n"
    frame = read_source(
        definitions.sources["udir-nasjonale-prover"],
        [raw(tmp_path, "a.csv", header + "country,0000,Alle kommuner,I,Alle skoler,2022-23,5,Lesing,56230,50,0.1\n")],
    )
    assert frame[["region", "year", "orgnr"]].drop_duplicates().to_dict("records") == [
        {"region": "EAK", "year": 2022, "orgnr": "total"}
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "", "filen er tom"),
        ("a.csv", "KOKkommuneregion0000,Tid\n", "ingen rader"),
        ("a.csv", "KOKkommuneregion0000,Tid\n0602,2018\n", "mangler kolonnene"),
        ("a.json", '{"class": "dataset", "id": ["Tid"', "avkortet"),
        ("a.json", "   ", "filen er tom"),
        ("a.json", json.dumps(dataset(value=[1, 2, 3])), "har 3 verdier, men dimensjonene gir 4"),
        ("a.json", json.dumps(dataset(size=[2, 1, 1, 1, 1])), "size er"),
        ("a.json", json.dumps(dataset(value=[1, 2, "x", 4])), "ikke er et tall"),
        ("a.json", json.dumps(dataset(id=["Tid"], size=[2], value=[1, 2], status={})), "har dimensjonene Tid"),
        ("a.json", json.dumps(dataset(value={"9": 1})), "celle 9"),
        ("a.json", "{}", "mangler 'id'"),
    ],
)
def test_a_file_that_cannot_be_read_says_which_and_why(
    tmp_path: Path, definitions: Definitions, name: str, content: str, told: str
) -> None:
    with pytest.raises(KunnskapError) as error:
        read_source(definitions.sources["12362"], [raw(tmp_path, name, content)])
    assert name in str(error.value) and told in str(error.value)


def test_a_register_may_be_json(tmp_path: Path, definitions: Definitions) -> None:
    content = json.dumps({"codes": [{"code": "0301", "name": "Oslo", "parentCode": None}]})
    frame = read_source(definitions.sources["klass-131-codes"], [raw(tmp_path, "a.json", content)])
    assert frame.to_dict("records") == [{"file": "a.json", "row": 1, "code": "0301", "name": "Oslo"}]


def test_a_file_has_the_contents_it_was_asked_for(definitions: Definitions, tmp_path: Path) -> None:
    """The embedded extracts hold some of a table's contents: those their origin record names must be there."""
    file = raw(tmp_path, "a.csv", "KOKkommuneregion0000,Tid,KOSkjernetotalt0000\n0711,2018,313\n")
    part = replace(file, origin=replace(file.origin, query={"ContentsCode": ["KOSkjernetotalt0000"]}))
    frame = read_source(definitions.sources["12292"], [part])
    assert list(frame[["region", "year", "ContentsCode", "value"]].itertuples(index=False, name=None)) == [
        ("0711", 2018, "KOSkjernetotalt0000", 313.0)
    ]
    both = replace(file, origin=replace(file.origin, query={"ContentsCode": ["KOSkjernetotalt0000", "KOSlangtid0000"]}))
    with pytest.raises(KunnskapError, match="mangler kolonnene KOSlangtid0000"):
        read_source(definitions.sources["12292"], [both])


def test_a_content_that_got_its_code_is_read_in_older_sets(definitions: Definitions, tmp_path: Path) -> None:
    source = definitions.sources["14019"]
    contents = dict(source.contents)
    contents["KOSny0000"] = contents.pop("?tilfeller").model_copy(update={"was": ["?tilfeller"]})
    file = raw(tmp_path, "a.csv", "KOKkommuneregion0000,Tid,?tilfeller\nEAK,2022,136667\n")
    asked = replace(file, origin=replace(file.origin, query={"ContentsCode": ["?tilfeller"]}))
    frame = read_source(source.model_copy(update={"contents": contents}), [asked])
    assert list(frame[["ContentsCode", "value"]].itertuples(index=False, name=None)) == [("KOSny0000", 136667.0)]


def test_a_school_year_is_put_on_the_year_it_ended(definitions: Definitions, tmp_path: Path) -> None:
    header = "municipality,level,orgnr,name,school_year,poeng,elever\n"
    file = raw(tmp_path, "a.csv", header + "0711,kommune,,Svelvik,2017-18,41.5,70\n0711,kommune,,Svelvik,2017,1,1\n")
    frame = read_source(definitions.sources["udir-grunnskolepoeng"], [file])
    points = frame[frame["ContentsCode"] == "poeng"]
    assert points["year"].tolist()[0] == 2018 and points["orgnr"].tolist() == ["total", "total"]
    assert points["year"].isna().tolist() == [False, True], "a year written in another way is none, and is told"
