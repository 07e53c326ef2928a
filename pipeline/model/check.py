"""Do the definitions hold together? What crosses files; a rule about one block stands with its class."""

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.model.definitions import Definitions
from pipeline.model.harmonisation import Known, faults, guideline_faults
from pipeline.model.indicators import Indicator, Operand


def check(d: Definitions) -> list[Problem]:
    problems = [*_check_functions(d), *_check_groupings(d), *_check_tables(d)]
    problems += [*_check_sources(d), *_check_forms(d), *_check_comparators(d)]
    problems += [
        Problem(file="definitions/need.toml", found=found, allowed=allowed) for found, allowed in d.need.faults()
    ]
    problems += [
        Problem(file="definitions/decompositions.toml", found=f"{split.id}: indikatoren «{name}» finnes ikke.")
        for split in d.decompositions.values()
        for name in (split.cost, split.users, split.inhabitants)
        if name not in d.indicators
    ]
    problems += [Problem(file=f"definitions/{file}", found=text) for file, text in faults(d.harmonisation, _known(d))]
    problems += [
        Problem(
            file="definitions/harmonisation/items.toml",
            found=f"{item.indicator} har enheten «{d.indicators[item.indicator].unit}».",
            allowed="prosent: plassene er verdi × målgruppe ÷ 100",
        )
        for item in d.harmonisation.coverage
        if item.indicator in d.indicators and d.indicators[item.indicator].unit != "prosent"
    ]
    for indicator in d.indicators.values():
        problems += [
            Problem(file=f"definitions/indicators/{indicator.area}.toml", found=f"{indicator.id}: {text}")
            for text in (*indicator.faults(), *_indicator_faults(d, indicator))
        ]
    return problems


def _known(d: Definitions) -> Known:
    return Known(
        indicators=d.indicators,
        areas=[*d.services, *d.service_groups],
        parts=[part.id for grouping in d.groupings.values() for part in grouping.part],
        registers=[source.id for source in d.forms],
        counted=[i.id for i in d.indicators.values() if i.formula == "amount" or i.kind in ("beløp", "prioritering")],
    )


def _check_functions(d: Definitions) -> list[Problem]:
    file = "definitions/services.toml"
    placed = [f for s in d.services.values() for f in s.functions] + [f for o in d.outside for f in o.functions]
    problems = [
        Problem(
            file=file, found=f"funksjon {code} er plassert {placed.count(code)} ganger.", allowed="nøyaktig én plass"
        )
        for code in d.functions
        if placed.count(code) != 1
    ]
    problems += [
        Problem(file=file, found=f"funksjon {code} står ikke i functions.csv.")
        for code in placed
        if code not in d.functions
    ]
    problems += [Problem(file=file, found=text) for service in d.services.values() for text in service.faults()]
    for group in d.service_groups.values():
        problems += [
            Problem(file=file, found=f"{group.id} viser til tjenesten {s}, som ikke finnes.")
            for s in group.services
            if s not in d.services
        ]
    return problems


def _check_groupings(d: Definitions) -> list[Problem]:
    problems = []
    for grouping in d.groupings.values():
        file = f"definitions/groupings/{grouping.id}.toml"
        named = [service for part in grouping.part for service in part.services]
        shared = [area for part in grouping.part for area in part.also_show]
        problems += [
            Problem(file=file, found=f"«{area}» finnes ikke i services.toml.")
            for area in [*named, *shared]
            if area not in d.services and area not in d.service_groups
        ]
        problems += [
            Problem(file=file, found=f"indikatoren «{indicator}» finnes ikke.")
            for indicator in [
                *grouping.profile,
                *(name for p in grouping.part for name in [*p.profile, *p.also_indicators, p.lead] if name),
            ]
            if indicator not in d.indicators
        ]
        if grouping.complete:
            problems += [
                Problem(file=file, found=f"{service} står i {named.count(service)} deler.", allowed="nøyaktig én")
                for service in d.services
                if named.count(service) != 1
            ]
    return problems


def merger_faults(d: Definitions) -> dict[str, list[Problem]]:
    """What is wrong with one merger's own files, by its id: it costs that merger and no other."""
    found: dict[str, list[Problem]] = {}
    for merger in d.mergers.values():
        file = f"definitions/mergers/{merger.id}.toml"
        found[merger.id] = [
            Problem(file=file, found=f"grupperingen «{grouping}» finnes ikke.", allowed=", ".join(d.groupings))
            for grouping in [merger.subprojects, *merger.groupings]
            if grouping not in d.groupings
        ]
    known = _known(d)
    for merger_id, plans in d.harmonisation.guidelines.items():
        file = f"definitions/guidelines/{merger_id}.toml"
        told = [Problem(file=file, found=text) for text in guideline_faults(d.harmonisation, plans, known)]
        if merger_id not in d.mergers and merger_id not in d.merger_faults:
            told.append(Problem(file=file, found=f"sammenslåingen «{merger_id}» finnes ikke."))
        found.setdefault(merger_id, []).extend(told)
    return {merger_id: problems for merger_id, problems in found.items() if problems}


def _check_tables(d: Definitions) -> list[Problem]:
    problems = []
    for name, table in d.tables.items():
        for column in table.columns:
            if table.fields.get(column, column) not in d.fields:
                problems.append(
                    Problem(file="definitions/tables.toml", found=f"{name}: kolonnen {column} står ikke i fields.toml.")
                )
        problems += [
            Problem(file="definitions/tables.toml", found=f"{name}: {column} er i grain, men ikke i columns.")
            for column in table.grain
            if column not in table.columns
        ]
    for source in d.sources.values():
        problems += [Problem(file="definitions/sources", found=text) for text in source.faults()]
        if source.successor and source.successor not in d.sources:
            problems.append(
                Problem(file="definitions/sources", found=f"{source.id}: etterfølgeren {source.successor} finnes ikke.")
            )
        problems += [
            Problem(file="definitions/sources", found=f"{source.id}: kolonnen {column} står ikke i fields.toml.")
            for column in source.columns
            if source.fields.get(column, column) not in d.fields
        ]
    return problems


def _check_sources(d: Definitions) -> list[Problem]:
    """What the pipeline itself reads of the sources: the population, the accounts, what they imply of each other."""
    file = "definitions/sources"
    problems = []
    for role in ("population", "recast_population"):
        found = [source.id for source in d.sources.values() if source.role == role]
        if len(found) != 1:
            problems.append(Problem(file=file, found=f"role «{role}» har {len(found)} kilder.", allowed="nøyaktig én"))
    for source in d.sources.values():
        named = [source.implies.amount, source.implies.per_inhabitant] if source.implies else []
        problems += [
            Problem(file=file, found=f"{source.id}: implies viser til {code}, som ikke står i contents.")
            for code in named
            if code not in source.contents
        ]
    problems += [Problem(file="definitions/accounts.toml", found=found) for found in d.accounts.faults(d.sources)]
    return problems


def _check_comparators(d: Definitions) -> list[Problem]:
    """Need, index and trend are held against the country: of two it would not be known which."""
    countries = [one.id for one in d.comparators if one.kind == "country"]
    if len(countries) == 1:
        return []
    found = f"kind «country» har {', '.join(countries) or 'ingen'}."
    return [Problem(file="definitions/comparators.toml", found=found, allowed="nøyaktig én")]


def _check_forms(d: Definitions) -> list[Problem]:
    file = "definitions/sources"
    tables = [source.as_form.table for source in d.forms]
    problems = [
        Problem(file=file, found=f"tabellen «{table}» er {tables.count(table)} skjemaers.", allowed="ett")
        for table in sorted({t for t in tables if tables.count(t) > 1})
    ]
    objects = [source.as_form.object for source in d.forms if source.as_form.object]
    problems += [
        Problem(file=file, found=f"«{name}» er det {objects.count(name)} skjemaer handler om.", allowed="ett")
        for name in sorted({o for o in objects if objects.count(o) > 1})
    ]
    for source in d.forms:
        form = source.as_form
        problems += [Problem(file=file, found=f"{source.id}: {text}") for text in form.faults()]
        needed = [name for name in ("region", "service") if form.table in d.tables and name not in form.named]
        problems += [
            Problem(file=file, found=f"{source.id}: ingen kolonne heter «{name}» (as), og {form.table} er en tabell.")
            for name in needed
        ]
    return problems


def _indicator_faults(d: Definitions, indicator: Indicator) -> list[str]:
    """What an indicator names that is not there."""
    faults = list(_formula_faults(d, indicator))
    if not any(indicator.area in book for book in (d.services, d.service_groups, d.cross_cutting)):
        faults.append(f"«{indicator.area}» finnes ikke i services.toml.")
    faults += [f"begrepet «{term}» står ikke i terms.toml." for term in indicator.card.terms if term not in d.terms]
    faults += [f"tjenesten «{service}» finnes ikke." for service in indicator.for_services if service not in d.services]
    if indicator.instead_of and indicator.instead_of not in d.indicators:
        faults.append(f"instead_of: indikatoren «{indicator.instead_of}» finnes ikke.")
    faults += [f"raden «{row}» står ikke i standard.csv." for row in indicator.standard if row not in d.standard]
    if indicator.need_key and indicator.need_key not in d.need.keys:
        faults.append(f"kostnadsnøkkelen «{indicator.need_key}» står ikke i need.toml.")
    for name, operand in indicator.named_operands.items():
        faults += [f"{name}: {text}" for text in _operand_faults(d, operand)]
    if not faults:
        faults += _unit_faults(d, indicator)
    published = indicator.published
    if published and not faults and d.sources[published.table].contents[published.contents].decimals is None:
        faults.append(f"published: {published.contents} i {published.table} må ha decimals for å kunne avstemmes.")
    return faults


def _formula_faults(d: Definitions, indicator: Indicator) -> Iterator[str]:
    """A formula there is not, or one that the operands do not go with."""
    formula = d.formulas.get(indicator.formula)
    if formula is None:
        yield f"formelen «{indicator.formula}» står ikke i formulas.toml. Tillatt: {', '.join(d.formulas)}."
        return
    wanted = {"A", "B"} if formula.divides or indicator.merge == "W" else {"A"}
    if set(indicator.operands) - {"P", "U"} != wanted:
        yield f"formelen {indicator.formula} med regel {indicator.merge} passer ikke med det som er oppgitt."


# What is measured, as against counted, by the unit as sources write it; and what a scale makes of it
MEASURED = (
    "kr", "1000 kr", "prosent", "MWh", "kWh", "m2", "km", "timer", "døgn", "årsverk", "dager", "poeng", "skalapoeng",
)  # fmt: skip
SCALED = {("1000 kr", 1000): "kr", ("MWh", 1000): "kWh"}


def _unit_faults(d: Definitions, indicator: Indicator) -> list[str]:
    """An indicator whose unit is not what its operands give: kroner called thousands, per cent called kroner."""
    units = {letter: _unit(d, operand) for letter, operand in indicator.operands.items()}
    a, b = units["A"], units.get("B")
    told = {"m²": "m2"}.get(indicator.unit, indicator.unit)
    if indicator.formula in ("share", "change"):
        given = "indeks" if indicator.operands["A"].need_key else "prosent"
        faults = [] if told == given else [f"enheten er «{indicator.unit}», men formelen gir {given}."]
        alike = a == b or not {a, b} & set(MEASURED)
        return faults + ([] if alike else [f"telleren er i {a or 'antall'}, nevneren i {b or 'antall'}."])
    if (a in MEASURED or told in MEASURED) and told != a and not told.startswith(f"{a} per "):
        return [f"enheten er «{indicator.unit}», men kilden gir {a or 'et antall'}."]
    return []


def _unit(d: Definitions, operand: Operand) -> str:
    """The unit of an operand after its scale, as sources write it; empty for people of 07459 and for cost keys."""
    if operand.need_key or operand.ages:
        return ""
    unit = d.sources[operand.table].contents[operand.contents].unit
    return SCALED.get((unit, int(operand.scale)), unit)


def _operand_faults(d: Definitions, operand: Operand) -> list[str]:
    if operand.need_key:
        return (
            [] if operand.need_key in d.need.keys else [f"kostnadsnøkkelen «{operand.need_key}» står ikke i need.toml."]
        )
    source = d.sources.get(operand.table)
    if source is None:
        return [f"kilden «{operand.table}» er ikke definert i sources/."]
    faults = operand.faults()
    named = set(operand.codes) | ({"Alder"} if operand.ages else set())
    if named != set(source.dimensions):
        faults.append(f"skal si hva som gjelder for {', '.join(source.dimensions) or 'ingen dimensjoner'}.")
    if operand.contents not in source.contents:
        faults.append(
            f"ContentsCode «{operand.contents}» finnes ikke i {source.id}. Tillatt: {', '.join(source.contents)}."
        )
    return faults
