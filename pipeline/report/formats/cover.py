"""What stands on every page of a report, in every format."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cover:
    """What stands on every page of a report."""

    kind: str  # «Kunnskapsgrunnlag», «Harmonisering»
    title: str
    subtitle: str
    part: str
    merger: str
    status: str
    footer: str
    mark: str  # «SYNTETISKE TALL», «EKSEMPELTALL» or nothing: on every page
    made: str  # date of the raw set, so that the same figures give the same file
    downloads: str = ""

    def variables(self) -> dict[str, str]:
        told = {
            "title": self.title,
            "title-meta": f"{self.title} – {self.merger}",
            "subtitle": self.subtitle,
            "kind": self.kind,
            "part": self.part,
            "merger": self.merger,
            "statusline": self.status,
            "footer": self.footer,
        }
        return told | {"mark": self.mark}
