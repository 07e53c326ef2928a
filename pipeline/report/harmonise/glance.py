"""The five objects and the spending level at a glance."""

from collections.abc import Callable

from pipeline.report.harmonise.common import filled, span_text
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.harmonise.findings import basis, service
from pipeline.report.paper.pages import Cell, Page


def glance(page: Page, view: Harmonised) -> str:
    """The five objects and the spending level in a row each: how far apart, in kroner or not, and what is missing."""
    rows: list[list[Cell]] = []
    for source in view.data.definitions.forms:
        form = source.as_form
        if form.object:
            empty = f"*{_empty(filled(view, source.id))}*"
            rows.append([form.short or source.title, *OBJECTS[form.object](view, empty)])
    told = [i for i, _ in view.spending() if view.span(i)]
    widest = max(told, key=lambda i: view.figure(i, "cost_change", "highest").value or 0, default=None)
    rows.append(
        ["Utgiftsnivå", f"{service(view, widest)}: {span_text(view, widest)} kr {basis(view, widest)}", "ja"]
        if widest
        else ["Utgiftsnivå", "*ingen tall for alle kommunene*", "–"]
    )
    return page.table(
        "h-korthet",
        "De fem tingene som skal harmoniseres, og utgiftsnivået",
        ["", "forskjellen i dag", "kan regnes i kroner?"],
        rows,
        text_columns=3,
        widths=[1.4, 4.2, 1.6],
    )


def _fees(view: Harmonised, empty: str) -> list[Cell]:
    apart = [i for i in view.items("fee") if view.differs(i)]
    own = [i for i in apart if i.self_cost]
    if not view.items("fee"):
        return [empty, "ja, når skjemaet er fylt ut"]
    return [
        f"{len(apart)} av {len(view.items('fee'))} satser er ulike",
        "nei, flyttes i fondet" if apart and len(own) == len(apart) else "ja",
    ]


def _coverage(view: Harmonised, empty: str) -> list[Cell]:
    known = [i for i in view.items("coverage") if view.span(i)]
    if not known:
        return ["*ingen dekningstall for alle kommunene*", "–"]
    item = known[0]
    return [
        f"{item.title}: {span_text(view, item)} {item.unit}",
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
