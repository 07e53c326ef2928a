"""A whole country that is made up: definitions that compare with every municipality, and a raw set pulled for them.

The figures come from the test server through the project's own pull, so that they are cut into parts, hang together
and have holes as SSB's have: every municipality code since 1990 is asked for in every year, valid or not. Of 12367,
every code of every dimension is asked for. The definitions are a copy; yours are not touched.
"""

import re
import shutil
import sys
from pathlib import Path

from pipeline import model
from pipeline.choice import choose
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.mergers.pulled import Who
from pipeline.project import Project

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the test server is not part of what is installed

from tests.statbank import Server, catalogue

MERGER = "nye-drammen"
SET = "hele-landet"
ACCOUNTS = "12367"
REGION = "KOKkommuneregion0000"


def make(root: Path, share: float) -> Project:
    """A project in `root` with a set of this share of all regions."""
    shutil.copytree(Project().raw / "embedded", root / "data" / "raw" / "embedded")
    shutil.copytree(Project().definitions, root / "definitions")
    project = Project(root=root, definitions=root / "definitions")
    _compare_with_all(project, share)
    _ask_for_everything(project)
    definitions = model.load(project)
    with Server() as server:
        client = Client(calls_per_minute=0)
        at = Connection(client, server.statbank_url, server.klass_url)
        fetch(project, definitions, Who(project, definitions, [definitions.merger_file(MERGER)]), at, SET)
        client.close()
    return project


def _compare_with_all(project: Project, share: float) -> None:
    """Regions of 12367 become comparators until the merger looks up its share of them, spread over the whole list."""
    merger = choose(project, MERGER, "embedded").merger
    known = catalogue.load()[ACCOUNTS].dimension(REGION).values
    rest = [value for value in known if value.code not in merger.region_codes]
    have = sum(value.code in merger.region_codes for value in known)
    count = max(0, round(share * len(known)) - have)
    chosen = [rest[at * len(rest) // count] for at in range(count)]
    blocks = [f'\n[[comparator]]\nid = "{v.code}"\nname = {_text(v.label)}\nkind = "{_kind(v.code)}"\n' for v in chosen]
    path = project.definitions / "comparators.toml"
    path.write_text(path.read_text(encoding="utf-8") + "".join(blocks), encoding="utf-8")


def _kind(code: str) -> str:
    """A KOSTRA group beside the merger's own is a peer: as a group it would claim that the merger belongs to it."""
    return "county" if code.startswith("EKA") else "country_without_oslo" if code == "EAKUO" else "peer"


def _ask_for_everything(project: Project) -> None:
    """Every code of 12367 gets a label in the definition of the source, and so is pulled."""
    path = project.definitions / "sources" / "regnskap.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index(f'id = "{ACCOUNTS}"')
    end = text.index("[[source]]", start)
    block = re.sub(r"\[source\.labels\.\w+\]\n(?:\w+ = .*\n)+", "", text[start:end])
    for name in model.load(project).sources[ACCOUNTS].dimensions:
        labels = "".join(f"{v.code} = {_text(v.label)}\n" for v in catalogue.load()[ACCOUNTS].dimension(name).values)
        block += f"[source.labels.{name}]\n{labels}\n"
    path.write_text(text[:start] + block + text[end:], encoding="utf-8")


def _text(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
