-- Grain: one row per indicator, operand (A, B, published P, uncertainty U), region code and year.
-- Every cell an operand names must be there and ok, or the sum is not: a hole is never a zero.
-- given  wanted_cell, cell, def_indicator, def_region_code(region), region_validity, def_status
create or replace temp table operand_region as
with operand as (
    select
        wanted_cell.indicator, wanted_cell.operand, any_value(source) as source,
        any_value(year_offset) as year_offset, any_value(fixed_year) as fixed_year, count(*) as cells,
        max(unresolved) as unresolved
    from wanted_cell
    group by wanted_cell.indicator, wanted_cell.operand
),
grid as (
    select
        operand.*,
        def_region_code.region,
        span.year,
        coalesce(operand.fixed_year, span.year + operand.year_offset) as source_year,
        coalesce(operand.fixed_year, span.year) as flow_year,
        def_indicator.region_basis
    from operand
    inner join def_indicator using (indicator)
    inner join (select unnest(range(1986, 2100)) as year) as span
        on span.year between def_indicator.first_year and def_indicator.last_year
    cross join def_region_code
),
found as (
    select
        grid.indicator, grid.operand, grid.region, grid.year,
        count(cell.status) as cells_found,
        max(def_status.rank) as worst_rank,
        sum(cell.value * wanted_cell.scale) as total
    from grid
    inner join wanted_cell using (indicator, operand)
    inner join cell
        on cell.source = wanted_cell.source
        and cell.cell = wanted_cell.cell
        and cell.region = grid.region
        and cell.year = grid.source_year
    inner join def_status on def_status.id = cell.status
    group by grid.indicator, grid.operand, grid.region, grid.year
),
judged as (
    select
        grid.*,
        found.total,
        coalesce(validity.valid_from, date '1900-01-01') as valid_from,
        coalesce(validity.valid_to, date '9999-12-31') as valid_to,
        case
            -- the definition's code is not in the source's metadata: nothing was asked for
            when grid.unresolved is not null then (select rank from def_status where id = 'unresolved')
            when coalesce(found.cells_found, 0) < grid.cells
                then greatest(coalesce(found.worst_rank, 0), (select rank from def_status where id = 'not_in_set'))
            else found.worst_rank
        end as worst_rank
    from grid
    left join found using (indicator, operand, region, year)
    left join region_validity as validity
        on validity.region = grid.region and grid.region_basis = 'municipality'
),
named as (
    select
        judged.*,
        case
            when make_date(source_year, 1, 1) >= valid_from and make_date(source_year, 1, 1) < valid_to
                then def_status.id
            -- the last accounts of a municipality are divided by a population only its successor has
            when make_date(flow_year, 1, 1) >= valid_from and make_date(flow_year, 1, 1) < valid_to
                then 'not_available'
            else 'not_valid'
        end as status
    from judged
    inner join def_status on def_status.rank = judged.worst_rank
)
select
    indicator, operand, region, year, source_year, region_basis, source,
    case when status = 'ok' then total end as value,
    status,
    case
        when status = 'ok' then null
        when status = 'unresolved' then 'Kilden ' || source || ': ' || unresolved
        when status = 'not_valid' then 'Kommunenummer ' || region || ' gjaldt ikke i ' || flow_year || '.'
        when status = 'not_available' and source_year > flow_year
            then 'Folketallet 31.12.' || flow_year || ' finnes bare under den nye kommunens nummer.'
        when status = 'not_available' then 'Kilden ' || source || ' mangler tallet.'
        when status = 'not_in_set' then 'Kilden ' || source || ' er ikke hentet for dette.'
        when status = 'suppressed' then 'Skjermet i kilden ' || source || '.'
        when status = 'not_applicable' then 'Ikke aktuelt i kilden ' || source || '.'
    end as reason
from named;
