"""Mutants: one line of real logic changed, and the fast tests meant for the file must fail. A survivor is a hole.

    python -m tests.mutants                       # the fixed list of mutants.toml: every one must be killed
    python -m tests.mutants --draw 40 --seed 7    # forty more, drawn by chance from the SQL and the core Python

Nothing in this checkout is changed: each worker has a copy of it. See docs/mutants.md.
"""

import argparse
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tokenize
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[1]
LISTED = Path(__file__).with_name("mutants.toml")
COPIED = ("pipeline", "tests", "notebooks", "docs", "data/raw/embedded", "README.md", "pyproject.toml")
CORE = ("model", "territory", "ingest", "validate", "compute")  # the rooms in which figures come to be
WORKERS = 2

# what a one-line change may be: comparisons, holes, sums, order, years
SWAPS = (
    (r"<=", "<"), (r">=", ">"), (r"(?<![<>=!-])<(?![<>=])", "<="), (r"(?<![<>=-])>(?![<>=])", ">="),
    (r"<>", "="), (r"!=", "=="), (r"\band\b", "or"), (r"\bor\b", "and"), (r"\bmin\b", "max"), (r"\bmax\b", "min"),
    (r"\bleast\b", "greatest"), (r"\bgreatest\b", "least"), (r"\bbool_and\b", "bool_or"), (r"\bbool_or\b", "bool_and"),
    (r"\bleft join\b", "inner join"), (r"\bunion all by name\b", "except all by name"),
    (r"\bnot\b", ""),
    (r"\border by (\w+(?:\.\w+)?)\)", r"order by \1 desc)"), (r" \+ 1\b", " - 1"), (r" - 1\b", " + 1"),
    (r" \* ", " / "), (r" / ", " * "), (r"'ok'", "'not_available'"), (r"'not_applicable'", "'not_available'"),
    (r"'not_available'", "'not_in_set'"), (r"'component_missing'", "'not_available'"), (r"'suppressed'", "'ok'"),
)  # fmt: skip
NUMBER = re.compile(r"(?<![\w.'])(\d+(?:\.\d+)?)(?![\w.'])")


@dataclass(frozen=True)
class Mutant:
    """`was` in the file becomes `becomes`; the tests in `killed_by` are run. `at`: its place, where it is drawn."""

    file: str
    was: str
    becomes: str
    killed_by: tuple[str, ...]
    at: int | None = None

    @property
    def told(self) -> str:
        return f"{self.file}: «{self.was}» → «{self.becomes}»"

    def applied(self, text: str) -> str:
        at = text.index(self.was) if self.at is None else self.at
        assert text.startswith(self.was, at), self.told
        return text[:at] + self.becomes + text[at + len(self.was) :]


def fixed() -> list[Mutant]:
    """The mutants of the list, in its order."""
    content = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return [
        Mutant(f"pipeline/{one['file']}", one["was"], one["becomes"], (f"tests/{one['killed_by']}",))
        for one in content["mutant"]
    ]


# --------------------------------------------------------------------------------------------- drawn


def drawn(count: int, seed: int, files: Iterable[Path] = ()) -> list[Mutant]:
    """Mutants drawn by chance, a file first so that long files are not drawn most; of all files, or of those named."""
    chance = random.Random(seed)
    every = {path: _mutants(path) for path in list(files) or _core()}
    every = {path: mutants for path, mutants in every.items() if mutants}
    chosen: dict[Mutant, None] = {}
    most = min(count, sum(map(len, every.values())))
    while len(chosen) < most:
        chosen[chance.choice(every[chance.choice(list(every))])] = None
    return list(chosen)


def _core() -> list[Path]:
    found = [path for room in CORE for end in ("py", "sql") for path in (ROOT / "pipeline" / room).rglob(f"*.{end}")]
    return sorted(path for path in found if tests_of(path))


@cache
def _mutants(path: Path) -> list[Mutant]:
    return list(_found(path))


def _found(path: Path) -> Iterator[Mutant]:
    text = path.read_text(encoding="utf-8")
    tests = tests_of(path)
    name = path.relative_to(ROOT).as_posix()
    for start, end in code(path, text):
        for pattern, new in SWAPS:
            for found in re.finditer(pattern, text[start:end]):
                yield Mutant(name, found[0], found.expand(new), tests, start + found.start())
        for found in NUMBER.finditer(text[start:end]):
            number = float(found[1]) if "." in found[1] else int(found[1])
            for other in (number + 1, number * 2):
                if other != number:
                    yield Mutant(name, found[0], str(other), tests, start + found.start())


def code(path: Path, text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a file that are logic: not comments, nor what is said to people."""
    if path.suffix == ".sql":
        at = 0
        for line in text.splitlines(keepends=True):
            code = line.split("--")[0]
            if code.strip() and not re.search(r"'[^']* [^']*'", code):  # words with spaces are told to people
                yield at, at + len(code)
            at += len(line)
        return
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    skipped = (tokenize.STRING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    lines: dict[int, list[tuple[int, int]]] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in skipped and token.start[0] == token.end[0]:
            row = token.start[0]
            lines.setdefault(row, []).append((starts[row - 1] + token.start[1], starts[row - 1] + token.end[1]))
    for spans in lines.values():
        if not text[spans[0][0] :].startswith(("import ", "from ", "@", "class ", "def ")):
            yield from spans


@cache
def tests_of(path: Path) -> tuple[str, ...]:
    """The test files meant for a file: those that run the SQL file by name, or import the module."""
    if path.suffix == ".sql":
        meant = re.compile(rf"\b{path.stem}\b(?=\.sql|\"|\()")
    else:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        package, _, last = module.rpartition(".")
        meant = re.compile(rf"from {module} import|from {package} import .*\b{last}\b")
    found = sorted((ROOT / "tests").glob("test_*.py"))
    return tuple(f"tests/{one.name}" for one in found if meant.search(one.read_text(encoding="utf-8")))


# ------------------------------------------------------------------------------------------------ run


def survives(mutant: Mutant, room: Path) -> bool:
    """Whether the tests meant for it pass with the mutant in place, in a copy of the project."""
    path = room / mutant.file
    text = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied(text), encoding="utf-8")
    try:
        return passes(mutant.killed_by, room)
    finally:
        path.write_text(text, encoding="utf-8")


def passes(tests: Iterable[str], room: Path) -> bool:
    """Whether tests pass in a copy; raises if pytest could not run them at all."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "-n", "0", "-m", "not whole and not long"]
    path = os.pathsep.join([str(room), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *options, *tests],
        cwd=room, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode not in (0, 1, 2):  # passed, failed, could not even be collected
        raise RuntimeError(done.stdout + done.stderr)
    return done.returncode == 0


def copy(room: Path) -> Path:
    """A copy of what the fast tests need."""
    for name in COPIED:
        source, target = ROOT / name, room / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return room


def survivors(mutants: list[Mutant], tell: bool = True) -> list[Mutant]:
    """Those no test noticed, in the order of the list."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        rooms: Queue[Path] = Queue()
        for at in range(WORKERS):
            rooms.put(copy(Path(folder) / str(at)))
        if not passes(dict.fromkeys(test for mutant in mutants for test in mutant.killed_by), Path(folder) / "0"):
            raise RuntimeError("the tests fail where nothing is changed: every mutant would be called killed")

        def run(mutant: Mutant) -> bool:
            room = rooms.get()
            try:
                alive = survives(mutant, room)
            finally:
                rooms.put(room)
            if tell:
                print("SURVIVES" if alive else "killed  ", mutant.told, flush=True)
            return alive

        return [mutant for mutant, alive in zip(mutants, pool.map(run, mutants), strict=True) if alive]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=lambda name: Path(name).resolve(), help="draw from these files only")
    parser.add_argument("--draw", type=int, default=0, help="how many to draw by chance, in place of the fixed list")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    mutants = drawn(asked.draw or 20, asked.seed, asked.files) if asked.draw or asked.files else fixed()
    alive = survivors(mutants)
    print(f"{len(mutants) - len(alive)} of {len(mutants)} killed")
    for mutant in alive:
        print(f"  survives: {mutant.told}")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
