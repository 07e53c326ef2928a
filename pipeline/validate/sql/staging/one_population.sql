-- Accounting identity: amount ÷ kr per inhabitant implies one population per region and year, over every table, service
-- area and kind of expenditure. The intervals rounding leaves must all overlap. Where two tables do not, the population
-- table says which one is off: the one farther from it. Where it does not know, both are.
-- given  implied_population(source, region, year, lowest, highest), whole_population(region, year, persons)
with placed as (
    select
        implied.*, persons,
        greatest(implied.lowest - persons, persons - implied.highest, 0) as apart
    from implied_population as implied
    left join whole_population as population
        on population.region = implied.region and population.year = implied.year + 1
),
unlike as (
    select
        own.source, own.region, own.year,
        string_agg(other.source || format(' gir {:.0f}–{:.0f}', ceil(other.lowest), floor(other.highest)), ', ' order by other.source) as others
    from placed as own
    inner join placed as other
        on other.region = own.region and other.year = own.year and other.source <> own.source
        and (own.lowest > other.highest or own.highest < other.lowest)
    where own.lowest <= own.highest and other.lowest <= other.highest and (own.persons is null or own.apart > other.apart)
    group by own.source, own.region, own.year
)
select
    placed.source || ' ' || placed.region || ' ' || placed.year as item,
    placed.lowest <= placed.highest and unlike.source is null as ok,
    case
        when placed.lowest > placed.highest then placed.source || ': beløp og kroner per innbygger går ikke opp i ett folketall'
        else format(
            '{}: beløp delt på kroner per innbygger gir {:.0f}–{:.0f} innbyggere, {}',
            placed.source, ceil(placed.lowest), floor(placed.highest), unlike.others
        )
    end as found,
    placed.source, placed.region, placed.year
from placed
left join unlike using (source, region, year)
order by item;
