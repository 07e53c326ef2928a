"""A whole country: every region of 12367 with every code of every dimension, and all indicators, against the promise.

    python benchmarks/whole_country.py [SHARE ...]

A share is how much of the country: 1 is all of it, 66 million cells of 12367. Without any: a tenth, three tenths and
all (1×, 3×, 10×). Making the set is not measured; reading, validating, computing and writing the tables is, in a
process of its own. Exit code 1 if time or memory grows faster than the input, or the whole breaks the promise.
"""

import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
from country import MERGER, SET, make
from measure import measured

SHARES = (0.1, 0.3, 1.0)
SECONDS, MEGABYTES = 180, 4000  # the promise for the whole country on two cores
NOISE = 1.25  # machines are: a ratio above this times the input's is growth
COMPUTE = (
    "import sys; from pathlib import Path; from pipeline.project import Project; from pipeline.choice import choose; "
    "from pipeline.run import compute_tables; "
    "root = Path(sys.argv[1]); "
    "project = Project(root=root, definitions=root / 'definitions'); "
    "compute_tables(choose(project, sys.argv[2], sys.argv[3]), root / 'made')"
)


@dataclass(frozen=True)
class Measured:
    share: float
    cells: int
    raw_mb: float
    seconds: float
    peak_mb: float


def run(share: float) -> Measured:
    """One size: made, then measured."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        project = make(root, share)
        raw = sum(path.stat().st_size for path in (project.raw / SET).rglob("*") if path.is_file())
        run_of_it = measured(COMPUTE, str(root), MERGER, SET)
        path = (root / "made" / "observation.parquet").as_posix()
        [(cells,)] = duckdb.sql(f"select count(*) from '{path}' where source = '12367'").fetchall()
    return Measured(share, cells, raw / 1e6, run_of_it.seconds, run_of_it.together_mb)


def main(shares: list[float]) -> int:
    found = []
    print(
        f"{'share':>6}{'cells of 12367':>16}{'raw MB':>9}{'seconds':>9}{'peak MB':>9}{'s per M cells':>15}", flush=True
    )
    for share in shares:
        one = run(share)
        found.append(one)
        print(
            f"{one.share:>6g}{one.cells:>16,}{one.raw_mb:>9.0f}{one.seconds:>9.1f}{one.peak_mb:>9.0f}"
            f"{one.seconds / one.cells * 1e6:>15.2f}",
            flush=True,
        )
    good = True
    for small, large in pairwise(found):
        grown = large.cells / small.cells
        for name, ratio in (
            ("time", large.seconds / small.seconds),
            ("memory", large.peak_mb / small.peak_mb),
        ):
            print(f"input × {grown:.1f}: {name} × {ratio:.1f}")
            good &= ratio <= NOISE * grown
    whole = [one for one in found if one.share == 1]
    for one in whole:
        good &= one.seconds <= SECONDS and one.peak_mb <= MEGABYTES
        print(f"whole country: {one.seconds:.0f} s of {SECONDS}, {one.peak_mb:.0f} MB of {MEGABYTES}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main([float(text) for text in sys.argv[1:]] or list(SHARES)))
