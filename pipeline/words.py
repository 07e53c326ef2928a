"""Numbers and phrases as they stand in a Norwegian report."""

import re
from decimal import ROUND_HALF_UP, Decimal

THIN = "\u202f"  # narrow no-break space between thousands
SPACE = "\u00a0"  # no-break space before a unit
MINUS = "\u2212"


def number(value: float, decimals: int = 0) -> str:
    """`98524.1` → `98 524`; rounds half up, decimal comma, real minus sign."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", THIN).replace(".", ",")
    return MINUS + text if rounded < 0 else text


def signed(value: float, decimals: int = 0) -> str:
    """`+98 524`; what rounds to zero has no sign."""
    text = number(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0,") else text


def with_unit(value: float, decimals: int, unit: str) -> str:
    """The number with its unit, as in a sentence: `98 524 kr`, `62,1 prosent`."""
    if unit == "1000 kr":
        return f"{number(value / 1000, 1)}{SPACE}mill.{SPACE}kr"
    text = number(value, decimals)
    return text if unit == "indeks" else f"{text}{SPACE}{SINGULAR.get(unit, unit) if text == '1' else unit}"


# units that are counted, of one; others are the same for one and many (prosent, kr, barn, årsverk)
SINGULAR = {
    "barnehager": "barnehage", "beboere": "beboer", "boliger": "bolig", "brukere": "bruker", "dager": "dag",
    "deltakere": "deltaker", "elever": "elev", "husstander": "husstand", "måneder": "måned", "personer": "person",
    "skoler": "skole", "tilfeller": "tilfelle", "timer": "time", "timer per uke": "time per uke",
    "tjenester": "tjeneste", "utrykninger": "utrykning",
}  # fmt: skip


def listed(words: list[str]) -> str:
    """`a`, `a og b`, `a, b og c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def percent_apart(value: float, reference: float) -> str:
    """How far `value` is from `reference`: `15 prosent under`, `like høyt som`."""
    apart = int(Decimal(repr(100 * value / reference - 100)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if apart == 0:
        return "på linje med"
    return f"{abs(apart)}{SPACE}prosent {'over' if apart > 0 else 'under'}"


def school_year(year: int) -> str:
    return f"{year}–{(year + 1) % 100:02d}"


MARKUP = re.compile(r"([\\`*_{}\[\]<>#$~^@!])")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # no document format takes them
NUMBER = re.compile(r"[+-]?\d[\d\s,.]*")


def literal(text: str) -> str:
    """Somebody else's text (a label, a note, a name) as Markdown that shows it and does nothing else."""
    # spaces that hold a number and its unit together stay as they are
    return MARKUP.sub(r"\\\1", re.sub(r"[^\S\u00a0\u202f]+", " ", CONTROL.sub(" ", text)).strip())


def spreadsheet_text(text: str) -> str:
    """A text that a spreadsheet would take for a formula, made a text; numbers are left alone."""
    formula = text[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.fullmatch(text)
    return f"'{text}" if formula else text


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """As it stands within a sentence; an abbreviation (SFO, IKS) keeps its letters."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def date(iso: str) -> str:
    """`2026-11-22` → `22.11.2026`; a month alone, `2026-01` → `01.2026`."""
    return ".".join(reversed(iso.split("-")))
