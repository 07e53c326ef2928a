-- Grain: one row per indicator with a published counterpart, region code and year. The merged
-- municipality's own codes are compared too. The amount is rounded to 1000 kr and the published figure to
-- its last decimal; a difference inside both roundings is no difference. A larger one must be registered,
-- and a region and year whose population is in dispute must be explained by one other population.
-- A code that is other land the year after is not divided by the people it has then.
-- given  operand_region, def_indicator, def_region, def_merger, def_merger_code, def_deviation,
--        def_other_land(region, year)
create or replace table reconciliation as
with pair as (
    select
        indicator, region, year,
        max(value) filter (where operand = 'A') as a,
        max(value) filter (where operand = 'B' and (source_year <= year or other.region is null)) as b,
        max(value) filter (where operand = 'P') as published
    from operand_region
    left join def_other_land as other using (region, year)
    where indicator in (select indicator from operand_region where operand = 'P')
    group by indicator, region, year
),
compared as (
    select
        pair.*,
        case when formula in ('ratio', 'share') then figure(formula, a, b) end as computed,
        0.5 * published_step + case when formula in ('ratio', 'share') then figure(formula, 0.5 * a_scale, b) end as slack,
        -- the population that the large published figures of the region and year were divided by
        median(case when formula = 'ratio' and abs(published) >= 1000 then a / published end)
            over (partition by region, year) as other_population,
        def_indicator.ord
    from pair
    inner join def_indicator using (indicator)
),
judged as (
    select
        compared.*,
        exists (
            select 1 from def_deviation as known
            where known."check" = 'implied_population' and known.item = compared.region || ' ' || compared.year
        ) as population_disputed,
        exists (
            select 1 from def_deviation as known
            where known."check" = 'reconciliation'
                and known.item = compared.indicator || ' ' || compared.region || ' ' || compared.year
        ) as registered
    from compared
)
select
    (select merger from def_merger) as merger,
    judged.indicator,
    judged.region,
    judged.year::integer as year,
    judged.computed,
    judged.published,
    judged.computed - judged.published as difference,
    case
        when judged.computed is null or judged.published is null then 'not_compared'
        when abs(judged.computed - judged.published) <= slack + 1e-9 then 'within_rounding'
        when registered then 'known_deviation'
        when population_disputed and abs(a / other_population - judged.published) <= slack + 0.0002 * abs(judged.published)
            then 'known_deviation'
        else 'deviation'
    end as verdict
from judged
left join def_region on def_region.region = judged.region
where judged.year between coalesce(def_region.first_year, 1986) and coalesce(def_region.last_year, 2099)
    and (def_region.region is not null or judged.region in (select region from def_merger_code))
order by judged.ord, def_region.ord nulls last, judged.region, judged.year;
