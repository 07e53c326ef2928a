-- Grain: one row per cell of the sources that are held in memory: as they were read, and counted in registers.
-- given  cell_read, kindergarten_count, school_count
create or replace view observation_in_memory as
from cell_read
union all by name
from kindergarten_count
union all by name
from school_count;
