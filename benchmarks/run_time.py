"""How long a run takes and how much memory it needs, beside its promises and beside plain pandas.

    python benchmarks/run_time.py [MERGER]

Works in a copy of the project's data, so that your own reports are not touched. Prints one table.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from measure import measured

from pipeline import model
from pipeline.choice import choose
from pipeline.compute import build
from pipeline.project import Project
from pipeline.run import read_set

ROOT = Path(__file__).resolve().parents[1]
RUN = (
    "import sys; from pathlib import Path; from pipeline.choice import choose; "
    "from pipeline.project import Project; from pipeline.run import run; "
    "run(choose(Project(root=Path(sys.argv[1])), sys.argv[2]))"
)


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
    merger = definitions.merger(merger_id)
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


def main(merger: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "data" / "raw" / "embedded", root / "data" / "raw" / "embedded")
        cold, peak = measured(RUN, root, merger)
        unchanged, _ = measured(RUN, root, merger)
    compute, pandas = compute_seconds(merger), pandas_seconds(merger)
    rows = [
        ("whole run, cold", f"{cold:.1f} s", "90 s", cold / 90),
        ("compute alone", f"{compute:.2f} s", "2 s", compute / 2),
        ("unchanged run, with Python's start", f"{unchanged:.2f} s", "2 s", unchanged / 2),
        ("peak memory, all processes", f"{peak:.0f} MB", "600 MB", peak / 600),
        ("compute beside plain pandas (S only, members only)", f"{compute:.2f} s", f"{pandas:.2f} s", compute / pandas),
    ]
    print(f"{merger}, embedded set\n")
    print(f"| {'what':<52} | {'measured':>9} | {'against':>8} | ratio |")
    print(f"|{'-' * 54}|{'-' * 11}|{'-' * 10}|-------|")
    for what, found, against, ratio in rows:
        print(f"| {what:<52} | {found:>9} | {against:>8} | {ratio:>5.2f} |")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "nye-drammen")
