-- A computed figure that differs from the producer's published one, beyond rounding, is registered.
-- Differences that one other population explains are judged by implied_population, not once more here.
-- given  def_deviation, reconciliation
select
    indicator || ' ' || region || ' ' || year as item,
    verdict = 'within_rounding' as ok,
    format('regnet {:.2f}, publisert {:.2f}', computed, published) as found,
    abs(computed - published) / abs(nullif(published, 0)) as size,
    indicator, region, year
from reconciliation
where verdict <> 'not_compared'
    and not (
        verdict = 'known_deviation'
        and region || ' ' || year in (select item from def_deviation where "check" = 'implied_population')
    )
order by item;
