-- Members sum to SSB's recast population of the merged municipality at every single age, in the years before the merger.
-- Not where the land before is another than the land after: a divided member counted whole.
-- given  def_component, def_merge_year(merge_year, divided), def_recast(recast, region), def_source_role, observation
with member as (
    select component.region, observation.year, observation.Alder, sum(observation.value) as persons, count(*) as parts
    from def_component as component
    inner join observation on observation.region = component.component and observation.year = component.year
    where component.version = 0
        and observation.source in (select source from def_source_role where role = 'population') and observation.status = 'ok'
    group by component.region, observation.year, observation.Alder
),
parts as (
    select region, year, count(*) as wanted from def_component where version = 0 group by region, year
),
age as (
    select
        recast.region, recast.year, recast.Alder,
        coalesce(member.persons, 0) as persons, recast.value as told,
        coalesce(member.parts = parts.wanted, false) as whole
    from observation as recast
    inner join def_recast on def_recast.recast = recast.region
    cross join def_merge_year
    inner join parts on parts.region = def_recast.region and parts.year = recast.year
    left join member on member.region = def_recast.region and member.year = recast.year and member.Alder = recast.Alder
    where recast.source in (select source from def_source_role where role = 'recast_population') and recast.status = 'ok'
        and recast.year < def_merge_year.merge_year and not def_merge_year.divided
)
select
    region || ' ' || year as item,
    bool_and(persons = told) as ok,
    format(
        'i {} aldersår er medlemmene ikke like SSBs omregnede tall; til sammen {:.0f} mot {:.0f}',
        count(*) filter (where persons <> told), sum(persons), sum(told)
    ) as found,
    max(abs(persons - told)) / nullif(max(told), 0) as size,
    max(abs(persons - told)) as persons_off
from age
group by region, year
having bool_and(whole) -- a member that has no figure in the set is a hole in the report, not a sum that is wrong
order by item;
