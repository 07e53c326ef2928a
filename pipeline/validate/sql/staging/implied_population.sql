-- The population that the accounts per inhabitant divide by is that of the population table on 1 January of the following year.
-- given  implied_population, whole_population
select
    implied_population.region || ' ' || implied_population.year as item,
    persons between lowest and highest as ok,
    format(
        '{} er delt på {:.0f}–{:.0f} innbyggere, {} viser {:.0f}',
        implied_population.source, ceil(lowest), floor(highest), whole_population.source, persons
    ) as found,
    greatest(lowest - persons, persons - highest) / persons as size
from implied_population
inner join whole_population
    on whole_population.region = implied_population.region and whole_population.year = implied_population.year + 1
order by item;
