"""The pandoc that comes with the project, run so that nothing a person has set up for their own documents is used."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc

# not the newest one on PATH, which would set the pages in another way
PANDOC = Path(pypandoc.__file__).parent / "files" / ("pandoc.exe" if os.name == "nt" else "pandoc")
THEIRS = ("HOME", "XDG_DATA_HOME", "APPDATA")  # where pandoc looks for a person's templates and reference documents


def pandoc(arguments: Sequence[str], given: bytes = b"", folder: Path | None = None) -> tuple[bytes, str]:
    """What pandoc writes, and what it complains of: empty where it went well."""
    with TemporaryDirectory() as nobodys:
        own = dict.fromkeys(THEIRS, nobodys) | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        command = [str(PANDOC), *arguments]
        made = subprocess.run(command, input=given, capture_output=True, cwd=folder, env={**os.environ, **own})
    fault = made.stderr.decode(errors="replace").strip()[-2000:] or f"pandoc sluttet med {made.returncode}."
    return made.stdout, fault if made.returncode else ""
