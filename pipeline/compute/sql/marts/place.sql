-- Grain: one row per place of this merger: schools, kindergartens, polling places, local centres.
-- former_region is the old municipality where the register tells it.
-- given  raw_udir_skoler, raw_udir_barnehager, raw_valg_stemmesteder, raw_lokalsentre,
--        def_merger, def_merger_code
create or replace table place as
with listed as (
    select
        'school' as kind, orgnr as place_id, name, region, region_2019 as former_region, lower(ownership) as owner,
        case when lowest_grade <> '' then lowest_grade || '–' || highest_grade end as grades,
        null::double as children, 'not_applicable' as status,
        try_cast(nullif(lat, '') as double) as lat, try_cast(nullif(lon, '') as double) as lon,
        nullif(coordinate_source, '') as coordinate_source, '2026' as period, 'udir-skoler' as source
    from raw_udir_skoler
    union all by name
    select
        'kindergarten' as kind, id as place_id, name, region,
        case when period = 'before_2020' then region end as former_region, ownership as owner, null as grades,
        try_cast(nullif(children, '') as double) as children,
        case when children_status <> '' then children_status when children = '' then 'not_available' else 'ok' end as status,
        try_cast(nullif(lat, '') as double) as lat, try_cast(nullif(lon, '') as double) as lon,
        'register' as coordinate_source, period, 'udir-barnehager' as source
    from raw_udir_barnehager
    union all by name
    select
        'polling_place' as kind, region || '-' || row_number() over (partition by region order by name, address) as place_id,
        name, region, region as former_region, 'offentlig' as owner, null as grades,
        null::double as children, 'not_applicable' as status,
        try_cast(nullif(lat, '') as double) as lat, try_cast(nullif(lon, '') as double) as lon,
        'register' as coordinate_source, '2017' as period, 'valg-stemmesteder' as source
    from raw_valg_stemmesteder
    union all by name
    select
        'local_centre' as kind, place as place_id, place as name, merger as region, null as former_region, null as owner, null as grades,
        null::double as children, 'not_applicable' as status,
        try_cast(nullif(lat, '') as double) as lat, try_cast(nullif(lon, '') as double) as lon,
        source as coordinate_source, 'i dag' as period, 'lokalsentre' as source
    from raw_lokalsentre
)
select (select merger from def_merger) as merger, listed.*
from listed
where region in (select region from def_merger_code)
order by kind, period, region, name, place_id;
