-- The population that came along with the social-assistance table is that of 07459.
select
    observation.region || ' ' || observation.year as item,
    observation.value = persons as ok,
    format('12210 oppgir {:.0f} innbyggere, 07459 viser {:.0f}', observation.value, persons) as found
from observation
inner join whole_population using (region, year)
where observation.source = '12210' and observation.ContentsCode = 'population_1jan' and observation.status = 'ok'
order by item;
