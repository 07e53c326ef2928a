"""Puts what a run has made in its place, when all of it is made; what somebody has written in is kept."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import stamps
from pipeline.errors import KunnskapError, Problem


@dataclass
class Result:
    """What a run did. `computed` and `built` are empty when nothing had changed."""

    set_name: str
    reports: Path
    computed: bool = False
    built: list[str] = field(default_factory=list)
    rooms: dict[str, tuple[str, str]] = field(default_factory=dict)  # where each was made, and where it goes
    kept: list[Path] = field(default_factory=list)

    @property
    def unchanged(self) -> bool:
        return not self.computed and not self.built


def publish(made: Path, result: Result, digests: dict[str, str], whole: str) -> None:
    """Put finished reports in place; a file somebody has written in is kept beside the new one."""
    target = result.reports
    target.mkdir(parents=True, exist_ok=True)
    stamp = stamps.read_stamp(target)
    reports = {name: entry for name, entry in stamp.get("reports", {}).items() if name in digests}
    for name in result.built:
        room, home = result.rooms[name]
        sums = stamps.file_sums(made / room)
        files = {(Path(home) / relative).as_posix(): digest for relative, digest in sums.items()}
        for relative in sums:
            place = (Path(home) / relative).as_posix()
            _put(made / room / relative, target / place, reports.get(name, {}).get("files", {}).get(place), result)
        for gone in set(reports.get(name, {}).get("files", {})) - set(files):
            (target / gone).unlink(missing_ok=True)
        reports[name] = {"key": digests[name], "files": files}
    stamps.write_stamp(target, {"run": whole, "set": result.set_name, "reports": reports})


def _put(new: Path, old: Path, made_last: str | None, result: Result) -> None:
    """Move a file into place. An old one that is not what the last run made has been edited: keep it."""
    old.parent.mkdir(parents=True, exist_ok=True)
    try:
        if old.is_file() and made_last and stamps.digest(old) != made_last:
            kept = _free_name(old)
            old.rename(kept)
            result.kept.append(kept)
        new.replace(old)
    except PermissionError as error:
        problem = Problem(file=old.name, found="filen er i bruk.", remedy="lukk den i Word eller Excel og kjør igjen.")
        raise KunnskapError("En rapport kunne ikke skrives:", [problem]) from error


def _free_name(path: Path) -> Path:
    number = 1
    while (name := path.with_name(f"{path.stem}.redigert-{number}{path.suffix}")).exists():
        number += 1
    return name


def replace(fresh: Path, target: Path) -> None:
    old = target.with_name(f".gammel-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
