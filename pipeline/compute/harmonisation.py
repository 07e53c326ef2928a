"""What harmonisation is about, as plain tables that the SQL files join with (`def_*`)."""

import pandas as pd

from pipeline.model import Definitions, Merger
from pipeline.model.harmonisation import SCENARIOS

Tables = dict[str, pd.DataFrame]
FEE = (
    "fee", "ord", "service", "title", "unit", "paid_unit", "months", "per_hour", "self_cost", "indicator", "payer",
)  # fmt: skip


def harmonisation_tables(definitions: Definitions, merger: Merger) -> Tables:
    """Fees, coverage, spending, households, assumptions and forms, with the sub-project each area belongs to."""
    rows = definitions.harmonisation
    return {
        "def_area_part": _area_parts(definitions, merger),
        "def_fee": pd.DataFrame(
            [
                (
                    f.id,
                    at,
                    f.service,
                    f.title,
                    f.unit,
                    f.paid_unit,
                    f.months,
                    f.per_hour,
                    f.self_cost,
                    f.indicator,
                    f.payer,
                )
                for at, f in enumerate(rows.fees.values())
            ],
            columns=list(FEE),
        ),
        "def_state_price": pd.DataFrame(
            [(item, f.set_told, f.set_year) for f in rows.fees.values() for item in f.state_kinds],
            columns=["item", "told", "since"],
        ),
        "def_coverage": _coverage(definitions),
        "def_spending": _spending(definitions),
        "def_household": _households(definitions),
        "def_scenario": pd.DataFrame([(name, at) for at, name in enumerate(SCENARIOS)], columns=["scenario", "ord"]),
        "def_assumed": pd.DataFrame({"elasticity": [rows.assumptions.elasticity], "few": [rows.assumptions.few]}),
        "def_phase": pd.DataFrame(list(enumerate(rows.assumptions.phase_in_pct, 1)), columns=["step", "share_pct"]),
        "def_form": pd.DataFrame(
            [(s.id, at, s.title, s.as_form.adds, s.as_form.object) for at, s in enumerate(definitions.forms)],
            columns=["register", "ord", "title", "adds", "object"],
        ),
    }


def _area_parts(definitions: Definitions, merger: Merger) -> pd.DataFrame:
    """The sub-project of every service, and of a group of services the first one that shows it or one of them."""
    parts = definitions.parts(merger)
    rows = [(service, part.id) for part in parts for service in part.services]
    homes = dict(rows)
    for group in definitions.service_groups.values():
        shown = [part.id for part in parts if group.id in part.also_show]
        rows.append((group.id, (shown or [homes[service] for service in group.services])[0]))
    return pd.DataFrame(rows, columns=["area", "subproject"])


def _coverage(definitions: Definitions) -> pd.DataFrame:
    rows = []
    for at, item in enumerate(definitions.harmonisation.coverage):
        indicator = definitions.indicators[item.indicator]
        reasons = (item.not_kroner or None, indicator.caution or None)
        rows.append((item.indicator, at, indicator.area, indicator.title, item.units, item.cost, *reasons))
    columns = ["item", "ord", "service", "title", "units_word", "cost", "not_kroner", "caution"]
    return pd.DataFrame(rows, columns=columns).astype({"not_kroner": "object", "caution": "object"})


def _spending(definitions: Definitions) -> pd.DataFrame:
    rows = []
    for at, item in enumerate(definitions.harmonisation.spending):
        for number, name in enumerate([*item.indicators, *([item.need] if item.need else [])]):
            title = definitions.indicators[name].title
            rows.append((name, 10 * at + number, item.area, title, number == len(item.indicators)))
    return pd.DataFrame(rows, columns=["item", "ord", "service", "title", "need_adjusted"])


def _households(definitions: Definitions) -> pd.DataFrame:
    rows = []
    for at, household in enumerate(definitions.harmonisation.households.values()):
        for number, line in enumerate(household.line, 1):
            known = (household.id, at, household.title, household.part, number, line.what, line.item)
            rows.append((*known, line.quantity, line.months))
    columns = ["household", "ord", "title", "subproject", "line", "what", "item", "quantity", "times"]
    return pd.DataFrame(rows, columns=columns).astype({"times": "float64"})
