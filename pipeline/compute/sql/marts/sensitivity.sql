-- Grain: one row per item, basis, way, scenario, region (member or merged) and year: the scenarios of spending and coverage
-- made in another way that is as good, to see whether what they say holds. Same arithmetic as `harmonisation`.
-- `rest_held`: the part of the cost key that is not age held at the country's level, where `harmonisation` lets it follow
-- the age part. `three_years`: each member's level is its mean distance to the common level over the three newest usable
-- years (of five), told in the year's own kroner: one year of a small municipality does not set the level alone.
-- given  item_region, item_target, need, def_merger, def_region
create or replace table sensitivity as
with own as (
    select item_region.* from item_region where object in ('coverage', 'spending') and state_set is null and caution is null
),
common as (
    select object, item, need_adjusted, year, target as level from item_target where scenario = 'average' and status = 'ok' and target > 0
),
-- the years that the mean of a year is made of
span as (
    select shown.object, shown.item, shown.need_adjusted, shown.year, past.year as past_year, past.level as past_level
    from common as shown
    inner join common as past
        on past.object = shown.object and past.item = shown.item and past.need_adjusted = shown.need_adjusted
        and past.year between shown.year - 4 and shown.year
    qualify row_number() over (partition by shown.object, shown.item, shown.need_adjusted, shown.year order by past.year desc) <= 3
),
steady as (
    select
        span.object, span.item, span.need_adjusted, span.year, past.region,
        avg(past.level / span.past_level) as relative,
        string_agg(span.past_year::varchar, ', ' order by span.past_year) as years, count(*) as year_count
    from span
    inner join own as past
        on past.object = span.object and past.item = span.item and past.need_adjusted = span.need_adjusted and past.year = span.past_year
    group by span.object, span.item, span.need_adjusted, span.year, past.region
),
way as (
    select
        own.object, own.item, own.need_adjusted, own.year, own.region, own.region_name, own.region_ord, own.subproject, own.source,
        'three_years' as way, steady.relative * common.level as level, own.weight, steady.years
    from own
    inner join common using (object, item, need_adjusted, year)
    inner join steady using (object, item, need_adjusted, year, region)
    where steady.year_count > 1
    union all by name
    select
        own.object, own.item, own.need_adjusted, own.year, own.region, own.region_name, own.region_ord, own.subproject, own.source,
        'rest_held' as way, need.adjusted_rest_held as level, need.inhabitants * need.need_index_rest_held / 100 as weight,
        own.year::varchar as years
    from own
    inner join need on need.indicator = own.item and need.region = own.region and need.year = own.year and need.status = 'ok'
    where own.object = 'spending' and own.need_adjusted
),
aim as (
    select
        object, item, need_adjusted, year, way, count(*) as members, min(level) as lowest, max(level) as highest,
        sum(level * weight order by region_ord) / nullif(sum(weight order by region_ord), 0) as average,
        arg_min(region, level) as lowest_region, arg_max(region, level) as highest_region
    from way
    group by object, item, need_adjusted, year, way
    -- a scenario is only told when every member is in it
    having count(*) = (select count(*) from def_region where role = 'member')
),
scenario as (
    select *, lowest as target, lowest_region as target_region, 'lowest' as scenario, 1 as scenario_ord from aim
    union all by name
    select *, average as target, null::varchar as target_region, 'average' as scenario, 2 as scenario_ord from aim
    union all by name
    select *, highest as target, highest_region as target_region, 'highest' as scenario, 3 as scenario_ord from aim
),
moved as (
    select
        way.*, scenario.scenario, scenario.scenario_ord, scenario.target, scenario.target_region, 'member' as role,
        (scenario.target - way.level) * way.weight as value
    from way
    inner join scenario using (object, item, need_adjusted, year, way)
),
summed as (
    select
        object, item, need_adjusted, year, any_value(subproject) as subproject, way, scenario, any_value(scenario_ord) as scenario_ord,
        any_value(target) as target, any_value(target_region) as target_region, any_value(years) as years, any_value(source) as source,
        sum(level * weight order by region_ord) / nullif(sum(weight order by region_ord), 0) as level, sum(weight order by region_ord) as weight,
        sum(value order by region_ord) as value
    from moved
    group by object, item, need_adjusted, year, way, scenario
)
select
    (select merger from def_merger) as merger,
    subproject, object, item, need_adjusted, way, scenario, region, region_name, role, year::integer as year, years,
    level, weight, target, target_region,
    case when object = 'spending' then value end as cost_change_kr, source
from (
    select * from moved
    union all by name
    select summed.*, def_region.region, def_region.region_name, def_region.ord as region_ord, 'merged' as role
    from summed
    inner join def_region on def_region.role = 'merged'
)
order by object, item, need_adjusted, year, way, scenario_ord, region_ord;
