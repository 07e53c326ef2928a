"""Checks across tables: accounting identities, population sums, and the register of known deviations.

A check is a SQL file that returns `item`, `ok` and `found` for everything it could look at, and, where a small
difference is of another kind than a large one, `size` (a share of the figure) and `persons_off` (people). What is not
ok must stand in definitions/deviations.toml or in the merger's own file, by name or within a tolerance for its check;
what stands there by name and is ok again must go.
"""

from collections.abc import Sequence
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
    size: float | None = None
    persons_off: float | None = None


def run_checks(connection: duckdb.DuckDBPyConnection, stage: str) -> list[Outcome]:
    """Every check in `sql/<stage>/`, each item it could look at."""
    outcomes = []
    for path in sorted((SQL / stage).glob("*.sql")):
        rows = connection.execute(path.read_text(encoding="utf-8")).fetchall()
        outcomes += [Outcome(path.stem, item, bool(ok), "" if ok else found, *size) for item, ok, found, *size in rows]
    return outcomes


def judge(outcomes: list[Outcome], definitions: Definitions, own: Sequence[Deviation] = ()) -> pd.DataFrame:
    """The known deviations with what was found; raises on unknown ones and on ones that are gone. `own`: the merger's.

    Returns the columns check, item, found, result (`occurs`, `small`, `not_testable`), reason.
    """
    register, tolerances = [*definitions.deviations, *own], {t.check: t for t in definitions.tolerances}
    seen = {(outcome.check, outcome.item): outcome for outcome in outcomes}
    known = {(deviation.check, deviation.item) for deviation in register}
    problems: list[Problem] = []
    rows: list[tuple[str, str, str | None, str, str]] = []
    for key, o in seen.items():
        if o.ok or key in known:
            continue
        tolerance = tolerances.get(o.check)
        if tolerance is None or not tolerance.covers(o.size, o.persons_off):
            problems.append(_unknown(o))
        else:
            rows.append((o.check, o.item, o.found, "small", tolerance.reason))
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


def tolerate(connection: duckdb.DuckDBPyConnection, judged: pd.DataFrame) -> None:
    """What lies within a tolerance counts as known in the SQL that follows, as what is registered by name does."""
    small = judged.loc[judged["result"] == "small", ["check", "item", "reason"]]
    for check, item, reason in small.itertuples(index=False):
        known = 'from def_deviation where "check" = $1 and item = $2'
        connection.execute(
            f"insert into def_deviation select $1, $2, $3, false where not exists ({known})", [check, item, reason]
        )
        if check == "reconciliation":
            connection.execute(
                "update reconciliation set verdict = 'known_deviation' "
                "where indicator || ' ' || region || ' ' || year = ? and verdict = 'deviation'",
                [item],
            )


def check_names() -> set[str]:
    return {path.stem for path in SQL.glob("*/*.sql")}


def check_register(definitions: Definitions) -> None:
    """A deviation that names a check that does not exist would never be looked at."""
    named = [d.check for d in definitions.deviations] + [t.check for t in definitions.tolerances]
    problems = [
        Problem(file=REGISTER, found=f"kontrollen «{name}» finnes ikke.", allowed=", ".join(sorted(check_names())))
        for name in named
        if name not in check_names()
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
