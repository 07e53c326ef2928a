-- Grain: one row per indicator, member, merged municipality or country, and year that has a value: the last five years.
-- slope is the line through the years there are (three at least), a year; slope_pct the same in per cent of their mean, where
-- none of them is 0 or less. Kroner stand beside the same in the prices of one year, over the same years or not at all; a year
-- the deflator does not reach is never carried over. Beside a municipality's line stands the country's, over the same years.
-- A line through the merger joins two things: members put together before, the real municipality after. It says so; and what
-- has made the figures another thing within the years (a reform) is told.
-- given  indicator, def_indicator(indicator, ord, unit, money), def_region, def_merge_year(merge_year, real, divided), def_merger,
--        def_price(year, price_year, factor, missing), def_break(indicator, year, reason)
create or replace table trend as
with figure as (
    select
        indicator.indicator, indicator.region, indicator.region_name, indicator.role, indicator.year, indicator.value,
        def_indicator.ord, def_indicator.money, def_region.kind, def_region.ord as region_ord,
        def_price.price_year,
        -- land that is another after the merger begins a line of its own
        def_merge_year.divided and indicator.role = 'merged' and indicator.year >= def_merge_year.merge_year as after,
        case when def_indicator.money then indicator.value * def_price.factor end as fixed_value,
        case when def_indicator.money and def_price.factor is null then coalesce(def_price.missing, 'Deflatoren har ikke dette året.') end as missing
    from indicator
    inner join def_indicator using (indicator)
    inner join def_region on def_region.region = indicator.region
    left join def_price on def_price.year = indicator.year
    cross join def_merge_year
    where indicator.status = 'ok'
        and (indicator.role in ('member', 'merged') or def_region.kind = 'country')
),
lined as (
    select
        *,
        count(*) over last_five as years_used,
        list(year) over last_five as years,
        min(year) over last_five as first_year,
        regr_slope(value, year) over last_five as line,
        avg(value) over last_five as mean_value,
        min(value) over last_five > 0 as rate,
        count(fixed_value) over last_five as fixed_years,
        regr_slope(fixed_value, year) over last_five as fixed_line,
        avg(fixed_value) over last_five as fixed_mean
    from figure
    window last_five as (partition by indicator, region, after order by year range between 4 preceding and current row)
),
sloped as (
    select
        *,
        case when years_used >= 3 then line end as slope,
        case when years_used >= 3 and rate then 100 * line / mean_value end as slope_pct,
        case when years_used >= 3 and rate and fixed_years = years_used then 100 * fixed_line / fixed_mean end as fixed_slope_pct
    from lined
),
-- the country's line over a municipality's years, all of them
beside as (
    select
        own.indicator, own.region, own.year,
        regr_slope(country.value, country.year) as slope,
        case when min(country.value) > 0 then 100 * regr_slope(country.value, country.year) / avg(country.value) end as slope_pct,
        case when min(country.value) > 0 and count(country.fixed_value) = count(*)
            then 100 * regr_slope(country.fixed_value, country.year) / avg(country.fixed_value) end as fixed_slope_pct
    from sloped as own
    inner join figure as country
        on country.indicator = own.indicator and country.kind = 'country' and list_contains(own.years, country.year)
    where own.slope is not null and own.kind <> 'country'
    group by own.indicator, own.region, own.year, own.years_used
    having count(*) = own.years_used
),
broken as (
    select
        own.indicator, own.region, own.year,
        string_agg(distinct def_break.reason, ' ' order by def_break.reason) as reason
    from sloped as own
    inner join def_break
        on def_break.indicator = own.indicator and def_break.year > own.first_year and def_break.year <= own.year
    group by own.indicator, own.region, own.year
)
select
    (select merger from def_merger) as merger,
    own.indicator, own.region, own.region_name, own.role, own.year,
    own.value,
    own.first_year::integer as first_year,
    own.years_used::integer as years_used,
    own.slope,
    own.slope_pct,
    case when own.slope_pct is not null then 'ok' when years_used < 3 then 'not_available' else 'not_applicable' end as slope_status,
    beside.slope as country_slope,
    beside.slope_pct as country_slope_pct,
    case when own.money then own.price_year end as price_year,
    own.fixed_value,
    own.fixed_slope_pct,
    beside.fixed_slope_pct as country_fixed_slope_pct,
    case when not own.money then 'not_applicable' when own.fixed_value is null then 'not_available' else 'ok' end as fixed_status,
    own.missing as fixed_reason,
    broken.reason as break_reason,
    case when real and own.role = 'merged' and own.first_year < merge_year and own.year >= merge_year then 'true' else 'false' end
        as crosses_merger
from sloped as own
left join beside using (indicator, region, year)
left join broken using (indicator, region, year)
cross join def_merge_year
order by own.ord, own.region_ord, own.year;
