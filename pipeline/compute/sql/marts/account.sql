-- Grain: one row per item (a function, a service or a sub-project), region, year and measure.
-- The detailed accounts (kommunekonsern): sums over the functions an item has that year, so that a function that
-- was split goes on as its parts and a function counted in two of SSB's groups is counted once. Shares are of gross
-- expenditure. A missing function or municipality makes the sum missing. Only while the municipalities are put together
-- can their trade with each other hide in the sum: those rows are flagged.
-- given  observation, def_account(level, item, title, ord, function, first_year, last_year),
--        def_measure(measure, source, scope, art, contents, counts_trade, purchases, unresolved),
--        def_share(share, part, whole), def_component, def_merger, def_region, def_region_code, region_validity, def_status
create or replace table account as
with
-- what each region is made of on 1 January: the members before the merger, itself otherwise
part as (
    select def_region.region, component.component, component.component_name, component.ord, component.valid_from, component.valid_to
    from def_region
    inner join def_component as component on component.region = def_region.region and component.sign = 1
    where def_region.role = 'merged'
    union all
    select
        def_region.region, def_region.region, def_region.region_name, 0,
        coalesce(validity.valid_from, date '1900-01-01'), coalesce(validity.valid_to, date '9999-12-31')
    from def_region
    inner join def_region_code on def_region_code.region = def_region.region
    left join region_validity as validity on validity.region = def_region.region
    where def_region.role = 'member' or def_region.kind = 'country'
),
cell as (
    select observation.region, observation.year, KOKfunksjon0000 as function, def_measure.measure, value, status
    from observation
    inner join def_measure
        on def_measure.source = observation.source and def_measure.contents = ContentsCode
        and def_measure.scope = KOKregnskapsomfa0000 and def_measure.art = KOKart0000
    where observation.region in (select component from part)
),
span as (
    select distinct year from cell
),
wanted as (
    select
        def_account.level, def_account.item, def_account.title, def_account.ord as item_ord, def_account.function,
        span.year, part.region, part.component, part.component_name, part.ord as part_ord,
        def_measure.measure, def_measure.source, def_measure.unresolved
    from def_account
    inner join span on span.year between def_account.first_year and def_account.last_year
    inner join part
        on make_date(span.year, 1, 1) >= part.valid_from and make_date(span.year, 1, 1) < part.valid_to
    cross join def_measure
),
looked_up as (
    select
        wanted.*, cell.value,
        case when wanted.unresolved is not null then 'unresolved' else coalesce(cell.status, 'not_in_set') end as status
    from wanted
    left join cell
        on cell.region = wanted.component and cell.year = wanted.year
        and cell.function = wanted.function and cell.measure = wanted.measure
),
summed as (
    select
        level, item, any_value(title) as title, any_value(item_ord) as item_ord, region, looked_up.year, measure,
        count(distinct component) as components,
        case when bool_and(status = 'ok') then sum(value order by part_ord, function) end as value,
        case
            when bool_and(status = 'ok') then 'ok'
            when count(distinct status) = 1 then any_value(status)
            else 'component_missing'
        end as status,
        case
            when bool_and(status = 'ok') then null
            when any_value(unresolved) is not null then 'Kilden ' || any_value(source) || ': ' || any_value(unresolved)
            else 'Mangler: ' || string_agg(component_name || ' ' || function || ' (' || def_status.label || ')', ', ' order by part_ord, function)
                filter (where status <> 'ok') || '.'
        end as reason
    from looked_up
    inner join def_status on def_status.id = looked_up.status
    group by level, item, region, looked_up.year, measure
),
shared as (
    select
        top.level, top.item, top.title, top.item_ord, top.region, top.year, def_share.share as measure, top.components,
        case when top.status = 'ok' and gross.status = 'ok' and gross.value <> 0 then 100 * top.value / gross.value end as value,
        case
            when top.status <> 'ok' then top.status
            when gross.status <> 'ok' then gross.status
            when gross.value = 0 then 'not_applicable'
            else 'ok'
        end as status,
        case
            when top.status <> 'ok' then top.reason
            when gross.status <> 'ok' then gross.reason
            when gross.value = 0 then 'Ingen utgifter.'
        end as reason
    from summed as top
    inner join def_share on def_share.part = top.measure
    inner join summed as gross
        on gross.level = top.level and gross.item = top.item and gross.region = top.region
        and gross.year = top.year and gross.measure = def_share.whole
),
every as (
    select *, '1000 kr' as unit from summed
    union all by name
    select *, 'prosent' as unit from shared
)
select
    (select merger from def_merger) as merger,
    every.level, every.item, every.title as item_title,
    every.region, def_region.region_name, def_region.role, every.year::integer as year,
    every.measure, every.value, every.unit, every.status, every.reason,
    case
        when every.components > 1 and every.measure in (select measure from def_measure where counts_trade) and every.status = 'ok'
            and bought.value is distinct from 0
            then 'Kan omfatte kjøp kommunene gjør av hverandre; det faller bort i den nye kommunen og må trekkes ut.'
    end as elimination
from every
inner join def_region on def_region.region = every.region
left join summed as bought
    on bought.level = every.level and bought.item = every.item and bought.region = every.region
    and bought.year = every.year and bought.measure in (select measure from def_measure where purchases)
order by every.level, every.item_ord, def_region.ord, every.year, every.measure;
