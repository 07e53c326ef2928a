-- Grain: one row per indicator, member, merged region or KOSTRA group, year and comparator.
-- index = 100 × value ÷ comparator; it has no meaning where the comparator is zero or negative, and
-- for amounts, which follow the size of the municipality.
-- given  indicator, def_indicator, def_region
create or replace table comparison as
with own as (
    select indicator.* from indicator
    inner join def_indicator using (indicator)
    inner join def_region using (region)
    where (indicator.role in ('member', 'merged') or def_region.kind = 'kostra_group') and def_indicator.formula in ('ratio', 'share', 'value')
),
other as (
    select * from indicator where role in ('comparator', 'merged')
)
select
    own.merger, own.indicator, own.region, own.region_name, own.role, own.year,
    other.region as comparator,
    other.region_name as comparator_name,
    own.value,
    other.value as comparator_value,
    case when own.status = 'ok' and other.status = 'ok' then own.value - other.value end as difference,
    case when own.status = 'ok' and other.status = 'ok' and other.value > 0 and own.value >= 0 then 100 * own.value / other.value end as index,
    case
        when own.status <> 'ok' then own.status
        when other.status <> 'ok' then other.status
        when other.value <= 0 or own.value < 0 then 'not_applicable'
        else 'ok'
    end as status,
    case
        when own.status <> 'ok' then own.reason
        when other.status <> 'ok' then other.region_name || ': ' || coalesce(other.reason, '')
        when other.value <= 0 or own.value < 0 then 'En indeks gir ikke mening når et av tallene er negativt eller 0.'
    end as reason
from own
inner join other on other.indicator = own.indicator and other.year = own.year and other.region <> own.region
inner join def_indicator on def_indicator.indicator = own.indicator
inner join def_region as mine on mine.region = own.region
inner join def_region as theirs on theirs.region = other.region
order by def_indicator.ord, mine.ord, own.year, theirs.ord;
