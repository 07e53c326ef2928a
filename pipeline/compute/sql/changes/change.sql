-- Grain: one row per indicator, region and year whose value changed, appeared or disappeared since the older set.
-- A difference in the last of fifteen digits is the order of adding, not a change.
-- given  indicator, old_indicator, changed_cell, wanted_cell, def_component, def_indicator, def_merger, def_region, old_set
create or replace table change as
with pair as (
    select
        coalesce(new.indicator, old.indicator) as indicator,
        coalesce(new.region, old.region) as region,
        coalesce(new.year, old.year) as year,
        old.value as old_value,
        new.value as value
    from indicator as new
    full join old_indicator as old using (indicator, region, year)
    where (new.value is null) <> (old.value is null)
        or abs(new.value - old.value) > 1e-12 * greatest(abs(new.value), abs(old.value))
),
-- the codes whose cells make up a figure: the region's own, or those it is put together of
part as (
    select region, component from def_component
    union
    select region, region as component from def_region
),
behind as (
    select distinct
        pair.indicator, pair.region, pair.year, changed.source, changed.region as cell_region, changed.year as cell_year,
        changed.cell, changed.was, changed.became
    from pair
    inner join part on part.region = pair.region
    inner join wanted_cell as wanted on wanted.indicator = pair.indicator and wanted.operand in ('A', 'B', 'P')
    inner join changed_cell as changed
        on changed.source = wanted.source and changed.cell = wanted.cell and changed.region = part.component
        and changed.year = coalesce(wanted.fixed_year, pair.year + wanted.year_offset)
),
listed as (
    select
        indicator, region, year,
        count(*) as cells_changed,
        array_to_string(
            list(
                source || ' ' || cell_region || ' ' || cell_year || ' ' || cell || ': ' || was || ' → ' || became
                order by source, cell_region, cell_year, cell
            )[:4],
            '; '
        ) as cells
    from behind
    group by indicator, region, year
)
select
    (select merger from def_merger) as merger,
    (select name from old_set) as previous_set,
    pair.indicator, pair.region, def_region.region_name, def_region.role, pair.year::integer as year,
    case when old_value is null then 'appeared' when value is null then 'disappeared' else 'changed' end as kind,
    old_value,
    value as new_value,
    value - old_value as difference,
    case when old_value > 0 then 100 * (value - old_value) / old_value end as difference_pct,
    coalesce(listed.cells_changed, 0)::integer as cells_changed,
    listed.cells
from pair
inner join def_region using (region)
inner join def_indicator using (indicator)
left join listed using (indicator, region, year)
order by def_indicator.ord, def_region.ord, pair.year;
