"""One Markdown to HTML, PDF and Word: pandoc for the formats, typst for the pages."""

import base64
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pypandoc

from pipeline.errors import KunnskapError, Problem
from pipeline.report.formats import powerpoint
from pipeline.report.formats.cover import Cover
from pipeline.report.formats.word import finish, reference_document

TEMPLATES = Path(__file__).parent / "templates"
PDF = Path(__file__).parent / "pdf.py"
# Alignment comes from the pipe tables; smart quotes would turn straight quotes in codes. Nothing in a report is
# raw HTML or TeX: what looks like it is somebody's text, and is shown as text.
MARKDOWN = (
    "markdown-smart-auto_identifiers-tex_math_dollars"
    "-raw_html-raw_tex-raw_attribute-native_divs-native_spans-latex_macros"
)


def to_html(markdown: Path, target: Path, cover: Cover) -> None:
    """A page that stands alone: figures and style inside, no call to the network."""
    variables = {name: escape(text) for name, text in cover.variables().items()} | {
        "downloads": cover.downloads,
        "style": (TEMPLATES / "style.css").read_text(encoding="utf-8"),
        "script": (TEMPLATES / "sort.js").read_text(encoding="utf-8"),
    }
    options = ["--standalone", "--toc", "--toc-depth=1", f"--template={TEMPLATES / 'page.html'}"]
    html = _pandoc(markdown, "html5+auto_identifiers", variables, options)
    target.write_text(_with_figures(html, markdown.parent), encoding="utf-8", newline="\n")


def _with_figures(html: str, folder: Path) -> str:
    """The SVG files put into the page itself."""

    def inside(found: re.Match[str]) -> str:
        content = base64.b64encode((folder / found[1]).read_bytes()).decode()
        return f'src="data:image/svg+xml;base64,{content}"'

    return re.sub(r'src="(figurer/[^"]+\.svg)"', inside, html)


def to_pdf(markdown: Path, target: Path, cover: Cover) -> None:
    """A4 with header and footer on every page; tagged for screen readers; the same bytes every time."""
    source = markdown.with_suffix(".typ")
    variables = {name: _typst_text(text) for name, text in cover.variables().items()}
    body = _pandoc(markdown, "typst", variables, ["--standalone", f"--template={TEMPLATES / 'page.typ'}"])
    source.write_text(body, encoding="utf-8", newline="\n")
    # typst keeps what it has seen in memory; a process of its own gives it back
    made = subprocess.run([sys.executable, str(PDF), str(source), str(target)], capture_output=True, text=True)
    if made.returncode:
        raise KunnskapError("En PDF kunne ikke lages:", [Problem(file=target.name, found=made.stderr.strip()[-2000:])])
    source.unlink()


def to_word(markdown: Path, target: Path, cover: Cover) -> None:
    """A4 in Word with real styles, header and footer, so that the group can write on in it."""
    reference = markdown.with_suffix(".reference.docx")
    reference_document(reference)
    try:
        _pandoc(markdown, "docx", {}, [f"--reference-doc={reference}"], output=target)
    finally:
        reference.unlink()
    finish(target, cover)


def to_slides(markdown: Path, target: Path, cover: Cover) -> None:
    """Slides: a heading is a slide, its figure large beside what is said of it."""
    options = ["--slide-level=1", f"--metadata=title:{cover.title}", f"--metadata=subtitle:{cover.subtitle}"]
    _pandoc(markdown, "pptx", {}, options, output=target)
    powerpoint.finish(target, cover)


def _pandoc(markdown: Path, to: str, variables: dict[str, str], options: list[str], output: Path | None = None) -> str:
    arguments = [f"--lua-filter={TEMPLATES / 'filter.lua'}", f"--resource-path={markdown.parent}", *options]
    arguments += [f"--variable={name}:{value}" for name, value in variables.items() if value]
    written: str = pypandoc.convert_file(
        str(markdown), to, format=MARKDOWN, extra_args=arguments, outputfile=str(output) if output else None
    )
    return written


def _typst_text(text: str) -> str:
    for sign in "\\#$*_@<>[]":
        text = text.replace(sign, "\\" + sign)
    return text
