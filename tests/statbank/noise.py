"""Numbers that look random and are the same on every machine: a hash of the codes, never Python's own."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@lru_cache(maxsize=100_000)
def of_text(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def of_codes(codes: Sequence[str]) -> Hashes:
    return np.array([of_text(code) for code in codes], dtype=np.uint64)


def mixed(hashes: Hashes) -> Hashes:
    """One round of splitmix64; unsigned arithmetic wraps on purpose."""
    with np.errstate(over="ignore"):
        hashes = hashes + _STEP
        hashes = (hashes ^ (hashes >> np.uint64(30))) * _FIRST
        hashes = (hashes ^ (hashes >> np.uint64(27))) * _SECOND
    return hashes ^ (hashes >> np.uint64(31))


def grid(name: str, *axes: Sequence[str]) -> Hashes:
    """A hash for every combination of codes, one axis for each list of codes."""
    made = np.array(of_text(name), dtype=np.uint64)
    for codes in axes:
        made = mixed(made[..., None] ^ of_codes(codes))
    return made


def uniform(name: str, *axes: Sequence[str]) -> Floats:
    """Numbers in [0, 1) for every combination of codes."""
    return (grid(name, *axes) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def one(name: str, *codes: str) -> float:
    return float(uniform(name, *([code] for code in codes)).item())
