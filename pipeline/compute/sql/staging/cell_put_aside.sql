-- Grain: one row per cell of the large cubes, which were put aside in parts as they were read. Contents that did not hold
-- are gone; cells that contradict others have no value. Looked up by equal keys alone, so that whoever reads a few
-- columns or rows of a whole country reads no others; and never joined, which could change the order of the rows.
-- given  cell_in_parts, cell_gone(source, contents), aside_cell(source, contents, region, year)
create or replace view cell_put_aside as
select
    * exclude (aside) replace (if(aside, null, value) as value, if(aside, 'unresolved', status) as status)
from (
    select
        *,
        status = 'ok' and (
            (source, region, year, '') in (select source, region, year, contents from aside_cell)
            or (source, region, year, ContentsCode) in (select source, region, year, contents from aside_cell)
        ) as aside
    from cell_in_parts
    where (source, '') not in (select source, contents from cell_gone)
        and (source, ContentsCode) not in (select source, contents from cell_gone)
);
