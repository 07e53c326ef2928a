-- A school's old municipality is one of those that became its municipality of today.
-- given  def_component, def_merge_year(merge_year, former_state, newest), def_region, raw_udir_skoler
with own as (
    select component.component, component.year
    from def_component as component
    inner join def_region on def_region.region = component.region and def_region.role = 'merged'
    where component.version = 1
)
select
    school.orgnr as item,
    school.region_2019 in (select component from own where year = 2019) as ok,
    school.name || ' står i ' || school.region_2019 || ', som ikke ble en del av ' || school.region as found
from raw_udir_skoler as school
cross join def_merge_year
where school.region in (select component from own where year = def_merge_year.newest)
order by item;
