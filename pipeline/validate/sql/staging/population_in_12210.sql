-- The population that came along with the social-assistance table is that of 07459.
with population as (
    select region, year, sum(value) as persons
    from observation
    where source = '07459'
    group by region, year
    having bool_and(status = 'ok')
)
select
    observation.region || ' ' || observation.year as item,
    observation.value = population.persons as ok,
    format('12210 oppgir {:.0f} innbyggere, 07459 viser {:.0f}', observation.value, population.persons) as found
from observation
inner join population using (region, year)
where observation.source = '12210' and observation.ContentsCode = 'population_1jan' and observation.status = 'ok'
order by item;
