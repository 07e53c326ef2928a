-- In a member's last year the population it was divided by exists only in sum, under the successor's code:
-- the members' implied populations must add up to the successor's on the day of the merger.
-- given  def_component, def_merge_year(merge_year, real), def_region,
--        implied_population(source, region, year, lowest, highest), whole_population(source, region, year, persons)
with implied as (
    select region, year, list(source) as sources, max(lowest) as lowest, min(highest) as highest
    from implied_population
    group by region, year
),
seen as (
    select component.component, component.year, merge_year
    from def_component as component
    inner join def_region on def_region.region = component.region and def_region.role = 'merged'
    cross join def_merge_year
    where component.version = 0 and real
),
became as (
    select any_value(component) as code, any_value(merge_year) as merged
    from seen
    where year = merge_year
    having count(*) = 1
),
member as (
    select
        became.code, became.merged, count(*) as members, count(implied.region) as found, sum(lowest) as lowest, sum(highest) as highest,
        list({region: implied.region, sources: implied.sources}) as parts
    from seen
    cross join became
    left join implied on implied.region = seen.component and implied.year = became.merged - 1
    where seen.year = became.merged - 1
    group by became.code, became.merged
    having count(*) > 1
)
select
    member.code || ' ' || (merged - 1) as item,
    persons between lowest and highest as ok,
    format('medlemmene er delt på {:.0f}–{:.0f} innbyggere til sammen, {} viser {:.0f}', lowest, highest, population.source, persons) as found,
    greatest(lowest - persons, persons - highest) / persons as size,
    greatest(lowest - persons, persons - highest) as persons_off,
    unnest(flatten([[{source: source, region: part.region} for source in part.sources] for part in parts]), recursive := true),
    merged - 1 as year
from member
inner join whole_population as population on population.region = member.code and population.year = member.merged
where found = members
order by item;
