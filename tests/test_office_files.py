"""Forms as people hand them in: every dialect and every mishap, and what comes of each. Nothing is left out in silence.

One row of «lokal-omsorg» in each, and what is read of it, or the words it is refused with.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.choice import choose
from pipeline.commands.forms import forms
from pipeline.errors import KunnskapError
from pipeline.ingest.handed_in import handed_in, not_used, strays
from pipeline.ingest.local import COLUMNS, local_file, read_local
from pipeline.ingest.numbers import is_number, plain_number, why_not
from pipeline.model import Definitions
from pipeline.project import Project
from tests.conftest import merger_of

GIVEN = Path(__file__).parent / "office"
OLDER = GIVEN / "10-older-formats"
HOURS = {"tall": "vedtakstimer_0_66", "kommune": "0602", "år": "2018", "kilde": "fagsystem", "dato": "15.06.2018"}
Found = list[tuple[str, int, float]]
ONE: Found = [("0602", 2018, 200.5)]


def cells(verdi: object = "200,5", **changes: object) -> list[object]:
    return [{**dict.fromkeys(COLUMNS, ""), **HOURS, "verdi": verdi, **changes}[name] for name in COLUMNS]


def text(*rows: list[object], separator: str = ";", above: str = "", end: str = "\r\n") -> str:
    return above + "".join(separator.join(map(str, row)) + end for row in ([*COLUMNS], *rows))


def book(*rows: list[object], change: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in ([*COLUMNS], *rows):
        sheet.append(row)
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def cell(at: str, value: object, shown: str = "General") -> Callable[[openpyxl.Workbook], object]:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.active
        assert sheet is not None
        sheet[at].value, sheet[at].number_format = value, shown

    return change


def hand_in(folder: Path, name: str, content: bytes) -> Project:
    project = Project(root=folder)
    path = project.local / "nye-drammen" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return project


def read(project: Project, definitions: Definitions, source: str = "lokal-omsorg") -> Found:
    merger, form = merger_of("nye-drammen"), definitions.sources[source]
    file = local_file(project, merger, form)
    if file is None:
        return []
    frame = read_local(merger, form, file)
    return [(str(r), int(y), float(v)) for r, y, v in frame[["region", "year", "value"]].itertuples(index=False)]


# ------------------------------------------------------------------------------------- dialects


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lokal-omsorg.csv", text(cells()).encode()),
        ("lokal-omsorg.csv", text(cells()).encode("utf-8-sig")),
        ("lokal-omsorg.csv", text(cells()).encode("cp1252")),
        ("lokal-omsorg.csv", text(cells()).encode("utf-16")),
        ("lokal-omsorg.csv", text(cells("200.5"), separator=",").encode()),
        ("lokal-omsorg.csv", text(cells('"200,5"'), separator=",").encode()),
        ("lokal-omsorg.csv", text(cells(), separator="\t").encode()),
        ("lokal-omsorg.csv", text(cells(), separator="|").encode()),
        ("lokal-omsorg.csv", text(cells(), above="sep=;\n").encode()),
        ("lokal-omsorg.csv", text(cells("200.5"), separator=",", above="sep=,\n").encode()),
        ("lokal-omsorg.csv", text(cells(), above="Vedtakstimer i Drammen\n\n").encode()),
        ("lokal-omsorg.csv", text(cells(), end="\r").encode()),
        ("lokal-omsorg.csv", text(cells(merknad='"to\nlinjer"')).encode()),
        ("LOKAL-OMSORG.CSV", text(cells()).encode()),
        ("Lokal-Omsorg.xlsx", book(cells(200.5))),
        ("lokal-omsorg.xlsm", book(cells(200.5))),
        ("lokal-omsorg.xls", book(cells(200.5))),  # what it is its bytes say, not its name
        ("lokal-omsorg.xlsx", book(cells(200.5, kommune="0602", år=2018))),
        (
            "lokal-omsorg.xlsx",
            book(cells("200,5"), change=lambda b: b.create_sheet("Om skjemaet", 0).append(["Les dette"])),
        ),
        ("lokal-omsorg.xlsx", book(cells(200.5), change=lambda b: b.active.insert_rows(1, 3))),  # type: ignore[union-attr]
        ("lokal-omsorg.xlsx", book(cells(200.5), change=cell("XFD1048576", " "))),
        ("lokal-omsorg.xls", (OLDER / "hel.xls").read_bytes()),
        ("lokal-omsorg.ods", (OLDER / "hel.ods").read_bytes()),
    ],
)
def test_a_dialect_that_people_have_is_read(
    tmp_path: Path, definitions: Definitions, name: str, content: bytes
) -> None:
    assert read(hand_in(tmp_path, name, content), definitions) == ONE


@pytest.mark.parametrize(
    ("separator", "words"), [(",", "komma mellom kolonnene"), ("\t", "tabulator mellom kolonnene"), (";", "")]
)
def test_how_a_file_was_read_is_told_where_it_is_not_the_usual_way(
    tmp_path: Path, definitions: Definitions, separator: str, words: str
) -> None:
    project = hand_in(tmp_path, "lokal-omsorg.csv", text(cells("200"), separator=separator).encode())
    (one,) = [one for one in handed_in(project, definitions, merger_of("nye-drammen")) if one.rows]
    assert "; ".join(one.seen) == words


# ------------------------------------------------------------------- numbers that are none or two


@pytest.mark.parametrize(
    ("typed", "most", "number"),
    [
        ("2790", None, "2790"), ("-5", None, "-5"), ("29.5", None, "29.5"), ("29,5", None, "29.5"),
        ("0,125", None, "0.125"),        ("2 790", None, "2790"), ("2\u00a0790,50", None, "2790.50"),
        ("1\u202f234\u202f567", None, "1234567"),
        ("120 000", None, "120000"),
        ("12 345 678", None, "12345678"), ("2.79", None, "2.79"), ("2.7901", None, "2.7901"),
        ("29.125", 744, "29.125"),  # 29125 hours there are not
        ("123456789012345", None, "123456789012345"),
    ],
)  # fmt: skip
def test_what_is_one_number_is_read(typed: str, most: float | None, number: str) -> None:
    assert is_number(typed, most) and plain_number(typed, most) == number


@pytest.mark.parametrize(
    ("typed", "most", "told"),
    [
        ("2.790", None, "2790 eller 2,79; «2.790» kan være begge"),
        ("2.940", 100_000, "2940 eller 2,94"),
        ("1,234", None, "1234 eller 1,234"),
        ("29.125", 29_125, "29125 eller 29,125"),
        ("-1.000", None, "-1000 eller -1"),
        ("120 130", None, "120130, hvis det er ett tall"),
        ("120 13", None, "et tall med komma"),
        ("12 13", None, "et tall med komma"),
        ("1.234,5", None, "et tall med komma"),
        ("1.234.567", None, "et tall med komma"),
        ("2018²", None, "et tall med komma"),
        ("٢٠١", None, "et tall med komma"),
        ("1e3", None, "et tall med komma"),
        ("1234567890123456", None, "inntil 15 sifre"),
        ("45 %", None, "et tall; dette er prosent"),
        ("02.10.2018", None, "et tall; regnearket har gjort dette til en dato"),
        ("NA", None, "et tall med komma"),
        ("", None, "et tall med komma"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused_with_both(typed: str, most: float | None, told: str) -> None:
    assert not is_number(typed, most) and told in why_not(typed, most)
    assert plain_number(typed, most) == typed


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(cells("2.790")).encode(), ["rad 2, kolonne verdi", "2790 eller 2,79"]),
        (book(cells("2.790")), ["rad 2, kolonne verdi", "2790 eller 2,79"]),
        (book(cells(), change=cell("G2", 0.45, "0 %")), ["kolonne verdi: fant «45 %»", "kolonnen er det ikke"]),
        (book(cells(), change=cell("G2", datetime(2018, 10, 2), "d. mmm")), ["gjort dette til en dato"]),
        (text(cells("12345678901234567890")).encode(), ["rad 2, kolonne verdi", "15 sifre"]),
        (text(cells("99999999999")).encode(), ["rad 2, kolonne verdi", "til 10000000"]),
        (text(cells(år="2018²")).encode(), ["kolonne år: fant «2018²»", "2015 til 2026"]),
        (text(cells(år="2023")).encode(), ["kolonne kommune: fant «0602», som ikke gjelder i 2023", "3005"]),
        (text(cells(kommune="3005")).encode(), ["fant «3005», som ikke gjelder i 2018", "0602 Drammen"]),
        ((OLDER / "prosent.xls").read_bytes(), ["fant «45 %»"]),
        ((OLDER / "prosent.ods").read_bytes(), ["fant «45 %»"]),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_trusted_is_refused(
    tmp_path: Path, definitions: Definitions, content: bytes, words: list[str]
) -> None:
    name = "lokal-omsorg.csv" if content[:2] not in (b"PK", b"\xd0\xcf") else "lokal-omsorg.xlsx"
    with pytest.raises(KunnskapError) as error:
        read(hand_in(tmp_path, name, content), definitions)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_cell_of_per_cent_is_per_cent_where_the_number_is_one(tmp_path: Path, definitions: Definitions) -> None:
    source = next(
        (s, code) for s in definitions.sources.values() if s.pull == "local"
        for code, contents in s.contents.items() if contents.unit == "prosent"
    )  # fmt: skip
    row = cells(0.45, tall=source[1])
    project = hand_in(tmp_path, f"{source[0].id}.xlsx", book(row, change=cell("G2", 0.45, "0.0%")))
    assert read(project, definitions, source[0].id) == [("0602", 2018, 45.0)]


# --------------------------------------------------------------- files that cannot be taken as they are


def stored(name: str) -> bytes:
    (path,) = (GIVEN / name).iterdir()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("lokal-omsorg.csv", text(cells(kilde='"HR'), cells(kommune="0625")).encode(), ["rad 2", "lukkes aldri"]),
        ("lokal-omsorg.csv", text(cells(kilde='"x'), cells(), cells(kilde='y"')).encode(), ["rad 2", "flere rader"]),
        ("lokal-omsorg.csv", text(cells(kilde='"HR" tall')).encode(), ["rad 2", "midt i en celle"]),
        ("lokal-omsorg.csv", text(cells(merknad="HR; lønn")).encode(), ["rad 2", "flere celler enn overskriften"]),
        ("lokal-omsorg.csv", text(cells(merknad="x" * 140_000)).encode(), ["rad 2", "lengre enn 131072 tegn"]),
        ("lokal-omsorg.csv", text(cells(merknad="Åpent på lørdag")).encode("cp865"), ["MS-DOS"]),
        ("lokal-omsorg.csv", text(cells()).encode("cp850"), ["MS-DOS"]),
        ("lokal-omsorg.csv", text(cells(merknad="på lørdag")).encode("mac-roman"), ["eldre Mac"]),
        ("lokal-omsorg.csv", b"\0\1\2\3" * 50, ["ikke en tekstfil"]),
        ("lokal-omsorg.csv", b"", ["0 byte"]),
        ("lokal-omsorg.csv", b"navn;antall\nDrammen;1\n", ["ingen rad med skjemaets overskrifter"]),
        ("lokal-omsorg.csv", b"tall;verdi\nx;1\n", ["rad 1: mangler kolonnene kommune, år, kilde, dato"]),
        ("lokal-omsorg.xlsx", b"ikke et regneark", ["ikke et regneark"]),
        ("lokal-omsorg.xlsx", book(cells())[:1500], ["avkortet eller skadet"]),
        ("lokal-omsorg.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ["passord eller en følsomhetsetikett"]),
        ("lokal-omsorg.xlsx", stored("02-unreadable-workbook"), ["passord eller en følsomhetsetikett"]),
        ("lokal-omsorg.ods", (OLDER / "hel.ods").read_bytes()[:4000], ["avkortet eller skadet"]),
        ("lokal-omsorg.xlsx", stored("04-error-cells"), ["rad 2, kolonne verdi: fant «#N/A»", "fant «#DIV/0!»"]),
        ("lokal-omsorg.xlsx", book(cells("=1+1")), ["rad 2, kolonne verdi: formelen har ingen lagret verdi"]),
        ("lokal-omsorg.csv", text(cells("#I/T")).encode(), ["rad 2, kolonne verdi: fant «#I/T»"]),
        ("lokal-omsorg.xls", (OLDER / "feil.xls").read_bytes(), ["rad 3, kolonne verdi: fant «#DIV/0!»"]),
        ("lokal-omsorg.ods", (OLDER / "feil.ods").read_bytes(), ["rad 3, kolonne verdi: fant «#DIV/0!»"]),
        ("lokal-omsorg.xlsx", stored("06-same-header-twice"), ["rad 1: kolonnen verdi står flere ganger"]),
        ("lokal-omsorg.csv", text(cells()).replace("hva;", "Verdi;", 1).encode(), ["kolonnen verdi står flere ganger"]),
        ("lokal-omsorg.csv", text(cells()).replace("hva;", "år ;", 1).encode(), ["kolonnen år står flere ganger"]),
        ("lokal-omsorg.csv", stored("05-dos-codepage"), ["MS-DOS"]),
        ("lokal-omsorg.csv", stored("07-footnote-in-year"), ["«2018²»"]),
        ("lokal-omsorg.csv", stored("09-code-not-valid-that-year"), ["rad 2", "i 2023", "rad 3", "i 2018"]),
        (
            "lokal-omsorg.xlsx",
            book(cells(), change=lambda b: b.copy_worksheet(b.active)),  # type: ignore[arg-type]
            ["har 2 ark med de kolonnene: «Sheet», «Sheet Copy»"],
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_by_its_cause(
    tmp_path: Path, definitions: Definitions, name: str, content: bytes, words: list[str]
) -> None:
    with pytest.raises(KunnskapError) as error:
        read(hand_in(tmp_path, name, content), definitions)
    message = str(error.value)
    assert all(word in message for word in [name, "Gjør slik:", *words]), message


def test_a_part_that_is_damaged_inside_a_whole_archive_is_told(tmp_path: Path, definitions: Definitions) -> None:
    whole, out = zipfile.ZipFile(io.BytesIO(book(cells()))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in whole.namelist():
            archive.writestr(part, b"<oops" if part.startswith("xl/worksheets") else whole.read(part))
    with pytest.raises(KunnskapError, match=r"er skadet, eller ikke helt overført"):
        read(hand_in(tmp_path, "lokal-omsorg.xlsx", out.getvalue()), definitions)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "er låst. Gjør slik: lukk den i Excel"),
        (
            OSError(22, "Invalid argument"),
            "kunne ikke hentes fra disken (Invalid argument). Gjør slik: ligger den i OneDrive",
        ),
    ],
)
def test_a_file_that_another_program_holds_is_told(
    tmp_path: Path, definitions: Definitions, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    project = hand_in(tmp_path, "lokal-omsorg.xlsx", book(cells()))

    kept = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "lokal-omsorg.xlsx":
            raise error
        return kept(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(KunnskapError) as told:
        read(project, definitions)
    assert words in str(told.value)


def test_what_a_program_leaves_beside_an_open_file_is_nobodys(tmp_path: Path, definitions: Definitions) -> None:
    project = hand_in(tmp_path, "lokal-omsorg.xlsx", book(cells(200.5)))
    for name in ("~$lokal-omsorg.xlsx", ".~lock.lokal-omsorg.xlsx#", ".DS_Store"):
        hand_in(tmp_path, name, b"\0")
    assert read(project, definitions) == ONE
    assert not list(strays(project, definitions, merger_of("nye-drammen")))


# ----------------------------------------------------------------------------- what is not used is told


def told(project: Project, definitions: Definitions) -> str:
    return "\n".join(not_used(project, definitions, merger_of("nye-drammen")))


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("lokal-omsorg (1).xlsx", "lagre den som lokal-omsorg.xlsx"),
        ("lokal-omsorg - Kopi.csv", "lagre den som lokal-omsorg.csv"),
        ("Lokal omsorg.xlsx", "lagre den som lokal-omsorg.xlsx"),
        ("lokal-omsorg.docx", "lagre den som lokal-omsorg.xlsx"),
        ("lokal-omsorg-ferdig.XLSM", "lagre den som lokal-omsorg.xlsm"),
        ("satser.xlsx", "ingen skjemaer heter det"),
    ],
)
def test_a_file_under_another_name_is_named(tmp_path: Path, definitions: Definitions, name: str, remedy: str) -> None:
    project = hand_in(tmp_path, name, book(cells()))
    assert f"{name} brukes ikke" in told(project, definitions) and remedy in told(project, definitions)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (book(cells(), change=lambda b: b.create_sheet("Røyken").append(["x"])), "arket «Røyken» (1 rad)"),
        (text(cells(), above="Utkast fra mars\n").encode(), "rad 1 over overskriften: «Utkast fra mars»"),
        (text(cells()).replace("hva;", "anslag;", 1).replace("_0_66;", "_0_66;180", 1).encode(), "kolonnen «anslag»"),
        (book([*cells(), "husk!"]), "celler uten overskrift (rad 2)"),
        (text(cells(), cells("", kommune="0625")).encode(), "rad 3 har kilde eller dato, men ikke verdi"),
    ],
)
def test_a_cell_that_is_not_used_is_named(tmp_path: Path, definitions: Definitions, content: bytes, words: str) -> None:
    name = "lokal-omsorg.xlsx" if content.startswith(b"PK") else "lokal-omsorg.csv"
    project = hand_in(tmp_path, name, content)
    assert len(read(project, definitions)) == 1
    assert words in told(project, definitions)


@pytest.mark.parametrize(
    ("names", "told_of"),
    [
        (["Dagplasser demens", "dagplasser  demens"], True),
        (["Dagplasser demens", "Dagplassar demens"], True),
        (["Dagplasser demens", "Dagplasser for eldre"], False),
        (["Turnus 1 ved sykehjem", "Turnus 2 ved sykehjem"], False),
        (["Dagplasser demens", "Dagplasser demens"], False),
    ],
)
def test_one_name_spelt_in_two_ways_is_told(
    tmp_path: Path, definitions: Definitions, names: list[str], told_of: bool
) -> None:
    source = definitions.sources["dekning"]
    row = {"tjeneste": "pleie_omsorg", "enhet": "plasser", "år": "2018", "verdi": "10", "målgruppe": "100",
           "kilde": "plan", "dato": "01.02.2019"}  # fmt: skip
    codes = ("0602", "0625")
    rows = [row | {"standard": name, "kommune": code} for name, code in zip(names, codes, strict=True)]
    lines = [";".join(source.columns), *(";".join(one.get(name, "") for name in source.columns) for one in rows)]
    project = hand_in(tmp_path, "dekning.csv", "\n".join(lines).encode())
    assert ("regnes som to: skriv dem likt" in told(project, definitions)) is told_of


def test_forms_shows_each_form_before_any_run(tmp_path: Path, project: Project) -> None:
    hand_in(project.root, "lokal-omsorg.csv", text(cells("200"), separator=",").encode())
    hand_in(project.root, "brukerbetalinger.csv", stored("01-thousands-dot"))
    hand_in(project.root, "dekning (1).xlsx", book())
    lines = list(forms(choose(project, "nye-drammen")))
    shown = "\n".join(line for line, _ in lines)
    assert "lokal-omsorg.csv, 1 rad (komma mellom kolonnene)" in shown
    assert "brukerbetalinger.csv, rad 2, kolonne verdi: fant «2.790»" in shown
    assert "dekning (1).xlsx brukes ikke: skal den brukes, så lagre den som dekning.xlsx" in shown
    assert [line for line, stops in lines if stops] == [line for line, _ in lines if "stopper:" in line] != []


def test_every_number_somebody_fills_in_has_a_highest_value(definitions: Definitions) -> None:
    """So that a digit too many, or a decimal sign too few, is seen."""
    local = [s for s in definitions.sources.values() if s.pull == "local"]
    open_contents = [
        f"{s.id}: {code}" for s in local for code, contents in s.contents.items() if contents.maximum is None
    ]
    fields = {name: definitions.fields[name] for s in definitions.forms for name in s.fields.values()}
    open_fields = [name for name, one in fields.items() if one.type in ("number", "integer") and one.maximum is None]
    assert open_contents + open_fields == []
