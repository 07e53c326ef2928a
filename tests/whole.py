"""Whole runs that many tests look at: made once, kept in `.kept/`, and made again when the product's own key changes.

A kept run is used by every test module, by both workers of pytest-xdist, and by the next session.
"""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from filelock import FileLock

from pipeline import model, run, stamps
from pipeline.choice import Choice, choose
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.mergers.pulled import Who
from pipeline.model import Definitions
from pipeline.project import HERE, Project
from pipeline.report.formats import convert
from tests import poison
from tests.registers import fill_in
from tests.statbank import Server
from tests.statbank.faults import HOSTILE

MERGER, MEMBERS = "nye-drammen", ("0602", "0625", "0711")
ROOT = HERE.parent
KEPT = ROOT / ".kept"
EXAMPLES = ROOT / "docs" / "eksempel"
MADE_BY = ("whole.py", "poison.py", "registers.py", "sentences/made.py", "statbank/**/*.py", "statbank/*.json")
# the free texts of the forms
WORDS = ["merknad", "plasstype", "standard", "enhet", "modell", "beskrivelse", "ordning", "formål", "sted", "samarbeid"]


def who(project: Project, definitions: Definitions, *names: str) -> Who:
    """Who a pull is for: the mergers named, or Nye Drammen."""
    return Who(project, definitions, [definitions.merger_file(name) for name in names or (MERGER,)])


def checkout(root: Path) -> Project:
    """A checkout of one's own: the embedded set and the definitions copied, nothing computed."""
    shutil.copytree(Project().raw / "embedded", root / "data" / "raw" / "embedded")
    shutil.copytree(Project().definitions, root / "definitions")
    return Project(root=root, definitions=root / "definitions")


def kept(name: str, make: Callable[[Project], None]) -> Project:
    """The kept run of that name, made by `make` in a checkout if there is none, or none that is as it should be."""
    place = KEPT / name
    project = Project(root=place, definitions=place / "definitions")
    KEPT.mkdir(exist_ok=True)
    with FileLock(KEPT / f"{name}.lock"):
        record, key = KEPT / f"{name}.json", _key()
        there = json.loads(record.read_text(encoding="utf-8")) if record.is_file() and place.is_dir() else {}
        if there.get("key") != key or there["files"] != stamps.file_sums(place):
            record.unlink(missing_ok=True)
            shutil.rmtree(place, ignore_errors=True)
            make(checkout(place))
            record.write_text(json.dumps({"key": key, "files": stamps.file_sums(place)}), encoding="utf-8")
    return project


def changed(name: str) -> list[str]:
    """The files of a kept run that are not as they were made."""
    was, now = json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8"))["files"], stamps.file_sums(KEPT / name)
    return sorted(path for path in {*was, *now} if was.get(path) != now.get(path))


def _key() -> str:
    """The product's key of a run on the embedded set, and what else a kept run is made by and from."""
    tests = Path(__file__).parent
    return stamps.key(
        stamps.run_key(choose(Project(), MERGER, "embedded")),
        stamps.file_sums(tests, MADE_BY),
        stamps.file_sums(EXAMPLES),
    )


# ------------------------------------------------------------------------------------- what is made


def plain(project: Project) -> None:
    """The embedded set, nothing filled in: copied where `kunnskap run` has made the same in this checkout."""
    if not _copied(choose(Project(), MERGER, "embedded"), choose(project, MERGER)):
        run.run(choose(project, MERGER))


def _copied(there: Choice, here: Choice) -> bool:
    """Whether a run made there is the one that would be made here, and is here now with every file as it was made."""
    if stamps.read_stamp(there.reports).get("run") != stamps.run_key(here):
        return False
    places = (here.processed, here.reports)
    for folder, place in zip((there.processed, there.reports), places, strict=True):
        shutil.copytree(folder, place)
    made = {here.processed / name: sum_ for name, sum_ in stamps.read_stamp(here.processed).get("files", {}).items()}
    for report in stamps.read_stamp(here.reports)["reports"].values():
        made |= {here.reports / name: sum_ for name, sum_ in report["files"].items()}
    found = {path for place in places for path in place.rglob("*") if path.is_file() and path.name != stamps.STAMP}
    whole = found == made.keys() and all(stamps.digest(path) == sum_ for path, sum_ in made.items())
    for place in () if whole else places:
        shutil.rmtree(place)
    return whole


def tables(merger: str) -> Path:
    """The processed tables of a merger from the embedded set, without reports."""

    def make(project: Project) -> None:
        choice = choose(project, merger)
        run.compute_tables(choice, choice.processed)

    return kept(f"tables-{merger}", make).processed / merger


def poisoned(project: Project) -> None:
    """Every text of every definition file bears a mark of its own: those of `poison.marks`, in their order.

    In a PDF no mark can be looked for: none is set.
    """
    poison.poison(project.definitions, poison.texts(project.definitions))
    with patch.object(convert, "_to_pdf", lambda source, target: target.touch()):
        run.run(choose(project, MERGER))


def attacked(project: Project) -> None:
    """Every word from outside that may be an attack is one: SSB's labels and notes, and the free texts of the forms.

    Two sets pulled, every register of numbers filled in, and the example of docs/ in the forms.
    """
    definitions = model.load(project)
    mergers = who(project, definitions)
    with Server() as server:
        # where a code is gone, the nearest labels stand in the reason that the reports print
        server.misbehave("code_gone", table="12137", dimension="ContentsCode", code="KOSbelop0000")
        # SSB's own contents labels are held against the definitions: with an attack in them nothing is pulled. In the
        # tables with figures the attacks are in the title and the notes.
        for table in set(server.tables) - {"07459", "12362", "12210"}:
            server.misbehave("hostile_labels", table=table)
        for at, table in enumerate(("07459", "12362", "12210")):
            server.tables[table].title = HOSTILE[at]
            server.tables[table].notes = ["En merknad.", HOSTILE[at]]
        client = Client(calls_per_minute=0)
        at_ssb = Connection(client, server.statbank_url, server.klass_url)
        fetch(project, definitions, mergers, at_ssb, "a-ny")
        server.misbehave("new_release", table="12210")
        fetch(project, definitions, mergers, at_ssb, "b-ny")
        client.close()
    fill_in(project, definitions, MERGER, MEMBERS)
    attacks = {"andre barn": HOSTILE[4]}
    for path in (EXAMPLES / MERGER).glob("*.csv"):
        _attack(path, project.local / MERGER / path.name, attacks)
    run.run(choose(project, MERGER))


def _attack(form: Path, to: Path, attacks: dict[str, str]) -> None:
    """The same words become the same attack in every row, so that the municipalities still go together."""
    with form.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row in rows:
        for column in set(WORDS) & set(row):
            if column == "enhet" and form.stem == "brukerbetalinger":
                continue  # the unit of a fee is checked
            if row[column] or column == "merknad":
                row[column] = attacks.setdefault(
                    row[column], f"{HOSTILE[len(attacks) % 5]} $x$ $\\frac$ {len(attacks)}"
                )
    with to.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
