"""Norwegian bokmål for dates, lists and municipalities."""

from collections.abc import Iterable
from datetime import date


def day(when: date) -> str:
    """31.12.2019"""
    return f"{when.day}.{when.month}.{when.year}"


def listed(words: Iterable[object]) -> str:
    """a, b og c"""
    texts = [str(word) for word in words]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} og {texts[-1]}" if texts else ""
