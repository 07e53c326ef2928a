-- A share tells two counts: those it is about, and the rest. Few people among the rest are as easily known again as few
-- among those counted, so the share goes either way; with it the merged figure, from which it could be subtracted.
-- Counts that are few in themselves are confidential already when they are read.
-- given  operand_region, def_indicator(indicator, formula, protect)
update operand_region
set value = null, status = 'suppressed', reason = 'Skjermet: tallet ville vise svært få personer.'
from operand_region as whole, def_indicator
where
    operand_region.operand = 'A' and operand_region.status = 'ok'
    and whole.indicator = operand_region.indicator and whole.region = operand_region.region
    and whole.year = operand_region.year and whole.operand = 'B' and whole.status = 'ok'
    and def_indicator.indicator = operand_region.indicator and def_indicator.formula = 'share'
    and whole.value - operand_region.value > 0 and whole.value - operand_region.value < def_indicator.protect;
