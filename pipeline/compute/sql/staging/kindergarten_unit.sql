-- Grain: one row per kindergarten and point in time. A kindergarten without a number of children is a hole.
-- given  raw_udir_barnehager(region, period, ownership, children, children_status), def_period
create or replace temp table kindergarten_unit as
select
    unit.region,
    def_period.year,
    unit.ownership,
    try_cast(nullif(unit.children, '') as double) as children,
    case
        when unit.children_status <> '' then unit.children_status
        when unit.children = '' then 'not_available'
        else 'ok'
    end as status
from raw_udir_barnehager as unit
inner join def_period on def_period.source = 'udir-barnehager' and def_period.period = unit.period;
