"""Checks across tables: accounting identities, population sums, and the register of known deviations.

A check is a SQL file that returns `item`, `ok` and `found` for everything it could look at. What is
not ok must stand in definitions/deviations.toml; what stands there and is ok again must go.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Deviation

SQL = Path(__file__).parent / "sql"
REGISTER = "pipeline/definitions/deviations.toml"


@dataclass(frozen=True)
class Outcome:
    """What a check found about one item. `found` is empty where all is well."""

    check: str
    item: str
    ok: bool
    found: str


def run_checks(connection: duckdb.DuckDBPyConnection, stage: str) -> list[Outcome]:
    """Every check in `sql/<stage>/`, each item it could look at."""
    outcomes = []
    for path in sorted((SQL / stage).glob("*.sql")):
        rows = connection.execute(path.read_text(encoding="utf-8")).fetchall()
        outcomes += [Outcome(path.stem, item, bool(ok), "" if ok else found) for item, ok, found in rows]
    return outcomes


def judge(outcomes: list[Outcome], register: list[Deviation]) -> pd.DataFrame:
    """The known deviations with what was found; raises on unknown ones and on ones that are gone.

    Returns the columns check, item, found, result (`occurs`, `not_testable`), reason.
    """
    seen = {(outcome.check, outcome.item): outcome for outcome in outcomes}
    known = {(deviation.check, deviation.item) for deviation in register}
    problems = [_unknown(o) for key, o in seen.items() if not o.ok and key not in known]
    rows = []
    for deviation in register:
        outcome = seen.get((deviation.check, deviation.item))
        if outcome is not None and outcome.ok:
            problems.append(_gone(deviation))
        found = outcome.found if outcome else None
        result = "occurs" if outcome else "not_testable"
        rows.append((deviation.check, deviation.item, found, result, deviation.reason))
    if problems:
        raise KunnskapError("Tallene stemmer ikke med hverandre:", problems)
    return pd.DataFrame(rows, columns=["check", "item", "found", "result", "reason"]).astype(object)


def check_names() -> set[str]:
    return {path.stem for path in SQL.glob("*/*.sql")}


def check_register(definitions: Definitions) -> None:
    """A deviation that names a check that does not exist would never be looked at."""
    problems = [
        Problem(file=REGISTER, found=f"kontrollen «{d.check}» finnes ikke.", allowed=", ".join(sorted(check_names())))
        for d in definitions.deviations
        if d.check not in check_names()
    ]
    if problems:
        raise KunnskapError("Registeret over kjente avvik viser til ukjente kontroller:", problems)


def _unknown(outcome: Outcome) -> Problem:
    return Problem(
        file=f"kontroll {outcome.check}",
        found=f"{outcome.item}: {outcome.found}.",
        remedy=f"finn ut hvorfor; er avviket kjent og forklart, før det inn i {REGISTER} med grunn.",
    )


def _gone(deviation: Deviation) -> Problem:
    return Problem(
        file=REGISTER,
        found=f"avviket {deviation.check} «{deviation.item}» forekommer ikke lenger.",
        remedy="fjern det fra registeret.",
    )
