-- Grain: one row per cell that came in. A sign becomes the status it stands for in the source.
-- Where a municipality code was not valid, the Statbank may hold 0, "." or nothing at all.
-- None of it is a figure: the status says so, and the value goes.
-- Figures by former area (a projection made for the old municipalities) stand on the old codes in any year.
-- given  incoming (the cells of one source or of a part of it), incoming_source(source), sign(sign, status),
--        region_validity, def_former_area(source)
create or replace temp view observed as
with told as (
    select
        incoming.*,
        incoming_source.source not in (select source from def_former_area)
            and (
                make_date(incoming.year::integer, 1, 1) < coalesce(code.valid_from, date '1900-01-01')
                or make_date(incoming.year::integer, 1, 1) >= coalesce(code.valid_to, date '9999-12-31')
            ) as outside,
        sign.status as told_status
    from incoming
    cross join incoming_source
    left join sign on sign.sign = incoming.symbol::varchar
    left join region_validity as code on code.region = incoming.region::varchar
)
select
    * exclude ("file", "row", year_text, symbol, outside, told_status)
        replace (year::integer as year, if(outside or isnan(value), null, value) as value),
    case when outside then 'not_valid' when value is null or isnan(value) then told_status else 'ok' end as status
from told;
