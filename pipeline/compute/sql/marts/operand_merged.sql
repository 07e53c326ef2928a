-- Grain: one row per indicator, operand, region put together (the merger, or the country less Oslo)
-- and year. Which codes make it up is asked of the date the operand is taken at: for 2019 the
-- accounts are the old municipalities', the population of 31.12.2019 is the new one's.
-- given  operand_weighted, def_status, def_component(region, component, component_name, ord, sign, from, to, area)
create or replace temp table operand_merged as
with part as (
    select
        component.region as merged, component.component, component.component_name, component.ord, component.sign,
        operand.*,
        def_status.label
    from def_component as component
    inner join operand_weighted as operand
        on operand.region = component.component
        and case
            when operand.region_basis = 'former_area' then component.area
            else make_date(operand.source_year, 1, 1) >= component.valid_from
                and make_date(operand.source_year, 1, 1) < component.valid_to
        end
    inner join def_status on def_status.id = operand.status
    where operand.operand in ('A', 'B', 'W')
)
select
    indicator, operand, merged as region, year,
    count(*) as components,
    any_value(component) as only_component,
    case when bool_and(status = 'ok') then sum(sign * value order by ord) end as value,
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
    end as reason,
    count(*) filter (where status = 'ok') as components_ok
from part
group by indicator, operand, merged, year;
