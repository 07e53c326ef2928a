"""The documentation cannot go stale: what it says of commands, indicators and tables is compared."""

import re
import tomllib
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pipeline import model, reference, run, words
from pipeline.choice import choose
from pipeline.model import Definitions, MergerFile
from pipeline.project import Project
from pipeline.report.build import DOCUMENTS, Job, Site, run_notebook
from pipeline.report.paper.notebook import Kernel
from pipeline.validate.identities import check_names
from tests.conftest import merger_of

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("name", ["indicators.md", "tables.md", "commands.md"])
def test_a_made_page_is_what_the_definitions_give(name: str, definitions: Definitions) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == reference.pages(definitions)[name], (
        "run `python -m pipeline.reference`"
    )


def test_every_indicator_and_table_is_in_the_docs(definitions: Definitions) -> None:
    indicators = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    tables = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in indicators for name in definitions.indicators)
    assert all(f"## {name}\n" in tables for name in definitions.tables)


def test_every_check_is_explained() -> None:
    methods = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in methods for name in check_names())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (page.parent / link).exists(), link
    for path in re.findall(r"`((?:pipeline|notebooks|tests|benchmarks|data/raw/embedded)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def drawn_folders() -> set[str]:
    """The folders of the tree in the README, by the indentation of their lines."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## The folders\n\n```\n(.*?)```", readme, re.DOTALL)
    assert block
    found, above = set(), ""
    for line in block[1].splitlines():
        indent, name = re.match(r"( *)(\S+)/", line).groups()  # type: ignore[union-attr]
        above = above if indent else name
        found.add(f"{above}/{name}" if indent else name)
    return found


def real_folders() -> set[str]:
    """The folders on disk to the second level, but for those that git does not keep."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [line.rstrip("/") for line in lines if not line.startswith("!")]

    def kept(folder: Path) -> bool:
        told = folder.relative_to(ROOT).as_posix()
        return folder.is_dir() and not any(fnmatch(told, rule) or fnmatch(folder.name, rule) for rule in ignored)

    first = [folder for folder in ROOT.iterdir() if kept(folder) and folder.name != ".git"]
    second = [folder for above in first for folder in above.iterdir() if kept(folder)]
    return {folder.relative_to(ROOT).as_posix() for folder in first + second}


def test_every_line_of_a_mergers_file_is_told() -> None:
    page = (ROOT / "docs" / "add-a-merger.md").read_text(encoding="utf-8")
    for name in set(MergerFile.model_fields) - {"id"}:
        written = f"`{name}`" if f"\n{name} =" not in page else f"\n{name} ="
        assert written in page or f"[{name}." in page or f"[[{name}]]" in page, name


def test_the_tree_in_the_readme_is_the_folders_there_are() -> None:
    assert drawn_folders() == real_folders()


def test_every_room_of_the_pipeline_is_told_in_how_it_works() -> None:
    page = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    for folder in real_folders():
        if folder.startswith("pipeline/"):
            assert f"{folder}/" in page, folder


def test_a_source_block_like_the_example_is_understood(definitions: Definitions) -> None:
    """And the example is what stands in the definitions, so that it cannot go stale."""
    page = (ROOT / "docs" / "add-an-indicator.md").read_text(encoding="utf-8")
    [block] = [text for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if text.startswith("[[source]]")]
    [told] = tomllib.loads(block)["source"]
    known = definitions.sources[told["id"]].model_dump(by_alias=True)
    assert told["contents"].keys() <= known["contents"].keys()
    for name, value in told.items():
        if name != "contents":
            assert known[name] == value, name


def test_the_tiers_are_named_where_a_person_looks() -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    markers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"][
        "markers"
    ]
    for marker in markers:
        assert f"`pytest -m {marker.split(':')[0]}`" in told


def test_the_readmes_first_commands_are_what_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = re.findall(r"```(?:sh|console)\n(.*?)```", readme, re.DOTALL)
    first_two = [line for block in commands for line in block.splitlines() if line.startswith("pip install")][:2]
    assert first_two == [
        "pip install -c constraints.txt -e . && kunnskap run",
        "pip install -c constraints.txt -e '.[test]' && pytest",
    ]
    for step in " && ".join(first_two).split(" && "):
        assert re.search(rf"(^|&& ) *{re.escape(step)}( &&|$)", ci, re.MULTILINE), step


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    known = {name.lower().replace("_", "-") for name in pinned}
    for name in wanted:
        assert re.split(r"[\[<>=]", name)[0].lower().replace("_", "-") in known, name


def test_the_example_of_a_new_indicator_turns_up_in_the_report(project: Project) -> None:
    """The block in docs/add-an-indicator.md, added to a copy, is computed and stands in the report; nothing else is."""
    page = (ROOT / "docs" / "add-an-indicator.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert block
    path = project.definitions / "indicators" / "kultur.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + block[1], encoding="utf-8")
    definitions = model.load(project)
    merger = merger_of("nye-drammen", project)
    processed = project.processed / merger.id
    run.compute_tables(choose(project, merger.id, "embedded"), processed)
    job = Job("kunnskapsgrunnlag", next(part for part in definitions.parts(merger) if part.id == "AP2.6"))
    site = Site(definitions, Project().notebooks, merger, processed, merger.base_year)
    with closing(Kernel(project.definitions)) as kernel:
        (document,) = DOCUMENTS[job.kind]
        text = run_notebook(site, job, document, project.reports / job.name, kernel).read_text(encoding="utf-8")
    front, cards = text.split("# Ett kort per indikator\n")
    table = next(line for line in front.splitlines() if line.startswith("| Kultur og idrett (6–15 år), kr |"))
    # Nye Drammen 2018: 218 638 (1000 kr) on 12 234 aged 6–15
    assert f"{words.number(218_638_000 / 12_234)}" in table
    assert "[kultur.netto_per_innbygger_6_15]{.id}" in cards
