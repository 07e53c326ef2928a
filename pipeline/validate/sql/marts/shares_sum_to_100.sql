-- Accounting identity: the shares of the seven service areas make up the whole; where one has no figure there is none.
-- given  indicator
select
    region || ' ' || year as item,
    abs(sum(value) - 100) < 1e-9 as ok,
    format('andelene av de sju områdene summerer til {:.4f}', sum(value)) as found
from indicator
where indicator like '%.andel_av_sju'
group by region, year
having bool_and(status = 'ok')
order by item;
