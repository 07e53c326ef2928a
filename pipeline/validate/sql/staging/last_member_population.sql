-- In a member's last year the population it was divided by exists only in sum, under the successor's code:
-- the members' implied populations must add up to the successor's on the day of the merger.
-- given  def_merger_claim, implied_population, whole_population
with member as (
    select
        claim.new_code, year(claim.changed::date) as merged, count(*) as members, count(implied.region) as found,
        sum(lowest) as lowest, sum(highest) as highest
    from def_merger_claim as claim
    left join implied_population as implied
        on implied.region = claim.old_code and implied.year = year(claim.changed::date) - 1
    group by claim.new_code, year(claim.changed::date)
    having count(*) > 1
)
select
    member.new_code || ' ' || (merged - 1) as item,
    persons between lowest and highest as ok,
    format('medlemmene er delt på {:.0f}–{:.0f} innbyggere til sammen, {} viser {:.0f}', lowest, highest, population.source, persons) as found,
    greatest(lowest - persons, persons - highest) / persons as size
from member
inner join whole_population as population on population.region = member.new_code and population.year = member.merged
where found = members
order by item;
