-- Grain: one row per cell that a definition names, as definitions name it: its codes in column order. One join
-- then serves every source and dimension.
create or replace temp table wanted_cell as
select
    indicator,
    operand,
    source,
    scale,
    year_offset,
    fixed_year,
    unresolved,
    first_cell_year,
    last_cell_year,
    concat_ws(
        '|',
        *columns(* exclude (
            indicator, operand, source, scale, year_offset, fixed_year, unresolved, first_cell_year, last_cell_year
        ))
    ) as cell
from def_cell;

-- Grain: one row per observation that a definition names. A whole country has a hundred times as many.
-- given  observation, wanted_cell, def_need_cell
create or replace temp table cell as
with named as (
    select source, cell from wanted_cell
    union
    select source, cell from def_need_cell
)
select *
from (
    select
        source,
        region,
        year,
        concat_ws('|', *columns(* exclude (source, region, year, value, status))) as cell,
        value,
        status
    from observation
    where source in (select source from named)
)
where (source, cell) in (select source, cell from named)
order by source, cell, region, year;
