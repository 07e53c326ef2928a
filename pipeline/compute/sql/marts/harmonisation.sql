-- Grain: one row per item, basis, measure, scenario, region (member or merged) and year. First-round arithmetic: before
-- behaviour, wage harmonisation, contracts and transition grants.
-- One arithmetic for fees, coverage and spending: change = target × weight − amount, where amount = level × weight.
-- A sum is told only when every member is in it. What is in doubt (`caution`) or set by the state moves nothing. Nobody is
-- moved down to 100 per cent of a target group on the way up. `fund_months`: how long the fund lasts a change that uses it.
-- given  item_region, item_target, def_merger, def_region, def_status
create or replace table harmonisation as
with moved as (
    select
        own.*, aimed.scenario, aimed.scenario_ord, aimed.target, aimed.elasticity, aimed.unit_cost_kr as cost_kr, aimed.unit_cost_basis,
        aimed.status as aim_status, aimed.reason as aim_reason,
        case
            when aimed.scenario = 'highest' then greatest(aimed.target, own.level) else aimed.target
        end as moved_to,
        coalesce(own.caution, 'Prisen settes av staten (' || own.state_set || ').') as held,
        case
            when aimed.scenario = 'today' or aimed.elasticity = 0 or own.level = aimed.target then own.weight
            when own.level <> 0 then own.weight * greatest(0, 1 + aimed.elasticity * (aimed.target - own.level) / own.level)
        end as new_weight,
        case
            when aimed.scenario = 'today' then own.status
            when aimed.status <> 'ok' then aimed.status
            else own.status
        end as level_status,
        case when aimed.scenario <> 'today' and aimed.status <> 'ok' then aimed.reason else own.reason end as level_reason,
        case
            when aimed.scenario <> 'today' and held is not null then 'not_applicable'
            when aimed.scenario <> 'today' and aimed.status <> 'ok' then aimed.status
            when own.status <> 'ok' then own.status
            when own.weight_status <> 'ok' then own.weight_status
            when aimed.scenario <> 'today' and aimed.elasticity <> 0 and own.level = 0 and aimed.target <> 0 then 'not_applicable'
            else 'ok'
        end as sum_status,
        case
            when aimed.scenario <> 'today' and held is not null then held
            when aimed.scenario <> 'today' and aimed.status <> 'ok' then aimed.reason
            when own.status <> 'ok' then own.reason
            when own.weight_status <> 'ok' then own.weight_reason
            when aimed.scenario <> 'today' and aimed.elasticity <> 0 and own.level = 0 and aimed.target <> 0
                then 'Endret bruk kan ikke regnes fra en pris på null.'
        end as sum_reason
    from item_region as own
    inner join item_target as aimed using (object, item, need_adjusted, year)
),
measured as (
    -- levels, members
    select *, 'level' as measure, case when scenario = 'today' then level else target end as value, level_status as own_status, level_reason as own_reason
    from moved
    union all by name
    -- what it comes to today
    select
        *, case object when 'fee' then 'revenue' when 'coverage' then 'units' else 'cost' end as measure,
        level * weight as value, sum_status as own_status, sum_reason as own_reason
    from moved where scenario = 'today'
    union all by name
    select *, 'payers' as measure, users as value, case when users is null then sum_status else 'ok' end as own_status, sum_reason as own_reason
    from moved where scenario = 'today' and object = 'fee'
    union all by name
    select
        *, 'fund' as measure, fund_kr as value,
        case when fund_kr is null then 'not_available' else 'ok' end as own_status,
        case when fund_kr is null then 'Selvkostfondet er ikke oppgitt i brukerbetalinger.' end as own_reason
    from moved where scenario = 'today' and object = 'fee' and self_cost
    union all by name
    -- what the scenario changes
    select
        *,
        case
            when object = 'coverage' then 'units_change'
            when object = 'spending' then 'cost_change'
            when self_cost then 'fund_change'
            else 'revenue_change'
        end as measure,
        moved_to * new_weight - level * weight as value, sum_status as own_status, sum_reason as own_reason
    from moved where scenario <> 'today'
    union all by name
    select
        *, 'cost_change' as measure, (moved_to * weight - level * weight) * cost_kr as value,
        case
            when sum_status <> 'ok' then sum_status
            when not_kroner is not null and unit_cost_basis is distinct from 'oppgitt' then 'not_applicable'
            when cost_kr is null then 'not_available'
            else 'ok'
        end as own_status,
        case
            when sum_status <> 'ok' then sum_reason
            when not_kroner is not null and unit_cost_basis is distinct from 'oppgitt' then not_kroner
            when cost_kr is null then 'Hva én enhet koster, er ikke oppgitt.'
        end as own_reason
    from moved where scenario <> 'today' and object = 'coverage'
    union all by name
    select
        moved.*, side.measure,
        case when side.measure = 'pay_more' then case when target > level + 1e-9 then users else 0 end
            else case when target < level - 1e-9 then users else 0 end end as value,
        sum_status as own_status, sum_reason as own_reason
    from moved cross join (values ('pay_more'), ('pay_less')) as side (measure)
    where scenario <> 'today' and object = 'fee'
),
member as (
    select
        *, case when own_status = 'ok' then value end as shown
    from measured
),
summed as (
    select
        object, item, need_adjusted, any_value(ord) as ord, any_value(line) as line, any_value(subproject) as subproject, any_value(service) as service,
        any_value(title) as title, any_value(unit) as unit, any_value(units_word) as units_word, year, scenario, any_value(scenario_ord) as scenario_ord,
        measure, any_value(aim_status) as aim_status, any_value(aim_reason) as aim_reason,
        any_value(target) as target, any_value(unit_cost_basis) as unit_cost_basis,
        bool_and(own_status = 'ok') as all_ok,
        count(distinct own_status) = 1 and any_value(own_status) in ('not_applicable') as never,
        any_value(own_reason) as one_reason,
        sum(shown order by region_ord) as total,
        'Mangler for ' || string_agg(region_name || ' (' || def_status.label || ')', ', ' order by region_ord)
            filter (where own_status <> 'ok') || '.' as hole,
        string_agg(distinct source, '; ' order by source) as source
    from member
    inner join def_status on def_status.id = member.own_status
    group by object, item, need_adjusted, year, scenario, measure
),
-- the fund that the members have together, and what a common fee takes out of it a year
lasting as (
    select
        moved.* exclude (measure, total, all_ok, hole, one_reason, never), 'fund_months' as measure,
        12 * own.total / nullif(-moved.total, 0) as total,
        -- half a krone is what adding up may be off
        moved.all_ok and own.all_ok and moved.total < -0.5 and own.total > 0 as all_ok,
        coalesce(moved.all_ok and own.all_ok, false) as never,
        'Fondet brukes ikke opp av denne endringen.' as one_reason, coalesce(moved.hole, own.hole) as hole
    from summed as moved
    inner join summed as own
        on own.item = moved.item and own.year = moved.year and own.measure = 'fund' and own.object = moved.object
    where moved.measure = 'fund_change'
),
merged as (
    select
        summed.*, def_region.region, def_region.region_name, def_region.ord as region_ord, 'merged' as role,
        case
            when measure = 'level' and summed.scenario = 'today' then average.target
            when measure = 'level' then summed.target
            when all_ok then total
        end as shown,
        case
            when measure = 'level' and summed.scenario = 'today' then average.status
            when measure = 'level' then aim_status
            when all_ok then 'ok'
            when aim_status <> 'ok' then aim_status
            when never then 'not_applicable'
            else 'component_missing'
        end as own_status,
        case
            when measure = 'level' and summed.scenario = 'today' then average.reason
            when measure = 'level' then aim_reason
            when all_ok then null
            when aim_status <> 'ok' then aim_reason
            when never then one_reason
            else hole
        end as own_reason
    from (select * from summed union all by name select * from lasting) as summed
    inner join def_region on def_region.role = 'merged'
    left join item_target as average
        on average.object = summed.object and average.item = summed.item and average.need_adjusted = summed.need_adjusted
        and average.year = summed.year and average.scenario = 'average'
),
every as (
    select *, 'member' as role from member
    union all by name
    select * from merged
)
select
    (select merger from def_merger) as merger,
    subproject, object, item, title as item_title, service, need_adjusted, measure, scenario, region, region_name, role, year::integer as year,
    case when own_status = 'ok' then shown end as value,
    case
        when measure = 'level' then unit
        when measure in ('units', 'units_change') then units_word
        when measure in ('payers', 'pay_more', 'pay_less') then units_word
        when measure = 'fund_months' then 'måneder'
        else 'kr'
    end as unit,
    own_status as status,
    case when own_status <> 'ok' then coalesce(own_reason, 'Ikke oppgitt.') end as reason,
    source
from every
order by object, ord, line, item, need_adjusted, year, scenario_ord, measure, region_ord;
