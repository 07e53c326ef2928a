"""Reading the largest answer SSB gives (800 000 cells), beside what a user would take instead.

    python benchmarks/read_jsonstat.py

All read the same bytes in one process, in turns; the ratio is of medians. orjson alone only parses.
"""

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import orjson

from pipeline.ingest import jsonstat

SIZES = {"region": 430, "KOKfunksjon0000": 20, "KOKart0000": 31, "ContentsCode": 1, "Tid": 3}
ROUNDS = 7


def answer() -> bytes:
    """A json-stat2 data answer of 799 800 cells, 5 per cent of them without a value."""
    random = np.random.default_rng(1)
    count = int(np.prod(list(SIZES.values())))
    values = random.integers(0, 10**6, count).tolist()
    holes = np.flatnonzero(random.random(count) < 0.05)
    for at in holes:
        values[at] = None
    dimensions = {}
    for name, size in SIZES.items():
        codes = [f"{name[:3]}{at:04d}" for at in range(size)]
        category = {"index": {c: at for at, c in enumerate(codes)}, "label": {c: f"Navn på {c}" for c in codes}}
        dimensions[name] = {"label": name, "category": category}
    return orjson.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "label": "12367",
            "id": list(SIZES),
            "size": list(SIZES.values()),
            "dimension": dimensions,
            "value": values,
            "status": {str(at): ".." for at in holes},
        }
    )


def pyjstat(content: bytes) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyjstat import pyjstat as reader

        return reader.Dataset.read(content.decode()).write("dataframe", naming="id")


def main() -> None:
    content = answer()
    readers: dict[str, Callable[[], object]] = {
        "this project (values and signs)": lambda: jsonstat.read(orjson.loads(content)),
        "orjson alone (no table)": lambda: orjson.loads(content),
        "pyjstat (values only)": lambda: pyjstat(content),
    }
    seconds: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, read in readers.items():
            start = time.perf_counter()
            read()
            seconds[name].append(time.perf_counter() - start)
    ours = statistics.median(seconds["this project (values and signs)"])
    print(f"{len(content) / 1e6:.1f} MB, {np.prod(list(SIZES.values())):,} cells, median of {ROUNDS}\n")
    print("| reader | seconds | this project takes, of its time |")
    print("|---|---|---|")
    for name, found in seconds.items():
        print(f"| {name} | {statistics.median(found):.3f} | {ours / statistics.median(found):.3f} |")


if __name__ == "__main__":
    main()
