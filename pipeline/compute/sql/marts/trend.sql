-- Grain: one row per indicator, member, merged municipality or country, and year that has a value: the last five years.
-- slope_pct is the line through the years there are (three at least) in per cent of their mean a year. Kroner stand beside
-- the same in the prices of one year; a year the deflator does not reach is left out, never carried over.
-- A line through the merger joins two things: members put together before, the real municipality after. It says so.
-- given  indicator, def_indicator(indicator, ord, unit, money), def_region, def_merge_year, def_merger,
--        def_price(year, price_year, factor, missing)
create or replace table trend as
with figure as (
    select
        indicator.indicator, indicator.region, indicator.region_name, indicator.role, indicator.year, indicator.value,
        def_indicator.ord, def_indicator.money,
        def_price.price_year,
        case when def_indicator.money then indicator.value * def_price.factor end as fixed_value,
        case when def_indicator.money and def_price.factor is null then coalesce(def_price.missing, 'Deflatoren har ikke dette året.') end as missing
    from indicator
    inner join def_indicator using (indicator)
    inner join def_region on def_region.region = indicator.region
    left join def_price on def_price.year = indicator.year
    where indicator.status = 'ok'
        and (indicator.role in ('member', 'merged') or def_region.kind = 'country')
),
lined as (
    select
        *,
        count(*) over last_five as years_used,
        min(year) over last_five as first_year,
        regr_slope(value, year) over last_five as slope,
        avg(value) over last_five as mean_value,
        count(fixed_value) over last_five as fixed_years,
        regr_slope(fixed_value, year) over last_five as fixed_slope,
        avg(fixed_value) over last_five as fixed_mean
    from figure
    window last_five as (partition by indicator, region order by year range between 4 preceding and current row)
)
select
    (select merger from def_merger) as merger,
    lined.indicator, lined.region, lined.region_name, lined.role, lined.year,
    lined.value,
    lined.years_used::integer as years_used,
    case when years_used >= 3 then 100 * slope / nullif(abs(mean_value), 0) end as slope_pct,
    case when lined.money then lined.price_year end as price_year,
    fixed_value,
    case when fixed_years >= 3 then 100 * fixed_slope / nullif(abs(fixed_mean), 0) end as fixed_slope_pct,
    case when not lined.money then 'not_applicable' when fixed_value is null then 'not_available' else 'ok' end as fixed_status,
    missing as fixed_reason,
    case when lined.role = 'merged' and lined.first_year < merge_year and lined.year >= merge_year then 'true' else 'false' end
        as crosses_merger
from lined
cross join def_merge_year
inner join def_region on def_region.region = lined.region
order by lined.ord, def_region.ord, lined.year;
