"""The filled-in forms against their field dictionary, the merger's municipalities, and each other.

Every fault is told with file, row, column, what was found, what is allowed and what to do; one of them, and nothing is
computed.
"""

from collections.abc import Iterable

import pandas as pd
import pandera.pandas as pa

from pipeline.errors import Problem
from pipeline.model import Definitions, Merger, Source
from pipeline.model.harmonisation import item_id
from pipeline.validate import schema

REMEDY = "rett raden, eller skriv en ny, tom fil med `kunnskap new`."
Frames = dict[str, pd.DataFrame]


def check_form(definitions: Definitions, merger: Merger, source: Source, frame: pd.DataFrame) -> list[Problem]:
    """Faults of one form."""
    known = _known(definitions, merger)
    columns = {
        name: schema.text_column(
            definitions.fields[source.fields[name]],
            point="komma",
            more=[_one_of(known[source.fields[name]])] if source.fields[name] in known else [],
        )
        for name in source.columns
    }
    problems = schema.check_frame(frame, pa.DataFrameSchema(columns, unique=source.key))
    unlike = _unlike(definitions, source, frame) if source == definitions.form("fee") else []
    return [_with_remedy(problem) for problem in problems] + unlike


def unknown_items(definitions: Definitions, frames: Frames) -> list[Problem]:
    """Assumptions about something that no form and no definition has: they would do nothing, and nobody would know."""
    source = definitions.form("assumption")
    frame = frames.get(source.id)
    if frame is None:
        return []
    of = source.as_form.named
    items = known_items(definitions, frames)
    steps = {str(step) for step in range(1, MOST_YEARS + 1)}
    allowed = {
        "mål": items,
        "enhetskostnad": items,
        "elastisitet": {"alle", *definitions.harmonisation.fees},
        "innfasing": steps,
    }
    problems = [
        Problem(
            file=str(row["file"]),
            row=int(row["row"]),
            column=of["about"],
            found=f"«{row[of['about']]}» er ikke noe «{row[of['kind']]}» kan gjelde.",
            allowed="år 1 til 20"
            if row[of["kind"]] == "innfasing"
            else "en id som står i økonomi.xlsx eller i den tomme filen",
            remedy=REMEDY,
        )
        for _, row in frame.iterrows()
        if row[of["kind"]] in allowed and row[of["about"]] not in allowed[row[of["kind"]]]
    ]
    return problems + _phases(source, frame[frame[of["kind"]] == "innfasing"])


MOST_YEARS = 20


def known_items(definitions: Definitions, frames: Frames) -> set[str]:
    """Every item that can be moved: fees, coverage, spending, and what the forms' rows are about; not what the state
    sets the price of, nor coverage with a caution."""
    rows = definitions.harmonisation
    items = {*rows.fees, *(c.indicator for c in rows.coverage), *(i for s in rows.spending for i in s.indicators)}
    for source in definitions.forms:
        columns, frame = source.as_form.item, frames.get(source.id)
        if columns and frame is not None:
            items |= {item_id(*row) for row in frame[columns].itertuples(index=False)}
    return {item for item in items if definitions.is_moved(item)}


def _phases(source: Source, frame: pd.DataFrame) -> list[Problem]:
    """Shares that have come after year 1, 2, 3 …: every year once, never falling, all of it in the end."""
    if frame.empty:
        return []
    about, value = source.as_form.named["about"], source.as_form.named["value"]
    step = pd.to_numeric(frame[about], errors="coerce")
    share = pd.to_numeric(frame[value], errors="coerce")[step.sort_values().index]
    good = sorted(step) == list(range(1, len(step) + 1)) and share.is_monotonic_increasing
    if good and share.iloc[0] >= 0 and share.iloc[-1] == 100:
        return []
    first = frame.iloc[0]
    return [
        Problem(
            file=str(first["file"]),
            row=int(first["row"]),
            column=value,
            found=f"innfasingen er {', '.join(frame[value])}.",
            allowed="prosent for år 1, 2, 3 og videre, som aldri synker og ender på 100",
            remedy=REMEDY,
        )
    ]


def _known(definitions: Definitions, merger: Merger) -> dict[str, Iterable[str]]:
    """Dictionary entries whose words are those of the definitions."""
    return {
        "form_fee": definitions.harmonisation.fees,
        "form_service": [*definitions.services, *definitions.service_groups],
        "form_region": [member.code for member in merger.member],
    }


def _one_of(words: Iterable[str]) -> pa.Check:
    listed = list(words)
    return schema.rule(lambda s: s.isin(listed), ", ".join(listed), REMEDY)


def _unlike(definitions: Definitions, source: Source, frame: pd.DataFrame) -> list[Problem]:
    """Rows of the fee form that do not go with their fee, or with the other municipalities' rows of it."""
    fees, of = definitions.harmonisation.fees, source.as_form.named
    problems: list[Problem] = []
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for row in frame.to_dict("records"):
        name, self_cost = row[of["fee"]], row[of["self_cost"]]
        fee = fees.get(name)
        wanted = {of["service"]: fee.service, of["unit"]: fee.unit} if fee else {}
        faults = [(column, f"«{word}» for {name}") for column, word in wanted.items() if row[column] != word]
        said, line = first.setdefault((name, row[of["year"]]), (self_cost, row["row"]))
        if self_cost != said and {said, self_cost} == {"ja", "nei"}:
            alike = f"samme selvkost (ja eller nei) for alle kommunene i en avgift; rad {line} har «{said}»"
            faults.append((of["self_cost"], alike))
        problems += [
            Problem(
                file=row["file"],
                row=row["row"],
                column=column,
                found=f"fant «{row[column]}».",
                allowed=allowed,
                remedy=REMEDY,
            )
            for column, allowed in faults
        ]
    return problems


def _with_remedy(problem: Problem) -> Problem:
    return problem if problem.remedy else Problem(**{**vars(problem), "remedy": REMEDY})
