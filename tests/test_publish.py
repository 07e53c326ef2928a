"""All of a run's results or none, wherever it is stopped; and nothing that a person has written is lost.

A stand-in project with what a real one has: tables, pages, a document that somebody has written in, a file that is no
longer made. The moves are the product's own. A kill is a kill: SIGKILL in a process of its own, at each file operation.
"""

import io
import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import filelock
import pytest

from pipeline import model, moves, stamps
from pipeline.choice import Choice, choose
from pipeline.commands.check import Report, Row
from pipeline.commands.rewrite import finish, rewrite
from pipeline.errors import KunnskapError
from pipeline.project import Project
from pipeline.publish import Result, alone, finish_if_idle, is_ours, publish, room_of

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed by signal")
HOME = "AP2.3-barnevern"
OVERVIEW = "<h1>Oversikt</h1><!--ny utgave--><!--/ny utgave-->"


def document(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("word/document.xml"), text)
    return out.getvalue()


OLD = {
    "index.html": f"{OVERVIEW} 1".encode(),
    f"{HOME}/side.html": b"side 1",
    f"{HOME}/strategi.docx": document("strategi 1"),
    f"{HOME}/borte.pdf": b"lages ikke lenger",
}
NEW = {
    "index.html": f"{OVERVIEW} 2".encode(),
    f"{HOME}/side.html": b"side 2",
    f"{HOME}/strategi.docx": document("strategi 2"),
    f"{HOME}/fersk.png": b"ny figur",
}
EDITED = document("strategi 1, og hva gruppen skrev")


def written(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def publishing(choice: Choice, files: dict[str, bytes], tables: bytes) -> Result:
    """What a run does when everything is made."""
    with alone(choice):
        work = choice.project.reports / f"{room_of(choice)}rapport"
        fresh = choice.project.processed / f"{room_of(choice)}tabell" / "tabeller"
        written(work / "oversikt", {name: content for name, content in files.items() if "/" not in name})
        written(work / "rom", {name.split("/")[1]: content for name, content in files.items() if "/" in name})
        written(fresh, {"indicator.parquet": tables})
        result = Result("sett", choice.reports, computed=True, built=["oversikt", HOME])
        result.rooms = {"oversikt": ("oversikt", ""), HOME: ("rom", HOME)}
        publish(choice, fresh, work, result, {"oversikt": "nøkkel", HOME: "nøkkel"}, "helhet")
        for folder in (work, fresh.parent):
            shutil.rmtree(folder)
    return result


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Choice:
    """A project whose first run is done."""
    choice = replace(choose(Project(), "nye-drammen"), project=Project(root=tmp_path_factory.mktemp("første")))
    publishing(choice, OLD, b"tabell 1")
    return choice


@pytest.fixture
def choice(first: Choice, tmp_path: Path) -> Choice:
    """The same, to be destroyed."""
    return copied(first, tmp_path / "prosjekt")


def copied(first: Choice, root: Path) -> Choice:
    shutil.copytree(first.project.root, root)
    return replace(first, project=Project(root=root))


def there(choice: Choice) -> dict[str, bytes]:
    """Every file a person can see, without the record and the locks."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in (choice.reports, choice.processed)
        for path in folder.rglob("*")
        if path.is_file() and path.name != stamps.STAMP
    }


def old(edited: bool = False) -> dict[str, bytes]:
    return OLD | {"indicator.parquet": b"tabell 1"} | ({f"{HOME}/strategi.docx": EDITED} if edited else {})


def new(edited: bool = False) -> dict[str, bytes]:
    files = NEW | {"indicator.parquet": b"tabell 2"}
    if not edited:
        return files
    links = (
        f'<li><a href="{HOME}/strategi.docx">{HOME}/strategi.docx</a>: <a href="{HOME}/strategi.ny.docx">ny utgave</a>'
    )
    index = files["index.html"].decode().replace(
        "<!--ny utgave-->",
        "<!--ny utgave--><p>Noen har skrevet i disse. De står urørt, og den nye utgaven ligger ved siden av:</p><ul>"
        f"{links}</li></ul>",
    )  # fmt: skip
    beside = {f"{HOME}/strategi.docx": EDITED, f"{HOME}/strategi.ny.docx": NEW[f"{HOME}/strategi.docx"]}
    return files | beside | {"index.html": index.encode()}


def edit(choice: Choice) -> None:
    (choice.reports / HOME / "strategi.docx").write_bytes(EDITED)


# ------------------------------------------------------------------------------------- nothing in the way


@pytest.mark.parametrize("edited", [False, True])
def test_everything_is_put_in_its_place_and_a_written_document_stays_in_its_own(choice: Choice, edited: bool) -> None:
    if edited:
        edit(choice)
    result = publishing(choice, NEW, b"tabell 2")
    folder = choice.reports / HOME
    assert there(choice) == new(edited)
    assert result.beside == ({folder / "strategi.docx": folder / "strategi.ny.docx"} if edited else {})
    assert result.aside == []


def test_the_next_edition_takes_the_place_of_the_one_beside(choice: Choice) -> None:
    edit(choice)
    publishing(choice, NEW, b"tabell 2")
    third = NEW | {f"{HOME}/strategi.docx": document("strategi 3")}
    publishing(choice, third, b"tabell 3")
    found = there(choice)
    assert found[f"{HOME}/strategi.docx"] == EDITED
    assert found[f"{HOME}/strategi.ny.docx"] == document("strategi 3")
    assert not [name for name in found if "ny-2" in name]
    # the group takes the new edition for its own: nothing is beside any more, and the index says so
    (choice.reports / HOME / "strategi.ny.docx").replace(choice.reports / HOME / "strategi.docx")
    publishing(choice, NEW, b"tabell 2")
    assert there(choice) == new()


@pytest.mark.parametrize(
    ("place", "content", "kept"),
    [
        ("strategi.docx", EDITED, "strategi.docx"),  # stays, the new one beside
        pytest.param(
            "strategi.docx", EDITED[:40], "strategi.redigert-1.docx", id="cut"
        ),  # cut: nobody's work, and still not thrown away
        ("strategi.docx", b"", "strategi.redigert-1.docx"),
        ("side.html", b"<p>skrevet i</p>", "side.redigert-1.html"),
        ("borte.pdf", b"noen har merket i denne", "borte.pdf"),  # no longer made, and no longer ours
        ("fersk.png", b"en persons eget bilde", "fersk.redigert-1.png"),  # the name was somebody's before it was ours
    ],
)
def test_what_is_not_as_we_made_it_is_not_thrown_away(choice: Choice, place: str, content: bytes, kept: str) -> None:
    (choice.reports / HOME / place).write_bytes(content)
    publishing(choice, NEW, b"tabell 2")
    assert (choice.reports / HOME / kept).read_bytes() == content
    new_one = kept != place or place == "borte.pdf" or (choice.reports / HOME / "strategi.ny.docx").is_file()
    assert new_one and (place == "borte.pdf" or NEW[f"{HOME}/{place}"] in there(choice).values())


@pytest.mark.parametrize(
    ("name", "content", "fresh"),
    [
        ("strategi.docx", None, True),
        ("strategi.docx", EDITED, True),  # written in: nothing to make again
        ("strategi.docx", EDITED[:-10], False),
        ("side.html", b"side", False),
        ("borte.pdf", b"", False),
    ],
)
def test_fresh_is_what_has_its_content(choice: Choice, name: str, content: bytes | None, fresh: bool) -> None:
    path = choice.reports / HOME / name
    digest = stamps.digest(path)
    if content is not None:
        path.write_bytes(content)
    assert is_ours(path, digest) is fresh


# ---------------------------------------------------------------------------------- killed, and refused


def killed_at(step: int, root: Path, work: Callable[[], object]) -> bool:
    """Run in a process of its own that is killed before its file operation of that number; whether it came so far."""
    process = os.fork()
    if process:
        return os.WIFSIGNALED(os.waitpid(process, 0)[1])
    seen = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate") or (
            event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
        )
        if changes and str(root) in str(arguments[0]):
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    work()
    os._exit(0)


@needs_fork
@pytest.mark.parametrize("edited", [False, True])
def test_a_kill_at_any_file_operation_leaves_old_or_new_whole(first: Choice, tmp_path: Path, edited: bool) -> None:
    step = 0
    seen = {"old": 0, "new": 0}
    while True:
        step += 1
        choice = copied(first, tmp_path / str(step))
        if edited:
            edit(choice)
        if not killed_at(step, choice.project.root, lambda choice=choice: publishing(choice, NEW, b"tabell 2")):  # type: ignore[misc]
            break
        assert EDITED in there(choice).values() or not edited, "no edited byte is lost, even before the next command"
        with alone(choice):
            pass
        found = there(choice)
        assert found in (old(edited), new(edited)), f"step {step}"
        seen["old" if found == old(edited) else "new"] += 1
        assert not list(choice.project.root.rglob(".ny-*"))
        result = publishing(choice, NEW, b"tabell 2")
        assert there(choice) == new(edited) and result.aside == [] and bool(result.beside) is edited
        shutil.rmtree(choice.project.root)
    assert seen["old"] > 10 and seen["new"] > 10


@pytest.mark.parametrize("edited", [False, True])
def test_a_file_that_is_held_at_any_move_leaves_all_as_it_was(
    first: Choice, tmp_path: Path, edited: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    for step in range(1, 100):
        choice = copied(first, tmp_path / str(step))
        if edited:
            edit(choice)
        count = 0

        def refused(path: Path, to: Path, step: int = step) -> Path:
            nonlocal count
            count += 1
            if count == step:
                raise PermissionError(13, "Permission denied", str(path))
            return rename(path, to)

        monkeypatch.setattr(Path, "rename", refused)
        try:
            publishing(choice, NEW, b"tabell 2")
        except KunnskapError as error:
            assert "lukk den i Word, Excel" in str(error)
        else:
            assert step > 8
            return
        finally:
            monkeypatch.setattr(Path, "rename", rename)
        assert there(choice) == old(edited)
        publishing(choice, NEW, b"tabell 2")
        assert there(choice) == new(edited)


def test_a_document_that_is_open_is_told_before_the_first_move(choice: Choice, monkeypatch: pytest.MonkeyPatch) -> None:
    path = choice.reports / HOME / "side.html"
    kept = Path.open

    def opened(self: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if self == path and "+" in mode:
            raise PermissionError(13, "Permission denied", str(self))
        return kept(self, mode, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(KunnskapError, match=r"side\.html: filen er i bruk.*Alt er som det var"):
        publishing(choice, NEW, b"tabell 2")
    assert there(choice) == old() and not list(choice.project.root.rglob("*.flyttes.json"))


@needs_fork
def test_definitions_are_changed_all_or_not_at_all(tmp_path: Path) -> None:
    """A code that moved stands in the source and in the indicators: half of it changed would stop every command."""
    row = Row("12362", "12362", "KOKfunksjon0000", "FGK8b", "Grunnskole", "moved", "FGK8x", "Grunnskole", "", "")
    report, plain = Report([row], synthetic=False), Project()
    kept = tmp_path / "som de er"
    for name in ("sources/statbank.toml", "indicators/grunnskole.toml"):
        (kept / "definitions" / name).parent.mkdir(parents=True)
        shutil.copyfile(plain.definitions / name, kept / "definitions" / name)
    shutil.copytree(kept, tmp_path / "endret")
    changed = Project(root=tmp_path / "endret", definitions=tmp_path / "endret" / "definitions")
    assert len(rewrite(changed, model.load(plain), report)) > 1
    wanted = {"old": definitions_of(kept / "definitions"), "new": definitions_of(changed.definitions)}
    assert wanted["old"] != wanted["new"]
    seen, definitions = [], model.load(plain)
    for step in range(1, 1000):
        root = tmp_path / str(step)
        shutil.copytree(kept, root)
        project = Project(root=root, definitions=root / "definitions")
        if not killed_at(step, root, lambda project=project: rewrite(project, definitions, report)):  # type: ignore[misc]
            break
        finish(project)
        seen += [name for name, files in wanted.items() if definitions_of(project.definitions) == files]
        assert len(seen) == step, f"step {step}"
        shutil.rmtree(root)
    assert set(seen) == {"old", "new"}


def definitions_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ------------------------------------------------------------------------------------- two at a time


def test_two_at_once_do_not_mix(choice: Choice) -> None:
    with alone(choice), pytest.raises(KunnskapError, match=r"en annen kjøring av nye-drammen holder på"):
        publishing(choice, NEW, b"tabell 2")
    assert there(choice) == old()


def test_another_mergers_work_is_left_alone(choice: Choice) -> None:
    other = choice.project.reports / ".ny-nye-drammen-2~abc"
    mine = choice.project.reports / ".ny-nye-drammen~abc"
    for folder in (other, mine):
        folder.mkdir()
    with alone(choice):
        pass
    assert other.is_dir() and not mine.exists()


def test_a_look_finishes_what_was_begun_if_nobody_is_at_it(choice: Choice) -> None:
    staged = choice.project.reports / "nytt.html"
    staged.write_bytes(b"ny side")
    move = [str(choice.reports / HOME / "side.html"), str(staged), str(choice.project.reports / "gammelt.html")]
    journal = choice.project.processed / ".nye-drammen.flyttes.json"
    moves.write_whole(journal, json.dumps([move]).encode())
    finish_if_idle(choice)
    assert (choice.reports / HOME / "side.html").read_bytes() == b"ny side" and not journal.exists()
    lock = filelock.FileLock(choice.project.processed / ".nye-drammen.lock")
    assert not lock.is_locked
