"""`kunnskap compare A B`: two mergers side by side, from their processed tables."""

from collections.abc import Iterator

from pipeline.choice import Choice
from pipeline.errors import KunnskapError, Problem
from pipeline.report.data import Figure, ReportData
from pipeline.report.harmonise.data import Harmonised, Item
from pipeline.report.knowledge import merged
from pipeline.report.knowledge.spending import leading

WIDTH, COLUMN = 58, 24


def compare(one: Choice, other: Choice) -> Iterator[str]:
    """Lines in Norwegian. Raises KunnskapError where one of them has not been computed, or the sets are not alike."""
    first, second = _read(one), _read(other)
    if first.set_record["synthetic"] != second.set_record["synthetic"]:
        raise KunnskapError("Syntetiske tall sammenlignes ikke med virkelige.")
    if first.set_record["synthetic"] == "true":
        yield "SYNTETISKE TALL"
    yield _line("", first.merged.name, second.merged.name)
    yield _line("regnskapsår", str(first.year), str(second.year))
    yield _line("sett", first.set_record["set"], second.set_record["set"])
    yield _line("kommuner", str(len(first.members)), str(len(second.members)))
    for data in (first, second):
        yield f"  {data.merged.name}: {', '.join(region.name for region in data.members)}"
        yield from _told(data)
    if first.year != second.year:
        yield "Kroner står i hvert sitt års priser."
    yield ""
    yield "Folk og behov"
    for indicator in first.definitions.indicators.values():
        if (indicator.area == "befolkning" and indicator.formula == "amount") or indicator.area == "behov":
            yield from _figures(indicator.short, _at(first, indicator.id), _at(second, indicator.id))
    yield ""
    yield "Utgifter per tjeneste"
    for indicator in leading(first):
        yield from _figures(indicator.title, _at(first, indicator.id), _at(second, indicator.id))
    yield ""
    yield "Samme nivå overalt: endring i året (første runde, opp til høyeste)"
    found = {(item.id, item.need_adjusted): item for item, _ in Harmonised(second).spending()}
    for item, _ in Harmonised(first).spending():
        same = found.get((item.id, item.need_adjusted))
        label = f"{item.plain}{', korrigert for alder' if item.need_adjusted else ''}"
        yield from _figures(label, _moved(first, item), _moved(second, same) if same else None)


def _read(choice: Choice) -> ReportData:
    if not (choice.processed / "indicator.parquet").is_file():
        problem = Problem(found="Tabellene mangler.", remedy=f"kjør `kunnskap run --merger {choice.merger_id}` først.")
        raise KunnskapError(f"Det er ikke regnet ut noe for {choice.merger.name} ennå.", [problem])
    return ReportData(choice.definitions, choice.processed, choice.merger, None, choice.year)


def _at(data: ReportData, indicator_id: str) -> Figure:
    indicator = data.definitions.indicators[indicator_id]
    return data.figure(indicator, data.merged, data.shown_year(indicator))


def _moved(data: ReportData, item: Item) -> Figure:
    return Harmonised(data).thousand(item, "highest")


def _told(data: ReportData) -> Iterator[str]:
    """What must be known of the land behind the figures."""
    notes = merged.told(data)
    if notes:
        yield f"  {data.merged.name}: {' '.join(notes)}"


def _figures(label: str, one: Figure, other: Figure | None) -> Iterator[str]:
    """A line where at least one of them has a figure; the other says why it has none."""
    if one.ok or (other is not None and other.ok):
        yield _line(label, one.with_unit, other.with_unit if other is not None else "–")


def _line(label: str, one: str, other: str) -> str:
    short = label if len(label) <= WIDTH else f"{label[: WIDTH - 1]}…"
    return f"{short:<{WIDTH}}{one:>{COLUMN}}{other:>{COLUMN}}".rstrip()
