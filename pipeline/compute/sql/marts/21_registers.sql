-- The filled-in forms as typed tables, and how much of each is filled in.
-- given  raw_brukerbetalinger, raw_dekning, raw_tildelingsmodeller, raw_tilskuddsordninger, raw_apningstider,
--        raw_forutsetninger, def_form(register, ord, title, adds), def_region, def_area_part
create or replace table fee as
select
    (select merger from def_merger) as merger, def_area_part.subproject, avgift as fee, nullif(plasstype, '') as place_type,
    nullif(inntektsgruppe, '') as income_band, enhet as unit, kommune as region, member.region_name, "år"::integer as year,
    verdi::double as price_kr, "måneder"::double as months, try_cast(mengde as double) as quantity, try_cast(timetak as double) as hour_cap,
    case when users >= def_assumed.few or users = 0 then users end as users, selvkost as self_cost,
    try_cast(selvkostfond as double) as fund_1000kr, kilde as source, dato as dated, nullif(merknad, '') as note
from (select *, try_cast(brukere as double) as users from raw_brukerbetalinger) as form
inner join def_region as member on member.region = form.kommune
inner join def_area_part on def_area_part.area = form.tjeneste
cross join def_assumed
order by fee, place_type, income_band, year, member.ord;

create or replace table standard as
select
    (select merger from def_merger) as merger, def_area_part.subproject, tjeneste as service, form.standard as item_title, enhet as unit,
    kommune as region, member.region_name, "år"::integer as year, verdi::double as units, "målgruppe"::double as target_group,
    try_cast(enhetskostnad as double) as unit_cost_kr, kilde as source, dato as dated, nullif(merknad, '') as note
from raw_dekning as form
inner join def_region as member on member.region = form.kommune
inner join def_area_part on def_area_part.area = form.tjeneste
order by service, item_title, year, member.ord;

create or replace table distribution_model as
select
    (select merger from def_merger) as merger, def_area_part.subproject, tjeneste as service, kommune as region, member.region_name,
    modell as title, beskrivelse as description, try_cast(siden as integer) as since, kilde as source, dato as dated, nullif(merknad, '') as note
from raw_tildelingsmodeller as form
inner join def_region as member on member.region = form.kommune
inner join def_area_part on def_area_part.area = form.tjeneste
order by service, member.ord, title;

create or replace table grant_scheme as
select
    (select merger from def_merger) as merger, def_area_part.subproject, tjeneste as service, ordning as title, "formål" as description,
    kommune as region, member.region_name, "år"::integer as year, verdi::double as amount_kr,
    case when recipients >= def_assumed.few or recipients = 0 then recipients end as recipients, kilde as source, dato as dated, nullif(merknad, '') as note
from (select *, try_cast(mottakere as double) as recipients from raw_tilskuddsordninger) as form
inner join def_region as member on member.region = form.kommune
inner join def_area_part on def_area_part.area = form.tjeneste
cross join def_assumed
order by service, title, year, member.ord;

create or replace table opening_hours as
select
    (select merger from def_merger) as merger, def_area_part.subproject, tjeneste as service, sted as place, kommune as region, member.region_name,
    "år"::integer as year, verdi::double as weekly_hours, bemanning as staffing, kilde as source, dato as dated, nullif(merknad, '') as note
from raw_apningstider as form
inner join def_region as member on member.region = form.kommune
inner join def_area_part on def_area_part.area = form.tjeneste
order by service, member.ord, place, staffing, year;

create or replace table register_use as
with filled as (
    select 'brukerbetalinger' as register, kommune as region, kilde as source from raw_brukerbetalinger
    union all select 'dekning', kommune, kilde from raw_dekning
    union all select 'tildelingsmodeller', kommune, kilde from raw_tildelingsmodeller
    union all select 'tilskuddsordninger', kommune, kilde from raw_tilskuddsordninger
    union all select 'apningstider', kommune, kilde from raw_apningstider
    union all select 'forutsetninger', null, kilde from raw_forutsetninger
)
select
    (select merger from def_merger) as merger, def_form.register, def_form.title, def_form.adds,
    count(filled.source)::integer as rows_filled, count(distinct filled.region)::integer as members_filled,
    case when coalesce(bool_or(upper(filled.source) like 'EKSEMPEL%'), false) then 'true' else 'false' end as example
from def_form
left join filled using (register)
group by def_form.register, def_form.title, def_form.adds, def_form.ord
order by def_form.ord;
