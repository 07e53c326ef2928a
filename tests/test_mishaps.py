"""Whatever goes wrong is a sentence with a remedy; the traceback is in a file that is named."""

import errno
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli, mishaps
from pipeline.errors import KunnskapError
from pipeline.project import Project

SLEEPS = (
    "import time; from pipeline import cli; cli.app = lambda: print('klar', flush=True) or time.sleep(60); cli.main()"
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ["Disken er full.", "frigjør plass"]),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), ["Kvoten på disken er brukt opp.", "frigjør plass"]),
        (OSError(errno.EROFS, "Read-only file system", "{root}/reports"), ["reports: Mappen kan bare leses."]),
        (OSError(errno.ENAMETOOLONG, "File name too long"), ["Stien til en fil er for lang.", "C:\\kunnskap"]),
        (PermissionError(13, "Permission denied", "{root}/a.docx"), ["a.docx: Filen", "andre programmer"]),
        (FileNotFoundError(2, "No such file", "{root}/data/x.csv"), ["data/x.csv: Filen eller mappen er borte."]),
        (OSError(5, "Input/output error"), ["Maskinen svarte: Input/output error.", "om disken virker"]),
        (MemoryError(), ["ikke nok minne"]),
        (RuntimeError("Out of Memory Error: failed to allocate"), ["ikke nok minne"]),
        (RuntimeError("IO Error: No space left on device"), ["Disken er full."]),
        (ValueError("en linje\nog en til"), ["som programmet ikke har ord for (ValueError: en linje)."]),
    ],
)  # fmt: skip
def test_a_mishap_is_told_with_what_to_do(tmp_path: Path, error: Exception, words: list[str]) -> None:
    project = Project(root=tmp_path)
    if isinstance(error, OSError) and error.filename:
        error.filename = str(error.filename).replace("{root}", str(tmp_path))
    message = mishaps.told(project, error)
    assert all(word in message for word in [*words, "Det som var ferdig fra før, er urørt. Gjør slik: "]), message
    log = tmp_path / re.findall(r": ([^ ]+)$", message)[0]
    assert type(error).__name__ in log.read_text(encoding="utf-8")
    assert "Traceback" not in message


def test_where_nothing_can_be_written_that_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert mishaps.told(Project(root=tmp_path), ValueError("x")).endswith("ingen: det finnes ingen mappe å skrive i.")


@pytest.mark.parametrize(
    ("error", "words", "code"),
    [
        (KunnskapError("Noe stemmer ikke:"), "Noe stemmer ikke:", 1),
        (ZeroDivisionError("division by zero"), "ikke har ord for (ZeroDivisionError: division by zero)", 1),
        (mishaps.Interrupted(), "Avbrutt. Det som var ferdig fra før, er urørt.", 130),
    ],
)
def test_no_command_ends_in_a_traceback(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: BaseException,
    words: str,
    code: int,
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr(cli, "app", fails)
    monkeypatch.setattr(cli, "Project", lambda: Project(root=tmp_path))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capfd.readouterr().err
    assert ended.value.code == code and words in told and "Traceback" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="a signal is sent")
@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_one_line(name: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None and process.stdout.readline() == "klar\n"
    process.send_signal(name)
    _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (130, f"{mishaps.INTERRUPTED}\n")
