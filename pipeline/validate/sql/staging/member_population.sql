-- Members sum to SSB's recast population of the merged municipality at every single age.
-- given  def_merger_member, def_source_role, observation
with member as (
    select def_merger_member.recast as region, observation.year, observation.Alder, sum(observation.value) as persons, count(*) as parts
    from observation
    inner join def_merger_member on def_merger_member.member = observation.region
    where observation.source in (select source from def_source_role where role = 'population') and observation.status = 'ok'
    group by def_merger_member.recast, observation.year, observation.Alder
),
parts as (
    select recast as region, count(*) as wanted from def_merger_member group by recast
)
select
    recast.region || ' ' || recast.year || ' ' || recast.Alder as item,
    coalesce(member.persons = recast.value and member.parts = parts.wanted, false) as ok,
    format('medlemmene har {} innbyggere, SSBs omregnede tall er {:.0f}', coalesce(member.persons::integer::varchar, 'ingen'), recast.value) as found
from observation as recast
inner join parts using (region)
left join member using (region, year, Alder)
where recast.source in (select source from def_source_role where role = 'recast_population') and recast.status = 'ok'
order by item;
