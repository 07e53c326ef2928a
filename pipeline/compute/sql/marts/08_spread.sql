-- Grain: one row per indicator and year: how far apart the members are.
-- The range is told only when every member has a value; otherwise the status says so.
-- given  indicator, def_indicator
create or replace table spread as
with member as (
    select * from indicator where role = 'member'
),
ranged as (
    select
        merger, indicator, year,
        count(*) as members,
        count(*) filter (where status = 'ok') as members_ok,
        min(value) as lowest,
        arg_min(region, value) as lowest_region,
        max(value) as highest,
        arg_max(region, value) as highest_region,
        bool_and(status = 'not_valid') as gone
    from member
    group by merger, indicator, year
)
select
    ranged.merger, ranged.indicator, ranged.year,
    case when members_ok = members then lowest end as lowest,
    case when members_ok = members then lowest_region end as lowest_region,
    case when members_ok = members then highest end as highest,
    case when members_ok = members then highest_region end as highest_region,
    case when members_ok = members and lowest > 0 then 100 * (highest - lowest) / lowest end as spread_pct,
    members_ok::integer as members_ok,
    members::integer as members,
    case when members_ok = members then 'ok' when gone then 'not_valid' else 'component_missing' end as status
from ranged
inner join def_indicator using (indicator)
order by def_indicator.ord, ranged.year;
