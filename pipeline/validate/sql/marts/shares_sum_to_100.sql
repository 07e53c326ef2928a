-- Accounting identity: the shares of the seven service areas make up the whole.
-- given  indicator
select
    region || ' ' || year as item,
    abs(sum(value) - 100) < 1e-9 and count(*) = 7 as ok,
    format('andelene av de sju områdene summerer til {:.4f}', sum(value)) as found
from indicator
where indicator like '%.andel_av_sju' and status = 'ok'
group by region, year
order by item;
