"""The raw store: `data/raw/<set>/<source>/<name>.json|csv`, each with `<name>.origin.json`.

Raw files are never edited; a new pull is a new set. Reading and keeping a file with its origin record is all
that happens here: whether the bytes still are what was pulled is for the validation to say.

A pulled set stands on the embedded one for what cannot be pulled (registers); its set.json names them.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pipeline.errors import KunnskapError, Problem
from pipeline.moves import write_whole
from pipeline.project import Project

EMBEDDED = "embedded"
NOT_SSB = "IKKE HENTET FRA SSB"
ORIGIN_FIELDS = ("producer", "title", "url", "query", "retrieved", "updated", "sha256", "licence")


@dataclass(frozen=True)
class Origin:
    """Where a raw file comes from. Dates are text as the producer states them, or None if unknown."""

    producer: str
    title: str
    licence: str
    sha256: str
    url: str | None = None
    query: object = None
    retrieved: str | None = None
    updated: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class SetRecord:
    """What a set holds, from its `set.json`; a folder without one is not (yet) a set.

    `sources` stand in the set itself, `base_sources` in the set called `base`. `mergers` are those it was
    pulled for (empty: it holds what it holds), `peers` whom one is compared with where its file is silent. `moved`
    and `unresolved` are, by source and dimension, the definitions' codes that SSB has under another code, or not at
    all, with the reason. `whole` says, by source and dimension, what was taken of a dimension the definitions do not
    name; `decimals`, by source and contents, how many the producer gives.
    """

    name: str
    title: str
    created: str
    synthetic: bool
    sources: list[str]
    server: str = ""  # whose figures they are said to be, where it is not SSB's own that answered
    clock: str = ""  # when on that day (UTC), so that the newest of two is known
    base: str = ""
    base_sources: list[str] = field(default_factory=list)
    mergers: list[str] = field(default_factory=list)
    peers: dict[str, list[str]] = field(default_factory=dict)
    moved: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    unresolved: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    whole: dict[str, dict[str, str]] = field(default_factory=dict)
    decimals: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, str]:
        """Source → the set its files stand in."""
        return dict.fromkeys(self.sources, self.name) | dict.fromkeys(self.base_sources, self.base)

    @property
    def sets(self) -> list[str]:
        return [self.name, *([self.base] if self.base_sources else [])]


@dataclass(frozen=True)
class RawFile:
    path: Path
    shown: str
    origin: Origin

    def digest(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def set_names(project: Project) -> list[str]:
    """Every set in the store: the embedded one first, then the pulled ones, oldest first."""
    if not project.raw.is_dir():
        return []
    found = [path.parent.name for path in project.raw.glob("*/set.json") if path.parent.name[0] != "."]
    return sorted(found, key=lambda name: (name != EMBEDDED, _made(project, name), name))


def _made(project: Project, set_name: str) -> str:
    """When a set was made; a set that cannot be read counts as old, and says so when it is used."""
    try:
        record = set_record(project, set_name)
    except KunnskapError:
        return ""
    return f"{record.created} {record.clock}"


def choose_set(project: Project, asked: str | None, merger: str | None = None) -> str:
    """The set asked for; else the newest one that was pulled for the merger; else the embedded set."""
    names = set_names(project)
    if asked is None:
        fitting = [name for name in names if _can_serve(project, name, merger)]
        if fitting:
            return fitting[-1]
    elif asked in names:
        record = set_record(project, asked)
        if merger is None or _serves(record, merger):
            return asked
        raise KunnskapError(
            f"Settet «{asked}» er ikke hentet for {merger}.",
            [
                Problem(
                    file=project.shown(project.raw / asked / "set.json"),
                    found="Det er hentet for " + ", ".join(record.mergers) + ".",
                    remedy=f"velg et annet sett, eller kjør `kunnskap fetch --merger {merger}`.",
                )
            ],
        )
    raise KunnskapError(
        f"Fant ikke datasettet «{asked or EMBEDDED}».",
        [
            Problem(
                file=project.shown(project.raw),
                found="Disse finnes: " + (", ".join(names) or "ingen") + ".",
                remedy="skriv en av dem etter --set, eller hent prosjektet på nytt hvis data/raw/embedded mangler.",
            )
        ],
    )


def previous_set(project: Project, record: SetRecord, merger: str) -> str:
    """The set before this one, for the same merger and just as real; empty if there is none."""
    names = set_names(project)
    older = [name for name in names[: names.index(record.name)] if _can_serve(project, name, merger)]
    alike = (record.synthetic, record.server)
    real = ((name, set_record(project, name)) for name in reversed(older))
    return next((name for name, one in real if (one.synthetic, one.server) == alike), "")


def _can_serve(project: Project, name: str, merger: str | None) -> bool:
    """Whether a set may be chosen for the merger. One that cannot be read stops nobody; `status` says what is wrong."""
    try:
        record = set_record(project, name)
    except KunnskapError:
        if name == EMBEDDED:
            raise
        return False
    return merger is None or _serves(record, merger)


def _serves(record: SetRecord, merger: str) -> bool:
    return not record.mergers or merger in record.mergers


def set_record(project: Project, set_name: str) -> SetRecord:
    """The set's own record; raises if it cannot be read or names a source that is not there."""
    path = project.raw / set_name / "set.json"
    try:
        record = SetRecord(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, TypeError) as error:
        problem = Problem(file=project.shown(path), found=f"kan ikke leses ({error}).", remedy=_restore(project, path))
        raise KunnskapError("Datasettet kan ikke brukes:", [problem]) from error
    places = record.places.items()
    missing = [source for source, at in places if not list((project.raw / at / source).glob("*.origin.json"))]
    if missing:
        problem = Problem(
            file=project.shown(path),
            found=f"settet skal ha {', '.join(missing)}, men filene er borte.",
            remedy=_restore(project, path),
        )
        raise KunnskapError("Datasettet er ikke helt:", [problem])
    return record


def files_of(project: Project, record: SetRecord, source: str) -> list[RawFile]:
    """The raw files of one source, wherever the set has them; empty if it has none."""
    return raw_files(project, record.places[source], source) if source in record.places else []


def raw_files(project: Project, set_name: str, source: str) -> list[RawFile]:
    """The raw files of one source in a set, in name order; an empty list if the set lacks the source."""
    folder = project.raw / set_name / source
    if not folder.is_dir():
        return []
    origins = sorted(folder.glob("*.origin.json"))
    return [_raw_file(project, origin) for origin in origins] + _without_origin(project, folder, origins)


def _raw_file(project: Project, origin_path: Path) -> RawFile:
    stem = origin_path.name.removesuffix(".origin.json")
    data = [path for path in (origin_path.with_name(stem + end) for end in (".csv", ".json")) if path.is_file()]
    if not data:
        raise KunnskapError(
            "Datasettet er ikke helt:",
            [
                Problem(
                    file=project.shown(origin_path),
                    found="datafilen den beskriver, mangler.",
                    allowed=f"{stem}.csv eller {stem}.json ved siden av",
                    remedy=_restore(project, origin_path),
                )
            ],
        )
    return RawFile(path=data[0], shown=project.shown(data[0]), origin=_origin(project, origin_path))


def _origin(project: Project, path: Path) -> Origin:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise KunnskapError(
            "En opphavsfil kan ikke leses:",
            [Problem(file=project.shown(path), found=f"ikke gyldig JSON ({error}).", remedy=_restore(project, path))],
        ) from error
    missing = [name for name in ORIGIN_FIELDS if name not in record]
    if missing or not record["producer"] or not record["sha256"]:
        raise KunnskapError(
            "En opphavsfil er ikke fullstendig:",
            [
                Problem(
                    file=project.shown(path),
                    found="mangler " + (", ".join(missing) or "producer eller sha256") + ".",
                    allowed=", ".join(ORIGIN_FIELDS),
                    remedy=_restore(project, path),
                )
            ],
        )
    return Origin(**{name: record.get(name) for name in Origin.__dataclass_fields__})


def _without_origin(project: Project, folder: Path, origins: list[Path]) -> list[RawFile]:
    described = {path.name.removesuffix(".origin.json") for path in origins}
    for path in sorted(folder.iterdir()):
        if path.suffix in (".csv", ".json") and not path.name.endswith(".origin.json") and path.stem not in described:
            raise KunnskapError(
                "En fil i datasettet har ikke opphav:",
                [
                    Problem(
                        file=project.shown(path),
                        found=f"{path.stem}.origin.json mangler.",
                        remedy="et tall uten kilde kan ikke brukes; legg til opphavsfilen eller fjern filen.",
                    )
                ],
            )
    return []


def _restore(project: Project, path: Path) -> str:
    if EMBEDDED in path.parts:
        return f"hent filen fram igjen med `git checkout -- {project.shown(path.parent)}`."
    return "hent settet på nytt."


# --------------------------------------------------------------------------------------- keeping

SET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def checked_name(name: str, of: str = "settet") -> str:
    """A name that becomes a folder or a file: small letters, digits and hyphens, and none that Windows keeps."""
    if SET_NAME.fullmatch(name) and not re.fullmatch(r"con|prn|aux|nul|com\d|lpt\d", name):
        return name
    problem = Problem(found=f"«{name}».", allowed="små bokstaver a–z, sifre og bindestrek, høyst 40 tegn")
    raise KunnskapError(f"Navnet på {of} kan ikke brukes:", [problem])


def keep(folder: Path, name: str, content: bytes, origin: Origin) -> None:
    """Write a raw file and then its origin record: where the record is, the file is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.json", content)
    write_json(folder / f"{name}.origin.json", asdict(origin))


def write_json(path: Path, content: object) -> None:
    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
