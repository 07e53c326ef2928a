"""A number as a Norwegian writes it, and why a text that looks like one cannot be taken for it.

Spaces between thousands and a comma before decimals. What can be read in two ways is not read: «2.790» is 2790 to the
one who groups thousands and 2,79 to the one who types on an English keyboard, and nothing in the cell says which.
"""

import re

PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?")
GROUPED = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?")
TWO_WAYS = re.compile(r"(-?[1-9]\d{0,2})[.,](\d{3})")
TWO_NUMBERS = re.compile(r"\d{3} [1-9]\d\d")  # 120 000 is one number: nobody writes 000 for itself
PER_CENT = re.compile(r"(.*\d) ?%")
DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}")
MOST_DIGITS = 15  # a spreadsheet holds no more of them


def is_number(text: str, maximum: float | None = None) -> bool:
    """Whether the text is one number and no other. `maximum`: what no number of its column is above."""
    return not why_not(text, maximum)


def plain_number(text: str, maximum: float | None = None) -> str:
    """The number with a decimal point and without spaces; text that is no number is left as it is."""
    return _close(text).replace(",", ".") if is_number(text, maximum) else text


def without_per_cent(text: str) -> str:
    """«45 %» as 45, for a column of per cent; any other text as it is."""
    found = PER_CENT.fullmatch(text)
    return found[1] if found else text


def why_not(text: str, maximum: float | None = None) -> str:
    """What may stand instead of the text, in Norwegian; empty if it is a number."""
    if found := TWO_WAYS.fullmatch(text):
        whole, decimals = found.groups()
        if maximum is None or abs(float(whole + decimals)) <= maximum:
            return f"{whole}{decimals} eller {_decimal(whole, decimals)}; «{text}» kan være begge"
    if TWO_NUMBERS.fullmatch(text):
        return f"{_close(text)}, hvis det er ett tall; «{text}» kan være to"
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        return f"inntil {MOST_DIGITS} sifre"
    if (text.isascii() and PLAIN.fullmatch(text)) or GROUPED.fullmatch(text):
        return ""
    if PER_CENT.fullmatch(text):
        return "et tall; dette er prosent, og kolonnen er det ikke"
    if DATE.match(text):
        return "et tall; regnearket har gjort dette til en dato: gjør cellen til tekst eller tall og skriv det igjen"
    return "et tall med komma som desimaltegn"


def _decimal(whole: str, decimals: str) -> str:
    return f"{whole},{decimals}".rstrip("0").rstrip(",")


def _close(text: str) -> str:
    return re.sub(r"[ \u00a0\u202f]", "", text)
