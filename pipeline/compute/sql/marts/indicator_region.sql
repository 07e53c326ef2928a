-- Grain: one row per indicator, region code and year: the value of one municipality, group or country.
-- Where it cannot be computed, the producer's own published figure is taken and `basis` says so.
-- So it is where the register of known deviations says that the region and year cannot be computed.
-- given  operand_region, def_indicator, def_deviation
create or replace temp table indicator_region as
with operand as (
    select
        indicator, region, year,
        max(value) filter (where operand = 'A') as a,
        max(value) filter (where operand = 'B') as b,
        max(value) filter (where operand = 'P') as published,
        max(value) filter (where operand = 'U') as uncertainty,
        max(status) filter (where operand = 'A') as a_status,
        max(status) filter (where operand = 'B') as b_status,
        max(reason) filter (where operand = 'A') as a_reason,
        max(reason) filter (where operand = 'B') as b_reason
    from operand_region
    group by indicator, region, year
),
divided as (
    select
        operand.*,
        def_indicator.formula,
        def_indicator.merge,
        unusable.reason as unusable_reason,
        case
            when a_status <> 'ok' then a_status
            when unusable.reason is not null and divides(formula) then 'not_available'
            when not divides(formula) then 'ok'
            when b_status <> 'ok' then b_status
            when b = 0 then 'not_applicable'
            else 'ok'
        end as own_status
    from operand
    inner join def_indicator using (indicator)
    left join (
        select item, any_value(reason) as reason from def_deviation where unusable group by item
    ) as unusable on unusable.item = operand.region || ' ' || operand.year
)
select
    indicator, region, year,
    case
        when own_status = 'ok' then figure(formula, a, b)
        when own_status <> 'not_valid' then published
    end as value,
    case when formula = 'value' then null else a end as numerator,
    b as denominator,
    case when own_status not in ('ok', 'not_valid') and published is not null then 'ok' else own_status end as status,
    case
        when own_status = 'ok' then null
        when own_status <> 'not_valid' and published is not null
            then 'Produsentens publiserte tall. ' || coalesce(case when a_status <> 'ok' then a_reason else b_reason end, unusable_reason, '')
        when a_status <> 'ok' then a_reason
        when b_status = 'ok' and unusable_reason is not null then unusable_reason
        when b_status <> 'ok' then b_reason
        else 'Nevneren er 0.'
    end as reason,
    case
        when own_status = 'ok' and formula <> 'value' then 'computed'
        when own_status = 'ok' then 'published'
        when own_status <> 'not_valid' and published is not null then 'published'
    end as basis,
    case when own_status = 'ok' then uncertainty end as uncertainty
from divided;
