"""The five objects and the spending level at a glance."""

from pipeline.report.harmonise.common import filled, span_text
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.harmonise.findings import basis, service
from pipeline.report.paper.pages import Cell, Page

OBJECTS = (
    ("fee", "Brukerbetalinger", "brukerbetalinger"),
    ("coverage", "Dekning og standard", "dekning"),
    ("distribution", "Tildelingsmodeller", "tildelingsmodeller"),
    ("grant", "Tilskuddsordninger", "tilskuddsordninger"),
    ("opening", "Åpningstider", "apningstider"),
)


def glance(page: Page, view: Harmonised) -> str:
    """The five objects and the spending level in a row each: how far apart, in kroner or not, and what is missing."""
    rows: list[list[Cell]] = []
    for object_, title, form in OBJECTS:
        rows.append([title, *_glance(view, object_, form)])
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


def _glance(view: Harmonised, object_: str, form: str) -> list[Cell]:
    there = filled(view, form)
    if object_ == "fee":
        apart = [i for i in view.items("fee") if view.differs(i)]
        own = [i for i in apart if i.self_cost]
        if not view.items("fee"):
            return [f"*{_empty(there)}*", "ja, når skjemaet er fylt ut"]
        return [
            f"{len(apart)} av {len(view.items('fee'))} satser er ulike",
            "nei, flyttes i fondet" if apart and len(own) == len(apart) else "ja",
        ]
    if object_ == "coverage":
        known = [i for i in view.items("coverage") if view.span(i)]
        if not known:
            return ["*ingen dekningstall for alle kommunene*", "–"]
        item = known[0]
        return [
            f"{item.title}: {span_text(view, item)} {item.unit}",
            "ikke som mål i seg selv" if item.not_kroner else "ja, med forbehold om behov",
        ]
    if object_ == "distribution":
        models = view.register("distribution_model")
        different = len({row["title"] for row in models})
        return [
            _count(different, "modell", "ulike modeller") if models else f"*{_empty(there)}*",
            "nei, men fordeler penger mellom enheter",
        ]
    if object_ == "grant":
        grants = view.register("grant_scheme")
        schemes = len({row["title"] for row in grants})
        return [
            _count(schemes, "ordning", "ordninger") if grants else f"*{_empty(there)}*",
            "beløpene ja, virkningen nei",
        ]
    hours = view.register("opening_hours")
    places = len({row["place"] for row in hours})
    return [_count(places, "sted", "steder") if hours else f"*{_empty(there)}*", "nei, timer og bemanning"]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _empty(there: bool) -> str:
    return "ingen rader for dette delprosjektet" if there else "ikke fylt ut ennå"
