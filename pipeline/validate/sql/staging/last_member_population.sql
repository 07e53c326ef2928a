-- In a member's last year the population it was divided by exists only in sum, under the successor's code:
-- the members' implied populations must add up to the successor's on the day of the merger.
with amount as (
    select
        region, year,
        abs(max(value) filter (where ContentsCode = 'KOSbelop0000')) as amount_1000kr,
        abs(max(value) filter (where ContentsCode in ('KOSbelopinnbygge0000', 'KOSbelopprinnb0000'))) as per_inhabitant
    from observation
    where source in ('12362', '12137') and status = 'ok'
    group by source, region, year, KOKfunksjon0000, KOKart0000, KOKartkap0000
),
implied as (
    select
        region, year,
        max((amount_1000kr - 0.5) * 1000 / (per_inhabitant + 0.5)) as lowest,
        min((amount_1000kr + 0.5) * 1000 / (per_inhabitant - 0.5)) as highest
    from amount
    where per_inhabitant > 1
    group by region, year
),
member as (
    select
        claim.new_code, year(claim.changed::date) as merged, count(*) as members, count(implied.region) as found,
        sum(lowest) as lowest, sum(highest) as highest
    from def_merger_claim as claim
    left join implied on implied.region = claim.old_code and implied.year = year(claim.changed::date) - 1
    group by claim.new_code, year(claim.changed::date)
    having count(*) > 1
),
population as (
    select region, year, sum(value) as persons
    from observation
    where source = '07459'
    group by region, year
    having bool_and(status = 'ok')
)
select
    member.new_code || ' ' || (merged - 1) as item,
    persons between lowest and highest as ok,
    format('medlemmene er delt på {:.0f}–{:.0f} innbyggere til sammen, 07459 viser {:.0f}', lowest, highest, persons) as found
from member
inner join population on population.region = member.new_code and population.year = member.merged
where found = members
order by item;
