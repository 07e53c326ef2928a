-- Grain: one row per indicator, operand (A, B, published P, uncertainty U, weighted W, its variance V), region and year. A region is a
-- piece of land: the codes that make it up are asked for in the state (year) the operand is taken at, so for 2019 the
-- accounts are the old municipalities', the population of 31.12.2019 the new one's, and a renumbered municipality goes
-- on as itself. Where the land is only a part of a code there is nothing to add: not_valid, with the reason.
-- given  operand_weighted, def_status, def_component(region, version, year, component, component_name, ord, sign),
--        def_span(region, version, first_year, last_year), def_land(region, version, year, use, reason),
--        def_merge_year(merge_year, former_state), def_region(region, role)
create or replace temp table operand_composed as
with component as (
    select *, count(*) over (partition by region, version, year) as parts
    from def_component
),
part as (
    select
        def_span.region as whole, component.component, component.component_name, component.ord, component.sign,
        component.parts, operand.*, def_status.label
    from operand_weighted as operand
    cross join def_merge_year
    inner join component
        on component.component = operand.region
        and component.year = if(operand.region_basis = 'former_area', def_merge_year.former_state, operand.source_year)
    inner join def_span
        on def_span.region = component.region and def_span.version = component.version
        and operand.year between def_span.first_year and def_span.last_year
    inner join def_status on def_status.id = operand.status
),
added as (
    select
        indicator, operand, whole as region, year,
        count(*) as components,
        any_value(component) as only_component,
        case when bool_and(status = 'ok') then sum(if(operand = 'V', 1, sign) * value order by ord) end as value,
        case
            when bool_and(status = 'ok') then 'ok'
            when count(*) = 1 or bool_and(status = 'unresolved') then any_value(status)
            else 'component_missing'
        end as status,
        case
            when bool_and(status = 'ok') then null
            when count(*) = 1 or bool_and(status = 'unresolved') then any_value(reason)
            else 'Mangler for ' || string_agg(component_name || ' (' || label || ')', ', ' order by ord)
                filter (where status <> 'ok') || '.'
        end as reason
    from part
    where parts > 1
    group by indicator, operand, whole, year
),
asked as (
    select distinct indicator, operand, year, source_year, flow_year
    from operand_weighted
    where region_basis = 'municipality'
),
gone as (
    select
        asked.indicator, asked.operand, def_span.region, asked.year,
        at_flow.use = 'not_valid' as never,
        case
            when at_flow.use = 'not_valid' then at_flow.reason
            when def_region.role = 'member' and asked.source_year > asked.flow_year
                then 'Folketallet 31.12.' || asked.flow_year || ' finnes bare under den nye kommunens nummer.'
            else at_source.reason
        end as reason
    from asked
    inner join def_span on asked.year between def_span.first_year and def_span.last_year
    inner join def_region on def_region.region = def_span.region
    inner join def_land as at_source
        on at_source.region = def_span.region and at_source.version = def_span.version
        and at_source.year = asked.source_year and at_source.use = 'not_valid'
    inner join def_land as at_flow
        on at_flow.region = def_span.region and at_flow.version = def_span.version and at_flow.year = asked.flow_year
)
select * from added
union all by name
-- most of a whole country are one code: nothing to add, and nothing to hold while it is added
select
    indicator, operand, whole as region, year, 1 as components, component as only_component,
    case when status = 'ok' then if(operand = 'V', 1, sign) * value end as value, status,
    case when status <> 'ok' then reason end as reason
from part
where parts = 1
union all by name
select
    indicator, operand, region, year, 0 as components, null::varchar as only_component, null::double as value,
    if(never, 'not_valid', 'not_available') as status, reason
from gone;
