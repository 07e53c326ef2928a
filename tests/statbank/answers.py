"""What goes back over the wire, good or bad."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.statbank.problems import Problem

JSON = "application/json"
HTML = "text/html"
PAGE_404 = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\r\n'
    '<html xmlns="http://www.w3.org/1999/xhtml">\r\n<head>\r\n<title>404 - File or directory not found.</title>\r\n'
    "</head>\r\n<body><h1>Server Error</h1></body>\r\n</html>\r\n"
)
PAGE_200 = "<!DOCTYPE html><html><head><title>Vedlikehold</title></head><body>Straks tilbake.</body></html>"


@dataclass(slots=True)
class Answer:
    """`delivery` says how the bytes are sent: well, or in one of the ways of `DELIVERIES`."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    delivery: str = "whole"
    seconds: float = 0.0


DELIVERIES = ("whole", "truncated_body", "slow_body", "slow_headers", "closed_connection")


def json(body: Any, status: int = 200, content_type: str = JSON) -> Answer:
    return Answer(status, orjson.dumps(body), content_type)


def problem(found: Problem) -> Answer:
    return Answer(found.status) if found.body is None else json(found.body, found.status)


def page(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), HTML)
