"""Raw tables against their definitions, before anything is computed from them."""

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.read import cell_key
from pipeline.ingest.store import RawFile
from pipeline.model import Contents, Correction, Definitions, Merger, Source
from pipeline.validate import forms, schema

Frames = dict[str, pd.DataFrame]


class RawChecks:
    """The faults of one raw set, gathered while it is read: whole tables first, then those that come in parts.

    `frames` as `ingest.read` gives them, by source id. A file whose contents pass but whose checksum
    is not that of its origin record has been edited, and stops the run as well.
    """

    def __init__(
        self, definitions: Definitions, merger: Merger, frames: Frames, files: dict[str, list[RawFile]]
    ) -> None:
        self.definitions, self.merger, self.files = definitions, merger, files
        self.regions = known_regions(frames)
        self.problems: list[Problem] = []
        for name, frame in frames.items():
            self.check(name, frame)
        self.problems += _check_corrections(definitions.corrections, frames)
        self.problems += forms.unknown_items(definitions, frames)

    def check(self, name: str, frame: pd.DataFrame) -> None:
        """A source, or a part of it that has no cell in common with the others."""
        source = self.definitions.sources[name]
        if source.is_form:
            self.problems += forms.check_form(self.definitions, self.merger, source, frame)
        else:
            self.problems += schema.check_frame(frame, _schema(self.definitions, source, self.regions))

    def sound(self, parts: Iterator[tuple[str, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
        """Every part is checked; those that come before the first fault are handed on."""
        for name, frame in parts:
            self.check(name, frame)
            if not self.problems:
                yield name, frame

    def stop_on_faults(self) -> None:
        """Raises one KunnskapError that lists all faults."""
        problems = self.problems or [problem for files in self.files.values() for problem in _check_sum(files)]
        if problems:
            raise KunnskapError("Råtallene er ikke slik definisjonene sier:", problems)


def known_regions(frames: Frames) -> set[str]:
    """Every municipality code KLASS has had since 1990, from the changes and the codes valid now."""
    changes, codes = frames["klass-131-changes"], frames["klass-131-codes"]
    return set(changes["oldCode"]) | set(changes["newCode"]) | set(codes["code"])


def _schema(definitions: Definitions, source: Source, regions: set[str]) -> pa.DataFrameSchema:
    if source.kind == "cube":
        return _cube_schema(definitions, source, regions)
    columns = {
        name: schema.text_column(definitions.fields[source.fields.get(name, name)], regions) for name in source.columns
    }
    return pa.DataFrameSchema(columns, unique=source.key or None)


def _cube_schema(definitions: Definitions, source: Source, regions: set[str]) -> pa.DataFrameSchema:
    signs = {sign for status in definitions.statuses.values() for sign in status.symbols} | set(source.symbols) | {""}
    first, last = source.first_year, source.last_year
    columns = {
        "region": pa.Column(None, [schema.region_check(regions)]),
        "year_text": pa.Column(
            None, [schema.rule(lambda s: s.str.match(source.time_pattern), "et år slik kilden skriver det")]
        ),
        "year": pa.Column(
            None,
            [
                schema.rule(
                    lambda s: (s >= first) & (s <= last),
                    f"år fra {first} til {last}",
                    "utvid first_year/last_year i kildens definisjon hvis kilden har fått nye år.",
                )
            ],
        ),
        **{name: pa.Column(None, [_code_rule(source, name)]) for name in source.dimensions},
        "symbol": pa.Column(
            None,
            [schema.rule(lambda s: s.isin(signs), "tall, eller " + " ".join(sorted(signs - {""})))],
            nullable=False,
        ),
    }
    checks = [_value_rule(code, contents) for code, contents in source.contents.items()]
    return pa.DataFrameSchema(
        columns,
        checks=[check for check in checks if check is not None],
        unique=cell_key(source),
    )


def _code_rule(source: Source, dimension: str) -> pa.Check:
    pattern = source.codes.get(dimension, r"^\S+$")
    return schema.rule(
        lambda s: s.str.match(pattern),
        f"koder som {pattern}",
        "se etter skrivefeil, eller rett mønsteret i kildens definisjon.",
    )


def _value_rule(code: str, contents: Contents) -> pa.Check | None:
    low = float("-inf") if contents.minimum is None else contents.minimum
    high = float("inf") if contents.maximum is None else contents.maximum
    if contents.decimals is None and contents.minimum is None and contents.maximum is None:
        return None

    def test(frame: pd.DataFrame) -> "pd.Series[bool]":
        value = frame["value"]
        good = value.between(low, high)
        if contents.decimals is not None:
            scaled = value * 10.0**contents.decimals
            good &= (scaled - scaled.round()).abs() < 1e-6
        return good | value.isna() | (frame["ContentsCode"] != code)

    kinds = {None: "tall", 0: "heltall"}
    words = f"{code}: {kinds.get(contents.decimals, f'tall med {contents.decimals} desimaler')}"
    if contents.minimum is not None:
        words += f" fra {contents.minimum:g}"
    if contents.maximum is not None:
        words += f" til {contents.maximum:g}"
    return schema.frame_rule(test, words)


def _check_corrections(corrections: list[Correction], frames: Frames) -> list[Problem]:
    problems = []
    for correction in corrections:
        frame = frames.get(correction.source)
        if frame is None:
            continue
        hit = frame[(frame[list(correction.key)] == pd.Series(correction.key)).all(axis=1)]
        name = f"{correction.source} {' '.join(correction.key.values())}"
        if len(hit) == 1 and hit.iloc[0][correction.column] != correction.expect:
            found = f"{name} har nå {correction.column} «{hit.iloc[0][correction.column]}»."
        elif len(hit) != 1:
            found = f"{name} finnes {len(hit)} ganger."
        else:
            continue
        problems.append(
            Problem(
                file="pipeline/definitions/corrections.toml",
                found=found,
                allowed=f"«{correction.expect}», slik rettelsen venter",
                remedy="kilden er endret: se om rettelsen fortsatt trengs, og fjern den ellers.",
            )
        )
    return problems


def _check_sum(files: list[RawFile]) -> list[Problem]:
    return [
        Problem(
            file=file.shown,
            found="innholdet er endret etter at filen ble hentet (sjekksummen stemmer ikke).",
            remedy="råfiler skal ikke redigeres: hent filen fram igjen, eller legg endringen i corrections.toml.",
        )
        for file in files
        if file.digest() != file.origin.sha256
    ]
