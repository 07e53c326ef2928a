"""A small harmonisation to give rows to: every table the marts read, empty but for the definitions and the members."""

from functools import cache
from itertools import count

from pipeline import model
from pipeline.compute import forms
from pipeline.model import Definitions
from pipeline.model.harmonisation import SCENARIOS
from pipeline.project import Project
from tests.conftest import Sql
from tests.land import give_merge_year

MEMBERS = (("0602", "Drammen"), ("0625", "Nedre Eiker"), ("0711", "Svelvik"))
INDICATOR = (
    "merger indicator region region_name role year:i value:d unit numerator:d denominator:d status reason source"
)
LINES = count(2)  # of a form's file


@cache
def definitions() -> Definitions:
    return model.load(Project())


def columns(form: str) -> str:
    """The columns a form is read into, as `Sql.given` takes them."""
    return " ".join(["row:i", *definitions().sources[form].columns])


def form_row(form: str, **filled: object) -> tuple[str, ...]:
    """A row of a form as it is after reading: text, numbers with a decimal point, and the line it stood on."""
    source = definitions().sources[form]
    assert set(filled) <= set(source.columns), filled
    return str(next(LINES)), *(str(filled.get(name, "")) for name in source.columns)


def empty(members: tuple[tuple[str, str], ...] = MEMBERS) -> Sql:
    base = Sql()
    statuses = ("ok", "not_applicable", "not_available", "not_in_set", "suppressed", "not_valid", "component_missing")
    labels = ("ok", "ikke aktuelt", "mangler", "ikke hentet", "skjermet", "ugyldig år", "mangler for en kommune")
    base.given("def_status", "id rank:i label", *zip(statuses, range(7), labels, strict=True))
    base.given("def_merger", "merger", ("nye-drammen",))
    give_merge_year(base)
    regions = [(code, name, "member", at) for at, (code, name) in enumerate(members)]
    base.given(
        "def_region", "region region_name role ord:i", *regions, ("nye-drammen", "Nye Drammen", "merged", len(members))
    )
    base.given("def_area_part", "area subproject", ("sfo", "AP2.1"), ("barnehage", "AP2.2"), ("var", "AP2.7"))
    base.given("def_scenario", "scenario ord:i", *[(name, at) for at, name in enumerate(SCENARIOS)])
    base.given("def_assumed", "elasticity:d few:i", (0.0, 5))
    base.given("def_phase", "step:i share_pct:d", (1, 50.0), (2, 100.0))
    base.given("indicator", INDICATOR)
    base.given(
        "need",
        "merger indicator region role year:i need_key weights_year:i inhabitants:d need_index:d "
        "adjusted_per_inhabitant:d need_index_rest_held:d adjusted_rest_held:d status reason",
    )
    base.given(
        "def_fee",
        "fee ord:i service title unit paid_unit months:d per_hour:b self_cost:b indicator payer",
        (
            "sfo.hel_plass",
            0,
            "sfo",
            "SFO, hel plass",
            "kr per måned",
            "",
            11.0,
            False,
            False,
            "sfo.pris",
            "SFO-plasser",
        ),
        ("var.vann", 1, "var", "Vann", "kr per år", "", 1.0, False, True, "", "husholdninger"),
        ("sfo.time", 2, "sfo", "SFO, time", "kr per time", "kr per måned", 12.0, True, False, "", "brukere"),
    )
    base.given("def_state_price", "item told since:i")
    base.given("def_coverage", "item ord:i service title units_word cost not_kroner caution")
    base.given("def_spending", "item ord:i service title need_adjusted:b")
    base.given("def_household", "household ord:i title subproject line:i what item quantity:d times:d")
    for source in definitions().forms:
        base.given(forms.raw_table(source), columns(source.id))
    for name, query in forms.typed_tables(definitions()):
        base.connection.execute(f"create view {name} as {query}")  # so that it shows what is given later
    known = [(source.id, at, source.title, "x", source.as_form.object) for at, source in enumerate(definitions().forms)]
    base.given("def_form", "register ord:i title adds object", *known)
    return base


def fee(region: str, price: object, users: object, fee_id: str = "sfo.hel_plass", **more: str) -> tuple[str, ...]:
    row = {"avgift": fee_id, "tjeneste": fee_id.split(".")[0], "kommune": region, "år": "2018", "måneder": "11"}
    row |= {"verdi": str(price), "brukere": str(users), "selvkost": "nei", "kilde": "prisliste"} | more
    return form_row("brukerbetalinger", **row)


def standard(region: str, units: object, target: object, cost: str = "") -> tuple[str, ...]:
    row = {"tjeneste": "barnehage", "standard": "Åpen barnehage", "enhet": "plasser", "kommune": region, "år": "2018"}
    row |= {"verdi": str(units), "målgruppe": str(target), "enhetskostnad": cost, "kilde": "plan"}
    return form_row("dekning", **row)


def assumption(kind: str, about: str, value: object) -> tuple[str, ...]:
    return form_row("forutsetninger", hva=kind, gjelder=about, verdi=value, kilde="vedtak", dato="2019-01-01")
