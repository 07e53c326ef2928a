-- The population that came along with a table (12210, social assistance) is that of the population table.
-- given  def_told_population, observation, whole_population
select
    observation.region || ' ' || observation.year as item,
    observation.value = persons as ok,
    format(
        '{} oppgir {:.0f} innbyggere, {} viser {:.0f}', observation.source, observation.value, whole_population.source, persons
    ) as found,
    observation.source, observation.ContentsCode as contents, observation.region, observation.year
from observation
inner join def_told_population as told on told.source = observation.source and told.contents = observation.ContentsCode
inner join whole_population using (region, year)
where observation.status = 'ok'
order by item;
