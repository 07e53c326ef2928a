"""How every figure looks: one font, one palette, members by colour and shape, bytes that do not change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter
from PIL import Image

from pipeline import words
from pipeline.report.data import ReportData

INK = "#0b3c5d"
GREY = "#8a8a8a"
RANGE = "#cfcfcf"
# Okabe–Ito, then two that can be told from them: a colour, a shape and a hatch for each of eight members.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F5539", "#5D3A9B"]
MARKERS = ["o", "s", "^", "v", "P", "X", ">", "<"]
HATCHES = ["", "////", "....", "xxxx", "----", "\\\\\\\\", "||||", "oo"]
MOST_ENTRIES = 6  # of a legend beside each other
LEGEND_ROOM, KEY_ROOM = 112, 5  # characters of a legend that fit across the page, and what a mark with its gap takes
TITLE_ROOM = 40  # characters of a title that fit above half the page
WIDTH = 6.7  # inches: the text width of an A4 page
SLIDE, SLIDE_HEIGHT = 0.85, 3.6  # of that width, and inches, for a figure on a slide
POINTS, PICTURE = 72, 170  # to the inch: the units of SVG, and the dots of a PNG
PACKED = 3  # how hard a PNG is packed, of 9: more takes twice as long for a twentieth less
EDGE = 3  # points between what stands around the axes and the edge of the drawing
APART = 0.02  # of the width of a column, at least, between what stands around two axes
LITTLE = 0.4  # of the width of the drawing
_SCALE: ContextVar[float] = ContextVar("scale", default=1.0)

matplotlib.rcdefaults()  # not what a person has set up for figures of their own
matplotlib.rcParams.update(
    {
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#444444",
        "axes.linewidth": 0.6,
        "axes.titlesize": 8.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlecolor": INK,
        "axes.titley": 1.0,  # on top of the axes: looked for in every drawing otherwise
        "xtick.color": "#444444",
        "ytick.color": "#222222",
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "svg.hashsalt": "kunnskapsgrunnlag",
        "svg.fonttype": "path",
        "text.parse_math": False,  # a dollar sign in somebody's words is a dollar sign
    }
)


@contextmanager
def enlarged() -> Iterator[None]:
    """Drawings for a slide: smaller paper, so that the same letters are larger on the wall."""
    usual = _SCALE.set(SLIDE)
    try:
        yield
    finally:
        _SCALE.reset(usual)


def canvas(height: float, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """A drawing as wide as the page, `height` inches, with `columns` axes side by side."""
    scale = _SCALE.get()
    drawing = Figure(figsize=(WIDTH * scale, height if scale == 1 else max(height, SLIDE_HEIGHT)), layout=Beside())
    axes = drawing.subplots(1, columns, squeeze=False)
    return drawing, list(axes[0])


def legend(drawing: Figure, handles: Sequence[Artist]) -> None:
    """Below the drawing, as many entries beside each other as their names leave room for."""
    longest = max(len(str(handle.get_label())) for handle in handles)
    fits = int(LEGEND_ROOM * _SCALE.get()) // (longest + KEY_ROOM)
    columns = max(1, min(len(handles), fits, MOST_ENTRIES if _SCALE.get() == 1 else 3))
    drawing.legend(
        handles=list(handles), loc="outside lower center", ncols=columns, handletextpad=0.4, columnspacing=1.3
    )


def half_title(axes: Axes, text: str) -> None:
    """Above one of two axes side by side; a long one takes another line rather than its neighbour's room."""
    axes.set_title(fill(text, int(TITLE_ROOM * _SCALE.get())))


def member_bar(at: int) -> dict[str, Any]:
    """A member's filled area: its colour with a hatch that stands in black and white too."""
    return {"color": COLOURS[at % len(COLOURS)], "hatch": _of(HATCHES, at), "edgecolor": "white"}


def member_style(at: int) -> dict[str, Any]:
    """Hollow marker in the member's colour, the same in every figure of every report."""
    return {
        "color": COLOURS[at % len(COLOURS)],
        "marker": _of(MARKERS, at),
        "markerfacecolor": "white",
        "markeredgewidth": 1.6,
        "markersize": 6.5,
    }


def _of(shapes: Sequence[str], at: int) -> str:
    """A colour met again comes with another shape."""
    return shapes[(at + at // len(COLOURS)) % len(shapes)]


MERGED: dict[str, Any] = {"color": "#111111", "marker": "D", "markersize": 6.5}
COMPARATOR: dict[str, Any] = {"color": GREY, "linestyle": (0, (4, 3)), "linewidth": 1.1}

NUMBERS = FuncFormatter(lambda value, _: words.number(value, 0))


def legend_handles(data: ReportData) -> list[Line2D]:
    members = [
        Line2D([], [], linestyle="", label=region.name, **member_style(at)) for at, region in enumerate(data.members)
    ]
    return [*members, Line2D([], [], linestyle="", label=data.merged.name, **MERGED)]


def mark(drawing: Figure, text: str) -> None:
    """Across the drawing, so that it cannot be cut off."""
    drawing.text(0.5, 0.5, text, color="#a00000", alpha=0.3, fontsize=24, rotation=15, ha="center", va="center")


class Beside(LayoutEngine):
    """Axes beside each other, as wide as each other, above one legend: what stands around them is measured once.

    Matplotlib's own constrained layout always measures everything twice, which costs more than drawing it. Here it is
    done again only where little is left for the axes: what takes the room may be a text that moves with their scale.
    """

    _adjust_compatible = True
    _colorbar_gridspec = False

    def execute(self, fig: Figure) -> None:
        if _place(fig) < LITTLE:
            _place(fig)


def _place(drawing: Figure) -> float:
    """Give the axes what is left beside and above what stands around them; that width as a share of the drawing's."""
    width, height = drawing.bbox.width, drawing.bbox.height
    edge = EDGE * drawing.dpi / POINTS
    sides = [_around(axes) for axes in drawing.axes]
    below = max((legend.get_window_extent().y1 for legend in drawing.legends), default=0)
    bottom = below + edge + max(side.bottom for side in sides)
    top = height - edge - max(side.top for side in sides)
    gap = max(2 * edge, APART * width / len(sides))
    left = width - 2 * edge - gap * (len(sides) - 1) - fsum(side.left + side.right for side in sides)
    inner = max(left, edge) / len(sides)
    at = edge
    for axes, side in zip(drawing.axes, sides, strict=True):
        at += side.left
        axes.set_position((at / width, bottom / height, inner / width, max(top - bottom, edge) / height))
        at += inner + side.right + gap
    return inner * len(sides) / width


@dataclass(frozen=True)
class Around:
    """Dots that labels, ticks and titles need on each side of axes."""

    left: float
    right: float
    bottom: float
    top: float


def _around(axes: Axes) -> Around:
    whole = axes.get_tightbbox(for_layout_only=True)
    inner = axes.get_window_extent()
    assert whole is not None
    return Around(inner.x0 - whole.x0, whole.x1 - inner.x1, inner.y0 - whole.y0, whole.y1 - inner.y1)


def save(drawing: Figure, path: Path) -> None:
    """SVG for screen and print, PNG for Word; for a slide only PNG. The places are found once and are the same in both.

    Without dates, so that the same figure is the same file.
    """
    if _SCALE.get() == 1:
        page = FigureCanvasSVG(drawing)
        drawing.dpi = POINTS
        _lay_out(drawing)
        page.print_svg(path.with_suffix(".svg"), metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    picture = FigureCanvasAgg(drawing)
    drawing.dpi = PICTURE
    _lay_out(drawing)
    picture.draw()  # type: ignore[no-untyped-call]
    # nothing shines through: three colours of a dot are enough, and are smaller and sooner packed
    dots = Image.fromarray(np.asarray(picture.buffer_rgba()))  # type: ignore[no-untyped-call]
    dots.convert("RGB").save(path.with_suffix(".png"), dpi=(PICTURE, PICTURE), compress_level=PACKED)


def _lay_out(drawing: Figure) -> None:
    """Find the place of everything, the first time it is asked for."""
    engine = drawing.get_layout_engine()
    if engine is not None:
        for axis in (axis for axes in drawing.axes for axis in (axes.xaxis, axes.yaxis)):
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)  # a name that is not there needs no place below every tick
        engine.execute(drawing)
        drawing.set_layout_engine("none")
