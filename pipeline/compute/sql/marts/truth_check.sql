-- Grain: one row per indicator: the last year of the members put together against the first year of the real municipality.
-- A jump is a change of more than 10 per cent that is also more than twice the largest yearly change before it. What has been 0
-- or less has no per cent.
-- given  indicator, def_indicator(indicator, ord), def_merge_year(merge_year, real, divided), def_break(indicator, year, reason), def_merger
create or replace table truth_check as
with merged as (
    select indicator.*, merge_year
    from indicator
    cross join def_merge_year
    -- a merger that is imagined has no reality, and land that is another after it is no truth about it
    where role = 'merged' and status = 'ok' and real and not divided
),
yearly as (
    select
        indicator,
        max(abs(100 * (value - before) / before)) as usual_pct
    from (
        select
            indicator, year, merge_year, value,
            lag(value) over (partition by indicator order by year) as before,
            lag(year) over (partition by indicator order by year) as before_year
        from merged
    )
    where year < merge_year and before_year = year - 1 and before > 0
    group by indicator
),
sides as (
    select
        indicator,
        max(merge_year) as merge_year,
        min(value) filter (where year <= merge_year) as least_value,
        max(value) filter (where year = merge_year - 1) as pro_forma_value,
        max(value) filter (where year = merge_year) as real_value
    from merged
    group by indicator
),
compared as (
    select
        sides.*, case when least_value > 0 then yearly.usual_pct end as usual_pct,
        case when least_value > 0 then 100 * (real_value - pro_forma_value) / pro_forma_value end as change_pct
    from sides
    left join yearly using (indicator)
)
select
    (select merger from def_merger) as merger,
    def_indicator.indicator,
    compared.merge_year::integer as first_year,
    compared.pro_forma_value,
    compared.real_value,
    compared.change_pct,
    compared.usual_pct,
    case
        when compared.change_pct is null then 'not_testable'
        when abs(compared.change_pct) > 10 and abs(compared.change_pct) > 2 * coalesce(compared.usual_pct, 0) then 'jump'
        else 'as_usual'
    end as verdict,
    def_break.reason as likely
from def_indicator
left join compared using (indicator)
left join def_break on def_break.indicator = def_indicator.indicator and def_break.year = compared.merge_year
order by def_indicator.ord;
