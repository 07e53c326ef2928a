-- The population that the accounts per inhabitant divide by is that of the population table on 1 January of the following year.
-- Only of this merger's regions, and not where a code is another piece of land the year after. Tables that contradict each
-- other are for one_population. Two tables that agree with each other are believed before the population table is.
-- given  implied_population(source, ord, region, year, lowest, highest), whole_population(source, region, year, persons),
--        def_region_code(region), def_other_land(region, year)
with agreed as (
    select
        region, year,
        arg_min(source, ord) as source, list(source) as sources, count(*) as tables,
        max(lowest) as lowest, min(highest) as highest
    from implied_population
    group by region, year
    having max(lowest) <= min(highest)
),
compared as (
    select
        agreed.*, population.source as population, persons,
        unnest(if(tables > 1, [population.source], sources)) as off
    from agreed
    inner join whole_population as population
        on population.region = agreed.region and population.year = agreed.year + 1
    where agreed.region in (select region from def_region_code)
        and (agreed.region, agreed.year) not in (select region, year from def_other_land)
)
select
    region || ' ' || year as item,
    persons between lowest and highest as ok,
    format(
        '{} er delt på {:.0f}–{:.0f} innbyggere, {} viser {:.0f}',
        array_to_string(list_sort(sources), ' og '), ceil(lowest), floor(highest), population, persons
    ) as found,
    greatest(lowest - persons, persons - highest) / persons as size,
    greatest(lowest - persons, persons - highest) as persons_off,
    off as source, region, if(off = population, year + 1, year) as year
from compared
order by item;
