"""The folder tree explains the flow: a stage imports nothing from a later one, and no two files import each other."""

import ast
from graphlib import CycleError, TopologicalSorter

from pipeline.project import HERE

# A room and what it may look into. Everybody may say things in words and raise errors.
SHARED = {"errors", "words", "project", "moves"}
STAGES = ("model", "ingest", "validate", "compute", "report")
RUNS = ("choice", "stamps", "publish", "run")


def imports() -> dict[str, set[str]]:
    """Module → the modules of this project that it imports, wherever in the file."""
    modules = {".".join(path.relative_to(HERE).with_suffix("").parts): path for path in HERE.rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        found: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline"):
                base = (node.module or "").removeprefix("pipeline").lstrip(".")
                for alias in node.names:
                    whole = f"{base}.{alias.name}".lstrip(".")
                    found.add(whole if whole in modules else base)
            elif isinstance(node, ast.Import):
                found |= {a.name.removeprefix("pipeline.") for a in node.names if a.name.startswith("pipeline.")}
        graph[name] = {one for one in found if one}
    return graph


def room(module: str) -> str:
    return module.split(".")[0]


def test_no_two_files_import_each_other() -> None:
    graph = imports()
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise AssertionError(f"a circle: {error.args[1]}") from error


def test_a_stage_imports_nothing_from_a_later_one() -> None:
    order = {name: at for at, name in enumerate((*STAGES, *RUNS))}
    back = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if room(module) in STAGES and order.get(room(other), -1) > order[room(module)]
    ]
    assert not back


def test_shared_words_know_no_room() -> None:
    for module, others in imports().items():
        if room(module) in SHARED:
            assert {room(other) for other in others} <= SHARED, module


def test_commands_are_known_to_the_command_line_only() -> None:
    for module, others in imports().items():
        if room(module) not in ("commands", "cli"):
            assert "commands" not in {room(other) for other in others}, module
