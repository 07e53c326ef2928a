-- Grain: one row per cell. Large cubes were put aside in parts as they were read.
-- given  observation_in_memory, cell_put_aside
create or replace view observation as
from observation_in_memory
union all by name
from cell_put_aside;
