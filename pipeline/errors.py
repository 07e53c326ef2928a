"""Errors a person can act on: file, row, column, what was found, what is allowed, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in Norwegian. Every field but `found` may be empty."""

    found: str
    file: str = ""
    row: int | None = None
    column: str = ""
    allowed: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        where = ", ".join(
            part
            for part in (
                self.file,
                f"rad {self.row}" if self.row is not None else "",
                f"kolonne {self.column}" if self.column else "",
            )
            if part
        )
        text = f"{where}: {self.found}" if where else self.found
        if self.allowed:
            text += f" Tillatt: {self.allowed}."
        if self.remedy:
            text += f" Gjør slik: {self.remedy}"
        return text


class KunnskapError(Exception):
    """Stops the run. `problems` lists what is wrong; nothing finished before it is touched."""

    def __init__(self, heading: str, problems: list[Problem] | None = None) -> None:
        self.heading = heading
        self.problems = problems or []
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type["KunnskapError"], tuple[str, list[Problem]]]:
        return type(self), (self.heading, self.problems)  # so that it survives the way between processes

    def __str__(self) -> str:
        shown = [f"  – {problem}" for problem in self.problems[:20]]
        hidden = len(self.problems) - len(shown)
        if hidden > 0:
            shown.append(f"  – … og {hidden} til.")
        return "\n".join([self.heading, *shown])
