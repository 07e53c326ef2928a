-- Grain: one row per indicator, member, merged region or KOSTRA group, year and comparator.
-- index = 100 × value ÷ comparator; it has no meaning where the comparator is zero or negative, and
-- for amounts, which follow the size of the municipality. A member is also set beside «andre»: the other members put
-- together by the indicator's own rule, without itself; one of them missing or suppressed, and there is no such figure.
-- at_their_level_1000kr: what spending would be more or less if it were the comparator's, per inhabitant of the same group.
-- given  indicator, def_indicator(indicator, ord, formula, merge, money), def_region
create or replace table comparison as
with comparable as (
    select indicator.*, def_indicator.formula, def_indicator.merge, def_indicator.money, def_region.kind
    from indicator
    inner join def_indicator using (indicator)
    inner join def_region using (region)
    where def_indicator.formula in ('ratio', 'share', 'value')
),
own as (
    select * from comparable where role in ('member', 'merged') or kind = 'kostra_group'
),
member as (
    select *, case when merge = 'W' then value * denominator else numerator end as top
    from comparable
    where role = 'member'
),
others as (
    select
        one.indicator, one.region, one.year,
        case when bool_and(other.status = 'ok') then figure(
            if(any_value(one.merge) = 'W', 'ratio', any_value(one.formula)),
            sum(other.top order by other.region),
            nullif(sum(other.denominator order by other.region), 0)
        ) end as value,
        case
            when any_value(one.merge) = 'N' then 'not_applicable'
            -- a published ratio may lack its parts: what cannot be added up is no sum of the rest
            when bool_and(other.status = 'ok' and other.top is not null and other.denominator is not null)
                and sum(other.denominator) <> 0 then 'ok'
            when bool_and(other.status = 'not_valid') then 'not_valid'
            else 'component_missing'
        end as status
    from member as one
    inner join member as other
        on other.indicator = one.indicator and other.year = one.year and other.region <> one.region
    group by one.indicator, one.region, one.year
),
other as (
    select
        null::varchar as for_region, indicator, year, region as comparator, region_name as comparator_name,
        case when basis = 'computed' and kind <> 'peer' then 'summed' when kind = 'peer' then 'one' else 'published' end as weighting,
        value, status, reason
    from comparable
    -- a municipality without a figure is nothing to compare with; of the others it is told that they have none
    where role = 'merged' or (role = 'comparator' and (kind <> 'peer' or status = 'ok'))
    union all by name
    select
        region as for_region, indicator, year, 'andre' as comparator, 'De andre kommunene' as comparator_name,
        'summed' as weighting,
        case when status = 'ok' then value end as value, status,
        case when status = 'component_missing' then 'Mangler for minst én av de andre kommunene.'
            when status = 'not_applicable' then 'Kan ikke legges sammen.' end as reason
    from others
)
select
    own.merger, own.indicator, own.region, own.region_name, own.role, own.year,
    other.comparator,
    other.comparator_name,
    other.weighting,
    own.value,
    other.value as comparator_value,
    case when own.status = 'ok' and other.status = 'ok' then own.value - other.value end as difference,
    case when own.status = 'ok' and other.status = 'ok' and other.value > 0 and own.value >= 0 then 100 * own.value / other.value end as index,
    case when own.status = 'ok' and other.status = 'ok' and own.money and own.formula = 'ratio' and own.role <> 'comparator'
        then (other.value - own.value) * own.denominator / 1000 end as at_their_level_1000kr,
    case
        when own.status <> 'ok' then own.status
        when other.status <> 'ok' then other.status
        when other.value <= 0 or own.value < 0 then 'not_applicable'
        else 'ok'
    end as status,
    case
        when own.status <> 'ok' then own.reason
        when other.status <> 'ok' then other.comparator_name || ': ' || coalesce(other.reason, '')
        when other.value <= 0 or own.value < 0 then 'En indeks gir ikke mening når et av tallene er negativt eller 0.'
    end as reason
from own
inner join other
    on other.indicator = own.indicator and other.year = own.year and other.comparator <> own.region
    and (other.for_region is null or other.for_region = own.region)
inner join def_indicator on def_indicator.indicator = own.indicator
inner join def_region as mine on mine.region = own.region
left join def_region as theirs on theirs.region = other.comparator
order by def_indicator.ord, mine.ord, own.year, theirs.ord nulls first;
