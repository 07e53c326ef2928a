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
