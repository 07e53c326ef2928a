-- Grain: one row per indicator of a target group, member or merged municipality, and year that has a value: the mean of three
-- years, and whether the year by itself is uncertain. Numerators and denominators of the three years are added up before
-- dividing; a year without them, and there is no mean. A year is uncertain where its target group is under 2000 people: one
-- costly case, or a handful of cases, moves the figure as far as the differences that are told.
-- given  indicator, def_indicator(indicator, ord, formula, merge, target_group), def_region, def_merge_year(merge_year, divided),
--        def_merger
create or replace table three_year as
with figure as (
    select
        indicator.*, def_indicator.ord, def_indicator.formula, def_indicator.merge as rule,
        case when def_indicator.merge = 'W' then indicator.value * indicator.denominator else indicator.numerator end as top,
        -- land that is another after the merger begins a mean of its own
        def_merge_year.divided and indicator.role = 'merged' and indicator.year >= def_merge_year.merge_year as after
    from indicator
    inner join def_indicator using (indicator)
    cross join def_merge_year
    where def_indicator.target_group and def_indicator.merge in ('S', 'W') and indicator.role in ('member', 'merged')
        and indicator.status = 'ok' and indicator.denominator > 0
),
added as (
    select
        *,
        count(top) over three as known,
        sum(top) over three as tops,
        sum(denominator) over three as bottoms
    from figure
    window three as (partition by indicator, region, after order by year range between 2 preceding and current row)
)
select
    (select merger from def_merger) as merger,
    added.indicator, added.region, added.region_name, added.role, added.year,
    added.value,
    added.denominator as target_group,
    if(added.denominator < 2000, 'true', 'false') as uncertain,
    case when known = 3 then figure(if(rule = 'W', 'ratio', formula), tops, bottoms) end as mean,
    added.unit,
    if(known = 3, 'ok', 'not_available') as status,
    case when known < 3 then 'Tall for ' || known || ' av de tre årene.' end as reason
from added
inner join def_region on def_region.region = added.region
order by added.ord, def_region.ord, added.year;
