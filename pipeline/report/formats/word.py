"""Word: pandoc's own reference document in our style, and the finish pandoc cannot give."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pipeline.errors import KunnskapError, Problem
from pipeline.report.formats.cover import Cover
from pipeline.report.formats.pandoc import pandoc

INK, SOFT = RGBColor(0x0B, 0x3C, 0x5D), RGBColor(0x55, 0x55, 0x55)
FONT = "Calibri"
SHADE, RULE = "EAF0F6", "0B3C5D"
MANY = 9  # columns in type of the usual size
WIDE = 12  # columns that leave room for six figures each, in type that is easy to read (filter.lua has the same)
TEXT_WIDTH_MM = 170
# name, size in points, colour, bold; None leaves it as it is
Style = tuple[str, float, RGBColor | None, bool | None]
BUILT_IN_STYLES: list[Style] = [
    ("Normal", 10, None, None),
    ("Body Text", 10, None, None),
    ("First Paragraph", 10, None, None),
    ("Compact", 9, None, None),
    ("Heading 1", 17, INK, True),
    ("Heading 2", 13, INK, True),
    ("Table Caption", 10, INK, True),
    ("Image Caption", 9, SOFT, False),
    ("Title", 26, INK, True),
    ("Subtitle", 12, SOFT, False),
]
OWN_STYLES: list[Style] = [
    ("Kilde", 8, SOFT, False),
    ("Kort", 8, None, False),
    ("Funn", 10.5, None, False),
    ("Merknad", 10, None, False),
    ("Merknad tittel", 9, SOFT, True),
]


def reference_document(path: Path) -> None:
    """Pandoc's default reference.docx with our styles on an A4 page."""
    content, fault = pandoc(["--print-default-data-file", "reference.docx"])
    if fault:
        raise KunnskapError("Word-filene kunne ikke lages:", [Problem(found=fault)])
    path.write_bytes(content)
    document = Document(str(path))
    styles = document.styles
    for name, size, colour, bold in BUILT_IN_STYLES:
        _font(styles[name], size, colour, bold)
    for name, size, colour, bold in OWN_STYLES:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _font(style, size, colour, bold)
        style.paragraph_format.space_after = Pt(6)
    _rule_below(styles["Merknad"].element.get_or_add_pPr(), "BBBBBB", between=True)
    settings = document.settings.element
    settings.append(_element("w:autoHyphenation", val="true"))
    styles["Normal"].element.get_or_add_rPr().append(_element("w:lang", val="nb-NO"))
    styles["Image Caption"].font.italic = False
    styles["Table Caption"].font.italic = False
    styles["Table Caption"].paragraph_format.keep_with_next = True
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(22)
    document.save(str(path))


def finish(path: Path, cover: Cover) -> None:
    """Title, header, footer with page numbers, and tables with rules, repeated headings and shading."""
    document = Document(str(path))
    about = document.core_properties
    about.title, about.language = cover.title, "nb-NO"
    about.created = about.modified = datetime.fromisoformat(cover.made)
    first = document.paragraphs[0]
    first.insert_paragraph_before(cover.title, style="Title").alignment = WD_ALIGN_PARAGRAPH.LEFT
    first.insert_paragraph_before(cover.subtitle, style="Subtitle").alignment = WD_ALIGN_PARAGRAPH.LEFT
    section = document.sections[0]
    warning = f" · {cover.mark}" if cover.mark else ""
    head = section.header.paragraphs[0]
    _two_sided(head, f"{cover.kind} · {cover.part}{warning}", f"{cover.merger} · {cover.status}")
    _rule_below(head._p.get_or_add_pPr(), RULE)
    foot = section.footer.paragraphs[0]
    _two_sided(foot, cover.footer + warning, "side ")
    _page_number(foot, "PAGE")
    foot.add_run(" av ")
    _page_number(foot, "NUMPAGES")
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(8), SOFT
    for table in document.tables:
        _finish_table(table)
    document.save(str(path))
    without_dates(path)


def without_dates(path: Path) -> None:
    """The same parts without the time of day that the zip format keeps with each."""
    with ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, content in parts:
            new.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _font(style: Any, size: float, colour: RGBColor | None, bold: bool | None) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(kind), None)
    style.font.size = Pt(size)
    if colour is not None:
        style.font.color.rgb = colour
    if bold is not None:
        style.font.bold = bold


def _two_sided(paragraph: Any, left: str, right: str) -> None:
    paragraph.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    run = paragraph.add_run(f"{left}\t{right}")
    run.font.size, run.font.color.rgb = Pt(8), SOFT


def _page_number(paragraph: Any, field: str) -> None:
    """A field in runs of its own, so that the number is set like the text around it."""
    for kind, text in (("begin", ""), ("", field), ("separate", ""), (None, "1"), ("end", "")):
        run = paragraph.add_run(text if kind is None else "")
        if kind is None:
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)


def _rule_below(properties: Any, colour: str, between: bool = False) -> None:
    borders = OxmlElement("w:pBdr")
    for side in ("bottom", "between") if between else ("bottom",):  # equal neighbours would share one rule
        borders.append(_element(f"w:{side}", val="single", sz="6", space="1", color=colour))
    properties.append(borders)


def _finish_table(table: Any) -> None:
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblBorders")):
        properties.remove(old)
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", "12", RULE), ("bottom", "8", RULE), ("insideH", "4", "D5D5D5")):
        borders.append(_element(f"w:{side}", val="single", sz=size, space="0", color=colour))
    properties.append(borders)
    rows = table._tbl.tr_lst
    if len(rows[0].tc_lst) > MANY:
        properties.append(_narrow_margins())
    rows[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    shaded = [bool(cell.findall(f".//{qn('w:b')}")) for cell in rows[0].tc_lst]
    for row in rows:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, shade in zip(row.tc_lst, shaded, strict=False):
            _finish_cell(cell, is_head=row is rows[0], shaded=shade, size=_type_size(len(shaded)))


def _type_size(columns: int) -> int:
    """Half points, so that numbers of six figures stand apart, and whole, in as many columns."""
    return 17 if columns <= MANY else 14 if columns <= WIDE else 11


def _narrow_margins() -> Any:
    """Hardly any room on the sides of a cell."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="30", type="dxa"))
    return margins


def _finish_cell(cell: Any, is_head: bool, shaded: bool, size: int) -> None:
    """Small type, heading in ink, the merged municipality's column shaded."""
    for run in cell.iter(qn("w:r")):
        properties = run.get_or_add_rPr()
        properties.append(_element("w:sz", val=str(size - 1 if is_head else size)))
        if is_head:
            properties.append(_element("w:color", val=RULE))
    for paragraph in cell.p_lst:
        paragraph.get_or_add_pPr().append(_element("w:spacing", before="30", after="30"))
    if shaded:
        cell.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=SHADE))


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
