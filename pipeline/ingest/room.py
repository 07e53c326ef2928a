"""The folder a pull is made in, so that one that is stopped goes on where it was."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.ingest import store

ROOM = ".henter"  # below data/raw; hidden, so that it is never taken for a set
METADATA = "metadata"  # the set's folder of metadata answers: evidence beside the figures, not a source


@dataclass
class Room:
    """The folder a pull is made in: `sett` becomes the set, `bok` says what it is and what is done."""

    folder: Path

    @property
    def set_folder(self) -> Path:
        return self.folder / "sett"

    def note(self, name: str) -> dict[str, object]:
        try:
            found = json.loads((self.folder / "bok" / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError, UnicodeDecodeError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, content: dict[str, object]) -> None:
        (self.folder / "bok").mkdir(parents=True, exist_ok=True)
        store.write_json(self.folder / "bok" / f"{name}.json", content)

    def drop(self, source: str) -> None:
        """Forget what has come of a source."""
        (self.folder / "bok" / f"{source}.json").unlink(missing_ok=True)
        shutil.rmtree(self.set_folder / source, ignore_errors=True)
        for path in (self.set_folder / METADATA).glob(f"{source}.*"):
            path.unlink()
