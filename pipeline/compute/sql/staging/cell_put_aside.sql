-- Grain: one row per cell of the large cubes, which were put aside in parts as they were read. Contents that did not hold
-- are gone; cells that contradict others have no value. Joined by equal keys alone, so that whoever reads a few columns
-- or rows of a whole country reads no others.
-- given  cell_in_parts, cell_gone(source, contents), aside_cell(source, contents, region, year)
create or replace view cell_put_aside as
select
    cell.* replace (
        if(cell.status = 'ok' and (whole.aside or one.aside), null, cell.value) as value,
        if(cell.status = 'ok' and (whole.aside or one.aside), 'unresolved', cell.status) as status
    )
from cell_in_parts as cell
anti join (select source from cell_gone where contents = '') as gone on gone.source = cell.source
anti join (select source, contents from cell_gone where contents <> '') as part
    on part.source = cell.source and part.contents = cell.ContentsCode
left join (select distinct source, region, year, true as aside from aside_cell where contents = '') as whole
    on whole.source = cell.source and whole.region = cell.region and whole.year = cell.year
left join (select distinct source, region, year, contents, true as aside from aside_cell where contents <> '') as one
    on one.source = cell.source and one.region = cell.region and one.year = cell.year
        and one.contents = cell.ContentsCode;
