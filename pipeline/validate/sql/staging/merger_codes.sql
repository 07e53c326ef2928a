-- Every change of code a merger's definition claims is a change KLASS knows, on that date.
-- given  def_merger_claim, raw_klass_131_changes
select
    claim.old_code || ' → ' || claim.new_code as item,
    change.newCode is not null as ok,
    'KLASS har ingen overgang fra ' || claim.old_code || ' til ' || claim.new_code || ' ' || claim.changed as found
from def_merger_claim as claim
left join raw_klass_131_changes as change
    on change.oldCode = claim.old_code and change.newCode = claim.new_code
    and change.changeOccurred::date = claim.changed::date
order by item;
