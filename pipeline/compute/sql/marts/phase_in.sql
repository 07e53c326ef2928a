-- Grain: one row per item, basis, measure in kr, scenario, year of the accounts and step: how much of the merged
-- municipality's change has come after each year. The last step is the whole change.
-- given  harmonisation, def_phase, def_merge_year, form_assumption
create or replace table phase_in as
with own as (
    select about::integer as step, value as share_pct from form_assumption where kind = 'innfasing'
),
phase as (
    select * from own
    union all
    select step, share_pct from def_phase where not exists (select 1 from own)
)
select
    harmonisation.merger, subproject, object, item, item_title, need_adjusted, measure, scenario, harmonisation.year,
    phase.step::integer as step, (def_merge_year.merge_year + phase.step - 1)::integer as budget_year, phase.share_pct,
    harmonisation.value * phase.share_pct / 100 as value, unit, status, reason, source
from harmonisation
cross join phase
cross join def_merge_year
where role = 'merged' and measure in ('revenue_change', 'fund_change', 'cost_change')
order by object, item, need_adjusted, measure, harmonisation.year, scenario, phase.step;
