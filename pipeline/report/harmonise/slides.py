"""Slides for the political workshop: six to ten, one message and one figure each, with questions for the tables."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline import words
from pipeline.report.data import DAGGER, ReportData
from pipeline.report.harmonise import figures, findings, rules
from pipeline.report.harmonise.data import Harmonised
from pipeline.report.knowledge import findings as first_half
from pipeline.report.knowledge.age import age_structure
from pipeline.report.knowledge.profile import profile, value_profile
from pipeline.report.knowledge.series import time_series
from pipeline.report.paper.pages import Page
from pipeline.report.paper.style import enlarged

QUESTIONS = 5  # on the last slide
MOST = 10  # slides, with the title that the cover gives
PICTURE = re.compile(r"!\[(?P<caption>.*?)\]\((?P<file>[^)]+)\)\{alt=\"(?P<alt>[^\"]*)\"", re.DOTALL)


@dataclass(frozen=True)
class Slide:
    """One message, one figure (its Markdown), what else is worth saying, and a question for the tables."""

    message: str
    figure: str
    told: str = ""
    question: str = ""
    spare: bool = False  # left out first where there are too many


def deck(page: Page, view: Harmonised) -> Iterator[str]:
    """The slides after the title, as Markdown; the questions come last."""
    makers: tuple[Callable[[Page, Harmonised], Slide | None], ...] = (
        people, side_by_side, spending, coverage, fees, households, development, phase_in, guidelines, unknown,
    )  # fmt: skip
    with enlarged():
        made = [slide for make in makers if (slide := make(page, view))]
    while len(made) > MOST - 2 and any(slide.spare for slide in made):
        made.remove(next(slide for slide in reversed(made) if slide.spare))
    for slide in made:
        yield _markdown(_explained(slide, view.data))
    asked = [
        *view.questions("all"),
        *(q for about in ("fee", "coverage", "distribution", "grant", "opening") for q in view.questions(about)),
    ]
    yield "# Spørsmål til bordene\n\n" + "\n".join(f"{n}. {text}" for n, text in enumerate(asked[:QUESTIONS], 1)) + "\n"


def _explained(slide: Slide, data: ReportData) -> Slide:
    """What the dagger means, where the slide or its figure bears one."""
    if DAGGER not in slide.message + slide.told + slide.figure:
        return slide
    marks = dict.fromkeys(land.mark for land in data.merger.land if land.mark and land.region == data.merged.id)
    if not marks:  # the figure's numbers bear one for another reason, which stands below them in the report
        return slide
    return replace(slide, told=f"{slide.told}\n\n{DAGGER} {' '.join(marks)}".strip())


def _markdown(slide: Slide) -> str:
    found = PICTURE.search(slide.figure)
    assert found, slide.message
    alt = found["alt"]
    lines = [f"# {slide.message}", ""]
    if slide.told:
        lines += [slide.told, ""]
    if slide.question:
        lines += [f"**Til bordene:** {slide.question}", ""]
    lines += [f'![]({found["file"].removesuffix(".svg")}.png){{alt="{alt}"}}', ""]
    return "\n".join(lines)


def _split(sentence: str | None) -> tuple[str, str]:
    """The bold beginning of a sentence is the message, the rest is told beside the figure."""
    found = re.match(r"\*\*(.+?)\*\*\s*(.*)", sentence or "", re.DOTALL)
    return (found[1].rstrip("."), found[2]) if found else ("", sentence or "")


def _question(view: Harmonised, about: str) -> str:
    return next(iter(view.questions(about)), "")


def people(page: Page, view: Harmonised) -> Slide | None:
    part = view.data.part
    if part is None or not part.target_ages:
        return None
    message, told = _split(first_half.target_group(view.data))
    figure = age_structure(page, part.target_ages[0], name="v-alder")
    return Slide(message, figure, told, "Hvem i målgruppen møter vi sjelden?") if message and "![" in figure else None


def side_by_side(page: Page, view: Harmonised) -> Slide | None:
    part = view.data.part
    assert part is not None
    chosen = [view.data.definitions.indicators[name] for name in part.profile]
    draw = value_profile if part.profile_scale == "value" else profile
    figure = draw(page, chosen, part.title, name="v-profil")
    message, told = _split(first_half.sentences(view.data)[0])
    return Slide(message, figure, told, _question(view, "all")) if message and figure else None


def spending(page: Page, view: Harmonised) -> Slide | None:
    """The message is what a common level moves; who and how far is told beside it."""
    told = findings.spending_told(view)
    figure = figures.gap(page, view, "v-gap") if told else ""
    if not figure or told is None:
        return None
    message, behind = told
    if message == _split(first_half.sentences(view.data)[0])[0]:  # the slide before has said it
        message = findings.moved(view)
        behind = behind.removeprefix(f"{words.capital(message.partition(': ')[2])}. ")
    return Slide(message, figure, f"{behind} Første runde.", "Hva er behov, og hva er valg?")


def coverage(page: Page, view: Harmonised) -> Slide | None:
    figure = figures.levels(page, view, "coverage", "v-dekning", "**Dekningen, {year}.**")
    message, told = _split(findings.coverage(view) or findings.not_kroner(view))
    return Slide(message, figure, told, _question(view, "coverage")) if figure and message else None


def fees(page: Page, view: Harmonised) -> Slide | None:
    message, told = _split(findings.fees(view))
    figure = figures.levels(page, view, "fee", "v-satser", "**Satsene, {year}.**") if message else ""
    return Slide(message, figure, told, _question(view, "fee")) if figure else None


def households(page: Page, view: Harmonised) -> Slide | None:
    message, told = _split(findings.households(view))
    figure = figures.households(page, view, "v-husholdninger") if message else ""
    return Slide(message, figure, told, "Hvem bør merke endringen minst?") if figure else None


def development(page: Page, view: Harmonised) -> Slide | None:
    part = view.data.part
    assert part is not None
    lead = view.data.definitions.indicators[part.lead]
    message, told = _split(first_half.trend(view.data))
    figure = time_series(page, "v-utvikling", lead, lead.title) if message else ""
    return Slide(message, figure, told, "Hva har vi råd til å jevne ut oppover?", spare=True) if figure else None


def phase_in(page: Page, view: Harmonised) -> Slide | None:
    figure, last = figures.phase_in(page, view, "v-innfasing")
    if not figure:
        return None
    message = f"Endringen kan komme over {last} år"
    told = f"Så mye av endringen er kommet hvert år.{figures.need_note(view)}"
    return Slide(message, figure, told, "Hva må være på plass før første trinn?", spare=True)


def guidelines(page: Page, view: Harmonised) -> Slide | None:
    figure, known, of = figures.guidelines(page, view, "v-foringer")
    if not figure:
        return None
    message = rules.points_words(known, of)
    return Slide(
        message, figure, "Et tall sier hva som er, ikke om punktet er nådd.", "Hvilke punkter må vi måle selv?"
    )


def unknown(page: Page, view: Harmonised) -> Slide | None:
    empty = [row["title"].lower() for row in view.members_forms if not row["rows_filled"]]
    if not empty:
        return None
    figure = figures.registers(page, view, "v-skjemaer")
    message = rules.forms_words(len(empty), len(view.members_forms))
    return Slide(message, figure, f"Vi vet ikke nok om {words.listed(empty)}.", "Hvem kan fylle dem ut, og innen når?")
