-- Grain: one row per region, year (1 January) and five-year age group; the last group is 90+.
-- Before the merger the merged row is the members' sum. A year with a missing age has no row total.
-- given  observation, def_source_role(role, source), def_component, def_region, def_merger
create or replace table population as
with age as (
    select
        region, year,
        least(try_cast(substr(Alder, 1, 3) as integer) // 5 * 5, 90) as age_from,
        value, status
    from observation
    where source in (select source from def_source_role where role = 'population') and status = 'ok'
),
put_together as (
    select def_component.region, age.year, age.age_from, age.value, age.region as part
    from age
    inner join def_component
        on def_component.component = age.region and def_component.sign = 1
        and make_date(age.year, 1, 1) >= def_component.valid_from and make_date(age.year, 1, 1) < def_component.valid_to
    inner join def_region on def_region.region = def_component.region and def_region.role = 'merged'
    union all
    select region, year, age_from, value, region from age
),
parts as (
    select def_component.region, span.year, count(*) as wanted
    from def_component
    inner join (select distinct year from age) as span
        on make_date(span.year, 1, 1) >= def_component.valid_from and make_date(span.year, 1, 1) < def_component.valid_to
    group by def_component.region, span.year
),
grouped as (
    select region, year, age_from, sum(value) as persons, count(*) as ages, count(distinct part) as found
    from put_together
    group by region, year, age_from
)
select
    (select merger from def_merger) as merger,
    grouped.region, def_region.region_name, def_region.role,
    grouped.year::integer as year,
    case when age_from = 90 then '90+' else age_from || '–' || (age_from + 4) end as age_group,
    age_from::integer as age_from,
    persons,
    100 * persons / sum(persons) over (partition by grouped.region, grouped.year) as share_pct
from grouped
inner join def_region on def_region.region = grouped.region
left join parts on parts.region = grouped.region and parts.year = grouped.year
where grouped.found = coalesce(parts.wanted, 1)
    and grouped.ages = grouped.found * case when age_from = 90 then 16 else 5 end
order by def_region.ord, grouped.year, age_from;
