-- Grain: one row per indicator, operand (A, B, published P, uncertainty U), region code and year.
-- Every cell an operand names must be there and ok, or the sum is not: a hole is never a zero.
-- given  wanted_cell, cell, def_indicator, def_region_code(region), region_validity, def_status
create or replace temp table operand_region as
with dated as (
    select
        wanted_cell.*,
        span.year,
        coalesce(fixed_year, span.year + year_offset) as source_year,
        coalesce(fixed_year, span.year) as flow_year,
        def_indicator.region_basis
    from wanted_cell
    inner join def_indicator using (indicator)
    inner join (select unnest(range(1986, 2100)) as year) as span
        on span.year between def_indicator.first_year and def_indicator.last_year
),
-- a function that was split or came later (254 became 257 and 258 in 2024) is asked for in its own years only
needed as (
    select * from dated where source_year between first_cell_year and last_cell_year
),
operand as (
    select
        dated.indicator, dated.operand, dated.year,
        any_value(dated.source) as source, any_value(dated.source_year) as source_year,
        any_value(dated.flow_year) as flow_year, any_value(dated.region_basis) as region_basis,
        count(needed.cell) as cells, max(needed.unresolved) as unresolved
    from dated
    left join needed using (indicator, operand, year, cell)
    group by dated.indicator, dated.operand, dated.year
),
grid as (
    select operand.*, def_region_code.region
    from operand
    cross join def_region_code
),
found as (
    select
        needed.indicator, needed.operand, cell.region, needed.year,
        count(cell.status) as cells_found,
        max(def_status.rank) as worst_rank,
        sum(cell.value * needed.scale order by needed.cell) as total
    from needed
    inner join cell
        on cell.source = needed.source and cell.cell = needed.cell and cell.year = needed.source_year
    inner join def_region_code using (region)
    inner join def_status on def_status.id = cell.status
    group by needed.indicator, needed.operand, cell.region, needed.year
),
judged as (
    select
        grid.*,
        found.total,
        coalesce(validity.valid_from, date '1900-01-01') as valid_from,
        coalesce(validity.valid_to, date '9999-12-31') as valid_to,
        case
            -- the definition's code is not in the source's metadata: nothing was asked for
            when grid.cells = 0 then (select rank from def_status where id = 'not_applicable')
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
        when status = 'not_in_set' and source like 'lokal-%' then 'Kommunen har ikke fylt inn tallet (' || source || ').'
        when status = 'not_in_set' then 'Kilden ' || source || ' er ikke hentet for dette.'
        when status = 'suppressed' then 'Skjermet i kilden ' || source || '.'
        when status = 'not_applicable' then 'Ikke aktuelt i kilden ' || source || '.'
    end as reason
from named;
