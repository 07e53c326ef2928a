"""How every figure looks: one font, one palette, members by colour and shape, bytes that do not change."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

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
LEGEND_ROOM, KEY_ROOM = 112, 7  # characters of a legend that fit across the page, and what a mark with its gap takes
WIDTH = 6.7  # inches: the text width of an A4 page
SLIDE, SLIDE_HEIGHT = 0.85, 3.6  # of that width, and inches, for a figure on a slide
POINTS, PICTURE = 72, 170  # to the inch: the units of SVG, and the dots of a PNG
_SCALE: ContextVar[float] = ContextVar("scale", default=1.0)

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
    drawing = Figure(figsize=(WIDTH * scale, height if scale == 1 else max(height, SLIDE_HEIGHT)), layout="constrained")
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


def member_bar(at: int) -> dict[str, Any]:
    """A member's filled area: its colour with a hatch that stands in black and white too."""
    return {"color": COLOURS[at % len(COLOURS)], "hatch": HATCHES[at % len(HATCHES)], "edgecolor": "white"}


def member_style(at: int) -> dict[str, Any]:
    """Hollow marker in the member's colour, the same in every figure of every report."""
    return {
        "color": COLOURS[at % len(COLOURS)],
        "marker": MARKERS[at % len(MARKERS)],
        "markerfacecolor": "white",
        "markeredgewidth": 1.6,
        "markersize": 6.5,
    }


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
    picture.print_png(path.with_suffix(".png"), metadata={"Software": None})  # type: ignore[no-untyped-call]


def _lay_out(drawing: Figure) -> None:
    """Find the place of everything, the first time it is asked for: as dear as drawing it."""
    engine = drawing.get_layout_engine()
    if engine is not None:
        engine.execute(drawing)
        drawing.set_layout_engine("none")
