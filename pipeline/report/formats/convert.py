"""One Markdown to HTML, PDF, Word and slides: pandoc reads it once for all of them, typst sets the pages."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from pipeline.errors import KunnskapError, Problem
from pipeline.report.formats import powerpoint, word
from pipeline.report.formats.cover import Cover
from pipeline.report.formats.pandoc import pandoc

TEMPLATES = Path(__file__).parent / "templates"
PDF = Path(__file__).parent / "pdf.py"
POLICY = '<meta http-equiv="Content-Security-Policy"'
# Alignment comes from the pipe tables; smart quotes would turn straight quotes in codes. Nothing in a report is
# raw HTML or TeX: what looks like it is somebody's text, and is shown as text.
MARKDOWN = (
    "markdown-smart-auto_identifiers-tex_math_dollars"
    "-raw_html-raw_tex-raw_attribute-native_divs-native_spans-latex_macros"
)


def convert(markdown: Path, targets: Mapping[str, Path], cover: Cover, reference: Path) -> None:
    """Make the formats of a document: `html`, `pdf`, `docx` and `pptx`, each to its file.

    `reference` is what Word's styles are taken from (`word.reference_document`). Raises KunnskapError with what pandoc
    or typst said.
    """
    typst = markdown.with_suffix(".typ")
    orders = {
        "html": lambda target: _html(target, cover),
        "pdf": lambda target: _typst(typst, cover),
        "docx": lambda target: _word(target, reference),
        "pptx": lambda target: _slides(target, cover),
    }
    _pandoc(markdown, [orders[end](target) for end, target in targets.items()])
    finishers = {
        "html": lambda target: _with_figures(target, markdown.parent),
        "pdf": lambda target: _to_pdf(typst, target),
        "docx": lambda target: word.finish(target, cover),
        "pptx": lambda target: powerpoint.finish(target, cover),
    }
    for end, target in targets.items():
        finishers[end](target)


# -------------------------------------------------------------------- what pandoc is asked for


def _html(target: Path, cover: Cover) -> dict[str, Any]:
    """A page that stands alone: figures and style inside, no call to the network."""
    variables = {name: escape(text) for name, text in cover.variables().items()} | {
        "downloads": cover.downloads,
        "style": (TEMPLATES / "style.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "sort.js").read_text(encoding="utf-8"),
    }
    return {
        "format": "html5+auto_identifiers",
        "output": str(target),
        "template": str(TEMPLATES / "page.html"),
        "variables": _said(variables),
        "options": {"table_of_contents": True, "toc_depth": 1},
    }


def _typst(target: Path, cover: Cover) -> dict[str, Any]:
    """A4 with header and footer on every page; tagged for screen readers."""
    variables = {name: _typst_text(text) for name, text in cover.variables().items()}
    template = str(TEMPLATES / "page.typ")
    return {"format": "typst", "output": str(target), "template": template, "variables": _said(variables)}


def _word(target: Path, reference: Path) -> dict[str, Any]:
    """A4 in Word with real styles, header and footer, so that the group can write on in it."""
    return {"format": "docx", "output": str(target), "options": {"reference_doc": str(reference)}}


def _slides(target: Path, cover: Cover) -> dict[str, Any]:
    """A heading is a slide, its figure large beside what is said of it."""
    metadata = {"title": cover.title, "subtitle": cover.subtitle}
    return {"format": "pptx", "output": str(target), "options": {"slide_level": 1}, "metadata": metadata}


def _said(variables: dict[str, str]) -> dict[str, str]:
    """A variable that is empty is none: a template asks whether it is there."""
    return {name: text for name, text in variables.items() if text}


def _pandoc(markdown: Path, targets: list[dict[str, Any]]) -> None:
    order = {
        "source": str(markdown),
        "reader": MARKDOWN,
        "filter": str(TEMPLATES / "filter.lua"),
        "targets": targets,
    }
    told = json.dumps(order, ensure_ascii=False).encode()
    # in the document's folder: the figures are named from there
    _, fault = pandoc(["lua", str(TEMPLATES / "convert.lua")], told, markdown.parent)
    if fault:
        raise KunnskapError("En rapport kunne ikke lages:", [Problem(file=markdown.name, found=fault)])


# ------------------------------------------------------------------- what pandoc cannot give


def _with_figures(page: Path, folder: Path) -> None:
    """The SVG files put into the page itself."""

    def inside(found: re.Match[str]) -> str:
        content = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'src="data:image/svg+xml;base64,{content}"'

    html = re.sub(r'src="(figurer/[^"]+\.svg)"', inside, page.read_text(encoding="utf-8"))
    page.write_text(_with_policy(html), encoding="utf-8", newline="\n")


def _with_policy(html: str) -> str:
    """The page says to the browser what it needs: figures inside it, its own style, and the one script that ends the
    template. Whatever else might come in through a text is not run, and nothing is fetched."""
    script = html.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
    policy += "base-uri 'none'; form-action 'none'"
    return html.replace(f'{POLICY} content=""', f'{POLICY} content="{policy}"', 1)


def _to_pdf(source: Path, target: Path) -> None:
    """The same bytes every time."""
    # typst keeps what it has seen in memory; a process of its own gives it back
    made = subprocess.run([sys.executable, str(PDF), str(source), str(target)], capture_output=True, text=True)
    if made.returncode:
        raise KunnskapError("En PDF kunne ikke lages:", [Problem(file=target.name, found=made.stderr.strip()[-2000:])])
    source.unlink()


def _typst_text(text: str) -> str:
    for sign in "\\#$*_@<>[]":
        text = text.replace(sign, "\\" + sign)
    return text
