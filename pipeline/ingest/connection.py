"""Where SSB is, and how fast to ask: the three environment variables, read in one place."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.client import CALLS_PER_MINUTE, Client
from pipeline.ingest.klass import KLASS
from pipeline.ingest.statbank import SSB

STATBANK_URL, KLASS_URL, PACE = "KUNNSKAP_STATBANK_URL", "KUNNSKAP_KLASS_URL", "KUNNSKAP_CALLS_PER_MINUTE"


@dataclass(frozen=True)
class Connection:
    """A client and the two addresses it asks, as they were given: a password in one is used and never written."""

    client: Client
    statbank: str
    klass: str

    @property
    def server(self) -> str:
        """The hosts that are not SSB's, whose figures must not be called SSB's; mostly nothing."""
        asked = ((self.statbank, SSB), (self.klass, KLASS))
        hosts = [urlsplit(address).hostname or "" for address, own in asked if not _same_host(address, own)]
        return ", ".join(dict.fromkeys(hosts))


@contextmanager
def connect(tell: Callable[[str], None] = lambda text: None) -> Iterator[Connection]:
    """A client at SSB's pace and the two addresses; raises KunnskapError on settings that make no sense."""
    client = Client(calls_per_minute=_pace(), tell=tell)
    try:
        yield Connection(client, _address(STATBANK_URL, SSB), _address(KLASS_URL, KLASS))
    finally:
        client.close()


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).hostname == urlsplit(other).hostname


def _pace() -> float:
    text = os.environ.get(PACE, "").strip()
    if not text:
        return CALLS_PER_MINUTE
    try:
        pace = float(text)
    except ValueError:
        pace = -1
    if 0 <= pace < float("inf"):
        return pace
    raise _wrong(PACE, text, "et tall, 0 for uten pause (bare for en egen server)")


def _address(name: str, default: str) -> str:
    address = os.environ.get(name, "").strip().rstrip("/") or default
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment:
        return address
    raise _wrong(name, address, "en adresse som begynner med http:// eller https://")


def _wrong(name: str, found: str, allowed: str) -> KunnskapError:
    problem = Problem(file=f"miljøvariabelen {name}", found=f"«{found}».", allowed=allowed)
    return KunnskapError("En innstilling kan ikke brukes:", [problem])
