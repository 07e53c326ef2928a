"""What a run is about, resolved once: a project, a merger, a raw set and a year. This small object travels."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest import store
from pipeline.ingest.store import SetRecord
from pipeline.project import MERGER, Project

if TYPE_CHECKING:  # a run with nothing to do needs none of it
    from pipeline.model import Definitions, Merger


@dataclass(frozen=True)
class Choice:
    """`asked_year` is the year asked for, None for the merger's base year. Definitions are read when they are needed:
    a run with nothing to do never does. `strict`: a fault in any table stops the run."""

    project: Project
    merger_id: str
    record: SetRecord
    asked_year: int | None = None
    strict: bool = False

    @cached_property
    def definitions(self) -> "Definitions":
        from pipeline import model

        return model.load(self.project)

    @cached_property
    def merger(self) -> "Merger":
        """The merger as KLASS of the set makes it out of its file."""
        from pipeline.mergers import derive, read_klass
        from pipeline.mergers.klass import CHANGES, CODES, GROUPS
        from pipeline.territory import load_facts

        definitions, project = self.definitions, self.project
        file = definitions.merger_file(self.merger_id)
        files = {name: store.files_of(project, self.record, name) for name in (CHANGES, CODES, GROUPS)}
        klass = read_klass(definitions, files, load_facts(project.definitions / "territory.toml"))
        shown = project.shown(project.definitions / "mergers" / f"{file.id}.toml")
        return derive(definitions, file, klass, shown, self.record.peers.get(file.id, []))

    @property
    def year(self) -> int:
        return self.merger.base_year if self.asked_year is None else self.asked_year

    @cached_property
    def older(self) -> str:
        """The set before, which the tables tell the changes from; empty if there is none."""
        return store.previous_set(self.project, self.record, self.merger_id)

    def write_merger(self, folder: Path) -> None:
        """Put the merger beside the tables that are made for it: a notebook reads it there."""
        folder.mkdir(parents=True, exist_ok=True)
        text = self.merger.model_dump_json(by_alias=True, indent=1) + "\n"
        (folder / MERGER).write_text(text, encoding="utf-8", newline="\n")

    def of_set(self, name: str) -> "Choice":
        """The same choice on another set, with the definitions already read."""
        other = replace(self, record=store.set_record(self.project, name))
        vars(other)["definitions"] = self.definitions
        return other

    @property
    def processed(self) -> Path:
        return self.project.processed / self.merger_id

    @property
    def reports(self) -> Path:
        return self.project.reports / self.merger_id


def choose(
    project: Project, merger_id: str, set_name: str | None = None, year: int | None = None, strict: bool = False
) -> Choice:
    """Raises KunnskapError if there is no such set, or if it was not pulled for the merger."""
    name = store.choose_set(project, set_name, merger_id)
    return Choice(project, merger_id, store.set_record(project, name), year, strict)
