-- Grain: one row per item, basis, scenario and year: the level the scenario moves the item to.
-- The target is the lowest or highest member, the mean weighted by the weight (so that changes add up to zero), or a
-- level the group has set; `today` has none. A level is told only when every member has one. Nobody is moved above 100 per
-- cent of a target group. A price that the state sets has a mean, and no other level to move it to.
-- `usable_year`: the newest year up to the row's in which every member has level and weight. `shown_year`: that one; where there
-- is none, the newest up to the row's in which all have a level, else any.
-- given  item_region, def_scenario, def_assumed, def_status, form_assumption
create or replace table item_target as
with whole as (
    select
        object, item, need_adjusted, year,
        any_value(head) as head,
        any_value(state_set) as state_set,
        any_value(case when object = 'coverage' and unit = 'prosent' then 100 end) as most,
        bool_or(status = 'ok') as any_ok,
        bool_and(status = 'ok') as levels_ok,
        bool_and(weight_status = 'ok') as weights_ok,
        'Mangler for ' || string_agg(region_name || ' (' || level_label.label || ')', ', ' order by region_ord)
            filter (where status <> 'ok') || '.' as levels_reason,
        'Mangler for ' || string_agg(
            region_name || ' (' || weight_label.label || ': ' || rtrim(coalesce(weight_reason, ''), '.') || ')',
            ', ' order by region_ord
        ) filter (where weight_status <> 'ok') || '.' as weights_reason,
        min(level) as lowest, max(level) as highest,
        case when sum(weight) <> 0 then sum(level * weight order by region_ord) / sum(weight order by region_ord) end as average,
        case
            when bool_and(unit_cost_kr is not null)
                then sum(unit_cost_kr * level * weight order by region_ord) / nullif(sum(level * weight order by region_ord), 0)
        end as mean_cost_kr
    from item_region
    left join def_status as level_label on level_label.id = item_region.status
    left join def_status as weight_label on weight_label.id = item_region.weight_status
    group by object, item, need_adjusted, year
)
select
    whole.* exclude (state_set, most, any_ok),
    (max(case when levels_ok and weights_ok then whole.year end) over up_to)::integer as usable_year,
    coalesce(
        max(case when levels_ok and weights_ok then whole.year end) over up_to, max(case when levels_ok then whole.year end) over up_to,
        max(case when any_ok then whole.year end) over up_to, whole.year
    )::integer as shown_year,
    def_scenario.scenario, def_scenario.ord as scenario_ord,
    case def_scenario.scenario
        when 'lowest' then case when levels_ok and state_set is null then least(lowest, most) end
        when 'highest' then case when levels_ok and state_set is null then least(highest, most) end
        when 'average' then case when levels_ok and weights_ok then average end
        when 'target' then case when state_set is null then aim.value end
    end as target,
    case
        when def_scenario.scenario in ('lowest', 'highest', 'target') and state_set is not null then 'not_applicable'
        when def_scenario.scenario in ('lowest', 'highest') and not levels_ok then 'component_missing'
        when def_scenario.scenario in ('average', 'today') and not (levels_ok and weights_ok) then 'component_missing'
        when def_scenario.scenario in ('average', 'today') and average is null then 'not_applicable'
        when def_scenario.scenario = 'target' and aim.value is null then 'not_applicable'
        else 'ok'
    end as status,
    case
        when def_scenario.scenario in ('lowest', 'highest', 'target') and state_set is not null
            then 'Prisen settes av staten (' || state_set || ').'
        when def_scenario.scenario in ('lowest', 'highest', 'average', 'today') and not levels_ok then levels_reason
        when def_scenario.scenario in ('average', 'today') and not weights_ok then weights_reason
        when def_scenario.scenario in ('average', 'today') and average is null then 'Ingen brukere å veie med.'
        when def_scenario.scenario = 'target' and aim.value is null then 'Gruppen har ikke satt noe mål i forutsetninger.'
    end as reason,
    aim.source as aim_source,
    coalesce(one_elasticity.value, all_elasticity.value, def_assumed.elasticity) as elasticity,
    coalesce(assumed_cost.value, mean_cost_kr) as unit_cost_kr,
    case
        when assumed_cost.value is not null then 'oppgitt'
        when mean_cost_kr is not null then case when whole.item <> whole.head then 'oppgitt' else 'snitt' end
    end as unit_cost_basis
from whole
cross join def_scenario
cross join def_assumed
-- a target for a fee holds for the item it names; one for an indicator holds for both bases' own level only if it is not need-adjusted
left join form_assumption as aim on aim.kind = 'mål' and aim.about = whole.item and not whole.need_adjusted
left join form_assumption as assumed_cost on assumed_cost.kind = 'enhetskostnad' and assumed_cost.about = whole.item
left join form_assumption as one_elasticity on one_elasticity.kind = 'elastisitet' and one_elasticity.about = whole.head and whole.object = 'fee'
left join form_assumption as all_elasticity on all_elasticity.kind = 'elastisitet' and all_elasticity.about = 'alle' and whole.object = 'fee'
window up_to as (partition by whole.object, whole.item, whole.need_adjusted, def_scenario.scenario order by whole.year)
order by whole.object, whole.item, whole.need_adjusted, whole.year, def_scenario.ord;
