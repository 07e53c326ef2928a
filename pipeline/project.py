"""Where things lie. One object, so that tests and other checkouts can point elsewhere."""

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
MERGER = "merger.json"  # a Merger beside the processed tables that are made for it


@dataclass(frozen=True)
class Project:
    """Folders of one checkout: `root` holds data and reports, `definitions` the TOML files."""

    root: Path = HERE.parent
    definitions: Path = field(default=HERE / "definitions")

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def local(self) -> Path:
        """What the municipalities fill in themselves, a folder per merger."""
        return self.root / "data" / "local"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def changing_definitions(self) -> Path:
        """Is there while the definition files are being changed: which goes where."""
        return self.processed / ".definisjoner.flyttes.json"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def notebooks(self) -> Path:
        return HERE.parent / "notebooks"

    def shown(self, path: Path) -> str:
        """The path as a person should see it: from the project's root where that is possible."""
        for base in (self.root, HERE.parent):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return path.name
