"""The test server itself: it answers as SSB's services do, its figures agree, and every fault is what its name says."""

import json
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests

from tests.statbank import Server, embedded, population
from tests.statbank.faults import KINDS, NEXT_RELEASE

REGION = "KOKkommuneregion0000"
SOURCE = "SYNTETISKE TALL (testserver, ikke Statistisk sentralbyrå)"
EIGHT = ["0602", "0625", "0711", "0220", "0627", "0628", "3301", "3203"]
Body = dict[str, Any]


class Client:
    """The least that can talk to the server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session = requests.Session()

    def get(self, path: str, **params: str) -> requests.Response:
        return self.session.get(self.server.statbank_url + path, params=params, timeout=10)

    def ask(self, table: str, selection: dict[str, list[str]], **more: Any) -> requests.Response:
        chosen = [{"variableCode": code, "valueCodes": values} for code, values in selection.items()]
        codelists = more.pop("codelists", {})
        for each in chosen:
            each["codelist"] = codelists.get(each["variableCode"])
        url = f"{self.server.statbank_url}/tables/{table}/data"
        body = {"selection": chosen, **more.pop("body", {})}
        return self.session.post(url, json=body, params={"lang": "no", **more}, timeout=10)

    def data(self, table: str, selection: dict[str, list[str]], **more: Any) -> Body:
        answer = self.ask(table, selection, **more)
        assert answer.status_code == 200, answer.text
        made: Body = answer.json()
        return made

    def klass(self, path: str, **params: str) -> requests.Response:
        headers = {"Accept": "application/json"}
        return self.session.get(self.server.klass_url + path, params=params, headers=headers, timeout=10)


@pytest.fixture(scope="module")
def running() -> Iterator[Client]:
    with Server() as server:
        client = Client(server)
        yield client
        client.session.close()


@pytest.fixture
def client(running: Client) -> Client:
    running.server.reset()
    return running


def cells(body: Body) -> dict[tuple[str, ...], Any]:
    """Codes → value, or the symbol where the value is missing."""
    codes = [list(body["dimension"][code]["category"]["index"]) for code in body["id"]]
    signs = body.get("status", {})
    values = enumerate(body["value"])
    return dict(zip(product(*codes), (signs.get(str(n)) if v is None else v for n, v in values), strict=True))


def codes(body: Body, dimension: str) -> list[str]:
    index: dict[str, int] = body["dimension"][dimension]["category"]["index"]
    return sorted(index, key=lambda code: index[code])


def expenditure(**changes: list[str]) -> dict[str, list[str]]:
    plain = {
        REGION: ["0602"],
        "KOKfunksjon0000": ["FGK7"],
        "KOKart0000": ["AGD2"],
        "ContentsCode": ["KOSbelop0000"],
        "Tid": ["2018"],
    }
    return {**plain, **changes}


def persons(**changes: list[str]) -> dict[str, list[str]]:
    return {"Region": ["3301"], "ContentsCode": ["Personer1"], "Tid": ["2026"], **changes}


# Shapes, as SSB's answers were recorded.

DATA_KEYS = {"version", "class", "label", "source", "updated", "note", "role", "id", "size"}
DATA_KEYS |= {"dimension", "extension", "value"}
TABLE_KEYS = {"id", "label", "description", "updated", "firstPeriod", "lastPeriod", "category", "variableNames"}
TABLE_KEYS |= {"source", "subjectCode", "timeUnit", "paths", "links"}


def test_a_data_answer_looks_like_the_recorded_one(client: Client) -> None:
    chosen = {REGION: ["0301", "4601", "5001"], "ContentsCode": ["KOSAG110000"], "Tid": ["2024"]}
    answer = client.ask("12134", chosen)
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert set(body) == DATA_KEYS, "no status where nothing is missing"
    assert body["label"] == "12134: Utvalgte nøkkeltall for kommuneregnskap, kommunekonsern, etter region og år"
    assert body["role"] == {"time": ["Tid"], "geo": [REGION], "metric": ["ContentsCode"]}
    assert (body["id"], body["size"], body["value"]) == (list(chosen), [3, 1, 1], [81240, 66605, 62853])
    assert body["dimension"][REGION]["category"] == {
        "index": {"0301": 0, "4601": 1, "5001": 2},
        "label": {"0301": "Oslo - Oslove", "4601": "Bergen", "5001": "Trondheim - Tråante"},
    }
    contents = body["dimension"]["ContentsCode"]
    assert contents["category"]["unit"] == {"KOSAG110000": {"base": "kr", "decimals": 0}}
    assert {"elimination", "refperiod", "measuringType", "priceType", "adjustment"} <= set(contents["extension"])
    assert {"noteMandatory", "px", "discontinued", "contact"} == set(body["extension"])
    assert body["extension"]["px"]["heading"] == ["ContentsCode", "Tid"]
    assert body["source"] == SOURCE


def test_metadata_have_no_values_but_all_codes(client: Client) -> None:
    body = client.get("/tables/12362/metadata").json()
    assert set(body) == DATA_KEYS
    assert body["value"] == []
    assert body["size"] == [891, 97, 5, 3, 11]
    assert len([code for code in codes(body, REGION) if code.isdigit()]) == 839
    extension = body["dimension"][REGION]["extension"]
    assert extension["elimination"] is False
    assert "Uttrekk for Kommuner 2024-" in [each["label"] for each in extension["codelists"]]
    labels = list(body["dimension"][REGION]["category"]["label"].values())
    assert labels.count("Herøy") > 1 and labels.count("Våler") > 1


def test_sizes_and_codes_of_the_detailed_accounts(client: Client) -> None:
    body = client.get("/tables/12367/metadata").json()
    assert body["size"] == [891, 2, 97, 35, 1, 11]
    assert {"254", "257", "258"} <= set(codes(body, "KOKfunksjon0000"))
    assert {"AGD4", "AGD10", "AGD2", "AGD56", "AGD28", "AG16", "A710", "A600", "AG8"} <= set(codes(body, "KOKart0000"))


def test_the_population_table_has_no_geo_and_can_be_eliminated(client: Client) -> None:
    body = client.get("/tables/07459/metadata").json()
    assert "geo" not in body["role"]
    assert body["size"] == [871, 2, 106, 1, 41]
    eliminated = {code: body["dimension"][code]["extension"]["elimination"] for code in body["id"]}
    assert eliminated == {"Region": True, "Kjonn": True, "Alder": True, "ContentsCode": False, "Tid": False}
    assert body["updated"] == "2026-02-24T07:00:00Z"


def test_the_list_of_tables_and_its_pages(client: Client) -> None:
    body = client.get("/tables", pageSize="3", includeDiscontinued="true").json()
    assert set(body) == {"language", "tables", "page", "links"}
    assert set(body["tables"][0]) >= TABLE_KEYS
    assert body["page"]["totalElements"] == len(client.server.tables)
    following = next(link["href"] for link in body["page"]["links"] if link["rel"] == "next")
    assert following.endswith("pageNumber=2") and "includeDiscontinued" not in following
    beyond = client.get("/tables", pageNumber="99", pageSize="50")
    assert (beyond.status_code, beyond.json()["title"]) == (404, "Non-existent page")


@pytest.mark.parametrize(
    ("params", "there", "absent"),
    [
        ({"query": "BARNEHAGER"}, "13502", "12562"),
        ({"query": "barnehager", "includeDiscontinued": "true"}, "12562", "12362"),
        ({"query": "barneh*"}, "13502", "12362"),
        ({"query": "12362"}, "12362", "12367"),
        ({"query": "kostra"}, "12362", "07459"),
        ({"pastDays": "200"}, "12362", "07459"),
    ],
)
def test_searching_tables(client: Client, params: dict[str, str], there: str, absent: str) -> None:
    found = [table["id"] for table in client.get("/tables", pageSize="200", **params).json()["tables"]]
    assert there in found and absent not in found


def test_one_table_says_its_periods(client: Client) -> None:
    body = client.get("/tables/12210").json()
    assert set(body) >= TABLE_KEYS | {"language", "sortCode"}
    assert (body["firstPeriod"], body["lastPeriod"], body["timeUnit"]) == ("2015", "2022", "Annual")
    assert body["discontinued"] is True
    assert body["paths"][0][2]["id"] == "kostrahoved"
    assert client.get("/tables/01222").json()["timeUnit"] == "Quarterly"


def test_config_announces_no_pace(client: Client) -> None:
    body = client.get("/config").json()
    assert (body["maxDataCells"], body["maxCallsPerTimeWindow"], body["timeWindow"]) == (800000, 0, 0)


def test_every_table_describes_itself_and_answers(client: Client) -> None:
    assert len(client.server.tables) == 105
    for name in client.server.tables:
        body = client.get(f"/tables/{name}/data").json()
        assert len(body["value"]) == np.prod(body["size"])
        assert any(value is not None for value in body["value"]), name


# Selections.

YEARS = [str(year) for year in range(2015, 2026)]


@pytest.mark.parametrize(
    ("dimension", "asked", "given"),
    [
        ("Tid", ["*"], YEARS),
        ("Tid", ["top(2)"], ["2024", "2025"]),
        ("Tid", ["TOP(2,1)"], ["2023", "2024"]),
        ("Tid", ["bottom(1)"], ["2015"]),
        ("Tid", ["from(2023)"], ["2023", "2024", "2025"]),
        ("Tid", ["to(2016)"], ["2015", "2016"]),
        ("Tid", ["Range(2018,2020)"], ["2018", "2019", "2020"]),
        ("Tid", ["2020", "2015"], ["2020", "2015"]),
        ("Tid", ["2019", "to(2016)", "201*"], ["2019", "2015", "2016", "2017", "2018"]),
        ("Tid", ["202?"], YEARS[5:]),
        ("KOKfunksjon0000", ["fgk1b"], None),
        ("KOKfunksjon0000", ["fgk8*"], ["FGK8", "FGK8a", "FGK8b"]),
        ("KOKfunksjon0000", ["*8B"], ["FGK8b"]),
        ("KOKfunksjon0000", ["*K12*"], ["FGK12", "FGK12a", "FGK12b"]),
        ("KOKfunksjon0000", ["top(2)"], ["FGK1", "FGK1a"]),
    ],
)
def test_expressions(client: Client, dimension: str, asked: list[str], given: list[str] | None) -> None:
    answer = client.ask("12362", expenditure(**{dimension: asked}))
    if given is None:
        assert answer.json()["title"] == "Non-existent value", "expressions ignore case, plain codes do not"
    else:
        assert codes(answer.json(), dimension) == given


def test_get_and_post_give_the_same(client: Client) -> None:
    params = {f"valueCodes[{code}]": ",".join(values) for code, values in expenditure().items()}
    params["valueCodes[Tid]"] = "[range(2016,2017)],2019"
    got = client.get("/tables/12362/data", **params, outputFormat="json-stat2").json()
    assert got == client.data("12362", expenditure(Tid=["range(2016,2017)", "2019"]))
    params["valueCodes[Tid]"] = "range(2016,2017)"
    assert client.get("/tables/12362/data", **params).json()["title"] == "Illegal selection expression"


def test_eliminated_dimensions_are_summed(client: Client) -> None:
    total = client.data("07459", persons())
    assert total["id"] == ["Region", "ContentsCode", "Tid"]
    single = client.data("07459", persons(Kjonn=["*"], Alder=["*"]))
    assert total["value"] == [sum(single["value"])] == [106013]
    silent = client.data("07459", persons(Kjonn=["x*"]))
    assert silent["id"] == total["id"], "a wildcard that matches nothing eliminates the dimension"
    country = client.data("07459", {"ContentsCode": ["*"], "Tid": ["2026"]})
    assert country["value"] == client.data("07459", persons(Region=["0"]))["value"] == [5627400]


def test_no_selection_is_the_default_selection(client: Client) -> None:
    answered = client.data("12362", {})
    assert answered == client.get("/tables/12362/data").json()
    described = client.get("/tables/12362/defaultselection").json()
    asked = {each["variableCode"]: each["valueCodes"] for each in described["selection"]}
    assert {code: codes(answered, code) for code in answered["id"]} == asked
    assert sum(len(each) > 1 for each in asked.values()) == 2


def test_placement_orders_the_dimensions(client: Client) -> None:
    placement = {"heading": [REGION], "stub": ["Tid", "KOKart0000", "KOKfunksjon0000", "ContentsCode"]}
    body = client.data("12362", expenditure(), body={"placement": placement})
    assert body["id"] == ["Tid", "KOKart0000", "KOKfunksjon0000", "ContentsCode", REGION]
    wrong = client.ask("12362", expenditure(), body={"placement": {"heading": ["Finnes ikke"], "stub": []}})
    assert wrong.json()["title"] == "Illegal placment"


def test_codelists_of_kostra_are_subsets(client: Client) -> None:
    offered = client.get("/tables/12362/metadata").json()["dimension"][REGION]["extension"]["codelists"]
    name = next(each["id"] for each in offered if each["label"] == "Uttrekk for Kommuner 2024-")
    body = client.data("12362", expenditure(**{REGION: ["*"], "Tid": ["2024"]}), codelists={REGION: name})
    assert body["size"][0] == 357
    listed = client.get(f"/codelists/{name}").json()
    assert [each["code"] for each in listed["values"]] == codes(body, REGION)
    cut = client.session.get(f"{client.server.statbank_url}/tables/12362/metadata?codelist[{REGION}]={name}").json()
    assert cut["size"][0] == 357
    assert client.get("/codelists/AGG_KommSummer").status_code == 404, "ids are case-sensitive"
    wrong = client.ask("12362", expenditure(), codelists={REGION: "agg_KommSummer"})
    assert wrong.json()["title"] == "Non-existent codelist"


# Errors.


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({REGION: ["9998"]}, "Non-existent value"),
        ({"Alder": ["000"]}, "Non-existent variable"),
        ({"KOKart0000": []}, "Missing selection for mandantory variable"),
        ({"KOKart0000": ["x*"]}, "Missing selection for mandantory variable"),
        ({"Tid": ["top(5, 1)"]}, "Illegal selection expression"),
        ({"Tid": ["top(0)"]}, "Illegal selection expression"),
        ({"Tid": ["2*1*5"]}, "Illegal selection expression"),
        ({"Tid": ["from(1999)"]}, "Non-existent value"),
        ({REGION: ["*"], "KOKfunksjon0000": ["*"], "Tid": ["*"]}, "Too many cells selected"),
    ],
)
def test_bad_selections(client: Client, changes: dict[str, list[str]], title: str) -> None:
    answer = client.ask("12362", expenditure(**changes))
    body = answer.json()
    assert (answer.status_code, body["type"], body["title"], body["status"]) == (400, "Parameter error", title, 400)


def test_omitted_mandatory_variable(client: Client) -> None:
    chosen = expenditure()
    del chosen["Tid"]
    assert client.ask("12362", chosen).json() == {
        "type": "Parameter error",
        "title": "Missing selection for mandantory variable",
        "status": 400,
    }


def test_a_code_written_twice_is_too_much(client: Client) -> None:
    answer = client.ask("12362", expenditure(Tid=["2018", "2018"]))
    assert (answer.status_code, answer.content) == (500, b"")
    assert codes(client.data("12362", expenditure(Tid=["2018", "2018*"])), "Tid") == ["2018"]


def test_unknown_tables(client: Client) -> None:
    answer = client.ask("99999", {})
    assert answer.status_code == 400
    assert answer.json() == {"type": "Parameter error", "title": "Non-existent table", "status": 404}
    assert client.get("/tables/99999").status_code == client.get("/tables/99999/metadata").status_code == 404


@pytest.mark.parametrize(
    "params",
    [{"lang": "sv"}, {"outputFormat": "docx"}, {"outputFormatParams": "UseTexts"}, {"outputFormat": "PARQUET"}],
)
def test_languages_and_formats(client: Client, params: dict[str, str]) -> None:
    answer = client.ask("12362", expenditure(), **params)
    assert answer.status_code == (500 if params.get("outputFormat") == "PARQUET" else 400)
    if "lang" in params:
        assert answer.json()["title"] == "Unsupported language"


def test_a_long_address_gets_a_page(client: Client) -> None:
    answer = client.get("/tables/12362/data", **{f"valueCodes[{REGION}]": ",".join(["0602"] * 500)})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html")
    assert answer.text.startswith("<!DOCTYPE html")


@pytest.mark.parametrize(
    "body", ["{", '{"selection": 3}', '{"selection": [{"variableCode": "Tid", "valueCodes": "x"}]}']
)
def test_malformed_bodies_get_the_second_error_shape(client: Client, body: str) -> None:
    answer = client.session.post(f"{client.server.statbank_url}/tables/12362/data", data=body, timeout=10)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["errors"]


def test_a_limited_server_counts_and_says_so(client: Client) -> None:
    assert "x-ratelimit-limit" not in client.get("/config").headers
    with Server(rate_limit=3) as server, requests.Session() as session:
        answers = [session.get(server.statbank_url + "/config", timeout=10) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["x-ratelimit-limit"] == "3"
        assert answers[0].headers["x-ratelimit-policy"] == "3;w=60s"
        assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
        assert answers[3].content == b"" and "Retry-After" not in answers[3].headers


def test_calls_are_remembered(client: Client) -> None:
    client.get("/tables/12362", lang="no")
    client.ask("99999", {})
    client.klass("/classifications/131/codesAt", date="2026-01-01")
    first, second, third = client.server.calls
    assert (first.method, first.path, first.query, first.status) == ("GET", "/tables/12362", {"lang": "no"}, 200)
    assert (second.method, json.loads(second.body)["selection"], second.status) == ("POST", [], 400)
    assert third.path == "/classifications/131/codesAt"
    assert first.time <= second.time <= time.monotonic()


# Figures.


def test_the_same_figures_every_time(client: Client) -> None:
    with Server() as other:
        again = Client(other)
        chosen = expenditure(**{REGION: ["1111", "EKG09"], "KOKfunksjon0000": ["*"], "Tid": ["*"]})
        assert client.data("12362", chosen) == again.data("12362", chosen)
        again.session.close()


def test_published_expenditure_comes_back(client: Client) -> None:
    published = embedded.expenditure()
    pick = {place: sorted({key[place] for key in published}) for place in range(4)}
    names = [REGION, "KOKfunksjon0000", "KOKart0000"]
    chosen = {name: pick[place] for place, name in enumerate(names)}
    contents = ["KOSbelop0000", "KOSbelopinnbygge0000"]
    found = cells(client.data("12362", {**chosen, "ContentsCode": contents, "Tid": ["*"]}))
    for key, figures in published.items():
        assert tuple(found[(*key[:3], content, key[3])] for content in contents) == figures


def test_every_region_and_year_has_one_population(client: Client) -> None:
    """Amounts, published and synthetic, in both tables, imply one number of inhabitants."""
    regions = [*EIGHT, "0301", "1111", "EAK", "EKG13", "EKA33"]
    years = ["2016", "2019", "2024"]
    contents = ["KOSbelop0000", "KOSbelopinnbygge0000"]
    chosen = {REGION: regions, "KOKfunksjon0000": ["*"], "KOKart0000": ["*"], "ContentsCode": contents, "Tid": years}
    spending = np.array(client.data("12362", chosen)["value"], dtype=float).reshape(len(regions), 97 * 5, 2, len(years))
    contents = ["KOSbelop0000", "KOSbelopprinnb0000"]
    chosen = {REGION: regions, "KOKartkap0000": ["*"], "ContentsCode": contents, "Tid": years}
    totals = np.array(client.data("12137", chosen)["value"], dtype=float).reshape(len(regions), -1, 2, len(years))
    amount, each = np.moveaxis(np.concatenate([spending, totals], axis=1), 2, 0)
    inhabitants = np.array([[population.kostra(region, int(year)) for year in years] for region in regions])
    off = np.abs(each - amount * 1000 / inhabitants[:, None, :])
    assert np.nanmax(off) <= 0.51
    assert np.isfinite(each).any(axis=1).sum() > 20


def test_municipalities_outside_their_years_are_not_in_use(client: Client) -> None:
    found = cells(client.data("12362", expenditure(**{REGION: ["0602", "3005", "3301"], "Tid": ["*"]})))
    valid = {key[0]: [] for key in found}
    for (region, *_, year), value in found.items():
        if value != ".":
            valid[region].append(int(year))
    assert valid == {"0602": [*range(2015, 2020)], "3005": [*range(2020, 2024)], "3301": [2024, 2025]}


def test_functions_outside_their_years_are_not_in_use(client: Client) -> None:
    chosen = expenditure(**{REGION: ["0301"], "KOKfunksjon0000": ["254", "257"], "Tid": ["2023", "2024"]})
    values = list(cells(client.data("12362", chosen)).values())
    assert [value == "." for value in values] == [False, True, True, False]


def test_service_areas_are_the_sum_of_their_functions(client: Client) -> None:
    chosen = expenditure(**{REGION: ["1111"], "KOKfunksjon0000": ["FGK11", "234", "253", "254", "256", "261"]})
    area, *functions = client.data("12362", chosen)["value"]
    assert area == sum(functions)


def test_gross_corrected_and_net(client: Client) -> None:
    chosen = expenditure(**{REGION: EIGHT[:6], "KOKfunksjon0000": ["2*"], "KOKart0000": ["AGD10", "AGD4", "AGD2"]})
    values = np.array(client.data("12362", chosen)["value"], dtype=float).reshape(6, -1, 3)
    assert np.nanmin(values[..., 0] - values[..., 1]) >= 0 and np.nanmin(values[..., 1] - values[..., 2]) >= 0


def test_the_detailed_accounts_agree_with_12362(client: Client) -> None:
    chosen = expenditure(**{REGION: ["0602", "1111"], "KOKfunksjon0000": ["FGK7", "202"]})
    detailed = client.data("12367", {**chosen, "KOKregnskapsomfa0000": ["A"]})
    assert detailed["value"] == client.data("12362", chosen)["value"]


def test_kindergarten_costs_are_expenditure_over_children(client: Client) -> None:
    regions, ages = ["3301", "1111"], [f"{age:03d}" for age in range(1, 6)]
    net = client.data("12362", expenditure(**{REGION: regions, "Tid": ["2024"]}))["value"]
    each = {"ContentsCode": ["KOSutg020000"], "Tid": ["2024"], REGION: regions}
    children = client.data("07459", persons(Region=regions, Alder=ages, Tid=["2025"]))["value"]
    parts = np.array(children).reshape(2, 5).sum(axis=1)
    assert client.data("13502", each)["value"] == [round(n * 1000 / c) for n, c in zip(net, parts, strict=True)]
    unknown = cells(client.data("13502", {**each, REGION: ["0602"], "Tid": ["2018", "2019"]}))
    assert list(unknown.values())[1] == "..", "the code has no persons on 1 January 2020"


def test_persons_are_published_and_split_on_sex(client: Client) -> None:
    both = cells(client.data("07459", persons(Region=["0602"], Alder=["*"], Tid=["2018"])))
    assert {key[1]: value for key, value in both.items()} == embedded.population()["0602", 2018]
    sexes = client.data("07459", persons(Region=["0602"], Alder=["*"], Kjonn=["*"], Tid=["2018"]))["value"]
    men, women = sexes[:106], sexes[106:]
    assert [m + w for m, w in zip(men, women, strict=True)] == list(both.values())


def test_series_on_todays_borders(client: Client) -> None:
    chosen = {"ContentsCode": ["Personer1"], "Tid": ["2010", "2016", "2021", "2026"]}
    merged = client.data("07459", {**chosen, "Region": ["K-3301"]}, codelists={"Region": "agg_KommSummer"})["value"]
    recast = sum(embedded.population_recast()["K-3301", 2016].values())
    parts = client.data("07459", {**chosen, "Region": ["0602", "0625", "0711", "3005", "3301"]})["value"]
    summed = np.array([value or 0 for value in parts]).reshape(5, 4).sum(axis=0).tolist()
    assert merged == [summed[0], recast, *summed[2:]]


def test_published_recipients_come_back(client: Client) -> None:
    codes = ["KOSsosantkliente0000", "KOSant18240000"]
    body = client.data("12210", {REGION: ["0711"], "ContentsCode": codes, "Tid": ["2016"]})
    assert body["value"] == [190, 29]


def test_series_move_smoothly_and_stay_sensible(client: Client) -> None:
    chosen = {REGION: ["0301", "4601", "1103", "EAK"], "ContentsCode": ["*"], "Tid": ["from(2020)"]}
    for table in ("12209", "12255", "13502", "12842"):
        body = client.data(table, chosen)
        shape = [4, body["size"][1], body["size"][2]]
        values = np.array(body["value"], dtype=float).reshape(shape)
        units = body["dimension"]["ContentsCode"]["category"]["unit"].values()
        percent = [place for place, unit in enumerate(units) if unit["base"] == "prosent"]
        assert np.nanmax(np.abs(np.diff(values[:, percent], axis=2)), initial=0) <= 8
        assert np.nanmin(values[:, percent], initial=50) >= 0 and np.nanmax(values[:, percent], initial=50) <= 100


def test_small_municipalities_have_gaps(client: Client) -> None:
    body = client.data("12209", {REGION: ["1*", "5*"], "ContentsCode": ["*"], "Tid": ["*"]})
    symbols = list(body["status"].values())
    valid = len(body["value"]) - symbols.count(".")
    assert 0.002 < symbols.count(":") / valid < 0.02
    assert 0.001 < symbols.count("..") / valid < 0.01
    assert all(body["value"][int(place)] is None for place in body["status"])


# KLASS.


def test_klass_speaks_xml_unless_asked_for_json(client: Client) -> None:
    url = f"{client.server.klass_url}/classifications/131/codesAt?date=2026-01-01"
    answer = client.session.get(url, timeout=10)
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert len(ElementTree.fromstring(answer.content)) == 358


def test_klass_codes(client: Client) -> None:
    now = client.klass("/classifications/131/codesAt", date="2026-01-01").json()["codes"]
    assert len(now) == 358 and now[-1]["code"] == "9999"
    assert set(now[0]) == {"code", "parentCode", "level", "name", "shortName", "presentationName"} | {
        "validFrom",
        "validTo",
        "notes",
    }
    before = [row["code"] for row in client.klass("/classifications/131/codesAt", date="2019-06-01").json()["codes"]]
    assert {"0602", "0625", "0711"} <= set(before) and "3005" not in before
    ranged = client.klass("/classifications/131/codes", **{"from": "2019-01-01", "to": "2021-01-01"}).json()["codes"]
    assert {"0602", "3005"} <= {row["code"] for row in ranged}
    assert all("validFromInRequestedRange" in row for row in ranged)


def changes(client: Client, **params: str) -> list[tuple[str | None, str | None, str]]:
    rows = client.klass("/classifications/131/changes", **params).json()["codeChanges"]
    return [(row["oldCode"], row["newCode"], row["changeOccurred"]) for row in rows]


def test_klass_changes_lie_inside_the_range(client: Client) -> None:
    assert ("0602", "3005", "2020-01-01") in changes(client, **{"from": "2019-12-31", "to": "2020-01-02"})
    assert changes(client, **{"from": "2020-01-01", "to": "2021-01-01"}) == [], "from must be before the change"
    assert changes(client, **{"from": "2019-12-31", "to": "2020-01-01"}) == [], "to is exclusive"
    last = changes(client, **{"from": "2025-01-01"})
    assert [(old, new) for old, new, _ in last] == [("3118", "3118"), ("3118", "3207"), ("3118", "3216")]
    assert len(changes(client, **{"from": "0001-01-01"})) == 622


def test_klass_hides_the_future_and_knows_created_codes(client: Client) -> None:
    client.server.klass_changes.append(embedded.Change("2028-01-01", None, None, "9998", "Nyby"))
    assert (None, "9998", "2028-01-01") not in changes(client, **{"from": "2027-01-01"})
    assert (None, "9998", "2028-01-01") in changes(client, **{"from": "2027-01-01", "includeFuture": "true"})


@pytest.mark.parametrize(
    ("year", "groups"),
    [
        (
            "2019",
            {"0602": "EKG13", "0625": "EKG13", "0220": "EKG13", "0627": "EKG13", "0711": "EKG07", "0628": "EKG07"},
        ),
        ("2020", {"3005": "EKG12", "3025": "EKG12", "0301": "EKG13", "4601": "EKG12"}),
        ("2026", {"3301": "EKG12", "3203": "EKG12", "0301": "EKG13"}),
    ],
)
def test_klass_groups(client: Client, year: str, groups: dict[str, str]) -> None:
    params = {"targetClassificationId": "131", "date": f"{year}-01-01"}
    items = client.klass("/classifications/112/correspondsAt", **params).json()["correspondenceItems"]
    found = {item["targetCode"]: item["sourceCode"] for item in items}
    assert {code: found[code] for code in groups} == groups


def test_klass_says_what_is_wrong(client: Client) -> None:
    late = {"targetClassificationId": "131", "date": "2027-01-01"}
    missing = client.klass("/classifications/112/correspondsAt", **late)
    assert missing.status_code == missing.json()["status"] == 404
    assert client.klass("/classifications/131/changes").status_code == 400
    assert client.klass("/classifications/131/codesAt", date="i dag").status_code == 400
    assert client.klass("/classifications/4711/codesAt", date="2026-01-01").status_code == 404
    assert client.klass("/versions/1204").json()["classificationItems"][0]["code"] == "100"


# Faults.


def test_faults_wait_and_end(client: Client) -> None:
    client.server.misbehave("empty_429", table="12362", times=2, after=1)
    assert client.ask("12137", {}).status_code == 200
    assert [client.ask("12362", {}).status_code for _ in range(4)] == [200, 429, 429, 200]
    client.server.misbehave("empty_500", times=None)
    assert client.ask("12137", {}).status_code == client.ask("12362", {}).status_code == 500
    client.server.reset()
    assert client.ask("12362", {}).status_code == 200


def test_unknown_faults_tables_and_options_are_refused(client: Client) -> None:
    with pytest.raises(ValueError, match="empty_429"):
        client.server.misbehave("tomt_429")
    with pytest.raises(ValueError, match="12362"):
        client.server.misbehave("empty_429", table="99999")
    with pytest.raises(ValueError, match="dimension"):
        client.server.misbehave("drop_dimension")
    with pytest.raises(ValueError, match="limit"):
        client.server.misbehave("too_many_cells", most=3)
    with pytest.raises(ValueError, match="does not fit"):
        client.server.misbehave("code_gone", table="12362", dimension="Tid", code="1066", after=3)


@pytest.mark.parametrize(
    ("name", "options", "status", "content"),
    [
        ("html_404", {}, 404, "<!DOCTYPE html"),
        ("not_json", {}, 200, "<!DOCTYPE html"),
        ("empty_429", {}, 429, ""),
        ("empty_500", {}, 500, ""),
        ("bad_gateway_502", {}, 502, ""),
        ("unavailable_503", {}, 503, ""),
        ("errors_shape", {}, 400, '{"type":"https://'),
        ("too_many_cells", {"limit": 0}, 400, '{"type":"Parameter error","title":"Too many cells selected"'),
    ],
)
def test_answers_in_place_of_the_right_one(client: Client, name: str, options: Body, status: int, content: str) -> None:
    client.server.misbehave(name, table="12362", **options)
    answer = client.ask("12362", expenditure())
    assert answer.status_code == status
    assert answer.text.startswith(content) and bool(answer.text) == bool(content)
    assert client.ask("12362", expenditure()).status_code == 200


def test_a_lower_limit_than_announced(client: Client) -> None:
    client.server.misbehave("too_many_cells", limit=2)
    assert client.ask("12362", expenditure()).status_code == 200
    assert client.ask("12362", expenditure(Tid=["*"])).json()["title"] == "Too many cells selected"
    assert client.get("/config").json()["maxDataCells"] == 800000


def test_retry_after(client: Client) -> None:
    client.server.misbehave("empty_429", retry_after=7)
    assert client.ask("12362", {}).headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("name", "options", "error"),
    [
        ("truncated_body", {}, requests.RequestException),
        ("truncated_json", {}, json.JSONDecodeError),
        ("slow_body", {"seconds": 30}, requests.RequestException),
        ("slow_headers", {"seconds": 30}, requests.RequestException),
        ("closed_connection", {}, requests.RequestException),
    ],
)
def test_bad_deliveries(client: Client, name: str, options: Body, error: type[Exception]) -> None:
    with Server() as server, requests.Session() as session:
        server.misbehave(name, **options)
        with pytest.raises(error):
            json.loads(session.get(f"{server.statbank_url}/tables/12362/data", timeout=0.3).content)
        assert session.get(f"{server.statbank_url}/tables/12362/data", timeout=5).status_code == 200


def test_slow_metadata(client: Client) -> None:
    client.server.misbehave("metadata_slow", seconds=0.2)
    assert client.get("/tables/12362/metadata").elapsed.total_seconds() >= 0.2
    client.server.misbehave("metadata_503", table="12362")
    assert client.get("/tables/12362/metadata").status_code == 503


def bent(client: Client, name: str, table: str, chosen: dict[str, list[str]], **options: Any) -> tuple[Body, Body]:
    """The right answer, and the one with the fault."""
    right = client.data(table, chosen)
    client.server.misbehave(name, table=table, **options)
    return right, client.data(table, chosen)


def test_a_dimension_is_dropped(client: Client) -> None:
    right, wrong = bent(client, "drop_dimension", "07459", persons(Kjonn=["*"]), dimension="Kjonn")
    assert wrong["id"] == ["Region", "ContentsCode", "Tid"]
    assert wrong["value"] == [sum(right["value"])]


def test_other_orders_say_the_same(client: Client) -> None:
    chosen = expenditure(**{REGION: ["0602", "0711"], "ContentsCode": ["*"], "Tid": ["2017", "2018"]})
    right, wrong = bent(client, "reorder_time", "12362", chosen)
    assert codes(wrong, "Tid") == ["2018", "2017"] and cells(right) == cells(wrong)
    right, wrong = bent(client, "reorder_dimensions", "12362", chosen)
    assert wrong["id"] == right["id"][::-1]
    assert {key[::-1]: value for key, value in cells(wrong).items()} == cells(right)
    right, wrong = bent(client, "reorder_index_keys", "12362", chosen)
    assert list(wrong["dimension"]["Tid"]["category"]["index"]) == ["2018", "2017"]
    assert codes(wrong, "Tid") == ["2017", "2018"] and right["value"] == wrong["value"]


def test_another_region_than_asked_for(client: Client) -> None:
    right, wrong = bent(client, "wrong_codes", "12362", expenditure(**{REGION: ["0602", "0711"]}))
    assert codes(wrong, REGION)[0] == "0602" and codes(wrong, REGION)[1] != "0711"
    assert right["value"] == wrong["value"]


def test_values_that_do_not_fit_or_are_written_otherwise(client: Client) -> None:
    chosen = expenditure(Tid=["2018", "2024"])
    right, wrong = bent(client, "short_values", "12362", chosen)
    assert wrong["value"] == right["value"][:-1] and wrong["size"] == right["size"]
    right, wrong = bent(client, "note_on_value", "12362", chosen)
    assert wrong["status"] == {"0": "*", "1": "."} and wrong["value"] == right["value"]
    right, wrong = bent(client, "sparse", "12362", chosen)
    assert wrong["value"] == {"0": right["value"][0]} and wrong["status"] == {"1": "."}
    right, wrong = bent(client, "zeros", "12362", chosen)
    assert wrong["value"] == [0, None] and wrong["status"] == {"1": "."}
    right, wrong = bent(client, "invalid_years_as_zero", "12362", chosen)
    assert wrong["value"] == [right["value"][0], 0] and "status" not in wrong
    right, wrong = bent(client, "synthesised_contents", "12362", chosen)
    assert codes(wrong, "ContentsCode") == ["EliminatedValue"] and wrong["value"] == right["value"]


def test_a_new_release_comes_in_the_middle(client: Client) -> None:
    client.server.misbehave("new_release", table="12362", after=2)
    first, second, third = (client.data("12362", expenditure(), run=str(n)) for n in range(3))
    assert first == second
    assert (third["updated"], client.get("/tables/12362").json()["updated"]) == (NEXT_RELEASE, NEXT_RELEASE)
    assert third["value"] != first["value"]
    assert client.data("07459", persons())["value"] == [106013]


def test_catalogue_changes(client: Client) -> None:
    server = client.server
    server.misbehave("table_gone", table="12137")
    assert client.get("/tables/12137").status_code == 404
    server.misbehave("code_gone", table="13502", dimension="ContentsCode", code="KOSutg020000")
    asked = {REGION: ["3301"], "ContentsCode": ["KOSutg020000"], "Tid": ["2024"]}
    assert client.ask("13502", asked).json()["title"] == "Non-existent value"
    assert "KOSutg020000" not in codes(client.get("/tables/13502/metadata").json(), "ContentsCode")
    server.misbehave("stale_metadata", table="12362", dimension="KOKart0000", code="AGD4")
    assert "AGD4" in codes(client.get("/tables/12362/metadata").json(), "KOKart0000")
    assert client.ask("12362", expenditure(KOKart0000=["AGD4"])).json()["title"] == "Non-existent value"
    assert "AGD4" not in codes(client.data("12362", expenditure(KOKart0000=["*"])), "KOKart0000")
    server.misbehave("closed", table="12842", last="2024")
    assert client.get("/tables/12842").json()["discontinued"] is True
    server.misbehave("stands_still", table="12255", last="2023")
    still = client.get("/tables/12255").json()
    assert (still["lastPeriod"], still["discontinued"]) == ("2023", False)
    server.misbehave("new_year", table="12279")
    assert codes(client.get("/tables/12279/metadata").json(), "Tid")[-1] == "2026"
    server.reset()
    assert client.get("/tables/12137").status_code == 200


def test_renamed_codes_labels_and_units(client: Client) -> None:
    before = client.data("12362", expenditure())
    client.server.misbehave("renamed_code", table="12362", dimension="KOKart0000", code="AGD2", to="AGD2N")
    client.server.misbehave("renamed_label", table="12362", dimension="KOKfunksjon0000", code="FGK7", to="Annet")
    client.server.misbehave("unit_changed", table="12362", code="KOSbelop0000", base="mill. kr")
    assert client.ask("12362", expenditure()).json()["title"] == "Non-existent value"
    after = client.data("12362", expenditure(KOKart0000=["AGD2N"]))
    assert after["value"] == before["value"]
    art = after["dimension"]["KOKart0000"]["category"]["label"]
    assert art == {"AGD2N": before["dimension"]["KOKart0000"]["category"]["label"]["AGD2"]}
    assert after["dimension"]["KOKfunksjon0000"]["category"]["label"] == {"FGK7": "Annet"}
    assert after["dimension"]["ContentsCode"]["category"]["unit"]["KOSbelop0000"]["base"] == "mill. kr"


def test_a_new_dimension(client: Client) -> None:
    before = client.data("12362", expenditure())["value"]
    client.server.misbehave("dimension_added", table="12362", dimension="KOKeier0000")
    assert client.data("12362", expenditure())["value"] == before
    assert client.data("12362", expenditure(KOKeier0000=["0"]))["value"] == before
    client.server.misbehave("dimension_added", table="12362", dimension="KOKform0000", elimination=False)
    assert client.ask("12362", expenditure()).json()["title"] == "Missing selection for mandantory variable"
    body = client.data("12362", expenditure(KOKform0000=["*"]))
    assert len(body["value"]) == 3 and "KOKform0000" in body["id"]


def test_hostile_labels(client: Client) -> None:
    client.server.misbehave("hostile_labels", table="12362")
    body = client.get("/tables/12362/metadata").json()
    text = json.dumps(body, ensure_ascii=False)
    for hostile in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../x", "javascript:alert(1)", "onerror"):
        assert hostile in text
    assert client.data("12362", expenditure())["value"] == [embedded.expenditure()["0602", "FGK7", "AGD2", "2018"][0]]


def test_the_spelling_of_2025(client: Client) -> None:
    client.server.misbehave("old_spelling", times=None)
    extension = client.get("/tables/12362/metadata").json()["dimension"][REGION]["extension"]
    assert "codeLists" in extension and "codelists" not in extension
    assert "geo" not in client.data("12362", expenditure())["role"]
    assert client.get("/tables/12210").json()["discontinued"] is None


def test_klass_faults(client: Client) -> None:
    at = "/classifications/112/correspondsAt"
    client.server.misbehave("klass_missing_year", times=None)
    assert client.klass(at, targetClassificationId="131", date="2019-01-01").status_code == 404
    assert client.klass(at, targetClassificationId="131", date="2020-01-01").status_code == 200
    client.server.misbehave("klass_changes_gone", times=None)
    assert client.klass("/classifications/131/changes", **{"from": "2015-01-01"}).status_code == 404
    assert client.klass("/classifications/131/changes", **{"from": "0001-01-01"}).status_code == 200
    client.server.misbehave("klass_xml")
    assert client.klass("/classifications/131/codesAt", date="2026-01-01").text.startswith("<?xml")
    client.server.misbehave("klass_503")
    assert client.klass("/classifications/131/codesAt", date="2026-01-01").status_code == 503
    assert client.klass("/classifications/131/codesAt", date="2026-01-01").status_code == 200


def test_every_fault_is_tried_above() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in KINDS if f'"{name}"' not in text] == []


@pytest.fixture
def by_hand() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.statbank", *arguments]
        root = Path(__file__).parents[1]
        process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=10)


def test_serving_by_hand(by_hand: Callable[..., subprocess.Popen[str]]) -> None:
    process = by_hand("--port", "0", "--misbehave", "empty_429:12362")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    assert "export KUNNSKAP_STATBANK_URL=http://127.0.0.1:" in lines[1] and "KUNNSKAP_CALLS_PER_MINUTE=0" in lines[1]
    assert '$env:KUNNSKAP_KLASS_URL = "http://127.0.0.1:' in lines[2]
    url = lines[1].split("KUNNSKAP_STATBANK_URL=")[1].split()[0]
    assert requests.get(f"{url}/tables/12362/data", timeout=10).status_code == 429
