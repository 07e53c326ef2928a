"""Runs something in a process of its own and watches it: seconds, processor time, and the most memory it had."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_EVERY = 0.1  # seconds: looking costs processor time too, but none of the measured


@dataclass(frozen=True)
class Measured:
    """Wall seconds, processor seconds, and peak MB: of the largest process, and of all of them together."""

    seconds: float
    cpu: float
    largest_mb: float
    together_mb: float


def measured(code: str, *arguments: str, checkout: Path | None = None) -> Measured:
    """Run Python code and all it starts; `checkout` is whose `pipeline` it gets, where it is not this one's.

    Together is the proportional set size. Windows does not tell the processor time of processes that have ended: 0.
    """
    environment = {**os.environ, "PYTHONPATH": str(checkout)} if checkout else dict(os.environ)
    before, start = _cpu(), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=checkout, env=environment)
    largest = together = 0
    while process.poll() is None:
        sizes, shares = _memory(process.pid)
        largest, together = max(largest, sizes), max(together, shares)
        time.sleep(LOOK_EVERY)
    if process.returncode:
        raise SystemExit("the run failed")
    return Measured(time.perf_counter() - start, _cpu() - before, largest / 1e6, together / 1e6)


def _cpu() -> float:
    """What the processes started here, and those they started, have used."""
    told = os.times()
    return told.children_user + told.children_system


def _memory(pid: int) -> tuple[int, int]:
    """Bytes of the largest process, and of all of them."""
    largest = together = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0, 0
    for member in family:
        try:
            used = member.memory_full_info()
        except psutil.Error:
            continue
        largest = max(largest, used.rss)
        together += getattr(used, "pss", used.uss)
    return largest, together
