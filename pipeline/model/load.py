"""Reads every definition file; what cannot be read, or does not hold together, is told with file, block and field."""

import csv
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import KunnskapError, Problem
from pipeline.model.accounts import Accounts
from pipeline.model.check import check, merger_faults
from pipeline.model.definitions import Definitions
from pipeline.model.harmonisation import (
    Arrangement,
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
from pipeline.model.mergers import Comparator, MergerFile
from pipeline.model.services import (
    County,
    CrossCutting,
    Function,
    Grouping,
    Outside,
    Service,
    ServiceGroup,
    StandardRow,
)
from pipeline.model.sources import Correction, Deviation, Source, Tolerance
from pipeline.model.tables import FieldDef, Status, Table, Term
from pipeline.project import Project


def load(project: Project) -> Definitions:
    """Read and check every definition file under `project.definitions`."""
    reader = _Reader(project)
    services = reader.toml("services.toml")
    mergers, faulty = reader.mergers("mergers/*.toml")
    sources = reader.keyed(Source, "sources/*.toml", "source")
    accounts = reader.build(Accounts, reader.toml("accounts.toml"), "accounts.toml", "")
    harmonisation = _harmonisation(reader)
    definitions = Definitions(
        statuses=reader.keyed(Status, "statuses.toml", "status"),
        terms=reader.named(Term, "terms.toml"),
        fields=_allowed(reader.named(FieldDef, "fields.toml"), accounts, harmonisation),
        tables=reader.named(Table, "tables.toml"),
        sources=sources,
        functions=reader.functions("functions.csv"),
        services=reader.keyed(Service, "services.toml", "service"),
        service_groups=reader.keyed(ServiceGroup, "services.toml", "service_group"),
        cross_cutting=reader.keyed(CrossCutting, "services.toml", "cross_cutting"),
        outside=[reader.build(Outside, block, "services.toml", "outside") for block in services.get("outside", [])],
        groupings=reader.files(Grouping, "groupings/*.toml"),
        mergers=mergers,
        merger_faults=faulty,
        counties=reader.grouped(County, "counties.toml", "county", "number"),
        comparators=reader.listed(Comparator, "comparators.toml", "comparator"),
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
        harmonisation=harmonisation,
    )
    problems = reader.problems or check(definitions)
    if problems:
        raise KunnskapError("Definisjonene henger ikke sammen:", problems)
    faults = {**definitions.merger_faults, **merger_faults(definitions), **_unread(reader)}
    whole = {name: file for name, file in definitions.mergers.items() if name not in faults}
    return replace(definitions, mergers=whole, merger_faults=faults)


def _allowed(
    fields: dict[str, FieldDef], accounts: Accounts | None, harmonisation: Harmonisation
) -> dict[str, FieldDef]:
    """Fields whose words are those of other definitions get them from there."""
    words = {"accounts": accounts.names if accounts else [], "arrangements": list(harmonisation.arrangements)}
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
        arrangements=reader.keyed(Arrangement, f"{folder}/arrangements.toml", "arrangement"),
        guidelines={
            Path(name).stem: reader.apart(name).listed(GuidelineSet, name, "set")
            for name in reader.names("guidelines/*.toml")
        },
    )


def _unread(reader: "_Reader") -> dict[str, list[Problem]]:
    """The guidelines that could not be read, by merger."""
    return {Path(name).stem: own.problems for name, own in reader.others.items() if own.problems}


class _Reader:
    """Reads definition files and gathers every problem instead of stopping at the first."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.folder = project.definitions
        self.problems: list[Problem] = []
        self.others: dict[str, _Reader] = {}

    def apart(self, name: str) -> "_Reader":
        """A reader for one file whose faults are not everybody's."""
        return self.others.setdefault(name, _Reader(self.project))

    def shown(self, name: str) -> str:
        return self.project.shown(self.folder / name)

    def toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.problems.append(Problem(file=self.shown(name), found="filen mangler."))
        except UnicodeDecodeError:
            self.problems.append(
                Problem("er ikke lagret som UTF-8.", self.shown(name), remedy="lagre filen som UTF-8 og kjør igjen.")
            )
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))  # told in English; no line where the file ends too early
            remedy = "rett linjen og kjør igjen." if line else "filen slutter for tidlig; rett slutten og kjør igjen."
            row = int(line[1]) if line else None
            self.problems.append(Problem("kan ikke leses som TOML.", self.shown(name), row, remedy=remedy))
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

    def grouped(self, model: type[Any], name: str, key: str, by: str) -> dict[str, list[Any]]:
        book: dict[str, list[Any]] = {}
        for block in self.listed(model, name, key):
            book.setdefault(getattr(block, by), []).append(block)
        return book

    def mergers(self, pattern: str) -> tuple[dict[str, MergerFile], dict[str, list[Problem]]]:
        """Every merger's file by its name, and the faults of those that cannot be used: one costs no other."""
        book: dict[str, MergerFile] = {}
        faults: dict[str, list[Problem]] = {}
        for name in self.names(pattern):
            own, merger_id = self.apart(name), Path(name).stem
            content = own.toml(name)
            block = own.build(MergerFile, {**content, "id": merger_id}, name, "") if not own.problems else None
            found = own.problems + (block.faults(own.shown(name)) if block else [])
            if block and not found:
                book[merger_id] = block
            else:
                faults[merger_id] = found
        return book, faults

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def functions(self, name: str) -> dict[str, Function]:
        rows = self.rows(name)
        return {row["code"]: Function(row["code"], row["name"], row["valid_from"], row["valid_to"]) for row in rows}


# pydantic tells in English; these are the kinds of fault a definition file can have
ALLOWED = {
    "string_type": "tekst i anførselstegn",
    "int_type": "et helt tall",
    "int_parsing": "et helt tall",
    "int_from_float": "et helt tall",
    "float_type": "et tall",
    "float_parsing": "et tall",
    "bool_type": "true eller false",
    "bool_parsing": "true eller false",
    "list_type": "en liste i hakeparenteser",
    "dict_type": "en tabell",
    "model_type": "en blokk med felt",
    "date_type": "en dato som 2020-01-01",
    "date_parsing": "en dato som 2020-01-01",
    "date_from_datetime_parsing": "en dato som 2020-01-01",
    "date_from_datetime_inexact": "en dato uten klokkeslett",
}


def _definition_problem(file: str, where: str, item: Any) -> Problem:
    field_name = ".".join(str(step) for step in item["loc"])
    value, kind, context = item["input"], item["type"], item.get("ctx", {})
    shown = "en tabell" if isinstance(value, dict) else "en liste" if isinstance(value, list) else f"«{value}»"
    found, allowed = f"{shown} kan ikke brukes.", ALLOWED.get(kind, "")
    if kind == "extra_forbidden":
        found = "feltet er ukjent."
    elif kind == "missing":
        found = "feltet mangler."
    elif kind == "literal_error":
        allowed = context["expected"].replace(" or ", ", ")
    elif kind == "string_pattern_mismatch":
        allowed = f"tekst som {context['pattern']}"
    elif kind in ("too_short", "string_too_short"):
        allowed = f"minst {context['min_length']}"
    elif kind in ("less_than", "less_than_equal", "greater_than", "greater_than_equal"):
        sign = {"less_than": "<", "less_than_equal": "≤", "greater_than": ">", "greater_than_equal": "≥"}[kind]
        allowed = f"{sign} {next(iter(context.values()))}"
    text = f"{where}, felt {field_name}: {found}" if where else f"felt {field_name}: {found}"
    return Problem(file=file, found=text, allowed=allowed)
