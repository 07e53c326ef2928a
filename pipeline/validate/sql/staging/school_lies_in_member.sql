-- A school's old municipality is one of those that became its municipality of today.
-- given  def_merger_member, raw_udir_skoler
select
    school.orgnr as item,
    def_merger_member.member is not null as ok,
    school.name || ' står i ' || school.region_2019 || ', som ikke ble en del av ' || school.region as found
from raw_udir_skoler as school
left join def_merger_member
    on def_merger_member.member = school.region_2019 and def_merger_member.became = school.region
order by item;
