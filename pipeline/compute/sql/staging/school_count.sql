-- Counts from the school register, per former municipality, owner and grade span.
-- Rows stand on the area of the old municipality, so that the groups see their own schools today.
-- The register is a complete list, so no row means none: 0.
-- given  raw_udir_skoler(region_2019, lowest_grade, highest_grade, ownership), def_period
create or replace table school_count as
with school as (
    select
        region_2019 as region,
        ownership as eierform,
        case
            when lowest_grade = '1' and highest_grade = '7' then '1-7'
            when lowest_grade = '1' and highest_grade = '10' then '1-10'
            when lowest_grade = '8' and highest_grade = '10' then '8-10'
            else 'annet'
        end as trinn
    from raw_udir_skoler
)
select
    'udir-skoler' as source, area.region, def_period.year::integer as year, owner.eierform, span.trinn,
    'skoler' as ContentsCode, count(school.region)::double as value, 'ok' as status
from (select distinct region from school) as area
cross join (values ('Offentlig'), ('Privat')) as owner (eierform)
cross join (values ('1-7'), ('8-10'), ('1-10'), ('annet')) as span (trinn)
inner join def_period on def_period.source = 'udir-skoler'
left join school
    on school.region = area.region and school.eierform = owner.eierform and school.trinn = span.trinn
group by area.region, def_period.year, owner.eierform, span.trinn;
