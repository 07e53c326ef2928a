"""How long work tells how far it has come. What is shown of it is the caller's."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing(told: object) -> None:
    pass


@dataclass(frozen=True)
class Progress:
    """What the caller is told: how many steps there will be, each step as it is taken, and longer stories."""

    plan: Callable[[int], None] = _nothing
    step: Callable[[str], None] = _nothing
    tell: Callable[[str], None] = _nothing
