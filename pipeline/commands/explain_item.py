"""`kunnskap explain` for what is evened out: a fee, a coverage or a spending level, down to the rows of the form."""

from collections.abc import Iterator

from pipeline import words
from pipeline.choice import Choice
from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import forms, local
from pipeline.model import Definitions, Merger
from pipeline.model.harmonisation import is_of, item_head
from pipeline.project import Project
from pipeline.report.data import ReportData
from pipeline.report.harmonise.common import TO
from pipeline.report.harmonise.data import MOVES, Harmonised, Item, plus


def explain_item(choice: Choice, name: str) -> Iterator[str]:
    """Lines in Norwegian: levels, weights and every scenario as the sum it is. Nothing if there is no such item."""
    merger, processed = choice.merger, choice.processed
    if not (processed / "item_region.parquet").is_file():
        problem = Problem(found="Tabellene mangler.", remedy=f"kjør `kunnskap run --merger {merger.id}` først.")
        raise KunnskapError(f"Det er ikke regnet ut noe for {merger.name} ennå.", [problem])
    view = Harmonised(ReportData(choice.definitions, processed, merger, None, choice.year))
    for object_ in ("fee", "coverage", "spending"):
        for item in view.items(object_):
            if is_of(item.id, name):
                yield from _item(view, item)
    yield from _rows(choice.project, choice.definitions, merger, name)


def _item(view: Harmonised, item: Item) -> Iterator[str]:
    adjusted = ", korrigert for alder" if item.need_adjusted else ""
    yield f"Harmonisering: {item.plain}{adjusted}, {item.unit}, {item.year}"
    rows = view.data.query(
        "select region, level, weight, weight_reason, reason, source from {item_region} "
        "where object = ? and item = ? and need_adjusted = ? and year = ?",
        item.object,
        item.id,
        item.need_adjusted,
        item.year,
    )
    found = {row["region"]: row for row in rows}
    for region in view.data.members:
        row = found[region.id]
        level = words.number(row["level"], 2) if row["level"] is not None else row["reason"]
        weight = words.number(row["weight"], 2) if row["weight"] is not None else row["weight_reason"]
        yield f"  {region.name:<20} nivå {level}, vekt {weight}   [{row['source'] or '–'}]"
    measure = "units_change" if item.object == "coverage" else item.change
    for scenario in MOVES:
        target, whole = view.figure(item, "level", scenario), view.figure(item, measure, scenario)
        if not whole.ok:
            yield f"  {TO[scenario]:<20} {whole.label}. {whole.reason}"
            continue
        parts = [view.figure(item, measure, scenario, region) for region in view.data.members]
        told = " ".join(plus(part.value or 0, 1) for part in parts)
        level = words.number(target.value or 0, 2)
        yield f"  {TO[scenario]:<20} ({level} − nivå) × vekt: {told} = {plus(whole.value or 0, 1)}"
    yield ""


def _rows(project: Project, definitions: Definitions, merger: Merger, name: str) -> Iterator[str]:
    """The rows of the forms that are about it, with file and line."""
    for source in definitions.forms:
        form = source.as_form
        file = local.local_file(project, merger, source) if form.about else None
        if file is None:
            continue
        frame = forms.read_form(definitions, source, file)
        for row in frame.to_dict("records"):
            if item_head(row[form.about]) == item_head(name):
                told = ", ".join(
                    f"{column} {row[column]}" for column in source.columns if row[column] and column != "hva"
                )
                yield f"  {row['file']} rad {row['row']}: {told}"
