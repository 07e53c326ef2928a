-- A computed figure that differs from the producer's published one, beyond rounding, is registered.
-- Region-years whose population is a registered disagreement are judged there, not once more here.
select
    indicator || ' ' || region || ' ' || year as item,
    verdict = 'within_rounding' as ok,
    format('regnet {:.2f}, publisert {:.2f}', computed, published) as found
from reconciliation
where verdict <> 'not_compared'
    and region || ' ' || year not in (select item from def_deviation where "check" = 'implied_population')
order by item;
