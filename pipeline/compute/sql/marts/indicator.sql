-- Grain: one row per indicator, region and year of this merger. The contract every report reads.
-- A region that is one municipality has its own figure: A and B, and where they cannot be divided, the producer's own
-- published figure (so it is where the register of known deviations says that the region and year cannot be computed).
-- One put together is added up: S sum A, sum B, divide. W: sum of value × weight by sum of weights. N: not added.
-- given  operand_composed, def_region, def_indicator, def_deviation, def_merger, def_span, def_land
create or replace table indicator as
with operand as (
    select
        indicator, region, year,
        max(value) filter (where operand = 'A') as a,
        max(value) filter (where operand = 'W') as w,
        max(value) filter (where operand = 'B') as b,
        max(value) filter (where operand = 'P') as published,
        max(value) filter (where operand = 'U') as uncertainty,
        max(value) filter (where operand = 'V') as variance,
        max(status) filter (where operand = 'A') as a_status,
        max(status) filter (where operand = 'B') as b_status,
        max(status) filter (where operand = 'W') as w_status,
        max(reason) filter (where operand = 'A') as a_reason,
        max(reason) filter (where operand = 'B') as b_reason,
        max(reason) filter (where operand = 'W') as w_reason,
        max(components) filter (where operand in ('A', 'B')) as components,
        max(only_component) filter (where operand = 'A') as a_component
    from operand_composed
    group by indicator, region, year
),
known as (
    select item, any_value(reason) as reason from def_deviation where unusable group by item
),
judged as (
    select
        operand.*, def_indicator.formula, def_indicator.merge, known.reason as unusable_reason, components <= 1 as one,
        divides(formula) or def_indicator.merge = 'W' and components > 1 as divided,
        case
            when components <= 1 and a_status <> 'ok' then a_status
            when components <= 1 and known.reason is not null and divides(formula) then 'not_available'
            when components <= 1 and not divides(formula) then 'ok'
            when components > 1 and def_indicator.merge = 'N' then 'not_applicable'
            when components > 1 and def_indicator.merge = 'W' and w_status <> 'ok' then w_status
            when components > 1 and def_indicator.merge = 'S' and a_status <> 'ok' then a_status
            when divided and b_status <> 'ok' then b_status
            when divided and b = 0 then 'not_applicable'
            else 'ok'
        end as own_status
    from operand
    inner join def_indicator using (indicator)
    left join known on known.item = operand.a_component || ' ' || operand.year
),
told as (
    select
        *,
        -- the producer's own figure stands in where a municipality's cannot be computed
        one and own_status not in ('ok', 'not_valid') and published is not null as instead
    from judged
),
valued as (
    select
        indicator, region, year,
        case
            when instead then published
            when own_status = 'ok' and not one and merge = 'W' then figure('ratio', w, b)
            when own_status = 'ok' then figure(formula, a, b)
        end as value,
        case
            when one then if(formula = 'value', null, a)
            when merge = 'W' then w
            when merge = 'S' then a
        end as numerator,
        case when one or merge <> 'N' then b end as denominator,
        if(instead, 'ok', own_status) as status,
        case
            when own_status = 'ok' then null
            when instead
                then 'Produsentens publiserte tall. ' || coalesce(case when a_status <> 'ok' then a_reason else b_reason end, unusable_reason, '')
            when one and a_status <> 'ok' then a_reason
            when one and b_status = 'ok' and unusable_reason is not null then unusable_reason
            when one and b_status <> 'ok' then b_reason
            when not one and merge = 'N' then 'Kan ikke legges sammen; se kommunene hver for seg.'
            when not one and merge = 'W' then coalesce(w_reason, b_reason, 'Nevneren er 0.')
            else coalesce(a_reason, if(divided, b_reason, null), 'Nevneren er 0.')
        end as reason,
        case
            when instead or own_status = 'ok' and one and formula = 'value' then 'published'
            when own_status = 'ok' then 'computed'
        end as basis,
        case
            when own_status <> 'ok' then null
            when one then uncertainty
            -- √Σ(n·u)² ÷ Σn, where every part has one
            when merge = 'W' then sqrt(variance) / b
        end as uncertainty
    from told
)
select
    (select merger from def_merger) as merger,
    valued.indicator,
    valued.region,
    def_region.region_name,
    def_region.role,
    valued.year::integer as year,
    valued.value,
    def_indicator.unit,
    valued.numerator,
    valued.denominator,
    valued.status,
    valued.reason,
    valued.basis,
    def_indicator.source,
    def_indicator.updated,
    valued.uncertainty,
    if(valued.status = 'ok', nullif(def_land.mark, ''), null) as mark
from valued
inner join def_region on def_region.region = valued.region and valued.year between def_region.first_year and def_region.last_year
inner join def_indicator using (indicator)
inner join def_span on def_span.region = valued.region and valued.year between def_span.first_year and def_span.last_year
left join def_land on def_land.region = valued.region and def_land.version = def_span.version and def_land.year = valued.year
order by def_indicator.ord, def_region.ord, valued.year;
