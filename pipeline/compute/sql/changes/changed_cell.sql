-- Grain: one row per source cell that is not the same in two sets; a cell only one of them has counts too.
-- given  cell, old_cell (source, region, year, cell, value, status)
create or replace temp table changed_cell as
select
    coalesce(new.source, old.source) as source,
    coalesce(new.region, old.region) as region,
    coalesce(new.year, old.year) as year,
    coalesce(new.cell, old.cell) as cell,
    coalesce(old.value::varchar, old.status, 'ikke i settet') as was,
    coalesce(new.value::varchar, new.status, 'ikke i settet') as became
from cell as new
full join old_cell as old using (source, region, year, cell)
where new.value is distinct from old.value or new.status is distinct from old.status;
