-- Grain: one row per typical household, line of its bill, scenario, member and year: kr a year. The line «sum» is all of
-- them together, and is missing where one is. Hours beyond the member's own cap are not paid for. A tariff of price and cap
-- is levelled as what the household pays with each member's price and cap: never more than the dearest bill there is. A
-- price that the state sets stays as it is.
-- given  item_region, item_target, def_household, def_scenario, def_region, def_merger
create or replace table household as
with today as (
    select
        def_household.*, own.year, own.region, own.region_name, own.region_ord, own.source, own.state_set,
        bool_or(own.hour_cap is not null) over (partition by def_household.household, def_household.line, own.year) as two_part,
        own.weight, case when own.price_kr is null then own.status else 'ok' end as status, own.reason,
        least(def_household.quantity, coalesce(own.hour_cap, def_household.quantity)) * coalesce(def_household.times, own.months) as units,
        coalesce(def_household.times, own.months) as paid_times,
        own.price_kr * units as kr
    from def_household
    inner join item_region as own on own.object = 'fee' and own.item = def_household.item
),
-- what the bill of the same use is with each member's price and cap
bill as (
    select
        household, line, year, min(kr) as lowest, max(kr) as highest,
        sum(kr * weight order by region_ord) / nullif(sum(weight order by region_ord), 0) as average
    from today
    group by household, line, year
),
line as (
    select
        today.* exclude (kr, status, reason), aimed.scenario, aimed.scenario_ord,
        case when aimed.scenario = 'today' or aimed.status = 'ok' or state_set is not null then today.status else aimed.status end as status,
        case when aimed.scenario = 'today' or aimed.status = 'ok' or state_set is not null then today.reason else aimed.reason end as reason,
        case
            when aimed.scenario = 'today' or state_set is not null then today.kr
            when not two_part then aimed.target * units
            when aimed.scenario = 'target' then aimed.target * paid_times
            when aimed.scenario = 'lowest' then bill.lowest
            when aimed.scenario = 'highest' then bill.highest
            when aimed.scenario = 'average' then bill.average
        end as kr
    from today
    inner join bill using (household, line, year)
    inner join item_target as aimed
        on aimed.object = 'fee' and aimed.item = today.item and aimed.year = today.year
),
span as (
    select distinct household, year from line
),
-- every line of a household that has one in the year: a fee nobody has filled in is a hole in the sum
wanted as (
    select
        def_household.household, def_household.ord, def_household.title, def_household.subproject, def_household.line,
        def_household.what, span.year, member.region, member.region_name, member.ord as region_ord,
        def_scenario.scenario, def_scenario.ord as scenario_ord
    from span
    inner join def_household using (household)
    inner join def_region as member on member.role = 'member'
    cross join def_scenario
),
told as (
    select
        wanted.*, case when line.status = 'ok' then line.kr end as kr,
        coalesce(line.status, 'not_available') as status,
        case when line.status is null then 'Satsen er ikke oppgitt i brukerbetalinger.' else line.reason end as reason,
        line.source
    from wanted
    left join line
        on line.household = wanted.household and line.line = wanted.line and line.year = wanted.year
        and line.region = wanted.region and line.scenario = wanted.scenario
),
summed as (
    select
        household, any_value(ord) as ord, any_value(title) as title, any_value(subproject) as subproject, 999 as line, 'sum' as what,
        year, region, any_value(region_name) as region_name, any_value(region_ord) as region_ord, scenario, any_value(scenario_ord) as scenario_ord,
        case when bool_and(status = 'ok') then sum(kr order by line) end as kr,
        case when bool_and(status = 'ok') then 'ok' when count(distinct status) = 1 then any_value(status) else 'component_missing' end as status,
        'Mangler: ' || string_agg(what, ', ' order by line) filter (where status <> 'ok') || '.' as reason,
        string_agg(distinct source, '; ' order by source) as source
    from told
    group by household, year, region, scenario
)
select
    (select merger from def_merger) as merger,
    subproject, household, title, line::integer as line, what, scenario, region, region_name, 'member' as role, year::integer as year,
    kr as value, 'kr per år' as unit, status, case when status <> 'ok' then coalesce(reason, 'Ikke oppgitt.') end as reason, source
from (select * from told union all by name select * from summed)
order by ord, year, line, scenario_ord, region_ord;
