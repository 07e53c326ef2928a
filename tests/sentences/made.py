"""The reports whose sentences are read: made of a set, a merger, filled or empty forms, and a year.

Only the Markdown: what is in it is in every format.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from pipeline import model, run
from pipeline.choice import choose
from pipeline.ingest.client import Client
from pipeline.ingest.connection import Connection
from pipeline.ingest.fetch import fetch
from pipeline.project import Project
from pipeline.report.build import DOCUMENTS, Site, jobs, run_notebook
from pipeline.report.paper.notebook import Kernel
from tests import whole
from tests.statbank import Server

MERGERS = ("nye-drammen", "nye-asker")
YEARS = (2015, 2018, 2019, 2022, 2025)
SETS = ("embedded", "pulled")


@dataclass(frozen=True)
class Case:
    """One way to run."""

    set: str
    merger: str
    forms: bool
    year: int

    def __str__(self) -> str:
        return f"{self.set}-{self.merger}-{'forms' if self.forms else 'empty'}-{self.year}"


CASES = [Case(*case) for case in product(SETS, MERGERS, (False, True), YEARS)]


def pulled() -> Project:
    """Everything SSB has for both mergers, from the test server."""

    def make(project: Project) -> None:
        definitions = model.load(project)
        with Server() as server:
            client = Client(calls_per_minute=0)
            at = Connection(client, server.statbank_url, server.klass_url)
            fetch(project, definitions, whole.who(project, definitions, *MERGERS), at, "pulled")
            client.close()

    return whole.kept("pulled", make)


def tables(case: Case) -> Project:
    """A project in which the tables of a case are computed; the same for every year."""

    def make(project: Project) -> None:
        if case.set == "pulled":
            shutil.copytree(pulled().raw / "pulled", project.raw / "pulled")
        if case.forms:
            shutil.copytree(whole.EXAMPLES / case.merger, project.local / case.merger)
        choice = choose(project, case.merger, case.set)
        run.compute_tables(choice, choice.processed)

    return whole.kept(f"told-{case.set}-{case.merger}-{'forms' if case.forms else 'empty'}", make)


def texts(case: Case, folder: Path) -> Iterator[Path]:
    """The Markdown of every report of a case, written under `folder`."""
    project = tables(case)
    choice = choose(project, case.merger, case.set, case.year)
    site = Site(choice.definitions, choice.project.notebooks, choice.merger, choice.processed, choice.year)
    with closing(Kernel(project.definitions)) as kernel:
        for job in jobs(choice.definitions, choice.merger):
            for document in DOCUMENTS[job.kind]:
                yield run_notebook(site, job, document, folder / job.workroom, kernel)
