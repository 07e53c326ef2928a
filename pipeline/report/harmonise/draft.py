"""The skeleton of the group's own strategy: what is ours to say, and room that is plainly theirs."""

from pipeline.report.harmonise.data import Harmonised


def about(view: Harmonised) -> str:
    """What this document is, on its first page."""
    part = view.data.part
    assert part is not None
    deadline = view.data.merger.deadlines.get(part.id)
    when = f" Det politiske verkstedet er {deadline.workshop:%d.%m.%Y}." if deadline else ""
    return (
        f"*Dette er et utkast for {part.id} {part.title} å skrive i. Overskriftene er planens, tabellene er hentet "
        "fra rapporten "
        f"«Harmonisering», og feltene merket «Gruppen skriver» er gruppens egne.{when} Filen lages på nytt når "
        "tallene endres; "
        "den gruppen har skrevet i, blir alltid tatt vare på.*\n"
    )


def write(what: str) -> str:
    """An empty paragraph, marked for the group."""
    return f"::: {{.merknader}}\n**Gruppen skriver:** {what}\n:::\n"
