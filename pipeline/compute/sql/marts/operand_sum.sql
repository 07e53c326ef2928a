-- Grain: one row per indicator, operand (A, B, published P, uncertainty U), region code and year.
-- Every cell an operand names must be there and ok, or the sum is not: a hole is never a zero.
-- A code may be another piece of land from one year to the next: accounts of the one are not divided by people of the
-- other. Of the merger's own codes that is for operand_composed to say: the land is put together year by year there.
-- What was set aside since it was read counts for nothing: the cells of a source, region and year, or one figure (with
-- the producer's own, for it is not known which of the two is wrong).
-- given  wanted_cell, cell, def_indicator, def_merger_code, def_region_code(region), region_validity, def_status,
--        def_other_land(region, year, reason), aside_cell(source, indicator, region, year, reason)
create or replace temp table operand_sum as
with signed as (
    -- indicators that divide by the same population, or add up the same accounts, share one sum
    select
        indicator, operand,
        any_value(source) as source, any_value(year_offset) as year_offset, any_value(fixed_year) as fixed_year,
        md5(string_agg(
            concat_ws('~', source, cell, scale, year_offset, fixed_year, first_cell_year, last_cell_year), '|' order by cell
        )) as sum_id
    from wanted_cell
    group by indicator, operand
),
span as (
    select signed.sum_id, min(def_indicator.first_year) as first_year, max(def_indicator.last_year) as last_year
    from signed
    inner join def_indicator using (indicator)
    group by signed.sum_id
),
one_cell as (
    select distinct
        signed.sum_id, wanted_cell.* exclude (indicator, operand)
    from wanted_cell
    inner join signed using (indicator, operand)
),
-- a function that was split or came later (254 became 257 and 258 in 2024) is asked for in its own years only
needed as (
    select one_cell.*, years.year, coalesce(one_cell.fixed_year, years.year + one_cell.year_offset) as source_year
    from one_cell
    inner join span using (sum_id)
    inner join (select unnest(range(1986, 2100)) as year) as years
        on years.year between span.first_year and span.last_year
    where coalesce(one_cell.fixed_year, years.year + one_cell.year_offset)
        between one_cell.first_cell_year and one_cell.last_cell_year
),
wanted as (
    select sum_id, year, count(*) as cells, max(unresolved) as unresolved
    from needed
    group by sum_id, year
),
found as (
    select
        needed.sum_id, cell.region, needed.year,
        count(cell.status) as cells_found,
        max(def_status.rank) as worst_rank,
        sum(cell.value * needed.scale) as total  -- cells come in one order: cell.sql
    from needed
    inner join cell
        on cell.source = needed.source and cell.cell = needed.cell and cell.year = needed.source_year
    inner join def_region_code using (region)
    inner join def_status on def_status.id = cell.status
    group by needed.sum_id, cell.region, needed.year
),
grid as (
    select
        signed.indicator, signed.operand, signed.sum_id, signed.source, years.year, def_region_code.region,
        coalesce(signed.fixed_year, years.year + signed.year_offset) as source_year,
        coalesce(signed.fixed_year, years.year) as flow_year,
        def_indicator.region_basis,
        coalesce(wanted.cells, 0) as cells,
        coalesce(validity.valid_from, date '1900-01-01') as valid_from,
        coalesce(validity.valid_to, date '9999-12-31') as valid_to
    from signed
    inner join def_indicator using (indicator)
    inner join (select unnest(range(1986, 2100)) as year) as years
        on years.year between def_indicator.first_year and def_indicator.last_year
    left join wanted on wanted.sum_id = signed.sum_id and wanted.year = years.year
    cross join def_region_code
    left join region_validity as validity
        on validity.region = def_region_code.region and def_indicator.region_basis = 'municipality'
    -- of the municipalities only compared with, the years in which there was none are left out
    where def_region_code.region in (select region from def_merger_code)
        or make_date(years.year, 1, 1) between coalesce(validity.valid_from, date '1900-01-01')
            and coalesce(validity.valid_to - 1, date '9999-12-31')
),
aside as (
    select source, indicator, region, year, string_agg(distinct reason, ' ' order by reason) as reason
    from aside_cell
    group by source, indicator, region, year
),
judged as (
    select
        grid.*,
        found.total,
        coalesce(wanted.unresolved, figure.reason, cells.reason) as unresolved,
        case
            -- the definition's code is not in the source's metadata: nothing was asked for
            when grid.cells = 0 then (select rank from def_status where id = 'not_applicable')
            when wanted.unresolved is not null or figure.reason is not null
                then (select rank from def_status where id = 'unresolved')
            when coalesce(found.cells_found, 0) < grid.cells
                then greatest(coalesce(found.worst_rank, 0), (select rank from def_status where id = 'not_in_set'))
            else found.worst_rank
        end as worst_rank
    from grid
    left join found using (sum_id, region, year)
    left join wanted using (sum_id, year)
    left join aside as cells
        on cells.source = grid.source and cells.region = grid.region and cells.year = grid.source_year and cells.indicator = ''
    left join aside as figure
        on figure.indicator = grid.indicator and figure.region = grid.region and figure.year = grid.flow_year
        and grid.operand in ('A', 'P')
),
other_land as (
    select * from def_other_land where region not in (select region from def_merger_code)
),
named as (
    select
        judged.*, other.reason as other_land,
        case
            when other.reason is not null then 'not_available'
            when make_date(source_year, 1, 1) >= valid_from and make_date(source_year, 1, 1) < valid_to
                then def_status.id
            -- the last accounts of a municipality are divided by a population only its successor has
            when make_date(flow_year, 1, 1) >= valid_from and make_date(flow_year, 1, 1) < valid_to
                then 'not_available'
            else 'not_valid'
        end as status
    from judged
    inner join def_status on def_status.rank = judged.worst_rank
    left join other_land as other
        on other.region = judged.region and other.year = judged.flow_year and judged.source_year = judged.flow_year + 1
        and judged.region_basis = 'municipality'
)
select
    indicator, operand, region, year, source_year, flow_year, region_basis, source,
    case when status = 'ok' then total end as value,
    status,
    case
        when status = 'ok' then null
        when other_land is not null then other_land
        when status = 'unresolved' then 'Kilden ' || source || ': ' || unresolved
        when status = 'not_valid' then 'Kommunenummer ' || region || ' gjaldt ikke i ' || flow_year || '.'
        when status = 'not_available' and source_year > flow_year
            then 'Folketallet 31.12.' || flow_year || ' finnes bare under den nye kommunens nummer.'
        when status = 'not_available' then 'Kilden ' || source || ' mangler tallet.'
        when status = 'not_in_set' and source like 'lokal-%' then 'Kommunen har ikke fylt inn tallet (' || source || ').'
        when status = 'not_in_set' then 'Kilden ' || source || ' er ikke hentet for dette.'
        when status = 'suppressed' then 'Skjermet i kilden ' || source || '.'
        when status = 'not_applicable' then 'Ikke aktuelt i kilden ' || source || '.'
    end as reason
from named;
