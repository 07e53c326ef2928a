"""Checks across tables: accounting identities, population sums, and the register of known deviations.

A check is a SQL file that returns `item`, `ok` and `found` for everything it could look at, and, where a small
difference is of another kind than a large one, `size` (a share of the figure) and `persons_off` (people). A check that
knows which figures cannot all be right names them (`source`, `contents`, `indicator`, `region`, `year`): they are set
aside. What is not ok may stand in definitions/deviations.toml or in the merger's own file, by name or within a
tolerance for its check.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.errors import KunnskapError, Problem
from pipeline.model import Definitions, Deviation
from pipeline.validate.aside import Aside

SQL = Path(__file__).parent / "sql"
REGISTER = "pipeline/definitions/deviations.toml"
TOUCHED = ("source", "contents", "indicator", "region", "year")  # columns of a check that say what a fault costs


@dataclass(frozen=True)
class Outcome:
    """What a check found about one item. `found` is empty where all is well.

    `touched` is what cannot be used if it is not: none where it is no table's fault.
    """

    check: str
    item: str
    ok: bool
    found: str
    size: float | None = None
    persons_off: float | None = None
    touched: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What the checks came to: the known deviations as rows, what is set aside, and what is told, a line each.

    `rows`: check, item, found, result (`occurs`, `small`, `set_aside`, `gone`, `not_testable`), reason.
    """

    rows: pd.DataFrame
    aside: list[Aside]
    told: list[str]


def run_checks(connection: duckdb.DuckDBPyConnection, stage: str, names: Sequence[str] = ()) -> list[Outcome]:
    """Every check in `sql/<stage>/`, or those named, each item it could look at.

    Rows of one item are one outcome that touches more than one thing.
    """
    outcomes = []
    for path in sorted((SQL / stage).glob("*.sql")):
        if names and path.stem not in names:
            continue
        result = connection.execute(path.read_text(encoding="utf-8"))
        columns = [column[0] for column in result.description or []]
        items: dict[str, list[dict[str, Any]]] = {}
        for values in result.fetchall():
            row = dict(zip(columns, values, strict=True))
            items.setdefault(row["item"], []).append(row)
        outcomes += [_outcome(path.stem, item, rows) for item, rows in items.items()]
    return outcomes


def _outcome(check: str, item: str, rows: list[dict[str, Any]]) -> Outcome:
    first = next((row for row in rows if not row["ok"]), rows[0])
    ok = bool(first["ok"])
    found = "" if ok else str(first["found"])
    touched = {
        Aside(**{name: row[name] for name in TOUCHED if row.get(name) is not None}, reason=f"{found}.")
        for row in rows
        if not ok and any(row.get(name) for name in TOUCHED)
    }
    return Outcome(
        check, item, ok, found, first.get("size"), first.get("persons_off"), tuple(sorted(touched, key=repr))
    )


def judge(
    outcomes: list[Outcome], definitions: Definitions, own: Sequence[Deviation] = (), strict: bool = False
) -> Judged:
    """What the checks found against the register of known deviations. `own`: those of the merger's file.

    A disagreement that is not known is set aside with what it touches; one that touches nothing in particular stops
    the run. A known one that is gone is told. `strict`: both stop it.
    """
    register, tolerances = [*definitions.deviations, *own], {t.check: t for t in definitions.tolerances}
    seen = {(outcome.check, outcome.item): outcome for outcome in outcomes}
    known = {(deviation.check, deviation.item) for deviation in register}
    problems: list[Problem] = []
    aside: list[Aside] = []
    told: list[str] = []
    rows: list[tuple[str, str, str | None, str, str]] = []
    for key, o in seen.items():
        if o.ok or key in known:
            continue
        tolerance = tolerances.get(o.check)
        if tolerance is not None and tolerance.covers(o.size, o.persons_off):
            rows.append((o.check, o.item, o.found, "small", tolerance.reason))
        elif o.touched and not strict:
            aside += o.touched
            rows.append((o.check, o.item, o.found, "set_aside", "Tallene det gjelder, er satt til side."))
        else:
            problems.append(_unknown(o))
    for deviation in register:
        outcome = seen.get((deviation.check, deviation.item))
        gone = outcome is not None and outcome.ok
        if gone and strict:
            problems.append(_gone(deviation))
        elif gone:
            told.append(f"Det kjente avviket {deviation.check} «{deviation.item}» forekommer ikke lenger.")
        found = outcome.found or None if outcome else None
        result = "not_testable" if outcome is None else "gone" if gone else "occurs"
        rows.append((deviation.check, deviation.item, found, result, deviation.reason))
    if problems:
        raise KunnskapError("Tallene stemmer ikke med hverandre:", problems)
    frame = pd.DataFrame(rows, columns=["check", "item", "found", "result", "reason"]).astype(object)
    return Judged(frame, aside, told)


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
