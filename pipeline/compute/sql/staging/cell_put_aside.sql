-- Grain: one row per cell of the large cubes, which were put aside in parts as they were read. Contents that did not hold
-- are gone; cells that contradict others have no value.
-- given  cell_in_parts, cell_gone(source, contents), aside_cell(source, contents, region, year)
create or replace view cell_put_aside as
select
    * exclude (aside) replace (if(aside, null, value) as value, if(aside, 'unresolved', status) as status)
from (
    select
        cell.*,
        cell.status = 'ok' and exists (
            select 1 from aside_cell
            where aside_cell.source = cell.source and aside_cell.region = cell.region and aside_cell.year = cell.year
                and aside_cell.contents in ('', cell.ContentsCode)
        ) as aside
    from cell_in_parts as cell
    where not exists (
        select 1 from cell_gone where cell_gone.source = cell.source and cell_gone.contents in ('', cell.ContentsCode)
    )
);
