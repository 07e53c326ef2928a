"""Where the services are."""

from collections.abc import Sequence
from math import cos, fsum, radians
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from pipeline.report.data import ReportData, Row
from pipeline.report.paper.pages import Page
from pipeline.report.paper.style import GREY, WIDTH, canvas, legend, member_style


def place_map(page: Page, kind: str, title: str) -> str:
    """Places and local centres at their coordinates, north up, one kilometre the same both ways."""
    data = page.data
    rows = data.query("select * from {place}")
    of_kind = [row for row in rows if row["kind"] == kind]
    # rows that tell the old municipality come first: the groups look for their own places
    places = [row for row in of_kind if row["former_region"]] or of_kind
    if kind == "kindergarten":  # open kindergartens have no fixed places and are not counted
        places = [row for row in places if row["status"] != "not_applicable"]
    shown = [row for row in places if row["lat"] is not None]
    centres = [row for row in rows if row["kind"] == "local_centre" and row["lat"] is not None]
    if not shown:
        return ""
    members = {region.id: at for at, region in enumerate(data.members)}
    every = [*shown, *centres]
    middle = fsum(row["lat"] for row in every) / len(every)
    height = max(row["lat"] for row in every) - min(row["lat"] for row in every)
    width = (max(row["lon"] for row in every) - min(row["lon"] for row in every)) * cos(radians(middle))
    drawing, (axes,) = canvas(max(3.0, min(3.5, WIDTH * 0.86 * height / width)))
    handles: dict[str, Line2D] = {}
    for row in shown:
        style, label = _place_style(data, row, members)
        axes.plot(row["lon"], row["lat"], linestyle="", zorder=2, **style)
        handles.setdefault(label, Line2D([], [], linestyle="", label=label, **style))
    for row in centres:
        axes.plot(row["lon"], row["lat"], marker="*", markersize=11, color="#bdbdbd", linestyle="", zorder=1.5)
    for row, (x, y) in _label_places(centres):
        axes.annotate(
            row["name"].split(" (")[0],
            (row["lon"], row["lat"]),
            xytext=(x, y),
            textcoords="offset points",
            ha="left" if x > 0 else "right",
            va="center",
            fontsize=7,
            zorder=4,
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
        )
    handles["lokalsenter"] = Line2D(
        [], [], linestyle="", marker="*", markersize=11, color="#bdbdbd", label="lokalsenter eller sted"
    )
    axes.margins(0.1)
    axes.set_aspect(1 / cos(radians(middle)))
    _widen(axes, middle)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#dddddd")
    _scale_bar(axes, middle)
    legend(drawing, list(handles.values()))
    without = len(places) - len(shown)
    hole = f" {without} av {len(places)} har ikke koordinat og står ikke på kartet." if without else ""
    osm = " Koordinater for skoler: © OpenStreetMap-bidragsytere (ODbL)." if kind == "school" else ""
    table = [
        [row["name"], row["former_region"] or row["region"], row["owner"] or "", row["grades"] or ""] for row in places
    ]
    return page.figure(
        "kart",
        drawing,
        f"**{title}.** Nord er opp.{hole}{osm}",
        f"Kart: {title.lower()}, {len(shown)} steder, og {len(centres)} lokalsentre og steder.",
        ["navn", "kommune", "eier", "trinn"],
        table,
        source={
            "school": "Utdanningsdirektoratet, OpenStreetMap",
            "kindergarten": "Utdanningsdirektoratet",
            "polling_place": "Valgdirektoratet",
        }[kind],
    )


def _label_places(centres: Sequence[Row]) -> list[tuple[Row, tuple[int, int]]]:
    """Names to the right of their star, or to the left and a step up or down where the next one is close."""
    placed: list[tuple[Row, tuple[int, int]]] = []
    for row in sorted(centres, key=lambda row: row["lat"]):
        near = [
            other
            for other, _ in placed
            if abs(other["lat"] - row["lat"]) < 0.012 and abs(other["lon"] - row["lon"]) < 0.09
        ]
        placed.append((row, ((7, 0), (-7, 4), (7, 11), (-7, 12))[min(len(near), 3)]))
    return placed


def _place_style(data: ReportData, row: Row, members: dict[str, int]) -> tuple[dict[str, Any], str]:
    owner = "privat" if row["owner"] == "privat" else "offentlig"
    polling = row["kind"] == "polling_place"
    at = members.get(row["former_region"] or "")
    if at is None:
        shape = {"marker": "^" if owner == "privat" else "o", "color": GREY, "markersize": 4.8, "markeredgewidth": 0}
        return shape, owner
    style = member_style(at)
    filled = {"color": style["color"], "marker": style["marker"], "markersize": 5.5, "markeredgewidth": 1.3}
    if owner == "privat":
        return {**filled, "markerfacecolor": "white"}, f"{data.members[at].name}, privat"
    return filled, data.members[at].name if polling else f"{data.members[at].name}, {row['owner']}"


def _widen(axes: Axes, latitude: float) -> None:
    """A frame a little wider than it is high, so that names have room on both sides of a long municipality."""
    low, high = axes.get_xlim()
    bottom, top = axes.get_ylim()
    width, middle = 1.25 * (top - bottom) / cos(radians(latitude)), (low + high) / 2
    if high - low < width:
        axes.set_xlim(middle - width / 2, middle + width / 2)


def _scale_bar(axes: Axes, latitude: float) -> None:
    """Five kilometres below the frame, clear of every place."""
    degrees = 5 / (111.32 * cos(radians(latitude)))
    low, high = axes.get_xlim()
    start, where = high - degrees, axes.get_xaxis_transform()
    axes.plot([start, high], [-0.02, -0.02], color="#444444", linewidth=1.6, transform=where, clip_on=False)
    axes.text(start + degrees / 2, -0.03, "5 km", ha="center", va="top", fontsize=7, color="#444444", transform=where)
    axes.set_xlim(low, high)
