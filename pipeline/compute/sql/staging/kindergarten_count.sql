-- Counts from the kindergarten register, per region, point in time and owner.
-- The register is a complete list, so no row means none: 0. A kindergarten without a number of
-- children makes the sum missing; open kindergartens (not_applicable) have no fixed places.
-- given  kindergarten_unit
create or replace table kindergarten_count as
with counted as (
    select
        place.region,
        place.year,
        owner.eierform,
        count(unit.region) as kindergartens,
        coalesce(sum(unit.children), 0) as children,
        count(*) filter (where unit.status <> 'ok') as without_number
    from (select distinct region, year from kindergarten_unit) as place
    cross join (values ('kommunal'), ('privat')) as owner (eierform)
    left join kindergarten_unit as unit
        on unit.region = place.region
        and unit.year = place.year
        and unit.ownership = owner.eierform
        and unit.status <> 'not_applicable'
    group by place.region, place.year, owner.eierform
)
select
    'udir-barnehager' as source, region, year::integer as year, eierform, 'barn' as ContentsCode,
    case when without_number = 0 then children end as value,
    case when without_number = 0 then 'ok' else 'not_available' end as status
from counted
union all by name
select
    'udir-barnehager' as source, region, year::integer as year, eierform, 'barnehager' as ContentsCode,
    kindergartens::double as value, 'ok' as status
from counted;
