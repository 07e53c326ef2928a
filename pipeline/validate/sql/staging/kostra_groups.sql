-- A municipality belonged to the KOSTRA group it is compared with, in every year KLASS tells.
-- given  def_group_claim, raw_klass_112_131
select
    claim.region || ' ' || claim.year as item,
    told.sourceCode = claim.kostra_group as ok,
    format('KLASS sier {}, sammenslåingens definisjon sier {}', told.sourceCode, claim.kostra_group) as found
from def_group_claim as claim
inner join raw_klass_112_131 as told
    on told.targetCode = claim.region and year(told.date::date) = claim.year
order by item;
