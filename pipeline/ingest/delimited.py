"""CSV in the dialects that people's programs write: encoding, separator and header are seen, not assumed."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.errors import KunnskapError, Problem

IsHeader = Callable[[Sequence[str]], bool]
SEPARATORS = {";": "", ",": "komma", "\t": "tabulator", "|": "loddrett strek"}  # the usual needs no word
LOOKED_FOR_HEADER = 20  # lines
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# letters of MS-DOS and of older Macs, read as Windows-1252: signs that no Norwegian word has beside a letter
FOREIGN = re.compile(r"(?<=[a-z])[†›Œ¿¾‘](?=[a-z])|[†Œ¿¾](?=[a-z])", re.IGNORECASE)
UNREADABLE = "En fil kunne ikke leses:"


@dataclass(frozen=True)
class Delimited:
    """Lines with anything in them, by the number each has in the file, and the separator where it is not usual."""

    lines: list[tuple[int, list[str]]]
    words: str


def decode(content: bytes, shown: str) -> str:
    """UTF-8, UTF-16 with its mark, or what Excel on Windows writes as «CSV». Raises KunnskapError on anything else."""
    if content.startswith(UTF_16):
        return _decoded(content, "utf-16", shown)
    if b"\0" in content:
        raise _unreadable(shown, "er ikke en tekstfil.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(content, "cp1252", shown)
    if FOREIGN.search(text):
        raise _unreadable(shown, _foreign())
    return text


def delimited(text: str, shown: str, is_header: IsHeader) -> Delimited:
    """The text split by the separator under which it has a header. Raises KunnskapError on a quote left open."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first, _, rest = text.partition("\n")
    said = (
        re.fullmatch(r'"?sep=(.)"?', first.strip(), re.IGNORECASE)
        if first.casefold().lstrip('"').startswith("sep=")
        else None
    )
    if said:
        return Delimited(_split(rest, said[1], shown, 1), SEPARATORS.get(said[1], f"«{said[1]}»"))
    head = "\n".join(text.split("\n")[:LOOKED_FOR_HEADER])
    for separator, words in SEPARATORS.items():
        if any(is_header(line.replace('"', "").split(separator)) for line in head.split("\n")):
            return Delimited(_split(text, separator, shown), words)
    return Delimited(_split(text, ";", shown), "")


def _split(text: str, separator: str, shown: str, above: int = 0) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    lines: list[tuple[int, list[str]]] = []
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _broken(shown, start + above, error) from error
        if cells is None:
            return lines
        swallowed = [
            cell for cell in cells if any(line.count(separator) >= len(cells) - 1 > 0 for line in cell.split("\n")[1:])
        ]
        if swallowed:
            found = "et anførselstegn åpnes her og lukkes først flere rader lenger ned."
            raise _at_row(shown, start + above, found)
        if any(cell.strip() for cell in cells):
            lines.append((start + above, [cell.strip() for cell in cells]))
        start = reader.line_num + 1


def _broken(shown: str, row: int, error: csv.Error) -> KunnskapError:
    if "field larger" in str(error):
        return _at_row(shown, row, f"en celle er lengre enn {csv.field_size_limit()} tegn.")
    if "unexpected end" in str(error):
        return _at_row(shown, row, "et anførselstegn åpnes her og lukkes aldri: resten av filen ville blitt én celle.")
    return _at_row(shown, row, "et anførselstegn står midt i en celle.")


def _decoded(content: bytes, encoding: str, shown: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(shown, _foreign()) from error


def _foreign() -> str:
    return "er ikke UTF-8 eller Windows-1252; den kan være fra MS-DOS eller en eldre Mac."


def _unreadable(shown: str, found: str) -> KunnskapError:
    problem = Problem(file=shown, found=found, remedy="lagre den fra Excel som «CSV UTF-8» eller som xlsx.")
    return KunnskapError(UNREADABLE, [problem])


def _at_row(shown: str, row: int, found: str) -> KunnskapError:
    problem = Problem(file=shown, row=row, found=found, remedy="rett raden, eller fyll ut xlsx-filen.")
    return KunnskapError(UNREADABLE, [problem])
