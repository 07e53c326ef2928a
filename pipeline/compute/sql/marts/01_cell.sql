-- Grain: one row per observation. `cell` names it inside its source: its codes in column order.
-- Definitions name cells the same way (def_cell), so one join serves every source and dimension.
create or replace temp table cell as
select
    source,
    region,
    year,
    concat_ws('|', *columns(* exclude (source, region, year, value, status))) as cell,
    value,
    status
from observation
where source in (select source from def_cell);

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
