"""How long a run takes and how much memory it needs, beside its promises, another checkout and plain pandas.

    python benchmarks/run_time.py [MERGER] [--vs CHECKOUT] [--pairs N]

Works in a copy of the project's data and definitions, so that your own reports are not touched. With `--vs`, every
run is made with the other checkout too, in turn on the same machine, by the Python that runs this (it must have what
both need): read the ratios. With more pairs, the middle one of each figure is told.
"""

import argparse
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import pandas as pd
from measure import Measured, measured

from pipeline import model
from pipeline.choice import choose
from pipeline.compute import build
from pipeline.project import Project
from pipeline.run import read_set

ROOT = Path(__file__).resolve().parents[1]
RUN = """
import sys
from pathlib import Path
from pipeline.project import Project
from pipeline.run import run

root = Path(sys.argv[1])
project = Project(root=root, definitions=root / "definitions")
try:
    from pipeline.choice import choose
except ImportError:  # a checkout from before a run's choice was one object
    run(project, sys.argv[2])
else:
    run(choose(project, sys.argv[2]))
"""
CARD = re.compile(r'(id = "barnehage.dekning_1_5".*?\nwhat = ")', re.DOTALL)  # stands in the reports of one sub-project
# what each kind of run may take on two idle cores: seconds, processor seconds, MB of the largest process
PROMISED = {"cold": (25.0, 32.0, 620.0), "one changed card": (5.0, None, None), "unchanged": (0.5, None, None)}
WHAT = {
    "seconds": "seconds",
    "cpu": "processor seconds",
    "largest_mb": "MB, largest process",
    "together_mb": "MB, all together",
}


def runs(merger: str, checkout: Path) -> dict[str, Measured]:
    """One of each kind, with a checkout's own code, definitions and data."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(checkout / "data" / "raw" / "embedded", root / "data" / "raw" / "embedded")
        shutil.copytree(checkout / "pipeline" / "definitions", root / "definitions")
        found = {}
        for kind in PROMISED:
            if kind == "one changed card":
                _change_card(root / "definitions")
            found[kind] = measured(RUN, str(root), merger, checkout=checkout)
        return found


def _change_card(definitions: Path) -> None:
    """Another word at the start of what one indicator says of itself."""
    for path in (definitions / "indicators").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        if CARD.search(text):
            path.write_text(CARD.sub(r"\1Endret. ", text), encoding="utf-8")
            return
    raise SystemExit("the indicator whose card is changed is gone")


def middle(found: list[dict[str, Measured]], kind: str, what: str) -> float:
    return statistics.median(getattr(one[kind], what) for one in found)


def compute_seconds(merger_id: str) -> float:
    """Staging and marts from frames already read and validated: what the promise calls compute."""
    choice = choose(Project(), merger_id, "embedded")
    definitions, merger = choice.definitions, choice.merger
    raw = read_set(choice)
    start = time.perf_counter()
    connection = build.connect()
    build.prepare(connection, definitions, merger, raw.record, raw.frames, raw.files)
    build.stage(connection, definitions, raw.frames)
    build.compute(connection, definitions, merger, raw.record, raw.files)
    return time.perf_counter() - start


def pandas_seconds(merger_id: str) -> float:
    """What a user would do instead, for the indicators that divide 12362 by ages of 07459: pandas, rule S.

    Holes are looked for cell by cell, as the pipeline does; validity, reasons, comparators, published
    figures and reconciliation are not done at all.
    """
    project = Project()
    definitions = model.load(project)
    merger = choose(project, merger_id, "embedded").merger
    money = pd.read_csv(project.raw / "embedded/12362/expenditure.csv", dtype={"KOKkommuneregion0000": str})
    people = pd.read_csv(project.raw / "embedded/07459/population.csv", dtype={"Region": str, "Alder": str})
    codes = [member.code for member in merger.member]
    chosen = [i for i in definitions.indicators.values() if i.sources == ["12362", "07459"]]
    start = time.perf_counter()
    for indicator in chosen:
        a, b = indicator.numerator, indicator.denominator
        assert a is not None and b is not None
        rows = money[
            money["KOKfunksjon0000"].isin(a.codes["KOKfunksjon0000"]) & money["KOKart0000"].isin(a.codes["KOKart0000"])
        ]
        ages = people[people["Alder"].isin(model.age_codes(b.ages))]
        for year in range(2015, 2020):
            top = rows[(rows["Tid"] == year) & rows["KOKkommuneregion0000"].isin(codes)]["KOSbelop0000"]
            bottom = ages[(ages["Tid"] == year + 1) & ages["Region"].isin(codes)]["Personer1"]
            _ = top.sum() * 1000 / bottom.sum() if len(top) == len(codes) and len(bottom) else None
    every_row = len(definitions.indicators) / len(chosen)
    return (time.perf_counter() - start) * every_row


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("merger", nargs="?", default="nye-drammen")
    reader.add_argument("--vs", type=Path, help="another checkout, to run beside this one")
    reader.add_argument("--pairs", type=int, default=1, help="how many times each is run")
    asked = reader.parse_args()
    ours: list[dict[str, Measured]] = []
    theirs: list[dict[str, Measured]] = []
    for _ in range(asked.pairs):
        ours.append(runs(asked.merger, ROOT))
        if asked.vs:
            theirs.append(runs(asked.merger, asked.vs.resolve()))
    print(f"{asked.merger}, embedded set, middle of {asked.pairs}\n")
    _beside_promises(ours)
    if theirs:
        _beside_another(ours, theirs)
    compute, pandas = compute_seconds(asked.merger), pandas_seconds(asked.merger)
    print(f"\ncompute stage alone: {compute:.2f} s of 2 s, {compute / pandas:.2f} of plain pandas (S and members only)")


def _beside_promises(ours: list[dict[str, Measured]]) -> None:
    print(f"| {'run':<18} | {'what':<22} | {'measured':>9} | {'promised':>9} | ratio |")
    print(f"|{'-' * 20}|{'-' * 24}|{'-' * 11}|{'-' * 11}|-------|")
    for kind, promised in PROMISED.items():
        for what, limit in zip(("seconds", "cpu", "largest_mb"), promised, strict=True):
            found = middle(ours, kind, what)
            told = (f"{limit:g}", f"{found / limit:.2f}") if limit else ("", "")
            print(f"| {kind:<18} | {WHAT[what]:<22} | {found:>9.1f} | {told[0]:>9} | {told[1]:>5} |")


def _beside_another(ours: list[dict[str, Measured]], theirs: list[dict[str, Measured]]) -> None:
    """Ratios pair by pair: a machine that slows down under way slows both."""
    print(f"\n| {'run':<18} | {'what':<22} | {'this':>9} | {'other':>9} | ratio |")
    print(f"|{'-' * 20}|{'-' * 24}|{'-' * 11}|{'-' * 11}|-------|")
    for kind in PROMISED:
        for what, told in WHAT.items():
            pairs = [(getattr(a[kind], what), getattr(b[kind], what)) for a, b in zip(ours, theirs, strict=True)]
            ratio = statistics.median(a / b for a, b in pairs if b)
            print(
                f"| {kind:<18} | {told:<22} | {middle(ours, kind, what):>9.1f} | {middle(theirs, kind, what):>9.1f} "
                f"| {ratio:>5.2f} |"
            )


if __name__ == "__main__":
    main()
