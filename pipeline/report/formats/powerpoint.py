"""Slides: pandoc gives text and figures, this gives them their places, our colours, and what every slide must say."""

from datetime import datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from pipeline.report.formats.cover import Cover
from pipeline.report.formats.word import without_dates

INK, SOFT, WARNING, TEXT = map(RGBColor.from_string, ("0B3C5D", "555555", "A00000", "1A1A1A"))
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.55)
TOP, FOOT = Inches(1.55), Inches(6.95)
PICTURE_SHARE = 0.66  # of the width between the edges
FONT = "Calibri"
LONG = 70  # characters of a message that fills two lines


def finish(path: Path, cover: Cover) -> None:
    """Wide slides: message on top, figure to the left, what is said to the right, source and mark at the foot."""
    show = Presentation(str(path))
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    for number, slide in enumerate(show.slides, 1):
        _place(slide, is_title=number == 1)
        _foot(slide, cover, number, len(show.slides))
    about = show.core_properties
    about.title, about.language, about.author = f"{cover.title} – {cover.merger}", "nb-NO", "Kunnskapsgrunnlag"
    about.created = about.modified = datetime.fromisoformat(cover.made)
    show.save(str(path))
    without_dates(path)


def _place(slide: Any, is_title: bool) -> None:
    pictures = [shape for shape in slide.shapes if shape.shape_type is not None and "PICTURE" in str(shape.shape_type)]
    texts = [shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text.strip()]
    for empty in [shape for shape in slide.shapes if shape.has_text_frame and shape not in texts]:
        empty._element.getparent().remove(empty._element)
    wide = WIDTH - 2 * EDGE
    for at, shape in enumerate(texts):
        if at == 0:
            place = (EDGE, Inches(2.4) if is_title else Inches(0.35), wide, Inches(1.1))
            _set(shape, place, 40 if is_title else (28 if len(shape.text_frame.text) < LONG else 23), INK, bold=True)
        elif is_title:
            _set(shape, (EDGE, Inches(3.6), wide, Inches(0.9)), 20, SOFT)
        else:
            left = EDGE + int(wide * PICTURE_SHARE) + Inches(0.3) if pictures else EDGE
            _set(shape, (left, TOP, WIDTH - EDGE - left, FOOT - TOP), 18 if pictures else 22, TEXT)
    for picture in pictures:
        _fit(picture, EDGE, TOP, int(wide * PICTURE_SHARE), FOOT - TOP - Inches(0.1))


def _set(shape: Any, place: tuple[int, int, int, int], size: float, colour: RGBColor, bold: bool = False) -> None:
    shape.left, shape.top, shape.width, shape.height = (Emu(int(edge)) for edge in place)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(size * 0.6)
        properties = paragraph._p.get_or_add_pPr()
        properties.set("algn", "l")
        for run in paragraph.runs:
            run.font.size, run.font.name, run.font.color.rgb = Pt(size), FONT, colour
            run.font.bold = True if bold else run.font.bold
            run._r.get_or_add_rPr().set("lang", "nb-NO")


def _fit(picture: Any, left: int, top: int, width: int, height: int) -> None:
    """As large as there is room for, in its own proportions."""
    scale = min(width / picture.width, height / picture.height)
    picture.width, picture.height = Emu(int(picture.width * scale)), Emu(int(picture.height * scale))
    picture.left, picture.top = Emu(int(left)), Emu(int(top))


def _foot(slide: Any, cover: Cover, number: int, of: int) -> None:
    box = slide.shapes.add_textbox(EDGE, FOOT, WIDTH - 2 * EDGE, Inches(0.4))
    paragraph = box.text_frame.paragraphs[0]
    if cover.mark:
        run = paragraph.add_run()
        run.text = f"{cover.mark} · "
        run.font.size, run.font.bold, run.font.color.rgb = Pt(14), True, WARNING
    run = paragraph.add_run()
    run.text = f"{cover.part} · {cover.merger} · {cover.status} · {cover.footer} · {number} av {of}"
    run.font.size, run.font.color.rgb, run.font.name = Pt(10), SOFT, FONT
    rule = slide.shapes.add_connector(1, EDGE, FOOT, WIDTH - EDGE, FOOT)
    rule.line.color.rgb, rule.line.width = INK, Pt(1)
    for shape in (box, rule):
        shape._element.find(f".//{qn('p:cNvPr')}").set("descr", "")
