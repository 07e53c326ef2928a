-- The population that 12362 and 12137 divide by is that of 07459 on 1 January of the following year.
select
    implied_population.region || ' ' || implied_population.year as item,
    persons between lowest and highest as ok,
    format('12362 er delt på {:.0f}–{:.0f} innbyggere, 07459 viser {:.0f}', ceil(lowest), floor(highest), persons) as found,
    greatest(lowest - persons, persons - highest) / persons as size
from implied_population
inner join whole_population
    on whole_population.region = implied_population.region and whole_population.year = implied_population.year + 1
order by item;
