"""KLASS: changes of municipality codes, valid codes, and which KOSTRA group a municipality belonged to.

Raw files are the answers as they came; the correspondence is one file a year, and a year SSB has not made is
left out by name.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.ingest.client import Answer, CallFailed, Client

KLASS = "https://data.ssb.no/api/klass/v1"
MUNICIPALITY, KOSTRA_GROUP = 131, 112
# A change is told only if the versions before and after it both overlap [from, to): ask from before 1990.
CHANGES_FROM, SINCE_EVER = "1989-01-01", "0001-01-01"
GROUPS_FROM = 2015


@dataclass(frozen=True)
class KlassFile:
    """One answer of KLASS as it is kept: `content` as it came, `query` for the origin record."""

    name: str
    title: str
    content: bytes
    query: dict[str, object]
    url: str


@dataclass(frozen=True)
class Klass:
    client: Client
    url: str = KLASS

    def changes(self) -> KlassFile:
        """Every change of municipality code. One missing table in the range makes KLASS answer 404 for all of it."""
        path = f"classifications/{MUNICIPALITY}/changes"
        for since in (CHANGES_FROM, SINCE_EVER):
            params = {"from": since, "language": "nb"}
            answer = self.client.get(f"{self.url}/{path}", params)
            if answer.status == 200 and _rows(answer, "codeChanges"):
                return self._file("changes", "KLASS 131: endringer av kommunenummer", answer, path, params)
        raise CallFailed(
            f"KLASS har ingen sammenhengende endringsliste for kommuner (svar {answer.status}).",
            "kjør igjen senere; uten listen kan ikke gyldigheten til et kommunenummer avgjøres.",
        )

    def codes(self, day: date) -> KlassFile:
        """The municipality codes valid on a day."""
        path, params = f"classifications/{MUNICIPALITY}/codesAt", {"date": str(day), "language": "nb"}
        answer = self.client.get(f"{self.url}/{path}", params)
        if answer.status != 200 or not _rows(answer, "codes"):
            raise CallFailed(f"KLASS har ingen kommuner {day} (svar {answer.status}).", "kjør igjen senere.")
        return self._file(f"codes_{day}", f"KLASS 131: gyldige kommunenummer {day}", answer, path, params)

    def groups(self, year: int) -> KlassFile | None:
        """The KOSTRA group of every municipality on 1 January; None for a year that SSB has not made."""
        path = f"classifications/{KOSTRA_GROUP}/correspondsAt"
        params = {"targetClassificationId": str(MUNICIPALITY), "date": f"{year}-01-01", "language": "nb"}
        answer = self.client.get(f"{self.url}/{path}", params)
        if answer.status == 404:
            return None
        if answer.status != 200 or not _rows(answer, "correspondenceItems"):
            raise CallFailed(f"KLASS 112 for {year}: svar {answer.status}.", "kjør igjen senere.")
        return self._file(f"groups_{year}", f"KLASS 112: KOSTRA-gruppe per kommune {year}", answer, path, params)

    def _file(self, name: str, title: str, answer: Answer, path: str, params: dict[str, str]) -> KlassFile:
        return KlassFile(name, title, answer.content, {"endpoint": f"/{path}", **params}, f"{self.url}/{path}")


def _rows(answer: Answer, key: str) -> list[Any]:
    """The list in an answer; KLASS gives XML where JSON was not asked for, and then there is none."""
    if not isinstance(answer.json, dict):
        return []
    found = answer.json.get(key)
    return found if isinstance(found, list) and all(isinstance(row, dict) for row in found) else []
