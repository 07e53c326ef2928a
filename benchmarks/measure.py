"""Runs something in a process of its own and watches it: seconds, and the most memory it had at once."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

LOOK_EVERY = 0.05  # seconds


def measured(code: str, *arguments: str, cwd: Path | None = None) -> tuple[float, float]:
    """Seconds, and peak MB (proportional set size) of the process and all it started."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=cwd)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(LOOK_EVERY)
    if process.returncode:
        raise SystemExit("the run failed")
    return time.perf_counter() - start, peak / 1e6


def _memory(pid: int) -> int:
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for member in family:
        try:
            used = member.memory_full_info()
            total += getattr(used, "pss", used.uss)
        except psutil.Error:
            continue
    return total
