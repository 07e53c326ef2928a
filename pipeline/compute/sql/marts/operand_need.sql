-- The age part of a cost key as operand A: the persons the key would count if every age weighed as
-- the key says, scaled so that the country as a whole equals its own population. Divided by the
-- population (operand B) it is the need index. Additive over municipalities, so rule S is exact.
-- given  def_need_cell(indicator, cell, share, source, year_offset), cell, operand_sum, def_region(kind), def_status
create or replace temp table operand_need as
with person as (
    select
        need.indicator, need.criterion, need.share, cell.region, cell.year - need.year_offset as year,
        sum(cell.value) as persons, max(def_status.rank) as rank, count(*) as cells
    from def_need_cell as need
    inner join cell on cell.source = need.source and cell.cell = need.cell
    inner join def_status on def_status.id = cell.status
    group by need.indicator, need.criterion, need.share, cell.region, cell.year - need.year_offset
),
country as (
    select * from person where region in (select region from def_region where kind = 'country')
),
criterion as (
    select indicator, criterion, share, count(*) as cells
    from def_need_cell
    group by indicator, criterion, share
),
total as (
    select indicator, region, year, value, status, reason, source, source_year, region_basis
    from operand_sum
    where operand = 'B' and indicator in (select indicator from def_need_cell)
),
national as (
    select * from total where region in (select region from def_region where kind = 'country')
),
weighted as (
    select
        total.indicator, total.region, total.year,
        count(*) filter (where own.rank = 0 and own.cells = criterion.cells
            and country.rank = 0 and country.cells = criterion.cells and national.status = 'ok') as complete,
        count(*) as wanted,
        sum(criterion.share * own.persons * national.value / country.persons order by criterion.criterion) as need
    from total
    inner join criterion using (indicator)
    left join person as own
        on own.indicator = total.indicator and own.criterion = criterion.criterion
        and own.region = total.region and own.year = total.year
    left join country
        on country.indicator = total.indicator and country.criterion = criterion.criterion and country.year = total.year
    left join national on national.indicator = total.indicator and national.year = total.year
    group by total.indicator, total.region, total.year
)
select
    total.indicator, 'A' as operand, total.region, total.year, total.source_year, total.region_basis, total.source,
    case when total.status = 'ok' and complete = wanted then need end as value,
    case when total.status <> 'ok' then total.status when complete = wanted then 'ok' else 'not_in_set' end as status,
    case
        when total.status <> 'ok' then total.reason
        when complete < wanted then 'Folketallet for kommunen eller landet er ikke hentet for dette året.'
    end as reason
from total
inner join weighted using (indicator, region, year);
