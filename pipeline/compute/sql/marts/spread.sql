-- Grain: one row per indicator and year: how far apart the members are.
-- The range is told only when every member has a value; otherwise the status says so. Beside it the named municipalities
-- to compare with, each counted once: quartiles of three or more.
-- given  indicator, def_indicator, def_region
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
),
peer as (
    select
        indicator.indicator, indicator.year, count(*) as peers,
        min(value) as peer_lowest, max(value) as peer_highest,
        quantile_cont(value, 0.25) as q1, median(value) as median, quantile_cont(value, 0.75) as q3
    from indicator
    inner join def_region on def_region.region = indicator.region and def_region.kind = 'peer'
    where indicator.status = 'ok'
    group by indicator.indicator, indicator.year
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
    case when members_ok = members then 'ok' when gone then 'not_valid' else 'component_missing' end as status,
    coalesce(peer.peers, 0)::integer as peers,
    peer.peer_lowest,
    case when peer.peers >= 3 then peer.q1 end as peer_q1,
    case when peer.peers >= 3 then peer.median end as peer_median,
    case when peer.peers >= 3 then peer.q3 end as peer_q3,
    peer.peer_highest
from ranged
inner join def_indicator using (indicator)
left join peer on peer.indicator = ranged.indicator and peer.year = ranged.year
order by def_indicator.ord, ranged.year;
