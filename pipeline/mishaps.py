"""What no stage has words for, told as a person needs it: what happened, what to do, and where the details are kept."""

import errno
import signal
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from pipeline.project import Project

LOG = "kunnskap-feil.log"
UNTOUCHED = "Det som var ferdig fra før, er urørt."
CAUSES = {
    errno.ENOSPC: ("Disken er full.", "frigjør plass, og kjør igjen."),
    errno.EDQUOT: ("Kvoten på disken er brukt opp.", "frigjør plass, og kjør igjen."),
    errno.EROFS: ("Mappen kan bare leses.", "kopier prosjektet til en mappe du kan skrive i."),
    errno.ENAMETOOLONG: (
        "Stien til en fil er for lang.",
        "legg prosjektet i en mappe med kortere navn, som C:\\kunnskap.",
    ),
    errno.EMFILE: ("For mange filer er åpne.", "lukk andre programmer, og kjør igjen."),
}
REFUSED = "lukk den i andre programmer, eller be om tilgang, og kjør igjen."
INTERRUPTED = f"Avbrutt. {UNTOUCHED} En henting fortsetter der den slapp."


class Interrupted(BaseException):
    """Ctrl-C, or told to stop by the machine; not KeyboardInterrupt, which libraries end with in silence."""


def interrupt(*_: object) -> None:
    """What is under way is taken down in order, and told at the top. A second one finds nobody: it is on its way."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    raise Interrupted


def told(project: Project, error: BaseException) -> str:
    """A mishap in Norwegian; the traceback goes to a file that is named."""
    found, remedy = _words(project, error)
    return f"{found} {UNTOUCHED} Gjør slik: {remedy}\nDetaljene for den som skal finne feilen: {_log(project, error)}"


def _words(project: Project, error: BaseException) -> tuple[str, str]:
    where = _where(project, error)
    if isinstance(error, MemoryError) or "Out of Memory" in str(error):
        return "Maskinen har ikke nok minne til dette.", "lukk andre programmer, og kjør igjen."
    if "No space left" in str(error):
        return CAUSES[errno.ENOSPC]
    if isinstance(error, OSError) and error.errno in CAUSES:
        found, remedy = CAUSES[error.errno]
        return f"{where}{found}", remedy
    if isinstance(error, PermissionError):
        return f"{where}Filen eller mappen kan ikke leses eller skrives.", REFUSED
    if isinstance(error, FileNotFoundError):
        return f"{where}Filen eller mappen er borte.", "hent den fram igjen, og kjør igjen."
    if isinstance(error, OSError):
        return (
            f"{where}Maskinen svarte: {error.strerror or error}.",
            "se om disken virker, og kjør igjen.",
        )
    name = f"{type(error).__name__}: {str(error).splitlines()[0]}" if str(error) else type(error).__name__
    return (
        f"Noe gikk galt som programmet ikke har ord for ({name}).",
        "kjør igjen; kommer det tilbake, så send filen under.",
    )


def _where(project: Project, error: BaseException) -> str:
    name = getattr(error, "filename", None)
    return f"{project.shown(Path(name))}: " if isinstance(name, str) and name else ""


def _log(project: Project, error: BaseException) -> str:
    """The file with the details: beside the tables, or where the machine keeps what is not to be kept."""
    text = "".join(
        [f"{datetime.now():%Y-%m-%d %H:%M:%S} kunnskap {' '.join(sys.argv[1:])}\n", *traceback.format_exception(error)]
    )
    for folder in (project.processed, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / LOG
            path.write_text(text, encoding="utf-8")
        except OSError:
            continue
        return project.shown(path) if folder == project.processed else str(path)
    return "ingen: det finnes ingen mappe å skrive i."
