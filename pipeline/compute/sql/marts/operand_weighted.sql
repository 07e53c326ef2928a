-- Grain: one row per indicator, operand (also W: value × weight, and V: the variance of that), region code and year. Read once,
-- so never held.
-- given  operand_region, def_indicator(indicator, merge)
create or replace temp view operand_weighted as
select * from operand_region
union all by name
-- rule W needs value × weight as its numerator
select
    a.indicator, 'W' as operand, a.region, a.year, b.source_year, b.flow_year, a.region_basis, a.source,
    a.value * b.value as value,
    case when a.status <> 'ok' then a.status else b.status end as status,
    coalesce(a.reason, b.reason) as reason
from operand_region as a
inner join operand_region as b on b.indicator = a.indicator and b.region = a.region and b.year = a.year and b.operand = 'B'
inner join def_indicator on def_indicator.indicator = a.indicator and def_indicator.merge = 'W'
where a.operand = 'A'
union all by name
-- what is uncertain by ± u is, times its weight n, uncertain by ± n·u; squares add up
select
    u.indicator, 'V' as operand, u.region, u.year, b.source_year, b.flow_year, u.region_basis, u.source,
    (u.value * b.value) * (u.value * b.value) as value,
    case when u.status <> 'ok' then u.status else b.status end as status,
    coalesce(u.reason, b.reason) as reason
from operand_region as u
inner join operand_region as b on b.indicator = u.indicator and b.region = u.region and b.year = u.year and b.operand = 'B'
inner join def_indicator on def_indicator.indicator = u.indicator and def_indicator.merge = 'W'
where u.operand = 'U';
