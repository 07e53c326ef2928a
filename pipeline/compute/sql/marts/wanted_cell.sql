-- Grain: one row per cell that a definition names, as definitions name it: its codes in column order. One join
-- then serves every source and dimension.
-- given  def_cell
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
