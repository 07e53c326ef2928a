"""One pull: everything the definitions name, from the Statbank and KLASS, into a new raw set.

What has come is kept at once in `data/raw/.henter/`, so that a pull that is stopped goes on where it was.
Only when all of it is there does it become a set. A table is always of one release: parts that carry
different `updated` are pulled again as a whole.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Protocol

from pipeline.errors import KunnskapError, Problem
from pipeline.ingest import jsonstat, store
from pipeline.ingest import metadata as meta
from pipeline.ingest.client import CallFailed, without_password
from pipeline.ingest.connection import Connection
from pipeline.ingest.klass import GROUPS_FROM, Klass, KlassFile
from pipeline.ingest.metadata import CONTENTS, Metadata
from pipeline.ingest.resolve import Resolution, resolve
from pipeline.ingest.room import METADATA, ROOM, Room
from pipeline.ingest.split import Query, split
from pipeline.ingest.statbank import SYNTHETIC, Drift, Statbank, TableGone, TooManyCells, Unreadable
from pipeline.ingest.store import NOT_SSB, Origin, RawFile, SetRecord
from pipeline.ingest.wanted import Wanted, wanted
from pipeline.model import Definitions, Merger
from pipeline.model.indicators import age_codes
from pipeline.moves import alone
from pipeline.progress import Progress
from pipeline.project import Project

RELEASES = 4  # how often a table may change under a pull before it is given up
HALVINGS = 8
MANY = 5  # tables whose answers cannot be used: with more it is not the tables that are wrong
PRODUCER, LICENCE = "Statistisk sentralbyrå (SSB)", "CC BY 4.0"


@dataclass(frozen=True)
class Pulled:
    """What came of a pull."""

    record: SetRecord
    calls: int
    resumed: bool
    resolutions: list[Resolution]


class Who(Protocol):
    """Makes mergers of their files with the KLASS that has just come; may ask how many people municipalities have."""

    def mergers(
        self, files: dict[str, list[RawFile]], populations: Callable[[Sequence[str], int], dict[str, float]]
    ) -> tuple[list[Merger], dict[str, list[str]]]: ...


class _NewRelease(Exception):
    """SSB published the table anew while it was being pulled."""


@dataclass(frozen=True)
class _Failure:
    table: str
    title: str
    found: str
    remedy: str


@dataclass
class _Pull:
    """One pull under way."""

    statbank: Statbank
    klass: Klass
    room: Room
    today: date
    progress: Progress
    server: str = ""  # where it is not SSB's own
    limit: int = 0
    planned: int = 0
    synthetic: bool = False
    resolutions: list[Resolution] = field(default_factory=list)
    failures: list[_Failure] = field(default_factory=list)
    refused: list[_Failure] = field(default_factory=list)

    @property
    def producer(self) -> str:
        return f"{self.server} (ikke SSB)" if self.server else PRODUCER

    # ---------------------------------------------------------------------------- Statbank

    def tables(self, chosen: list[Wanted], without: list[str]) -> None:
        """Every table; one that fails does not stop the others, unless nobody answers at all."""
        silent = 0
        for one in chosen:
            if one.source.statbank_table in without:
                reason = "Tabellen ble holdt utenfor da settet ble hentet."
                self.resolutions.append(Resolution(one, None, trouble=reason))
                self.room.drop(one.source.id)
                continue
            try:
                self.resolutions.append(self.table(one))
                silent = 0
            except CallFailed as failure:
                self.failures.append(
                    _Failure(one.source.statbank_table, one.source.title, failure.found, failure.remedy)
                )
                silent += failure.offline
                if failure.everywhere or silent > 1:
                    return

    def table(self, one: Wanted) -> Resolution:
        """One table, of one release."""
        source = one.source
        if not source.statbank_table:
            return Resolution(one, None, trouble="Tabellnummeret er ikke kjent; `kunnskap check` leter etter det.")
        key = _key(one)
        note = self.room.note(source.id)
        if note.get("key") != key or (note.get("done") and self._outdated(one, note)):
            self.room.drop(source.id)
            self.room.write(source.id, {"key": key})
        drifted = False
        for _ in range(RELEASES):
            try:
                resolution = self._resolution(one)
                self._parts(resolution, key)
            except TableGone:
                self.room.drop(source.id)
                follows = f" {source.successor} skal ha tatt over." if source.successor else ""
                return Resolution(one, None, trouble=f"SSB har ikke tabell {source.statbank_table} lenger.{follows}")
            except Unreadable as answer:
                return self._refused(one, str(answer))
            except _NewRelease:
                self.progress.tell(f"SSB oppdaterte {source.statbank_table} underveis; hele tabellen hentes på nytt.")
            except Drift as drift:  # the metadata may have been older than the figures: once more with new ones
                if drifted:
                    return self._refused(one, f"Svaret er ikke slik SSBs metadata sier. {drift}")
                drifted = True
            else:
                self.room.write(source.id, {"key": key, "done": True, "day": str(self.today)})
                return resolution
            self.room.drop(source.id)
            self.room.write(source.id, {"key": key})
        raise CallFailed("SSB oppdaterte tabellen hver gang den ble hentet.", "kjør igjen senere.")

    def _refused(self, one: Wanted, reason: str) -> Resolution:
        """A table is set aside for what SSB answers about it."""
        self.room.drop(one.source.id)
        remedy = "hold tabellene utenfor, eller kjør igjen senere."
        self.refused.append(_Failure(one.source.statbank_table, one.source.title, reason, remedy))
        return Resolution(one, None, trouble=reason)

    def _outdated(self, one: Wanted, note: dict[str, object]) -> bool:
        """Whether a table that was done on an earlier day has been published anew since."""
        kept = self._kept_metadata(one)
        if kept is None or note.get("day") == str(self.today):
            return False
        self.progress.step(f"{one.source.statbank_table} er hentet før; ser om den er ny")
        try:
            return self.statbank.metadata(one.source.statbank_table, one.source.codelist)[1].updated != kept.updated
        except (TableGone, Unreadable):
            return True

    def _resolution(self, one: Wanted) -> Resolution:
        """The definition against the metadata that is kept, or that SSB gives now."""
        found = self._kept_metadata(one)
        if found is None:
            source = one.source
            self.progress.step(f"{source.statbank_table} {source.title}: metadata")
            content, found = self.statbank.metadata(source.statbank_table, source.codelist)
            origin = self._origin(found, content, {"endpoint": "metadata", "codelist": source.codelist})
            store.keep(self.room.set_folder / METADATA, source.id, content, origin)
        self.synthetic |= SYNTHETIC.casefold() in found.source.casefold()
        resolution = resolve(one, found)
        if not resolution.trouble and not resolution.ssb_regions:
            return Resolution(one, found, trouble="Ingen av kommunene og sammenligningene finnes i tabellen.")
        if not resolution.trouble and not resolution.years:
            return Resolution(one, found, trouble="Tabellen har ingen av årene i definisjonen.")
        return resolution

    def _kept_metadata(self, one: Wanted) -> Metadata | None:
        folder = self.room.set_folder / METADATA
        if not (folder / f"{one.source.id}.origin.json").is_file():
            return None
        return meta.parse(json.loads((folder / f"{one.source.id}.json").read_bytes()))

    def _parts(self, resolution: Resolution, key: str) -> None:
        """Every part of a table that is not here yet; raises _NewRelease if they are not of one release."""
        source = resolution.wanted.source
        query, limit = resolution.query, min(self.limit, int(str(self.room.note(source.id).get("limit", self.limit))))
        for _ in range(HALVINGS):
            parts = split(query, limit, whole=(CONTENTS,))
            self._keep_only(resolution, parts)
            self.planned += len(parts) - 1
            self.progress.plan(self.planned)
            try:
                for number, part in enumerate(parts, 1):
                    self._part(resolution, part, number, len(parts))
                return
            except TooManyCells:
                limit //= 2
                self.room.write(source.id, {"key": key, "limit": limit})
        raise Unreadable("SSB sier at det er for mange celler, uansett hvor få det spørres etter.")

    def _keep_only(self, resolution: Resolution, parts: list[Query]) -> None:
        """Parts that are here stay only if they are parts of this way to cut the table."""
        folder = self.room.set_folder / resolution.wanted.source.id
        for path in folder.glob("*.origin.json"):
            number = int(path.name.partition(".")[0])
            query = json.loads(path.read_text(encoding="utf-8"))["query"]
            if number > len(parts) or query != _asked(resolution.wanted, parts[number - 1]):
                shutil.rmtree(folder)
                return

    def _part(self, resolution: Resolution, part: Query, number: int, of: int) -> None:
        source = resolution.wanted.source
        folder, name = self.room.set_folder / source.id, f"{number:03d}"
        assert resolution.metadata is not None
        if (folder / f"{name}.origin.json").is_file():
            return
        text = f", del {number} av {of}" if of > 1 else ""
        self.progress.step(f"{source.statbank_table} {source.title}{text}")
        content, head = self.statbank.data(source.statbank_table, part, source.codelist)
        if head.updated > resolution.metadata.updated:  # published anew since the metadata were read
            raise _NewRelease
        if number > 1:
            first = json.loads((folder / "001.origin.json").read_text(encoding="utf-8"))
            if first["query"].get(CONTENTS) == part.get(CONTENTS) and first["updated"] != head.updated:
                raise _NewRelease
        self.synthetic |= SYNTHETIC.casefold() in head.source.casefold()
        store.keep(folder, name, content, self._origin(head, content, _asked(resolution.wanted, part)))

    def _origin(self, head: Metadata, content: bytes, query: object) -> Origin:
        made_up = SYNTHETIC.casefold() in head.source.casefold()
        return Origin(
            producer=head.source if made_up else self.producer,
            title=head.label,
            licence=LICENCE,
            sha256=hashlib.sha256(content).hexdigest(),
            url=without_password(self.statbank.url),
            query=query,
            retrieved=str(self.today),
            updated=head.updated,
            note="\n".join(head.notes) or None,
        )

    def populations(self, definitions: Definitions, codes: Sequence[str], year: int) -> dict[str, float]:
        """Inhabitants on 1 January of the municipalities that have any; one call, kept beside the metadata.

        None where the table is not as expected: it is set aside with the others, and says so there.
        """
        source = definitions.with_role("population")
        ages = age_codes("0-")
        query = {
            source.region: sorted(codes),
            "Alder": ages,
            CONTENTS: list(source.contents)[:1],
            source.time: [str(year)],
        }
        self.progress.step(f"{source.statbank_table}: folketall {year}, for å finne kommuner å sammenligne med")
        try:
            content, head = self.statbank.data(source.statbank_table, query, source.codelist)
        except (TableGone, Drift, Unreadable, TooManyCells):
            return {}
        name = f"sammenligning-{source.id}-{year}"
        store.keep(self.room.set_folder / METADATA, name, content, self._origin(head, content, query))
        frame = jsonstat.read(json.loads(content))
        persons = frame.groupby(frame[source.region].astype(str))["value"].sum()
        return {str(code): float(count) for code, count in persons.items() if count > 0}

    # ------------------------------------------------------------------------------- KLASS

    def klass_files(self) -> None:
        self._klass("klass-131-changes", "changes", self.klass.changes)
        self._klass("klass-131-codes", f"codes_{self.today}", lambda: self.klass.codes(self.today))
        for year in range(GROUPS_FROM, self.today.year + 1):
            self._klass("klass-112-131", f"groups_{year}", lambda year=year: self.klass.groups(year))  # type: ignore[misc]

    def _klass(self, source: str, name: str, ask: Callable[[], KlassFile | None]) -> None:
        folder = self.room.set_folder / source
        if (folder / f"{name}.origin.json").is_file():
            return
        self.progress.step(f"KLASS {name}")
        found = ask()
        if found is None:
            self.progress.tell(f"KLASS har ikke {name}; det året mangler.")
            return
        origin = Origin(
            producer=self.producer,
            title=found.title,
            licence=LICENCE,
            sha256=hashlib.sha256(found.content).hexdigest(),
            url=without_password(found.url),
            query=found.query,
            retrieved=str(self.today),
        )
        store.keep(folder, name, found.content, origin)


def fetch(
    project: Project,
    definitions: Definitions,
    who: Who,
    at: Connection,
    set_name: str | None = None,
    without: list[str] | None = None,
    restart: bool = False,
    progress: Progress | None = None,
) -> Pulled:
    """Pull a new set for the mergers; goes on with one that was stopped.

    Raises KunnskapError with what could not be had. What has come is kept for the next try, and sets that
    are there are never touched.
    """
    project.raw.mkdir(parents=True, exist_ok=True)
    with alone(project.raw / f"{ROOM}.lock", "en annen henting"):
        return _fetch(project, definitions, who, at, set_name, without or [], restart, progress or Progress())


def _fetch(
    project: Project,
    definitions: Definitions,
    who: Who,
    at: Connection,
    set_name: str | None,
    without: list[str],
    restart: bool,
    progress: Progress,
) -> Pulled:
    room = Room(project.raw / ROOM)
    now = at.client.clock.now()
    if restart:
        shutil.rmtree(room.folder, ignore_errors=True)
    name, resumed = _open(
        project, room, set_name, [without_password(at.statbank), without_password(at.klass)], f"{now:%Y-%m-%d-%H%M%S}"
    )
    pull = _Pull(Statbank(at.client, at.statbank), Klass(at.client, at.klass), room, now.date(), progress, at.server)
    pull.planned = 3 + now.year - GROUPS_FROM + 1
    progress.plan(pull.planned)
    pull.limit = pull.statbank.max_cells()
    pull.klass_files()
    inside = room.set_folder.relative_to(project.raw).as_posix()
    klass = {s.id: store.raw_files(project, inside, s.id) for s in definitions.sources.values() if s.pull == "klass"}
    mergers, peers = who.mergers(klass, lambda codes, year: pull.populations(definitions, codes, year))
    chosen = [one for one in wanted(definitions, mergers) if not one.unnamed]
    pull.planned += 2 * len(chosen)
    progress.plan(pull.planned)
    pull.tables(chosen, without)
    if pull.failures or len(pull.refused) > MANY:
        raise _failed([*pull.failures, *pull.refused])
    record = _record(project, definitions, mergers, peers, pull, name, now)
    for folder in room.set_folder.iterdir():
        if folder.is_dir() and folder.name not in (*record.sources, METADATA):
            shutil.rmtree(folder)  # of a definition that is gone since the pull began
    store.write_json(room.set_folder / "set.json", asdict(record))
    room.set_folder.rename(project.raw / name)
    shutil.rmtree(room.folder, ignore_errors=True)
    return Pulled(record, at.client.calls, resumed, pull.resolutions)


def _open(project: Project, room: Room, asked: str | None, servers: list[str], stamp: str) -> tuple[str, bool]:
    """The set's name, and whether a pull that was stopped goes on: only from the same servers."""
    name = store.checked_name(asked) if asked else ""
    if name and (project.raw / name).exists():
        problem = Problem(file=project.shown(project.raw / name), found="settet finnes.", remedy="velg et annet navn.")
        raise KunnskapError("Råfiler skrives aldri over:", [problem])
    begun = room.note("plan")
    if "set" in begun and (project.raw / str(begun["set"])).exists():
        begun = {}  # that pull was done, and stopped before its room was cleared
    if begun.get("servers") == servers:
        name = name or store.checked_name(str(begun["set"]))
        resumed = True
    else:
        shutil.rmtree(room.folder, ignore_errors=True)
        resumed = False
    name = name or stamp
    room.set_folder.mkdir(parents=True, exist_ok=True)
    room.write("plan", {"set": name, "servers": servers})
    return name, resumed


def _record(
    project: Project,
    definitions: Definitions,
    mergers: list[Merger],
    peers: dict[str, list[str]],
    pull: _Pull,
    name: str,
    now: datetime,
) -> SetRecord:
    """The set's own record. What cannot be pulled is read from the embedded set, and named."""
    pulled = [r.wanted.source.id for r in pull.resolutions if r.query]
    klass = [s.id for s in definitions.sources.values() if s.pull == "klass" and (pull.room.set_folder / s.id).is_dir()]
    embedded = store.set_record(project, store.EMBEDDED)
    kept = [s for s in embedded.sources if s in definitions.sources and not definitions.sources[s].pull]
    return SetRecord(
        name=name,
        title="testserver" if pull.synthetic else f"hentet fra {pull.server or 'SSB'}",
        created=f"{now:%Y-%m-%d}",
        clock=f"{now:%H:%M:%S}",
        synthetic=pull.synthetic,
        server="" if pull.synthetic else pull.server,
        sources=sorted(pulled + klass),
        base=store.EMBEDDED,
        base_sources=sorted(kept),
        mergers=[merger.id for merger in mergers],
        peers=peers,
        moved={r.wanted.source.id: r.moved for r in pull.resolutions if r.moved},
        unresolved={r.wanted.source.id: r.unresolved for r in pull.resolutions if r.unresolved},
        whole={
            r.wanted.source.id: {name: taken.words for name, taken in r.whole.items()}
            for r in pull.resolutions
            if r.whole
        },
        decimals={r.wanted.source.id: r.decimals for r in pull.resolutions if r.decimals},
    )


def _asked(one: Wanted, part: Query) -> dict[str, object]:
    """A part's query as its origin record has it."""
    return {**part, **({"codelist": one.source.codelist} if one.source.codelist else {})}


def _key(one: Wanted) -> str:
    """What is asked for; a changed definition asks again."""
    source = one.source
    asked: list[object] = [one.regions, one.codes, source.statbank_table, source.codelist, source.eliminate]
    asked += [source.alias, source.first_year, source.last_year, source.region, source.time]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def _failed(failures: list[_Failure]) -> KunnskapError:
    problems = [Problem(file=f"tabell {f.table} {f.title}", found=f.found, remedy=f.remedy) for f in failures]
    tables = " ".join(f"--without {f.table}" for f in failures)
    problems.append(
        Problem(
            found="Alt annet som er hentet, er tatt vare på.",
            remedy="kjør `kunnskap fetch` igjen; den fortsetter der den slapp. "
            f"Uten disse tabellene: `kunnskap fetch {tables}`.",
        )
    )
    return KunnskapError("Settet ble ikke ferdig hentet:", problems)


# ----------------------------------------------------------------------------------- telling it

SHOWN = 8


def lines(pulled: Pulled) -> Iterator[str]:
    """What came, and what indicators will lack, in Norwegian."""
    record = pulled.record
    lost = [
        f"{r.wanted.source.statbank_table or r.wanted.source.id}: {reason} Gjelder {_few(users)}."
        for r in pulled.resolutions
        for dimension, codes in r.unresolved.items()
        for code, reason in codes.items()
        if (users := _users(r.wanted, dimension, code))
    ]
    if lost:
        yield "Dette er satt til side; indikatorene som trenger det, står uten tall og sier hvorfor:"
        yield from (f"  {text}" for text in lost[:SHOWN])
        if len(lost) > SHOWN:
            yield f"  … og {len(lost) - SHOWN} til."
    others = sum(len(codes) for r in pulled.resolutions for codes in r.unresolved.values()) - len(lost)
    if others > 0:
        yield f"{others} koder i katalogen som ingen indikator bruker ennå, finnes ikke. `kunnskap check` viser dem."
    synthetic = " SYNTETISKE TALL." if record.synthetic else f" {NOT_SSB}: {record.server}." if record.server else ""
    yield f"Settet «{record.name}» har {len(record.sources)} kilder, hentet med {pulled.calls} kall.{synthetic}"
    yield "Lag rapportene: " + " eller ".join(f"kunnskap run --merger {merger}" for merger in record.mergers)


def _users(one: Wanted, dimension: str, code: str) -> list[str]:
    if dimension:
        return one.users.get((dimension, code), [])
    return list(dict.fromkeys(name for names in one.users.values() for name in names))


def _few(names: list[str]) -> str:
    return ", ".join(names[:2]) + (f" og {len(names) - 2} til" if len(names) > 2 else "")
