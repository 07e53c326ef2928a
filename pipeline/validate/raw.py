"""Raw tables against their definitions, before anything is computed from them."""

from collections.abc import Iterator
from functools import cached_property

import pandas as pd
import pandera.pandas as pa

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest.metadata import CONTENTS
from pipeline.ingest.read import cell_key
from pipeline.ingest.store import RawFile, SetRecord
from pipeline.model import Contents, Correction, Definitions, Merger, Source
from pipeline.validate import aside, forms, schema
from pipeline.validate.aside import Aside

Frames = dict[str, pd.DataFrame]
NOT_AS_DEFINED = "Råtallene er ikke slik definisjonene sier:"


class RawChecks:
    """The faults of one raw set, gathered while it is read: whole tables first, then those that come in parts.

    `frames` as `ingest.read` gives them, by source id; `unread` are the faults of files that it could not. What is
    wrong in a table that was pulled costs what it touches (`judge`); everything else stops the run, and so does a file
    whose checksum is not that of its origin record: it has been edited. `strict`: everything stops it.
    """

    def __init__(
        self,
        definitions: Definitions,
        merger: Merger,
        record: SetRecord,
        frames: Frames,
        files: dict[str, list[RawFile]],
        unread: dict[str, list[Problem]],
        strict: bool = False,
    ) -> None:
        self.definitions, self.merger, self.record, self.files, self.strict = definitions, merger, record, files, strict
        self.unread = unread
        self.regions = known_regions(frames)
        self.problems: dict[str, list[Problem]] = {}
        self.touched: dict[str, set[str] | None] = {}
        for name, frame in frames.items():
            self.check(name, frame)
        self.others = _check_corrections(definitions.corrections, frames) + forms.unknown_items(definitions, frames)

    def check(self, name: str, frame: pd.DataFrame) -> None:
        """A source, or a part of it that has no cell in common with the others."""
        source = self.definitions.sources[name]
        if source.is_form:
            self.fault(name, forms.check_form(self.definitions, self.merger, source, frame), None)
            return
        rules = _schema(self.definitions, source, self.regions, self.record.decimals.get(name, {}))
        seen = schema.look(frame, rules)
        contents = None
        if source.kind == "cube" and seen.rows is not None:
            contents = set(frame.loc[seen.rows, CONTENTS].astype(str))
        self.fault(name, seen.problems, contents)

    def fault(self, name: str, problems: list[Problem], touched: set[str] | None) -> None:
        """What was found in a source, and the contents it touches; None: all of them."""
        if not problems:
            return
        self.problems.setdefault(name, []).extend(problems)
        known = self.touched.get(name, set())
        self.touched[name] = None if touched is None or known is None else known | touched

    def sound(self, parts: Iterator[tuple[str, pd.DataFrame]]) -> Iterator[tuple[str, pd.DataFrame]]:
        """Every part is checked; parts of a table that is not set aside as a whole are handed on."""
        for name, frame in parts:
            self.check(name, frame)
            if self.touched.get(name, set()) is not None:
                yield name, frame

    def stop(self) -> None:
        """Raises one KunnskapError that lists what has been found so far that stops the run."""
        stops = [*self.others]
        for name, found in self.problems.items():
            if self.strict or name in self.edited or not aside.pulled(self.definitions, name):
                stops += found
        if stops:
            raise KunnskapError(NOT_AS_DEFINED, stops)

    def judge(self) -> list[Aside]:
        """What is set aside, once all is checked; raises as `stop`, and where a file was edited without a fault."""
        for name, found in self.unread.items():
            self.fault(name, found, None)
        self.stop()
        if self.edited:
            raise KunnskapError(NOT_AS_DEFINED, [problem for found in self.edited.values() for problem in found])
        return [
            one
            for name, found in self.problems.items()
            for one in aside.of_source(self.definitions.sources[name], self.touched[name], found)
        ]

    @cached_property
    def edited(self) -> dict[str, list[Problem]]:
        """Sources with files that are not what their origin records say."""
        return {name: problems for name, files in self.files.items() if (problems := _check_sum(files))}


def known_regions(frames: Frames) -> set[str]:
    """Every municipality code KLASS has had since 1990, from the changes and the codes valid now."""
    changes, codes = frames["klass-131-changes"], frames["klass-131-codes"]
    return set(changes["oldCode"]) | set(changes["newCode"]) | set(codes["code"])


def _schema(
    definitions: Definitions, source: Source, regions: set[str], decimals: dict[str, int]
) -> pa.DataFrameSchema:
    if source.kind == "cube":
        return _cube_schema(definitions, source, regions, decimals)
    columns = {
        name: schema.text_column(definitions.fields[source.fields.get(name, name)], regions) for name in source.columns
    }
    return pa.DataFrameSchema(columns, unique=source.key or None)


def _cube_schema(
    definitions: Definitions, source: Source, regions: set[str], decimals: dict[str, int]
) -> pa.DataFrameSchema:
    """`decimals`: of each content, as the producer's metadata states them; the definition's where they do not."""
    holes = {sign for status in definitions.statuses.values() for sign in status.symbols} | set(source.symbols) - {""}
    signs = holes | set(definitions.provisional) | {""}
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
    checks = [
        _value_rule(code, contents, decimals.get(code, contents.decimals)) for code, contents in source.contents.items()
    ]
    beside = schema.frame_rule(
        lambda frame: frame["value"].isna() | ~frame["symbol"].isin(holes),
        "en verdi, eller et tegn som sier at det ikke er noen, ikke begge",
    )
    return pa.DataFrameSchema(
        columns,
        checks=[*(check for check in checks if check is not None), beside],
        unique=cell_key(source),
    )


def _code_rule(source: Source, dimension: str) -> pa.Check:
    pattern = source.codes.get(dimension, r"^\S+$")
    return schema.rule(
        lambda s: s.str.match(pattern),
        f"koder som {pattern}",
        "se etter skrivefeil, eller rett mønsteret i kildens definisjon.",
    )


def _value_rule(code: str, contents: Contents, decimals: int | None) -> pa.Check | None:
    low = float("-inf") if contents.minimum is None else contents.minimum
    high = float("inf") if contents.maximum is None else contents.maximum
    if decimals is None and contents.minimum is None and contents.maximum is None:
        return None

    def test(frame: pd.DataFrame) -> "pd.Series[bool]":
        value = frame["value"]
        good = value.between(low, high)
        if decimals is not None:
            scaled = value * 10.0**decimals
            good &= (scaled - scaled.round()).abs() < 1e-6
        return good | value.isna() | (frame["ContentsCode"] != code)

    kinds = {None: "tall", 0: "heltall"}
    words = f"{code}: {kinds.get(decimals, f'tall med {decimals} desimaler')}"
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
