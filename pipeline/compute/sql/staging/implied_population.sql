-- Grain: one row per source, region and year. Amount ÷ kr per inhabitant implies the population that SSB divided by;
-- rounding of both leaves an interval, the narrower the more figures the source has of the region and year.
-- given  observation, def_implied(source, ord, amount, per_inhabitant)
create or replace temp table implied_population as
with amount as (
    select
        observation.source, def_implied.ord, region, year,
        abs(max(value) filter (where ContentsCode = def_implied.amount)) as amount_1000kr,
        abs(max(value) filter (where ContentsCode = def_implied.per_inhabitant)) as per_inhabitant
    from observation
    inner join def_implied on def_implied.source = observation.source
    where status = 'ok'
    group by observation.source, def_implied.ord, region, year, KOKfunksjon0000, KOKart0000, KOKartkap0000
)
select
    source, ord, region, year,
    max((amount_1000kr - 0.5) * 1000 / (per_inhabitant + 0.5)) as lowest,
    min((amount_1000kr + 0.5) * 1000 / (per_inhabitant - 0.5)) as highest
from amount
where per_inhabitant > 1
group by source, ord, region, year;
