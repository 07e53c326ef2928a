-- Every school and kindergarten has a coordinate. Open kindergartens included.
-- given  raw_udir_barnehager, raw_udir_skoler
select
    'udir-skoler ' || orgnr as item, lat <> '' and lon <> '' as ok, name || ' har ikke koordinat' as found
from raw_udir_skoler
union all
select
    'udir-barnehager ' || id as item, bool_and(lat <> '' and lon <> '') as ok, any_value(name) || ' har ikke koordinat' as found
from raw_udir_barnehager
group by id
order by item;
