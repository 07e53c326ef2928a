-- Grain: one row per indicator with a published counterpart, region code and year.
-- The amount is rounded to 1000 kr and the published figure to its last decimal; a difference inside
-- both roundings is no difference. Larger ones must stand in the register of known deviations.
-- given  operand_region, def_indicator, def_region, def_deviation
create or replace table reconciliation as
with pair as (
    select
        indicator, region, year,
        max(value) filter (where operand = 'A') as a,
        max(value) filter (where operand = 'B') as b,
        max(value) filter (where operand = 'P') as published
    from operand_region
    where indicator in (select indicator from operand_region where operand = 'P')
    group by indicator, region, year
),
compared as (
    select
        pair.*,
        case formula when 'ratio' then a / b when 'share' then 100 * a / b end as computed,
        0.5 * published_step + case formula when 'ratio' then 0.5 * a_scale / b when 'share' then 50 * a_scale / b end as slack,
        def_indicator.ord
    from pair
    inner join def_indicator using (indicator)
)
select
    (select merger from def_merger) as merger,
    compared.indicator,
    compared.region,
    compared.year::integer as year,
    compared.computed,
    compared.published,
    compared.computed - compared.published as difference,
    case
        when compared.computed is null or compared.published is null then 'not_compared'
        when abs(compared.computed - compared.published) <= slack + 1e-9 then 'within_rounding'
        when known.item is not null then 'known_deviation'
        else 'deviation'
    end as verdict
from compared
inner join def_region on def_region.region = compared.region and compared.year between def_region.first_year and def_region.last_year
left join def_deviation as known
    on known."check" in ('implied_population', 'reconciliation')
    and known.item in (compared.region || ' ' || compared.year, compared.indicator || ' ' || compared.region || ' ' || compared.year)
order by compared.ord, def_region.ord, compared.year;
