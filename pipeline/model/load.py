"""Reads every definition file; what cannot be read, or does not hold together, is told with file, block and field."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import KunnskapError, Problem
from pipeline.model.accounts import Accounts
from pipeline.model.check import check
from pipeline.model.definitions import Definitions
from pipeline.model.harmonisation import (
    Assumptions,
    Coverage,
    Fee,
    GuidelineSet,
    Harmonisation,
    Household,
    LeftOut,
    Question,
    Spending,
)
from pipeline.model.indicators import OPERANDS, Decomposition, Deflator, Formula, Indicator, NeedKeys, Operand
from pipeline.model.mergers import Merger
from pipeline.model.services import CrossCutting, Function, Grouping, Outside, Service, ServiceGroup, StandardRow
from pipeline.model.sources import Correction, Deviation, Source, Tolerance
from pipeline.model.tables import FieldDef, Status, Table, Term
from pipeline.project import Project


def load(project: Project) -> Definitions:
    """Read and check every definition file under `project.definitions`."""
    reader = _Reader(project)
    services = reader.toml("services.toml")
    sources = reader.keyed(Source, "sources/*.toml", "source")
    accounts = reader.build(Accounts, reader.toml("accounts.toml"), "accounts.toml", "")
    definitions = Definitions(
        statuses=reader.keyed(Status, "statuses.toml", "status"),
        terms=reader.named(Term, "terms.toml"),
        fields=_allowed(reader.named(FieldDef, "fields.toml"), accounts),
        tables=reader.named(Table, "tables.toml"),
        sources=sources,
        functions=reader.functions("functions.csv"),
        services=reader.keyed(Service, "services.toml", "service"),
        service_groups=reader.keyed(ServiceGroup, "services.toml", "service_group"),
        cross_cutting=reader.keyed(CrossCutting, "services.toml", "cross_cutting"),
        outside=[reader.build(Outside, block, "services.toml", "outside") for block in services.get("outside", [])],
        groupings=reader.files(Grouping, "groupings/*.toml"),
        mergers=reader.files(Merger, "mergers/*.toml"),
        indicators=_completed(reader.keyed(Indicator, "indicators/*.toml", "indicator"), sources),
        formulas=reader.named(Formula, "formulas.toml"),
        accounts=accounts,
        need=reader.build(NeedKeys, reader.toml("need.toml"), "need.toml", ""),
        corrections=reader.listed(Correction, "corrections.toml", "correction"),
        deviations=reader.listed(Deviation, "deviations.toml", "deviation"),
        tolerances=reader.listed(Tolerance, "deviations.toml", "tolerance"),
        decompositions=reader.keyed(Decomposition, "decompositions.toml", "decomposition"),
        deflator=reader.build(Deflator, reader.toml("deflator.toml"), "deflator.toml", ""),
        standard={row["row"]: StandardRow(**row) for row in reader.rows("standard.csv")},
        harmonisation=_harmonisation(reader),
    )
    problems = reader.problems or check(definitions)
    if problems:
        raise KunnskapError("Definisjonene henger ikke sammen:", problems)
    return definitions


def _allowed(fields: dict[str, FieldDef], accounts: Accounts | None) -> dict[str, FieldDef]:
    """Fields whose words are those of other definitions get them from there."""
    words = {"accounts": accounts.names if accounts else []}
    return {
        name: field.model_copy(update={"allowed": words[field.allowed_of]}) if field.allowed_of else field
        for name, field in fields.items()
    }


def _completed(indicators: dict[str, Indicator], sources: dict[str, Source]) -> dict[str, Indicator]:
    """Operands with what need not be written: a cost key's table, and the contents of a table that has only one."""
    return {
        id_: indicator.model_copy(
            update={name: _complete(getattr(indicator, name), sources) for name in OPERANDS if getattr(indicator, name)}
        )
        for id_, indicator in indicators.items()
    }


def _complete(operand: Operand, sources: dict[str, Source]) -> Operand:
    population = next((source.id for source in sources.values() if source.role == "population"), "")
    table = population if operand.need_key else operand.table
    contents = list(sources[table].contents) if table in sources and (operand.need_key or operand.ages) else []
    only = contents[0] if len(contents) == 1 else ""
    return operand.model_copy(update={"table": table, "contents": operand.contents or only})


def _harmonisation(reader: "_Reader") -> Harmonisation:
    folder = "harmonisation"
    return Harmonisation(
        fees=reader.keyed(Fee, f"{folder}/fees.toml", "fee"),
        coverage=reader.listed(Coverage, f"{folder}/items.toml", "coverage"),
        spending=reader.listed(Spending, f"{folder}/items.toml", "spending"),
        left_out=reader.listed(LeftOut, f"{folder}/items.toml", "left_out"),
        households=reader.keyed(Household, f"{folder}/households.toml", "household"),
        assumptions=reader.build(
            Assumptions, reader.toml(f"{folder}/assumptions.toml"), f"{folder}/assumptions.toml", ""
        ),
        questions=reader.listed(Question, f"{folder}/questions.toml", "question"),
        guidelines={
            Path(name).stem: reader.listed(GuidelineSet, name, "set") for name in reader.names("guidelines/*.toml")
        },
    )


class _Reader:
    """Reads definition files and gathers every problem instead of stopping at the first."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.definitions
        self.problems: list[Problem] = []

    def shown(self, name: str) -> str:
        return self.project.shown(self.folder / name)

    def toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(Problem(file=self.shown(name), found="filen mangler."))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problems.append(
                Problem(
                    file=self.shown(name),
                    found=f"kan ikke leses som TOML ({error}).",
                    remedy="rett linjen og kjør igjen.",
                )
            )
        return {}

    def names(self, pattern: str) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern))

    def build(self, model: type[Any], block: dict[str, Any], name: str, where: str) -> Any:
        try:
            return model.model_validate(block)
        except ValidationError as error:
            label = block.get("id", "")
            for item in error.errors():
                self.problems.append(_definition_problem(self.shown(name), f"{where} {label}".strip(), item))
            return None

    def listed(self, model: type[Any], pattern: str, key: str) -> list[Any]:
        built = [
            self.build(model, block, name, key)
            for name in self.names(pattern)
            for block in self.toml(name).get(key, [])
        ]
        return [block for block in built if block is not None]

    def keyed(self, model: type[Any], pattern: str, key: str) -> dict[str, Any]:
        book: dict[str, Any] = {}
        for block in self.listed(model, pattern, key):
            if block.id in book:
                self.problems.append(Problem(file=self.shown(pattern), found=f"{key} {block.id} står to ganger."))
            book[block.id] = block
        return book

    def named(self, model: type[Any], name: str) -> dict[str, Any]:
        built = {key: self.build(model, block, name, key) for key, block in self.toml(name).items()}
        return {key: block for key, block in built.items() if block is not None}

    def files(self, model: type[Any], pattern: str) -> dict[str, Any]:
        book = {}
        for name in self.names(pattern):
            block = self.build(model, self.toml(name), name, "")
            if block is None:
                continue
            if block.id != Path(name).stem:
                self.problems.append(
                    Problem(file=self.shown(name), found=f"id er «{block.id}».", remedy="la id og filnavn være like.")
                )
            book[block.id] = block
        return book

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def functions(self, name: str) -> dict[str, Function]:
        rows = self.rows(name)
        return {row["code"]: Function(row["code"], row["name"], row["valid_from"], row["valid_to"]) for row in rows}


def _definition_problem(file: str, where: str, item: Any) -> Problem:
    field_name = ".".join(str(step) for step in item["loc"])
    found, allowed = f"«{item['input']}» kan ikke brukes.", ""
    if item["type"] == "extra_forbidden":
        found = "feltet er ukjent."
    elif item["type"] == "missing":
        found = "feltet mangler."
    elif item["type"] == "literal_error":
        allowed = item["ctx"]["expected"].replace(" or ", ", ")
    else:
        allowed = item["msg"]
    return Problem(file=file, found=f"{where}, felt {field_name}: {found}", allowed=allowed)
