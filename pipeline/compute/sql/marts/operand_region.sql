-- Grain: one row per indicator, operand (A, B, published P, uncertainty U), region code and year: sums of cells, and needs.
-- A share tells two counts: those it is about, and the rest. Few people among the rest are as easily known again as few
-- among those counted, so the share goes either way; with it the merged figure, from which it could be subtracted.
-- Counts that are few in themselves are confidential already when they are read.
-- given  operand_sum, operand_need, def_indicator(indicator, formula, protect)
create or replace temp table operand_region as
with every as (
    select * from operand_sum
    union all by name
    select * from operand_need
),
few as (
    select part.indicator, part.region, part.year
    from every as part
    inner join every as whole
        on whole.indicator = part.indicator and whole.region = part.region and whole.year = part.year and whole.operand = 'B'
        and whole.status = 'ok'
    inner join def_indicator on def_indicator.indicator = part.indicator and def_indicator.formula = 'share'
    where part.operand = 'A' and part.status = 'ok'
        and whole.value - part.value > 0 and whole.value - part.value < def_indicator.protect
)
select
    every.* replace (
        if(few.indicator is null, every.value, null) as value,
        if(few.indicator is null, every.status, 'suppressed') as status,
        if(few.indicator is null, every.reason, 'Skjermet: tallet ville vise svært få personer.') as reason
    )
from every
left join few
    on few.indicator = every.indicator and few.region = every.region and few.year = every.year and every.operand = 'A';
