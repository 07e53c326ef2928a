"""An office file as the lines of its sheets, each cell the text a person reads in it, with what was seen on the way.

What kind of file it is its first bytes tell: people rename files. Nothing that cannot be read is left out in silence.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.delimited import IsHeader, decode, delimited

Line = tuple[int, list[str]]  # number in the file, from 1, and the cells
ENDINGS = (".csv", ".xlsx", ".xlsm", ".xls", ".ods")
CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"  # says which cells are errors
FILLS_THE_SHEET = 1000  # alike rows or columns in a row
OLE, ZIP = b"\xd0\xcf\x11\xe0", b"PK"
NO_VALUE = "#UTEN VERDI!"  # a formula that no spreadsheet has worked out yet
ERROR = re.compile(
    r"#(N/A|I/T|DIV/0!|VALUE!|VERDI!|REF!|NAME\?|NAVN\?|NUM!|NULL!|UTEN VERDI!|SPILL!|CALC!)", re.IGNORECASE
)
UNREADABLE = "En fil kunne ikke leses:"


@dataclass(frozen=True)
class Sheet:
    """Lines with anything in them. `name` is empty for CSV; `seen` says how the file was read if not as usual."""

    name: str
    lines: list[Line]
    seen: str = ""


def read_sheets(path: Path, shown: str, is_header: IsHeader) -> list[Sheet]:
    """Every sheet with anything in it. `is_header(cells)` tells a CSV's dialect: the one in which there is a header.

    Raises KunnskapError, in words, for whatever cannot be read.
    """
    content = content_of(path, shown)
    if content.startswith(OLE):
        return _by_xlrd(content, shown)
    if content.startswith(ZIP):
        return _by_openpyxl(content, shown) if _has(content, shown, "xl/workbook.xml") else _by_odfpy(content, shown)
    if path.suffix.casefold() != ".csv":
        raise _unreadable(shown, "er ikke et regneark, eller er skadet.", "lagre den på nytt som xlsx fra Excel.")
    found = delimited(decode(content, shown), shown, is_header)
    return [Sheet("", found.lines, f"{found.words} mellom kolonnene" if found.words else "")]


def content_of(path: Path, shown: str) -> bytes:
    """What is in a file. Raises KunnskapError, in words, where the disk does not give it."""
    try:
        content = path.read_bytes()
    except PermissionError as error:
        raise _unreadable(shown, "er låst.", "lukk den i Excel, eller be om lesetilgang, og kjør igjen.") from error
    except OSError as error:
        remedy = "ligger den i OneDrive eller på en fellesdisk, så velg «Behold alltid på denne enheten» og kjør igjen."
        raise _unreadable(shown, f"kunne ikke hentes fra disken ({error.strerror or error}).", remedy) from error
    if not content:
        raise _unreadable(shown, "er tom (0 byte).", "vent til OneDrive er ferdig, eller hent den fram igjen.")
    return content


def _has(content: bytes, shown: str, part: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return part in archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _unreadable(shown, "er avkortet eller skadet.", _again("xlsx")) from error


def _by_openpyxl(content: bytes, shown: str) -> list[Sheet]:
    """Values with their formats; read twice, for a formula without a value looks like an empty cell."""
    import openpyxl

    try:
        values = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(BytesIO(content), read_only=True)
        try:
            both = [(values[name], formulas[name]) for name in values.sheetnames if hasattr(values[name], "iter_rows")]
            sheets = [Sheet(one.title, _lines(one, other)) for one, other in both]
        finally:
            values.close()
            formulas.close()
    except Exception as error:  # what a damaged workbook makes the library raise is no closed list
        raise _unreadable(shown, "er skadet, eller ikke helt overført.", _again("xlsx")) from error
    return [sheet for sheet in sheets if sheet.lines]


def _lines(values: Any, formulas: Any) -> list[Line]:
    for sheet in (values, formulas):
        sheet.reset_dimensions()  # one stray cell far away would make every row as wide as that
    both = zip(values.iter_rows(), formulas.iter_rows(), strict=False)
    return _kept([_shown(cell, formula) for cell, formula in zip(row, asked, strict=False)] for row, asked in both)


def _shown(cell: Any, formula: Any) -> str:
    if cell.value is None and getattr(formula, "data_type", "n") == "f":
        return NO_VALUE
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return _number(cell.value, getattr(cell, "number_format", ""))
    return _text(cell.value)


def _by_xlrd(content: bytes, shown: str) -> list[Sheet]:
    """Excel's format of before 2007; a workbook with a password or a label comes in the same wrapping."""
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True)
        sheets = [Sheet(sheet.name, _kept(_xls_row(book, row) for row in sheet.get_rows())) for sheet in book.sheets()]
    except Exception as error:  # as above
        found = "kan ikke åpnes: den har passord eller en følsomhetsetikett, eller er skadet."
        raise _unreadable(shown, found, "fjern passordet eller etiketten i Excel, og lagre den som xlsx.") from error
    return [sheet for sheet in sheets if sheet.lines]


def _xls_row(book: Any, row: list[Any]) -> list[str]:
    import xlrd

    def shown(cell: Any) -> str:
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, NO_VALUE))
        if cell.ctype == xlrd.XL_CELL_DATE:
            return _text(xlrd.xldate_as_datetime(cell.value, book.datemode))
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return _text(bool(cell.value))
        form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
        return _number(cell.value, form) if cell.ctype == xlrd.XL_CELL_NUMBER else _text(cell.value)

    return [shown(cell) for cell in row]


def _by_odfpy(content: bytes, shown: str) -> list[Sheet]:
    """LibreOffice's format."""
    from odf.opendocument import load
    from odf.table import Table, TableRow

    try:
        tables = load(BytesIO(content)).spreadsheet.getElementsByType(Table)
        sheets = [
            Sheet(
                table.getAttribute("name"),
                _kept(map(_ods_row, _ods_repeated(table.getElementsByType(TableRow), "rows"))),
            )
            for table in tables
        ]
    except Exception as error:  # as above
        raise _unreadable(shown, "er skadet, eller har passord.", _again("ods")) from error
    return [sheet for sheet in sheets if sheet.lines]


def _ods_row(row: Any) -> list[str]:
    from odf.table import CoveredTableCell, TableCell

    own = (TableCell().qname, CoveredTableCell().qname)
    cells = [cell for cell in row.childNodes if getattr(cell, "qname", None) in own]
    return [_ods_text(cell) for cell in _ods_repeated(cells, "columns")]


def _ods_repeated(nodes: list[Any], what: str) -> Iterator[Any]:
    """Alike neighbours are written once, with how many they are; an empty end that fills the sheet is left out."""
    for node in nodes:
        count = int(node.getAttribute(f"number{what}repeated") or 1)
        yield from [node] * (count if count < FILLS_THE_SHEET else 1)


def _ods_text(cell: Any) -> str:
    from odf import teletype

    kind, value = cell.getAttribute("valuetype"), cell.getAttribute("value")
    text = teletype.extractText(cell).strip()
    if cell.attributes.get((CALCEXT, "value-type")) == "error":
        return text if ERROR.fullmatch(text) else NO_VALUE
    if kind in ("float", "percentage", "currency"):
        return _number(float(value), "%" if kind == "percentage" else "")
    if kind == "date":
        return _text(datetime.fromisoformat(cell.getAttribute("datevalue")))
    if kind == "boolean":
        return _text(cell.getAttribute("booleanvalue") == "true")
    return NO_VALUE if not text and cell.getAttribute("formula") and not kind else text


def _kept(rows: Iterable[list[str]]) -> list[Line]:
    """Lines with anything in them, numbered as in the file."""
    return [(number, cells) for number, cells in enumerate(rows, 1) if any(cells)]


def _number(value: float, form: str) -> str:
    return f"{_text(round(value * 100, 10))} %" if "%" in form else _text(value)


def _text(value: Any) -> str:
    """A cell as a person reads it: whole numbers without «.0», decimals with a comma, dates as 15.06.2018."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "SANN" if value else "USANN"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    if isinstance(value, datetime) and value.time() == time():
        return value.strftime("%d.%m.%Y")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.strftime("%d.%m.%Y")
    return str(value).strip()


def _again(kind: str) -> str:
    return f"vent til den er ferdig overført, eller åpne den og lagre den som {kind} på nytt."


def _unreadable(shown: str, found: str, remedy: str) -> KunnskapError:
    return KunnskapError(UNREADABLE, [Problem(file=shown, found=found, remedy=remedy)])
