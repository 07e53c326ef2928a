-- Accounting identity: amount ÷ kr per inhabitant implies one population per region and year, over
-- every service area and both kinds of expenditure. The intervals rounding leaves must all overlap.
-- given  implied_population
select
    region || ' ' || year as item,
    lowest <= highest as ok,
    'beløp og kroner per innbygger går ikke opp i ett folketall' as found
from implied_population
order by item;
