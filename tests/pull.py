"""A connection to the test server whose clock is the test's own: waiting takes no time."""

from datetime import UTC, datetime, timedelta

from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from tests.statbank import Server


class Clock:
    """Midday in November; sleeping takes no time, and is remembered."""

    def __init__(self, start: str = "2026-11-24T12:00:00") -> None:
        self.start, self.passed, self.slept = datetime.fromisoformat(start).replace(tzinfo=UTC), 0.0, []

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds


def connection(server: Server, clock: Clock | None = None, pace: float = 0, patience: float = 60) -> Connection:
    """`patience` in real seconds: only what tries a server that never answers runs out of it."""
    client = Client(calls_per_minute=pace, clock=clock or Clock(), timeouts=(patience, patience))
    return Connection(client, server.statbank_url, server.klass_url)
