"""PxWebApi v2 as the pipeline uses it: metadata by GET, all data by POST, every answer held against the question."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import jsonstat
from pipeline.ingest import metadata as meta
from pipeline.ingest.client import Answer, CallFailed, Client
from pipeline.ingest.jsonstat import JsonStatError
from pipeline.ingest.metadata import Metadata
from pipeline.ingest.split import Query, cells

SSB = "https://data.ssb.no/api/pxwebapi/v2"
LANGUAGE = "no"
MAX_CELLS = 800_000
LEAST_CELLS = 1_000  # in a call: with fewer a set would take days
# Figures that are about to be revised are shown as 0 or "." in these hours (Europe/Oslo).
UNSURE_FROM, UNSURE_TO = time(5, 0), time(8, 15)
SYNTHETIC = "SYNTETISKE TALL"  # a server of made-up figures says so in `source`


class TableGone(Exception):
    """SSB has no table with this number."""


class TooManyCells(Exception):
    """SSB's limit is lower than it says; ask for less."""


class Drift(Exception):
    """SSB does not know what its own metadata just named, or answers something else than was asked."""


class Unreadable(Exception):
    """What SSB answers about a table cannot be used, and would be the same if it was asked again."""


@dataclass(frozen=True)
class TableInfo:
    """What only `/tables/{id}` tells. `first` and `last` are periods as SSB writes them."""

    table: str
    label: str
    first: str
    last: str
    discontinued: bool
    updated: str


@dataclass(frozen=True)
class Statbank:
    """The Statbank at `url`; raises CallFailed where no answer could be had."""

    client: Client
    url: str = SSB

    def max_cells(self) -> int:
        """The limit the server announces, never more than the documented one."""
        answer = self._get("config")
        announced = answer.json.get("maxDataCells") if isinstance(answer.json, dict) else None
        if not isinstance(announced, int) or announced <= 0:
            return MAX_CELLS
        if announced < LEAST_CELLS:
            found = f"Serveren gir bare {announced} celler i et kall; settet ville tatt for mange kall."
            raise CallFailed(found, "prøv igjen senere; SSB pleier å gi 800 000.", everywhere=True)
        return min(announced, MAX_CELLS)

    def table(self, table: str) -> TableInfo:
        answer = self._get(f"tables/{_checked(table)}")
        block = answer.json
        return TableInfo(
            table=table,
            label=str(block.get("label") or ""),
            first=str(block.get("firstPeriod") or ""),
            last=str(block.get("lastPeriod") or ""),
            discontinued=bool(block.get("discontinued")),
            updated=str(block.get("updated") or ""),
        )

    def search(self, words: str) -> list[TableInfo]:
        """Tables that match, the first page of them; closed ones as well."""
        answer = self._get("tables", {"query": words, "includeDiscontinued": "true", "pageSize": "20"})
        return [
            TableInfo(
                table=str(block.get("id") or ""),
                label=str(block.get("label") or ""),
                first=str(block.get("firstPeriod") or ""),
                last=str(block.get("lastPeriod") or ""),
                discontinued=bool(block.get("discontinued")),
                updated=str(block.get("updated") or ""),
            )
            for block in answer.json.get("tables") or []
            if isinstance(block, dict) and TABLE.fullmatch(str(block.get("id") or ""))
        ]

    def metadata(self, table: str, codelist: Mapping[str, str]) -> tuple[bytes, Metadata]:
        """The answer as it came, and what it says."""
        chosen = {f"codelist[{name}]": value for name, value in codelist.items()}
        answer = self._get(f"tables/{_checked(table)}/metadata", chosen)
        try:
            return answer.content, meta.parse(answer.json)
        except JsonStatError as error:
            raise Unreadable(f"SSBs metadata for tabellen kan ikke leses: den {error}") from error

    def data(self, table: str, query: Query, codelist: Mapping[str, str]) -> tuple[bytes, Metadata]:
        """A block of cells, checked against the question: the answer as it came, and its head.

        Raises Drift if the answer is not to the question: a dimension dropped or added, other codes, another size.
        """
        self._sure_hours()
        body = {
            "selection": [
                {"variableCode": name, "valueCodes": list(dict.fromkeys(codes))}
                | ({"codelist": codelist[name]} if name in codelist else {})
                for name, codes in query.items()
            ]
        }
        params = {"lang": LANGUAGE, "outputFormat": "json-stat2"}
        params |= {f"outputValues[{name}]": "aggregated" for name in codelist}
        answer = self.client.post(f"{self.url}/tables/{_checked(table)}/data", params, body)
        self._raise_for(answer, table)
        json.loads(answer.content, object_pairs_hook=_told_once)  # of two the fast reader takes the last, in silence
        return answer.content, checked_answer(answer.json, query)

    def _get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        answer = self.client.get(f"{self.url}/{path}", {"lang": LANGUAGE, **(params or {})})
        self._raise_for(answer, path)
        if not isinstance(answer.json, dict):
            raise CallFailed(f"{path}: svaret er ikke slik SSB skriver det.", "kjør igjen senere.")
        return answer

    def _raise_for(self, answer: Answer, about: str) -> None:
        if answer.status == 200:
            return
        title = error_title(answer)
        if title == "Non-existent table":  # 404, or 400 with 404 in the body where data are asked for
            raise TableGone(about)
        if title == "Too many cells selected":
            raise TooManyCells(about)
        if answer.status == 400:
            raise Drift(f"SSB svarte «{title}» (400).")
        if answer.status == 404:
            raise CallFailed(
                f"{about}: SSB svarte 404 med en nettside, ikke data.",
                "sjekk adressen i KUNNSKAP_STATBANK_URL, eller om et filter på nettet ditt stopper kallet.",
            )
        raise CallFailed(f"{about}: SSB svarte {answer.status} {title}".rstrip() + ".", "kjør igjen senere.")

    def _sure_hours(self) -> None:
        if urlsplit(self.url).hostname == urlsplit(SSB).hostname and unsure(self.client.clock.now()):
            raise CallFailed(
                "Mellom kl. 05.00 og 08.15 kan SSB vise 0 eller punktum for tall som er i ferd med å bli revidert.",
                "kjør igjen etter 08.15; det som er hentet, er tatt vare på.",
                everywhere=True,
            )


TABLE = re.compile(r"\d{5}")


def _checked(table: str) -> str:
    """A table number goes into addresses and file names only if it is one."""
    if TABLE.fullmatch(table):
        return table
    raise KunnskapError("Et tabellnummer kan ikke brukes:", [Problem(found=f"«{table}».", allowed="fem sifre")])


def unsure(now: datetime) -> bool:
    """Whether SSB may be showing figures that are not figures."""
    return UNSURE_FROM <= now.astimezone(ZoneInfo("Europe/Oslo")).time() < UNSURE_TO


def error_title(answer: Answer) -> str:
    """What the server says is wrong: `title`, or the first of `errors`."""
    body = answer.json
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    if isinstance(errors, dict) and errors:
        field, told = next(iter(errors.items()))
        return f"{field}: {told[0] if isinstance(told, list) and told else told}"
    return str(body.get("title") or "")


def checked_answer(dataset: Any, query: Query) -> Metadata:
    """The head of a data answer, if it is an answer to this query.

    The same dimensions, each with exactly the codes asked for, and a value (or a place) for every cell. The
    order may differ: `category.index` tells it.
    """
    try:
        head = meta.parse(dataset)
    except (JsonStatError, AttributeError) as error:
        raise Drift(f"Svaret kan ikke leses: det {error}") from error
    have = {name: dimension.codes for name, dimension in head.dimensions.items()}
    if set(have) != set(query):
        lost, new = sorted(set(query) - set(have)), sorted(set(have) - set(query))
        told = [f"mangler {', '.join(lost)}"] if lost else []
        told += [f"har {', '.join(new)} i tillegg"] if new else []
        raise Drift(f"Svaret har andre dimensjoner enn spørringen: {' og '.join(told)}.")
    for name, codes in query.items():
        if sorted(have[name]) != sorted(set(codes)):
            lost = [code for code in codes if code not in have[name]]
            new = [code for code in have[name] if code not in codes]
            apart = f"mangler {', '.join(lost[:5]) or 'ingen'}, har {', '.join(new[:5]) or 'ingen'} i tillegg"
            raise Drift(f"Svaret har andre koder for {name} enn spørringen: {apart}.")
    try:
        read = jsonstat.read(dataset)
    except JsonStatError as error:
        raise Drift(f"Svaret kan ikke leses: det {error}") from error
    left_out, figures = cells(query) - len(read), int(read["value"].notna().sum())
    if left_out > figures:  # a cell that nothing is said of may be left out; not most of an answer
        raise Drift(f"Svaret har {figures} tall, og sier ingenting om {left_out} av {cells(query)} celler.")
    return head


def _told_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise Drift(f"Svaret har {', '.join(sorted({key for key in keys if keys.count(key) > 1})[:3])} flere ganger.")
    return dict(pairs)
