-- Accounting identity: amount ÷ kr per inhabitant implies one population per region and year, over
-- every service area and both kinds of expenditure. Rounding leaves an interval; all must overlap.
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
)
select
    region || ' ' || year as item,
    lowest <= highest as ok,
    'beløp og kroner per innbygger går ikke opp i ett folketall' as found
from implied
order by item;
