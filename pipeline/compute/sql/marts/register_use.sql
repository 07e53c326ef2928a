-- Grain: one row per form: how much of it is filled in, and whether that is an example.
-- given  form_row(register, region, source), def_form(register, ord, title, adds), def_merger
create or replace table register_use as
select
    (select merger from def_merger) as merger, def_form.register, def_form.title, def_form.adds,
    count(form_row.source)::integer as rows_filled, count(distinct form_row.region)::integer as members_filled,
    case when coalesce(bool_or(upper(form_row.source) like 'EKSEMPEL%'), false) then 'true' else 'false' end as example
from def_form
left join form_row using (register)
group by def_form.register, def_form.title, def_form.adds, def_form.ord
order by def_form.ord;
