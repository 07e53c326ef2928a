-- Grain: one row per region and year. Amount ÷ kr per inhabitant implies the population that SSB divided by;
-- rounding of both leaves an interval, the narrower the more figures the region and year has.
-- given  observation (12362, 12137)
create or replace temp view implied_population as
with amount as (
    select
        region, year,
        abs(max(value) filter (where ContentsCode = 'KOSbelop0000')) as amount_1000kr,
        abs(max(value) filter (where ContentsCode in ('KOSbelopinnbygge0000', 'KOSbelopprinnb0000'))) as per_inhabitant
    from observation
    where source in ('12362', '12137') and status = 'ok'
    group by source, region, year, KOKfunksjon0000, KOKart0000, KOKartkap0000
)
select
    region, year,
    max((amount_1000kr - 0.5) * 1000 / (per_inhabitant + 0.5)) as lowest,
    min((amount_1000kr + 0.5) * 1000 / (per_inhabitant - 0.5)) as highest
from amount
where per_inhabitant > 1
group by region, year;

-- Grain: one row per region and 1 January: all ages together, where every age is there.
-- given  observation (07459)
create or replace temp view whole_population as
select region, year, sum(value) as persons
from observation
where source = '07459'
group by region, year
having bool_and(status = 'ok');
