"""The filled-in forms as tables: typed once, under the definitions' names, and published with few people hidden.

A form's SQL is made from its block in definitions/sources/registre.toml, so that a new form needs none of its own.
"""

from collections.abc import Iterator

from pipeline.model import Definitions, FieldDef, Source

TYPES = {"text": "varchar", "date": "varchar", "number": "double", "integer": "integer"}  # a date as 2018-06-15


def typed_tables(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """`form_<table>` of every form, and `form_row`: each row's form, region and source. Name and query."""
    for source in definitions.forms:
        yield f"form_{source.as_form.table}", typed(definitions, source)
    yield "form_row", "\nunion all\n".join(_row(source) for source in definitions.forms)


def published_tables(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """The forms that are tables of the contract. Name and query."""
    for source in definitions.forms:
        if source.as_form.table in definitions.tables:
            yield source.as_form.table, _published(definitions, source)


def typed(definitions: Definitions, source: Source) -> str:
    """Every row as filled in, few people and all, with its row in the file; what was left empty is null."""
    columns = ", ".join(
        f"""nullif("{name}", '')::{_type(definitions.fields[column.field])} as "{column.as_}\""""
        for name, column in source.as_form.column.items()
        if column.as_
    )
    return f"""select '{source.id}' as form, "row", {columns} from "{raw_table(source)}\""""


def raw_table(source: Source) -> str:
    """The table a register is read into."""
    return "raw_" + source.id.replace("-", "_")


def _type(field: FieldDef) -> str:
    return "double" if field.people else TYPES[field.type]


def _row(source: Source) -> str:
    region = "region" if source.as_form.by_member else "null::varchar"
    return f"select form as register, {region} as region, source from form_{source.as_form.table}"


def _published(definitions: Definitions, source: Source) -> str:
    form = source.as_form
    hidden = [
        f'case when form."{name}" >= def_assumed.few or form."{name}" = 0 then form."{name}" end as "{name}"'
        for name, column in form.named.items()
        if definitions.fields[form.column[column].field].people
    ]
    shown = f" replace ({', '.join(hidden)})" if hidden else ""
    key = [column.as_ for column in form.column.values() if column.key and column.as_]
    order = ", ".join("member.ord" if name == "region" else f'form."{name}"' for name in form.order or key)
    return f"""
        select
            (select merger from def_merger) as merger, def_area_part.subproject, member.region_name, form.*{shown}
        from form_{form.table} as form
        inner join def_region as member on member.region = form.region
        inner join def_area_part on def_area_part.area = form.service
        cross join def_assumed
        order by {order}"""
