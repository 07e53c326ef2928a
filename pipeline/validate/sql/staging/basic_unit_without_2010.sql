-- Every basic unit (grunnkrets) is matched to the municipality it lay in.
-- given  raw_klass_1
select
    code as item,
    region_2010 <> '' as ok,
    'grunnkrets ' || name || ' er ikke koblet til en gammel kommune' as found
from raw_klass_1
order by item;
