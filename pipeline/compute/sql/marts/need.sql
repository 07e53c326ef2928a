-- Grain: one row per indicator with a cost key, region and year: spending per inhabitant as it is, and adjusted for need.
-- adjusted = spending per inhabitant ÷ (need index ÷ 100); expected = the country's spending × need index ÷ 100.
-- The index is the age part of the key; a key that is hardly about age is not used alone. The rest of the key is unknown:
-- `need_index` lets it follow the ages, `…_rest_held` holds it at the country's level; what is true lies where it lies.
-- given  indicator, def_indicator, def_region, def_need_key(need_key, age_share, weights_year, index_indicator)
create or replace table need as
with spending as (
    select indicator.*, def_indicator.need_key, def_indicator.ord
    from indicator
    inner join def_indicator using (indicator)
    where def_indicator.need_key <> ''
),
indexed as (
    select
        def_need_key.*, of_need.region, of_need.year, of_need.value as need_index, of_need.denominator as inhabitants,
        of_need.status, of_need.reason
    from def_need_key
    inner join indicator as of_need on of_need.indicator = def_need_key.index_indicator
),
country as (
    select * from spending where status = 'ok' and region in (select region from def_region where kind = 'country')
),
country_index as (
    select * from indexed where status = 'ok' and region in (select region from def_region where kind = 'country')
),
side_by_side as (
    select
        spending.*,
        key.weights_year,
        key.age_share,
        key.index_indicator,
        indexed.inhabitants,
        indexed.need_index,
        spending.numerator / indexed.inhabitants as per_inhabitant,
        country.numerator / country_index.inhabitants as country_per_inhabitant,
        indexed.status as index_status,
        indexed.reason as index_reason
    from spending
    inner join def_need_key as key using (need_key)
    left join indexed
        on indexed.need_key = spending.need_key and indexed.region = spending.region and indexed.year = spending.year
    left join country on country.indicator = spending.indicator and country.year = spending.year
    left join country_index on country_index.need_key = spending.need_key and country_index.year = spending.year
),
judged as (
    select
        *,
        case
            when status <> 'ok' then status
            when index_indicator is null then 'not_available'
            when numerator is null then 'not_available'
            when coalesce(index_status, 'not_in_set') <> 'ok' then coalesce(index_status, 'not_in_set')
            else 'ok'
        end as own_status,
        age_share * need_index + (1 - age_share) * 100 as need_index_rest_held
    from side_by_side
)
select
    judged.merger, judged.indicator, judged.region, judged.region_name, judged.role, judged.year,
    judged.need_key,
    judged.weights_year,
    judged.age_share,
    case when own_status = 'ok' then inhabitants end as inhabitants,
    case when own_status = 'ok' then per_inhabitant end as per_inhabitant,
    case when own_status = 'ok' then need_index end as need_index,
    case when own_status = 'ok' then per_inhabitant / (need_index / 100) end as adjusted_per_inhabitant,
    case when own_status = 'ok' then 100 * per_inhabitant / (country_per_inhabitant * need_index / 100) end as resource_index,
    case when own_status = 'ok' then country_per_inhabitant * need_index / 100 end as expected_per_inhabitant,
    case
        when own_status = 'ok' then (per_inhabitant - country_per_inhabitant * need_index / 100) * inhabitants / 1000
    end as above_expected_1000kr,
    case when own_status = 'ok' then need_index_rest_held end as need_index_rest_held,
    case when own_status = 'ok' then per_inhabitant / (need_index_rest_held / 100) end as adjusted_rest_held,
    case
        when own_status = 'ok' then (per_inhabitant - country_per_inhabitant * need_index_rest_held / 100) * inhabitants / 1000
    end as above_expected_rest_held_1000kr,
    own_status as status,
    case
        when own_status = 'ok' then null
        when status <> 'ok' then reason
        when index_indicator is null
            then 'Bare ' || round(100 * age_share)::integer || ' prosent av kostnadsnøkkelen er alder; den kan ikke brukes alene.'
        when numerator is null then 'Tallet er publisert per innbygger i målgruppen; beløpet er ikke kjent.'
        else coalesce(index_reason, 'Utgiftsbehovet er ikke regnet ut for dette.')
    end as reason
from judged
inner join def_region on def_region.region = judged.region
order by judged.ord, def_region.ord, judged.year;
