-- Grain: one row per indicator, region and year of this merger. The contract every report reads.
-- S: sum A, sum B, divide. W: sum of value × weight by sum of weights. N: not added.
-- A merged region made of one code is that municipality and keeps its own figure.
-- given  indicator_region, operand_merged, def_region, def_indicator, def_merger
create or replace table indicator as
with operand as (
    select
        indicator, region, year,
        max(value) filter (where operand = 'A') as a,
        max(value) filter (where operand = 'W') as w,
        max(value) filter (where operand = 'B') as b,
        max(status) filter (where operand = 'A') as a_status,
        max(status) filter (where operand = 'B') as b_status,
        max(status) filter (where operand = 'W') as w_status,
        max(reason) filter (where operand = 'A') as a_reason,
        max(reason) filter (where operand = 'B') as b_reason,
        max(reason) filter (where operand = 'W') as w_reason,
        max(components) as components,
        max(only_component) filter (where operand = 'A') as a_component,
        max(only_component) filter (where operand = 'B') as b_component
    from operand_merged
    group by indicator, region, year
),
added as (
    select
        operand.*,
        def_indicator.formula,
        def_indicator.merge,
        components = 1 and (b_component is null or a_component = b_component) as single,
        case
            when def_indicator.merge = 'N' then 'not_applicable'
            when def_indicator.merge = 'W' and w_status <> 'ok' then w_status
            when def_indicator.merge = 'S' and a_status <> 'ok' then a_status
            when (divides(formula) or def_indicator.merge = 'W') and b_status <> 'ok' then b_status
            when (divides(formula) or def_indicator.merge = 'W') and b = 0 then 'not_applicable'
            else 'ok'
        end as own_status
    from operand
    inner join def_indicator using (indicator)
),
merged as (
    select
        added.indicator, added.region, added.year,
        case
            when added.single then one.value
            when own_status = 'ok' then if(added.merge = 'W', figure('ratio', w, b), figure(formula, a, b))
        end as value,
        case when added.single then one.numerator when added.merge = 'W' then w when added.merge = 'S' then a end as numerator,
        case when added.single then one.denominator when added.merge <> 'N' then b end as denominator,
        case when added.single then one.status else own_status end as status,
        case
            when added.single then one.reason
            when added.merge = 'N' then 'Kan ikke legges sammen; se kommunene hver for seg.'
            when added.merge = 'W' then coalesce(w_reason, b_reason)
            else coalesce(a_reason, case when divides(formula) then b_reason end, case when b = 0 then 'Nevneren er 0.' end)
        end as reason,
        case when added.single then one.basis when own_status = 'ok' then 'computed' end as basis,
        case when added.single then one.uncertainty end as uncertainty
    from added
    left join indicator_region as one
        on one.indicator = added.indicator and one.region = added.a_component and one.year = added.year
),
everyone as (
    select * from merged
    union all by name
    select * from indicator_region
)
select
    (select merger from def_merger) as merger,
    everyone.indicator,
    everyone.region,
    def_region.region_name,
    def_region.role,
    everyone.year::integer as year,
    everyone.value,
    def_indicator.unit,
    everyone.numerator,
    everyone.denominator,
    everyone.status,
    everyone.reason,
    everyone.basis,
    def_indicator.source,
    def_indicator.updated,
    everyone.uncertainty
from everyone
inner join def_region on def_region.region = everyone.region and everyone.year between def_region.first_year and def_region.last_year
inner join def_indicator using (indicator)
order by def_indicator.ord, def_region.ord, everyone.year;
