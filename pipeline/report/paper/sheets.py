"""How every workbook looks: A4 across, headings on each page and in sight, filters, the mark on every sheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

INK, SOFT, WARNING = "#0b3c5d", "#555555", "#a00000"
YELLOW = {"bg_color": "#fff7e0", "border": 1, "border_color": "#d5d5d5"}  # what somebody is to fill in or may change
COLUMN = {"bold": True, "font_color": "white", "bg_color": INK, "valign": "top"}
STYLES: Mapping[str, Mapping[str, Any]] = {
    "column": COLUMN,
    "head": COLUMN | {"text_wrap": True},
    "title": {"bold": True, "font_size": 14, "font_color": INK},
    "bold": {"bold": True, "valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "hole": {"italic": True, "font_color": SOFT, "align": "right"},
    "mark": {"bold": True, "font_color": WARNING},
    "plain": {},
    "right": {"align": "right"},
    "merged": {"bg_color": "#eaf0f6", "bold": True},
    "blank": YELLOW,
    "given": {"align": "right"} | YELLOW,
}
A4 = 9
HEAD_HEIGHT, LINE_HEIGHT = 32, 15  # points


class Book:
    """A workbook: sheets in one style below the `mark` («SYNTETISKE TALL») where there is one.

    The same cells give the same bytes: `created` is the date of the raw set, not of the run. A text that looks like a
    formula, a number or an address is a text.
    """

    def __init__(
        self, path: Path, title: str = "", created: datetime | None = None, about: str = "", mark: str = ""
    ) -> None:
        options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        self.file = xlsxwriter.Workbook(str(path), options)
        if created:
            self.file.set_properties({"title": title, "created": created})
        self.about, self.mark = about, mark
        self.top = 1 if mark else 0  # the row of the headings, from 0
        self._styles: dict[tuple[str, str], Format] = {}

    def close(self) -> None:
        self.file.close()

    def style(self, name: str, layout: str = "") -> Format:
        """A style of STYLES, with a number layout as Excel writes it (`#,##0.0`)."""
        key = (name, layout)
        if key not in self._styles:
            self._styles[key] = self.file.add_format(dict(STYLES[name]) | ({"num_format": layout} if layout else {}))
        return self._styles[key]

    def sheet(self, name: str) -> Worksheet:
        """A sheet whose headings stand in the first row, or below the mark where there is one."""
        sheet: Worksheet = self.file.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, self.top)
        if self.mark:
            sheet.write(0, 0, self.mark, self.style("mark"))
        foot = " ".join(filter(None, [self.about, self.mark]))
        if foot:
            sheet.set_footer(f"&L{foot}&C&A&Rside &P av &N")
        return sheet

    def header(self, sheet: Worksheet, columns: Sequence[str], line: int | None = None) -> None:
        """Headings in the first row, or in another `line`."""
        at = self.top if line is None else line
        sheet.set_row(at, HEAD_HEIGHT)
        for column, name in enumerate(columns):
            sheet.write_string(at, column, name, self.style("head"))

    def texts(self, sheet: Worksheet, line: int, texts: Sequence[str | None], first: int = 0) -> None:
        """Texts beside each other from the column `first`; one that is empty leaves its cell."""
        for column, text in enumerate(texts, first):
            if text:
                sheet.write_string(line, column, text)

    def widths(self, sheet: Worksheet, widths: Iterable[float]) -> None:
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def filter(self, sheet: Worksheet, rows: int, columns: int, frozen: int) -> None:
        """Headings and the first `frozen` columns stay in sight; every column can be filtered."""
        sheet.freeze_panes(self.top + 1, frozen)
        sheet.autofilter(self.top, 0, self.top + max(rows, 1), columns - 1)

    def explained(self, sheet: Worksheet, line: int, items: Iterable[tuple[str, str]], width: int) -> int:
        """A word and what it means, a row each, as high as a column of `width` characters asks; the row after them."""
        for word, text in items:
            sheet.write(line, 0, word, self.style("bold"))
            sheet.write(line, 1, text, self.style("wrap"))
            sheet.set_row(line, LINE_HEIGHT * (1 + len(text) // width))
            line += 1
        return line

    def long(
        self,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Mapping[str, Any]],
        widths: Iterable[float],
        layout: Callable[[str, Mapping[str, Any]], Format | None],
        frozen: int = 1,
    ) -> None:
        """A table as a sheet: texts, numbers as `layout(column, row)` shows them, and nothing for a hole."""
        sheet = self.sheet(name)
        self.header(sheet, columns)
        self.widths(sheet, widths)
        text, number, places = sheet.write_string, sheet.write_number, list(enumerate(columns))
        for line, row in enumerate(rows, self.top + 1):
            for at, column in places:
                value = row[column]
                if value is None:
                    continue
                if isinstance(value, str):
                    text(line, at, value)
                elif isinstance(value, bool):
                    text(line, at, "ja" if value else "nei")
                else:
                    number(line, at, value, layout(column, row))
        self.filter(sheet, len(rows), len(columns), frozen)
