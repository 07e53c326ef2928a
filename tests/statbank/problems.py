"""Answers that are errors, as exceptions."""

from typing import Any

PARAMETER = "Parameter error"


class Problem(Exception):
    """An error answer. `body` None is an empty body; `said` is the status the body claims where it is another."""

    def __init__(self, status: int, title: str | None, said: int | None = None, detail: str | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.body: dict[str, Any] | None = None
        if title is not None:
            self.body = {"type": PARAMETER, "title": title, "status": said or status}
            if detail:
                self.body["detail"] = detail


class Malformed(Problem):
    """The second error shape: what the framework says about a body or a parameter it cannot read."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(400, None)
        self.body = {
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "errors": {where: [message]},
            "traceId": "00-00000000000000000000000000000000-0000000000000000-00",
        }
