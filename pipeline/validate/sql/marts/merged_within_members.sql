-- A ratio of sums lies between the lowest and the highest member.
-- given  def_indicator, indicator, spread
select
    indicator.indicator || ' ' || indicator.year as item,
    indicator.value between spread.lowest - 1e-9 and spread.highest + 1e-9 as ok,
    format('samlet {:.4f} ligger utenfor {:.4f}–{:.4f}', indicator.value, spread.lowest, spread.highest) as found
from indicator
inner join spread using (indicator, year)
inner join def_indicator using (indicator)
where indicator.role = 'merged' and indicator.status = 'ok' and spread.status = 'ok'
    and def_indicator.formula in ('ratio', 'share') and indicator.denominator > 0
order by item;
