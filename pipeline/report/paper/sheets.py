"""What every sheet of every workbook has: A4 across, headings on each page, the mark in sight and at the foot."""

from typing import Any

from xlsxwriter.worksheet import Worksheet


def new_sheet(book: Any, name: str, about: str, mark: str) -> Worksheet:
    """A sheet whose headings stand in the first row, or below the mark where there is one."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1 if mark else 0)
    if mark:
        sheet.write(0, 0, mark, book.add_format({"bold": True, "font_color": "#a00000"}))
    sheet.set_footer(f"&L{' '.join(filter(None, [about, mark]))}&C&A&Rside &P av &N")
    return sheet
