-- The population that 12362 and 12137 divide by is that of 07459 on 1 January of the following year.
with amount as (
    select
        region, year,
        abs(max(value) filter (where ContentsCode = 'KOSbelop0000')) as amount_1000kr,
        abs(max(value) filter (where ContentsCode in ('KOSbelopinnbygge0000', 'KOSbelopprinnb0000'))) as per_inhabitant
    from observation
    where source in ('12362', '12137') and status = 'ok'
    group by source, region, year, KOKfunksjon0000, KOKart0000, KOKartkap0000
),
implied as (
    select
        region, year,
        max((amount_1000kr - 0.5) * 1000 / (per_inhabitant + 0.5)) as lowest,
        min((amount_1000kr + 0.5) * 1000 / (per_inhabitant - 0.5)) as highest
    from amount
    where per_inhabitant > 1
    group by region, year
),
population as (
    select region, year - 1 as year, sum(value) as persons
    from observation
    where source = '07459'
    group by region, year
    having bool_and(status = 'ok')
)
select
    implied.region || ' ' || implied.year as item,
    persons between lowest and highest as ok,
    format('12362 er delt på {:.0f}–{:.0f} innbyggere, 07459 viser {:.0f}', ceil(lowest), floor(highest), persons) as found
from implied
inner join population using (region, year)
order by item;
