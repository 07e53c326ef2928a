"""`økonomi/`: the harmonisation tables as Parquet and CSV with a datapackage.json, for those who take them further."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

from pipeline import words
from pipeline.report.data import ReportData

PUBLISHED = ("harmonisation", "item_region", "item_target", "sensitivity", "household", "phase_in")
TYPES = {"text": "string", "number": "number", "integer": "integer", "date": "date", "boolean": "boolean"}


def write(data: ReportData, folder: Path) -> None:
    """A Parquet file, exactly the processed table, and a CSV file beside it for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = data.mark(uses_forms=True)
    for name in PUBLISHED:
        shutil.copyfile(data.processed / f"{name}.parquet", folder / f"{name}.parquet")
        _csv(data, name, folder / f"{name}.csv", mark)
    record = data.set_record
    package = {
        "name": f"harmonisering-{data.merger.id}",
        "title": f"Harmonisering, {data.merger.name}" + (f" ({mark})" if mark else ""),
        "description": "Første runde: før endret bruk, lønnsharmonisering, avtaler og statens tilskudd i overgangen.",
        "created": f"{record['created']}T00:00:00Z",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [{"title": row["title"], "path": row["url"]} for row in _sources(data)],
        "resources": [_resource(data, name, mark) for name in PUBLISHED],
    }
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")


def _sources(data: ReportData) -> list[dict[str, Any]]:
    return data.query("select distinct title, url from {source} where url <> '' order by title")


def _resource(data: ReportData, name: str, mark: str) -> dict[str, Any]:
    table = data.definitions.tables[name]
    fields: list[dict[str, Any]] = [
        {
            "name": column,
            "type": TYPES[data.definitions.fields[table.fields.get(column, column)].type],
            "description": data.definitions.fields[table.fields.get(column, column)].about,
        }
        for column in table.columns
    ]
    if mark:
        fields.append({"name": mark, "type": "string", "description": "Figures that are made up."})
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": f"{table.about} The same as {name}.parquet.",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {"fields": fields, "primaryKey": table.grain, "missingValues": [""]},
    }


def _csv(data: ReportData, name: str, path: Path, mark: str) -> None:
    """Comma and decimal point, as datapackage.json says; a text that a spreadsheet would take for a formula is made one
    that it does not."""
    columns = data.definitions.tables[name].columns
    rows = data.query(f"select * from {{{name}}}")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*columns, *([mark] if mark else [])])
        for row in rows:
            writer.writerow([*(_cell(row[column]) for column in columns), *(["ja"] if mark else [])])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return words.spreadsheet_text(value) if isinstance(value, str) else repr(value)
