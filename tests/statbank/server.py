"""The HTTP server: addresses, calls, and the faults that were asked for."""

import contextlib
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.statbank import answers, catalogue, faults, klass, service
from tests.statbank.answers import Answer
from tests.statbank.catalogue import Table
from tests.statbank.embedded import Change
from tests.statbank.faults import Fault
from tests.statbank.problems import Problem

STATBANK, KLASS = "/api/pxwebapi/v2", "/api/klass/v1"
LONGEST_URL = 2100
WINDOW = 60.0
POLL = 0.02


@dataclass(slots=True)
class Call:
    """One call as it arrived. `status` is 0 until answered, and stays 0 where no answer was given."""

    time: float
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    status: int = 0


@dataclass(slots=True)
class Request:
    """A call on its way through the server."""

    call: Call
    kind: str  # config, tables, table, metadata, defaultselection, data, codelist, klass…
    parts: list[str]
    pairs: list[tuple[str, str]]
    url: str
    accept: str
    table: str | None = None
    struck: list[Fault] = field(default_factory=list)


class Server:
    """SSB's Statbank and KLASS on 127.0.0.1, in good times and bad."""

    def __init__(self, port: int = 0, rate_limit: int | None = None) -> None:
        self.tables: dict[str, Table] = catalogue.load()
        self.klass_changes: list[Change] = klass.all_changes()
        self.rate_limit = rate_limit
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._calls: list[Call] = []
        self._faults: list[Fault] = []
        self._window: deque[float] = deque()
        self._http = _Http(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL,), daemon=True)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.end_connections()
        self._http.server_close()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def statbank_url(self) -> str:
        return self.root + STATBANK

    @property
    def klass_url(self) -> str:
        return self.root + KLASS

    @property
    def calls(self) -> list[Call]:
        with self.lock:
            return list(self._calls)

    def reset(self) -> None:
        with self.lock:
            self._calls.clear()
            self._faults.clear()
            self._window.clear()
            self.tables = catalogue.load()
            self.klass_changes = klass.all_changes()

    def misbehave(
        self, name: str, table: str | None = None, times: int | None = 1, after: int = 0, **options: Any
    ) -> None:
        """Ask for a fault. `after` calls are answered well first; changes of the catalogue last until reset()."""
        with self.lock:
            fault = faults.make(name, table, times, after, options, list(self.tables))
            if fault.kind.strikes == "state" and after == 0:
                faults.change(fault, self.tables)
                return
            if fault.kind.strikes == "state":
                faults.change(fault, {name: known.copy() for name, known in self.tables.items()})  # does it fit?
            self._faults.append(fault)

    def arrived(self, call: Call) -> None:
        with self.lock:
            self._calls.append(call)

    def answer(self, request: Request) -> Answer:
        """The whole answer to a call, faults included. One call is worked out at a time."""
        with self.lock:
            limited = self._rate(request)
            if limited is not None and limited.status == 429:
                return limited
            request.struck = self._strike(request)
            made = self._made(request)
            self._change_after(request)
            if limited is not None:
                made.headers.update(limited.headers)
            return made

    def _rate(self, request: Request) -> Answer | None:
        """Count a Statbank call in the window; the answer carries the headers and, when full, is the empty 429."""
        if self.rate_limit is None or request.kind.startswith("klass"):
            return None
        now = time.monotonic()
        while self._window and now - self._window[0] >= WINDOW:
            self._window.popleft()
        full = len(self._window) >= self.rate_limit
        if not full:
            self._window.append(now)
        headers = {
            "x-ratelimit-limit": str(self.rate_limit),
            "x-ratelimit-policy": f"{self.rate_limit};w={WINDOW:.0f}s",
            "x-ratelimit-remaining": str(self.rate_limit - len(self._window)),
            "x-ratelimit-resource": "SB_API_1MIN",
        }
        return Answer(429 if full else 200, headers=headers)

    def _strike(self, request: Request) -> list[Fault]:
        """Faults that strike this call. A limit counts as having struck only when it was exceeded."""
        struck = []
        for fault in self._faults:
            if fault.kind.strikes == "state" or not _concerns(fault, request):
                continue
            fault.seen += 1
            if fault.ready():
                fault.fired += fault.kind.strikes != "limit"
                struck.append(fault)
        return struck

    def _change_after(self, request: Request) -> None:
        """Changes of the catalogue that wait for a number of data calls."""
        for fault in self._faults:
            if fault.kind.strikes == "state" and _concerns(fault, request):
                fault.seen += 1
                if fault.seen == fault.after:
                    faults.change(fault, self.tables)

    def _made(self, request: Request) -> Answer:
        for fault in request.struck:
            if fault.kind.strikes == "answer":
                return cast(Answer, fault.kind.work(**fault.options))
        if request.kind.startswith("klass"):
            return service.klass_answer(request.parts, request.call, request.accept, self.klass_changes, request.struck)
        return _delivered(self._statbank(request), request.struck)

    def _statbank(self, request: Request) -> Answer:
        if request.call.method == "GET" and len(request.url) > LONGEST_URL:
            return answers.page(404, answers.PAGE_404)
        desk = service.Statbank(self.tables, self.statbank_url, request.struck)
        try:
            return desk.answer(request.kind, request.parts, request.pairs, request.call)
        except Problem as found:
            return answers.problem(found)


def _concerns(fault: Fault, request: Request) -> bool:
    if request.kind.startswith("klass") and fault.on.startswith("klass"):
        return fault.on in ("klass", request.kind)
    return fault.matches(request.kind, request.table)


def _delivered(answer: Answer, struck: list[Fault]) -> Answer:
    for fault in struck:
        if fault.kind.strikes == "delivery":
            answer.delivery = {"metadata_slow": "slow_headers"}.get(fault.name, fault.name)
            answer.seconds = float(fault.options.get("seconds", 0.0))
            if fault.name == "truncated_json":
                answer.delivery, answer.body = "whole", answer.body[: len(answer.body) // 2]
    return answer


def kind_of(path: str) -> tuple[str, list[str]]:
    """What a path is about, and its parts below the base address."""
    if path.startswith(KLASS):
        parts = [unquote(part) for part in path.removeprefix(KLASS).split("/") if part]
        last = parts[-1].partition(".")[0] if parts else ""
        kinds = {"changes": "klass_changes", "correspondsAt": "klass_correspondence"}
        return {**kinds, "corresponds": "klass_correspondence"}.get(last, "klass_other"), parts
    parts = [unquote(part) for part in path.removeprefix(STATBANK).split("/") if part]
    if not path.startswith(STATBANK) or not parts:
        return "unknown", parts
    if parts[0] == "tables" and len(parts) <= 3:
        return ("tables", "table", parts[-1])[len(parts) - 1], parts
    return {("config", 1): "config", ("codelists", 2): "codelist"}.get((parts[0], len(parts)), "unknown"), parts


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._open_lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Wake the threads that wait for another call on an open connection, so that every socket gets closed."""
        with self._open_lock:
            waiting = list(self._open.items())
        for connection, thread in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is a mistake in this server and must be seen."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the calls are kept in `Server.calls`."""

    def _serve(self, body: bytes) -> None:
        split = urlsplit(self.path)
        kind, parts = kind_of(split.path)
        pairs = parse_qsl(split.query, keep_blank_values=True)
        base = KLASS if split.path.startswith(KLASS) else STATBANK
        call = Call(time.monotonic(), self.command, split.path.removeprefix(base), dict(pairs), body)
        self.server.owner.arrived(call)
        table = parts[1] if kind in ("table", "metadata", "defaultselection", "data") else None
        url = f"http://{self.headers.get('Host', '')}{self.path}"
        request = Request(call, kind, parts, pairs, url, self.headers.get("Accept", ""), table)
        self._send(self.server.owner.answer(request), call)

    def _send(self, answer: Answer, call: Call) -> None:
        wait = self.server.owner.stopping.wait
        if answer.delivery == "closed_connection":
            self.close_connection = True
            return
        if answer.delivery == "slow_headers":
            wait(answer.seconds)
        call.status = answer.status
        self.send_response(answer.status)
        if answer.body:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, text in answer.headers.items():
            self.send_header(name, text)
        self.end_headers()
        half = len(answer.body) // 2
        if answer.delivery == "truncated_body":
            self.wfile.write(answer.body[:half])
            self.close_connection = True
        elif answer.delivery == "slow_body":
            self.wfile.write(answer.body[:half])
            wait(answer.seconds)
            self.wfile.write(answer.body[half:])
        else:
            self.wfile.write(answer.body)
