-- Grain: one row per region and 1 January: all ages together, where every age is there. Nobody lives where there is no
-- municipality yet: a 0 is no population.
-- given  observation, def_source_role(role, source)
create or replace temp table whole_population as
select any_value(source) as source, region, year, sum(value) as persons
from observation
where source in (select source from def_source_role where role = 'population')
group by region, year
having bool_and(status = 'ok') and sum(value) > 0;
