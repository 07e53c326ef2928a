"""HTTP as Statistics Norway wants it: one call at a time, paced, patient, and never satisfied with half an answer.

The rules stand in docs/ssb.md. A call ends in one of two ways: a complete answer with JSON in it, or a
CallFailed that says why and what to do.
"""

import email.utils
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import orjson
import requests
import urllib3

from pipeline.errors import KunnskapError, Problem

CALLS_PER_MINUTE = 30  # what SSB's user guide says, per IP address
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 10.0, 90.0
LONGEST_ANSWER_S, LARGEST_ANSWER = 50.0, 200_000_000  # of one answer that is under way: seconds, bytes
PIECE = 1 << 16  # bytes at a time
WAIT_AFTER_429_S = 60.0
LONGEST_WAIT_S = 15 * 60.0
# Seconds to wait before each new try, by what went wrong. When they are used up, the call has failed.
WAITS: dict[str, tuple[float, ...]] = {
    "too_many": (WAIT_AFTER_429_S,) * 5,
    "unavailable": (5, 10, 20, 40, 60, 60, 60, 60),  # metadata updates at 05:00 and 11:30 last minutes
    "broken": (2, 5, 10, 20),
    "error": (2,),  # 500: once more, then it is the query or the server
}
UNAVAILABLE = (502, 503, 504)


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The real one. `now` is in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class CallFailed(KunnskapError):
    """No usable answer, and more tries would not help now.

    `offline`: nobody answered at all. `everywhere`: it concerns every call, not this one alone.
    """

    def __init__(self, found: str, remedy: str, offline: bool = False, everywhere: bool = False) -> None:
        self.offline, self.everywhere = offline, everywhere
        super().__init__("SSB svarte ikke slik det skal:", [Problem(found=found, remedy=remedy)])

    @property
    def found(self) -> str:
        return self.problems[0].found

    @property
    def remedy(self) -> str:
        return self.problems[0].remedy


@dataclass(frozen=True)
class Answer:
    """A complete answer: the bytes as they came, and the JSON in them (None if there is none)."""

    status: int
    content: bytes
    json: Any


class _Again(Exception):
    """A try that failed in a way that may pass; `kind` is a key of WAITS."""

    def __init__(self, kind: str, found: str, wait: float | None = None) -> None:
        self.kind, self.found, self.wait = kind, found, wait
        super().__init__(found)


REMEDIES = {
    "too_many": "vent noen minutter og kjør igjen; grensen gjelder alle på samme nett.",
    "unavailable": "SSB oppdaterer rundt 05.00 og 11.30: vent en halvtime og kjør igjen. Det hentede er tatt vare på.",
    "broken": "sjekk nettforbindelsen og kjør igjen. Det hentede er tatt vare på.",
    "error": "kjør igjen senere. Skjer det hver gang, er det spørringen eller tabellen: se `kunnskap check`.",
}


@dataclass
class Client:
    """Paced calls that are tried again when that can help.

    `calls_per_minute` 0 means no pace, for a server of one's own. Waiting times that the server states
    (`Retry-After`, `x-ratelimit-*`) are obeyed in any case. `tell` gets a line for every longer wait.
    """

    calls_per_minute: float = CALLS_PER_MINUTE
    clock: Clock = field(default_factory=SystemClock)
    tell: Callable[[str], None] = lambda text: None
    timeouts: tuple[float, float] = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
    longest_s: float = LONGEST_ANSWER_S
    largest: int = LARGEST_ANSWER
    calls: int = 0
    _not_before: float | None = None
    _session: requests.Session = field(default_factory=requests.Session)

    def get(self, url: str, params: dict[str, str] | None = None) -> Answer:
        return self._call("GET", url, params or {}, None)

    def post(self, url: str, params: dict[str, str], body: object) -> Answer:
        return self._call("POST", url, params, body)

    def close(self) -> None:
        self._session.close()

    # ------------------------------------------------------------------------------ one call

    def _call(self, method: str, url: str, params: dict[str, str], body: object) -> Answer:
        waits = {kind: iter(seconds) for kind, seconds in WAITS.items()}
        while True:
            try:
                return self._try(method, url, params, body)
            except _Again as failure:
                self._wait_or_fail(failure, waits[failure.kind])

    def _wait_or_fail(self, failure: _Again, waits: Iterator[float]) -> None:
        wait = next(waits, None)
        if wait is None:
            raise CallFailed(
                failure.found,
                REMEDIES[failure.kind],
                offline=failure.kind == "broken",
                everywhere=failure.kind in ("too_many", "unavailable"),
            ) from failure
        wait = min(wait if failure.wait is None else failure.wait, LONGEST_WAIT_S)
        if wait >= WAIT_AFTER_429_S / 2:
            self.tell(f"{failure.found} Venter {wait:.0f} sekunder.")
        self.clock.sleep(wait)

    def _try(self, method: str, url: str, params: dict[str, str], body: object) -> Answer:
        self._keep_pace()
        try:
            # not followed: a POST that is redirected becomes a GET, and asks for something else
            response = self._session.request(
                method,
                url,
                params=params,
                data=None if body is None else orjson.dumps(body),
                headers={"Accept": "application/json", "Content-Type": "application/json"},
                timeout=self.timeouts,
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = self._whole(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # a wait in the middle of a body comes as a ConnectionError with the timeout inside
            if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError) or "timed out" in str(error):
                raise _Again("broken", "Svaret kom ikke fram i tide.") from error
            raise _Again("broken", f"Forbindelsen ble brutt ({type(error).__name__}).") from error
        self._obey(response.headers)
        return self._judged(response, content)

    def _whole(self, response: requests.Response) -> bytes:
        """All of the answer, within the time and the size that one can have: a byte now and then is no answer."""
        content, until = bytearray(), time.monotonic() + self.longest_s
        while piece := response.raw.read1(PIECE, decode_content=True):
            content += piece
            if time.monotonic() > until:
                found = f"Svaret fra {_place(response.url)} var ikke kommet etter {self.longest_s:.0f} sekunder."
                raise CallFailed(found, REMEDIES["broken"], offline=True)
            if len(content) > self.largest:
                found = (
                    f"Svaret fra {_place(response.url)} er over {self.largest // 1_000_000} MB, og ble ikke tatt imot."
                )
                raise CallFailed(found, REMEDIES["error"])
        return bytes(content)

    def _judged(self, response: requests.Response, content: bytes) -> Answer:
        status = response.status_code
        if status == 429:
            wait = _retry_after(response.headers.get("Retry-After"), self.clock.now())
            raise _Again("too_many", "SSB tar ikke imot flere kall akkurat nå (429).", wait)
        if status in UNAVAILABLE:
            wait = _retry_after(response.headers.get("Retry-After"), self.clock.now())
            raise _Again("unavailable", f"SSB er utilgjengelig ({status}).", wait)
        if status >= 500:
            raise _Again("error", f"SSB svarte med feil {status}.")
        if 300 <= status < 400:
            raise CallFailed(
                f"Adressen {_place(response.url)} er flyttet ({status}).", "sjekk adressen i KUNNSKAP_STATBANK_URL."
            )
        answer = Answer(status, content, _json(content))
        if status == 200 and answer.json is None:
            raise _Again("broken", f"Svaret fra {_place(response.url)} er ikke hel JSON ({_kind(content)}).")
        return answer

    # -------------------------------------------------------------------------------- pacing

    def _keep_pace(self) -> None:
        """Even steps, the first one too: a new start right after an old one keeps the pace as well."""
        step = 60 / self.calls_per_minute * 1.01 if self.calls_per_minute else 0.0
        now = self.clock.monotonic()
        not_before = now + step if self._not_before is None else self._not_before
        if not_before > now:
            self.clock.sleep(not_before - now)
        self._not_before = max(not_before, self.clock.monotonic()) + step
        self.calls += 1

    def _obey(self, headers: Any) -> None:
        """Nothing left of the server's own allowance: wait until its window has passed."""
        if headers.get("x-ratelimit-remaining", "").strip() != "0":
            return
        window = _window(headers.get("x-ratelimit-policy", ""))
        self._not_before = max(self._not_before or 0.0, self.clock.monotonic() + window)


def _window(policy: str) -> float:
    """`40;w=60s` → 60 seconds; what cannot be read counts as a minute."""
    for part in policy.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "w" and value.rstrip("s").isdigit():
            return min(float(value.rstrip("s")), LONGEST_WAIT_S)
    return WAIT_AFTER_429_S


def _retry_after(text: str | None, now: datetime) -> float | None:
    """Seconds, or a date as HTTP writes it; None if there is none that can be read."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max((email.utils.parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None


def without_password(url: str) -> str:
    """The address without who asks: a user name and a password are nobody else's."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _place(url: str) -> str:
    return without_password(url).partition("?")[0]


def _kind(content: bytes) -> str:
    start = content[:200].lstrip().lower()
    if start.startswith(b"<?xml"):
        return "XML"
    return "en nettside" if start.startswith((b"<!doctype", b"<html")) else f"{len(content)} byte"
