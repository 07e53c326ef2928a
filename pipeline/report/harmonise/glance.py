"""The five objects and the spending level at a glance."""

from collections.abc import Callable

from pipeline.report.harmonise.common import filled, span_text
from pipeline.report.harmonise.data import Harmonised, Item
from pipeline.report.harmonise.findings import basis, in_doubt, service
from pipeline.report.harmonise.rules import NEED_LEFT_IN
from pipeline.report.paper.pages import Cell, Page


def glance(page: Page, view: Harmonised) -> str:
    """The five objects and the spending level in a row each: how far apart, in kroner or not, and what is missing."""
    rows: list[list[Cell]] = []
    for source in view.data.definitions.forms:
        form = source.as_form
        if form.object:
            empty = f"*{_empty(filled(view, source.id))}*"
            rows.append([form.short or source.title, *OBJECTS[form.object](view, empty)])
    rows.append(["Utgiftsnivå", *_spending(view)])
    return page.table(
        "h-korthet",
        "De fem tingene som skal harmoniseres, og utgiftsnivået",
        ["", "forskjellen i dag", "kan regnes i kroner?"],
        rows,
        text_columns=3,
        widths=[1.4, 4.2, 1.6],
    )


def _spending(view: Harmonised) -> list[Cell]:
    """The sub-project's own service first, and whether its kroner can be computed and what they then hold."""
    item = next((i for i, _ in view.spending() if view.span(i)), None)
    if item is None:
        return ["*ingen tall for alle kommunene*", "–"]
    counted = view.moved_kr(item) is not None
    told = f"ja, men {NEED_LEFT_IN}" if view.need_left_in(item) else "ja"
    return [
        f"{service(view, item)}: {span_text(view, item)} kr {basis(view, item)} ({item.year})",
        told if counted else "nei, folketallet mangler for en kommune",
    ]


def _fees(view: Harmonised, empty: str) -> list[Cell]:
    known = [i for i in view.fees() if view.span(i)]
    apart = [i for i in known if view.differs(i)]
    if not view.items("fee"):
        return [empty, "ja, når skjemaet er fylt ut"]
    return [
        f"{len(apart)} av {len(known)} satser som kommunene selv setter, er ulike"
        if len(known) > 1
        else f"satsen er {'ulik' if apart else 'lik'}",
        _fees_in_kroner(view, apart) if apart else "–",
    ]


def _fees_in_kroner(view: Harmonised, apart: list[Item]) -> str:
    if all(item.self_cost for item in apart):
        return "nei, flyttes i fondet"
    counted = [item for item in apart if view.moved_kr(item) is not None]
    if not counted:
        return "når antall brukere er fylt ut"
    return "ja" if len(counted) == len(apart) else f"{len(counted)} av dem"


def _coverage(view: Harmonised, empty: str) -> list[Cell]:
    known = [i for i in view.items("coverage") if view.span(i)]
    if not known:
        return ["*ingen dekningstall for alle kommunene*", "–"]
    item = next((i for i in known if view.differs(i)), known[0])
    doubt = in_doubt(view, item)
    if doubt:
        return [f"{service(view, item)}: {doubt}", "nei, tallene er for usikre"]
    return [
        f"{item.title}: {span_text(view, item)} {item.unit} ({item.year})",
        "ikke som mål i seg selv" if item.not_kroner else "ja, med forbehold om behov",
    ]


def _distribution(view: Harmonised, empty: str) -> list[Cell]:
    models = view.register("distribution_model")
    different = len({row["title"] for row in models})
    told = _count(different, "modell", "ulike modeller") if models else empty
    return [told, "nei, men fordeler penger mellom enheter"]


def _grants(view: Harmonised, empty: str) -> list[Cell]:
    grants = view.register("grant_scheme")
    schemes = len({row["title"] for row in grants})
    return [_count(schemes, "ordning", "ordninger") if grants else empty, "beløpene ja, virkningen nei"]


def _opening(view: Harmonised, empty: str) -> list[Cell]:
    hours = view.register("opening_hours")
    places = len({row["place"] for row in hours})
    return [_count(places, "sted", "steder") if hours else empty, "nei, timer og bemanning"]


# How far apart the municipalities are in what a form is about, and whether it can be told in kroner.
OBJECTS: dict[str, Callable[[Harmonised, str], list[Cell]]] = {
    "fee": _fees,
    "coverage": _coverage,
    "distribution": _distribution,
    "grant": _grants,
    "opening": _opening,
}


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _empty(there: bool) -> str:
    return "ingen rader for dette delprosjektet" if there else "ikke fylt ut ennå"
