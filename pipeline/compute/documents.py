"""Processed tables that are the definitions themselves: regions, functions, cards, sources."""

import pandas as pd

from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import EVIDENCE, Definitions, Indicator, Merger, Operand

RULE_WORDS = {
    "S": "Tellere og nevnere for kommunene legges sammen hver for seg før det deles.",
    "W": "Kommunenes tall veies sammen med hver sin egen nevner (B).",
    "N": "Kan ikke legges sammen; kommunene vises hver for seg.",
}


def document_tables(
    definitions: Definitions, merger: Merger, record: SetRecord, files: dict[str, list[RawFile]]
) -> dict[str, pd.DataFrame]:
    """The tables `region`, `service`, `indicator_card`, `source` and `raw_set`."""
    return {
        "region": _region(merger),
        "service": _service(definitions, merger),
        "indicator_card": pd.DataFrame([_card(definitions, i, record) for i in definitions.indicators.values()]),
        "source": _source(definitions, record, files),
        "guideline": _guidelines(definitions, merger),
        "raw_set": pd.DataFrame(
            [
                {
                    "set": record.name,
                    "title": record.title,
                    "created": record.created,
                    "synthetic": str(record.synthetic).lower(),
                    "server": record.server,
                }
            ]
        ),
    }


def _region(merger: Merger) -> pd.DataFrame:
    merged = str(merger.merge_date)
    rows: list[tuple[str | None, ...]] = [
        (m.code, m.name, "member", "municipality", m.kostra_group or None, None, merged) for m in merger.member
    ]
    rows.append((merger.id, merger.name, "merged", "merger", None, None, None))
    rows += [(c.id, c.name, "comparator", c.kind, None, str(c.years[0]), str(c.years[1])) for c in merger.comparator]
    frame = pd.DataFrame(rows, columns=["region", "region_name", "role", "kind", "group", "valid_from", "valid_to"])
    return frame.assign(merger=merger.id, merge_date=merged)


def _service(definitions: Definitions, merger: Merger) -> pd.DataFrame:
    parts = {service: part.id for part in definitions.parts(merger) for service in part.services}
    themes = {
        service: part.title
        for name in merger.groupings
        for part in definitions.groupings[name].part
        for service in part.services
    }
    rows: list[tuple[str | None, ...]] = []
    for service in definitions.services.values():
        for code in service.functions:
            placing = (
                service.id,
                service.title,
                parts.get(service.id),
                themes.get(service.id),
                service.statutory,
                service.law or None,
                service.judgement.get(code),
            )
            rows.append((code, definitions.functions[code].name, *placing))
    for outside in definitions.outside:
        rows += [
            (code, definitions.functions[code].name, "outside", outside.title, None, None, None, None, outside.reason)
            for code in outside.functions
        ]
    columns = [
        "function",
        "function_name",
        "service",
        "service_title",
        "part",
        "themes",
        "statutory",
        "law",
        "judgement",
    ]
    known = [definitions.functions[row[0] or ""] for row in rows]
    dated = [(*row, f.valid_from or None, f.valid_to or None) for row, f in zip(rows, known, strict=True)]
    return pd.DataFrame(sorted(dated), columns=[*columns, "valid_from", "valid_to"])


def _card(definitions: Definitions, indicator: Indicator, record: SetRecord) -> dict[str, object]:
    told = [definitions.sources[name].selection for name in indicator.sources]
    told += [words for name in indicator.sources for words in record.whole.get(name, {}).values()]
    selection = " ".join(dict.fromkeys(told))
    return {
        "indicator": indicator.id,
        "title": indicator.title,
        "short": indicator.short,
        "heading": indicator.heading,
        "area": indicator.area,
        "kind": indicator.kind,
        "formula": indicator.formula,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "direction": indicator.direction,
        "merge": indicator.merge,
        "need_key": indicator.need_key or None,
        "konsern": "konsern" if indicator.konsern else "gjelder ikke",
        "what": indicator.card.what,
        "why": indicator.card.why,
        "read": indicator.card.read,
        "terms": ", ".join(indicator.card.terms) or None,
        "calculation": calculation(definitions, indicator),
        "selection": selection,
        "evidence": evidence_word(definitions, indicator),
        "where_known": where_known(definitions, indicator) or None,
        "source": ", ".join(indicator.sources),
    }


def evidence_word(definitions: Definitions, indicator: Indicator) -> str:
    """How well what the indicator is made of is known, in a word: the least known of its codes."""
    known = definitions.evidence(indicator)
    return EVIDENCE[known[0]] if known else "kommunenes egne tall"


def where_known(definitions: Definitions, indicator: Indicator) -> str:
    """Where the least known of its codes was seen; empty for what the municipalities fill in themselves."""
    known = definitions.evidence(indicator)
    return known[1] if known else ""


def calculation(definitions: Definitions, indicator: Indicator) -> str:
    """A and B in words with table and codes, and how municipalities are put together."""
    formula = definitions.formulas[indicator.formula].words + (", veid med B" if indicator.merge == "W" else "")
    parts = [
        f"{letter} = {_operand_words(definitions, op)}" for letter, op in indicator.operands.items() if letter in "AB"
    ]
    return f"{formula}, der {'; '.join(parts)}. {RULE_WORDS[indicator.merge]}"


def _operand_words(definitions: Definitions, operand: Operand) -> str:
    if operand.need_key:
        return (
            f"innbyggerne etter alder, veid med kostnadsnøkkelen for {operand.need_key} fra {definitions.need.year} "
            f"(tabell {operand.table}, folketall ved årets slutt)"
        )
    if operand.ages:
        when = {"year_end": "ved årets slutt", "start": "1. januar", "year": "1. januar"}[operand.at]
        who = "alle innbyggere" if operand.ages == "0-" else f"innbyggere {operand.ages.replace('-', '–')} år"
        year = f" {operand.year}" if operand.year else ""
        return f"{who} {when}{year} (tabell {operand.table})"
    source = definitions.sources[operand.table]
    label = source.contents[operand.contents].label
    scale = f" × {operand.scale:g}" if operand.scale != 1 else ""
    if operand.table.isdigit():
        codes = "; ".join(f"{name} {'+'.join(values)}" for name, values in operand.codes.items())
        return f"{label}{scale} (tabell {operand.table}, {operand.contents}{'; ' + codes if codes else ''})"
    chosen = [value for values in operand.codes.values() for value in values if value != "total"]
    return f"{label}{scale} ({source.title}{': ' + ', '.join(chosen) if chosen else ''})"


def _source(definitions: Definitions, record: SetRecord, files: dict[str, list[RawFile]]) -> pd.DataFrame:
    rows = [
        {
            "set": record.places.get(name, "lokalt"),
            "source": name,
            "title": file.origin.title,
            "producer": file.origin.producer,
            "licence": file.origin.licence,
            "url": file.origin.url,
            "selection": definitions.sources[name].selection,
            "file": f"{name}/{file.path.name}",
            "retrieved": file.origin.retrieved,
            "updated": file.origin.updated,
            "sha256": file.origin.sha256,
            "note": file.origin.note,
        }
        for name in sorted(files)
        for file in files[name]
    ]
    return pd.DataFrame(rows).astype(object)


def _guidelines(definitions: Definitions, merger: Merger) -> pd.DataFrame:
    columns = [
        "merger",
        "set",
        "title",
        "guideline",
        "text",
        "subprojects",
        "indicators",
        "fees",
        "registers",
        "note",
        "source",
    ]
    rows = [
        (
            merger.id,
            plan.id,
            plan.title,
            point.id,
            point.text,
            ", ".join(point.parts) or "alle",
            *(", ".join(names) or None for names in (point.indicators, point.fees, point.registers)),
            point.note or None,
            plan.source,
        )
        for plan in definitions.harmonisation.guidelines.get(merger.id, [])
        for point in plan.guideline
    ]
    return pd.DataFrame(rows, columns=columns).astype(object)
