"""One report being made: where its files go, and Markdown for the tables and figures put into it."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import words
from pipeline.model import Indicator
from pipeline.report.data import DAGGER, Figure, ReportData
from pipeline.report.paper import worker

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

Cell = str | Figure
MANY = 8  # columns that leave little room between numbers


@dataclass
class Page:
    """The report's folder. `figurer/` takes SVG and PNG, `tall/` a CSV per table and figure."""

    data: ReportData
    folder: Path
    names: set[str] = field(default_factory=set)
    uses_forms: bool = False  # whether it shows what the municipalities have filled in

    @property
    def mark(self) -> str:
        return self.data.mark(self.uses_forms)

    def table(
        self,
        name: str,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        source: str = "",
        label_width: float = 3.0,
        text_columns: int = 1,
        merged: int | None = None,
        widths: Sequence[float] | None = None,
    ) -> str:
        """A pipe table with its CSV. The first `text_columns` are left-aligned, the rest are numbers.

        `merged` is the column (from 0) of the merged municipality, shaded and bold. A figure without
        a value prints its status word in italics.
        """
        if not rows:
            return ""
        self._csv(name, header, rows)
        relative = list(widths or [label_width] * text_columns + [1.0] * (len(header) - text_columns))
        if merged is not None and widths is None and len(header) > MANY:
            relative[merged] *= 1.25  # bold, and the largest numbers
        dashes = [max(3, round(width * 20)) for width in relative]
        rule = [f":{'-' * n}" if at < text_columns else f"{'-' * n}:" for at, n in enumerate(dashes)]
        lines = [_line([_bold(text, at == merged) for at, text in enumerate(header)]), _line(rule)]
        lines += [_line([_cell(cell, at == merged) for at, cell in enumerate(row)]) for row in rows]
        shade = f' merged="{merged + 1}"' if merged is not None else ""
        table = f"::: {{.tabell{shade}}}\n\n" + "\n".join(lines) + f"\n\n: {caption}\n\n:::\n\n"
        return table + _explained(rows) + self._below(name, source)

    def figure(
        self,
        name: str,
        drawing: "Drawing",
        caption: str,
        alt: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        *,
        source: str = "",
    ) -> str:
        """Save a drawing as SVG and PNG with its figures as CSV, and give the Markdown that shows it."""
        from pipeline.report.paper.style import mark, save

        folder = self.folder / "figurer"
        folder.mkdir(parents=True, exist_ok=True)
        if not worker.drawn_before(folder / name, (self.mark, caption, alt, header, rows)):
            if self.mark:
                mark(drawing, self.mark)
            save(drawing, folder / name)
        self._csv(name, header, rows)
        safe = alt.replace('"', "'").replace("\n", " ")
        shown = f'![{caption}](figurer/{name}.svg){{alt="{safe}" width=100%}}\n\n'
        return shown + _explained(rows) + self._below(name, source)

    def no_figures(self, heading: str, indicators: Sequence[Indicator] = ()) -> str:
        """Says plainly that there is nothing, what is lacking and where it stands; room for what the group knows."""
        told = f"Ingen tall om {heading} i datasettet «{self.data.set_record['title']}»."
        if indicators:
            told += f" {_lacking(self.data, indicators)}"
        return f"*{told} Gruppen beskriver dette selv.*\n"

    def notes(self) -> str:
        """Room to write on."""
        return "::: {.merknader}\n**Gruppens merknader**\n:::\n"

    def page_break(self) -> str:
        """What follows starts on a new page in print."""
        return "::: {.sideskift}\n:::\n"

    def logs(self, prefix: str = "") -> str:
        """The change log and distribution log that the plan asks of every document."""
        data = self.data
        first = [
            words.date(data.set_record["created"]),
            f"Laget fra settet «{data.set_record['title']}», regnskapsår {data.year}. {_counted(data)}".strip(),
            "",
        ]
        blank = ["\u00a0", "", ""]

        def log(title: str, what: str, *rows: list[str]) -> str:
            header = ["dato", what, "ansvarlig"]
            widths = [1.0, 3.6, 1.4]
            return self.table(f"{prefix}{title.lower()}", title, header, rows, text_columns=3, widths=widths)

        change = log("Endringslogg", "endring", first, blank, blank)
        return change + "\n" + log("Distribusjonslogg", "sendt til", blank, blank, blank)

    def _below(self, name: str, source: str) -> str:
        link = f"[Tallene (CSV)](tall/{name}.csv){{.fil}}"
        return f"::: {{.kilde}}\n{('Kilde: ' + source + '. ') if source else ''}{link}\n:::\n"

    def _csv(self, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Semicolon, decimal comma and BOM: opens right in a Norwegian spreadsheet."""
        if name in self.names:
            raise ValueError(f"two tables or figures are called {name}")
        self.names.add(name)
        path = self.folder / "tall" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\n")
            marked = [[self.mark], ["ja"]] if self.mark else [[], []]
            told = _marks(rows)
            writer.writerow([*(_csv_cell(text) for text in header), *(["merknad"] if told else []), *marked[0]])
            for row in rows:
                beside = [" ".join(_marks([row]))] if told else []
                writer.writerow([*(_csv_cell(cell) for cell in row), *beside, *marked[1]])


def _counted(data: ReportData) -> str:
    """How many of the report's figures are not what they were in the set before."""
    rows = data.changes
    if not rows:
        return ""
    kinds = {"changed": "endret", "appeared": "kommet til", "disappeared": "falt bort"}
    counts = {word: sum(row["kind"] == kind for row in rows) for kind, word in kinds.items()}
    told = words.listed([f"{count} {word}" for word, count in counts.items() if count])
    return f"Siden settet «{words.literal(rows[0]['previous_set'])}» er {told}."


def _marks(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """What must be told beside the figures, once each."""
    return list(dict.fromkeys(cell.mark for row in rows for cell in row if isinstance(cell, Figure) and cell.mark))


def _explained(rows: Sequence[Sequence[Cell]]) -> str:
    """What the dagger means, below what bears it."""
    told = _marks(rows)
    return f"::: {{.kilde}}\n{DAGGER} {' '.join(told)}\n:::\n\n" if told else ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _bold(text: str, bold: bool) -> str:
    return f"**{text}**" if bold and text else text


def _cell(cell: Cell, bold: bool) -> str:
    if isinstance(cell, Figure):
        return _bold(cell.text, bold) if cell.ok else f"*{cell.text}*"
    return _bold(cell.replace("|", "\\|"), bold)


def _csv_cell(cell: Cell) -> str:
    """A figure as a number that adds up, also where it was put in words: no thin space, no «+», no long minus."""
    if isinstance(cell, Figure):
        return repr(cell.value).replace(".", ",") if cell.value is not None else cell.label
    text = _plain(cell)
    return _number(text) or words.spreadsheet_text(text)


PRINTED = re.compile(r"[+−-]?(\d{1,3}( \d{3})+|\d+)(,\d+)?( ?%)?")  # as `words.number` writes, spaces made plain


def _number(text: str) -> str:
    """What is nothing but a printed number, as a number; else nothing. Per cent loses its sign, the column has it."""
    if not PRINTED.fullmatch(text) or (text.isdigit() and text.startswith("0") and text != "0"):
        return ""  # a code that begins with 0 is no number
    return text.replace(words.MINUS, "-").replace(" ", "").removeprefix("+").removesuffix("%")


def _plain(text: str) -> str:
    return text.replace("**", "").replace("\u202f", " ").replace("\u00a0", " ").replace("\\", "")


NAMED = 3  # of what is lacking


def _lacking(data: ReportData, indicators: Sequence[Indicator]) -> str:
    """What would be shown, some of it, and which tables and forms have all of it."""
    names = words.listed([words.uncapital(i.short) for i in indicators[:NAMED]])
    some = "blant annet " if len(indicators) > NAMED else ""
    sources = [data.definitions.sources[name] for i in indicators for name in i.sources[:1]]
    tables = dict.fromkeys(f"SSB {s.statbank_table}" for s in sources if s.pull == "statbank" and s.statbank_table)
    own = any(source.pull == "local" for source in sources)
    places = [*tables, *(["det kommunene selv fyller ut"] if own else [])]
    where = f" Det står i {words.listed(places)}." if places else " Tabellen det står i, er ikke kjent ennå."
    return f"Det mangler {some}{names}.{where}"
