"""`python pdf.py SOURCE TARGET`: one typst file to PDF. Run by `convert` in a process of its own.

Fonts come from matplotlib's package and nowhere else, so that every machine gives the same pages.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import typst


def fonts() -> Path:
    """DejaVu Sans, found without the cost of importing matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def main(source: str, target: str) -> None:
    typst.compile(
        source,
        output=target,
        root=str(Path(source).parent),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        timestamp=0,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
