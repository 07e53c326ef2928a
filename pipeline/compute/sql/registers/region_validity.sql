-- Grain: one row per municipality code KLASS 131 has known since 1990.
-- From when to when the code was valid: [valid_from, valid_to), never told by names.
-- given  raw_klass_131_changes(changeOccurred, oldCode, newCode), raw_klass_131_codes(code)
create or replace table region_validity as
with change as (
    select changeOccurred::date as changed, oldCode as old_code, newCode as new_code
    from raw_klass_131_changes
),
code as (
    select old_code as region from change
    union
    select new_code from change
    union
    select code from raw_klass_131_codes
),
-- A code that was there before something was merged into it shows up as an old code no later than that.
started as (
    select new_code as region, min(changed) as first_new
    from change where new_code <> old_code group by new_code
),
was_there as (
    select old_code as region, min(changed) as first_old from change group by old_code
),
-- A code ceases when it is an old code on a date on which it is not also a new one.
ceased as (
    select old_code as region, max(changed) as last_old
    from change as gone
    where not exists (
        select 1 from change as kept where kept.new_code = gone.old_code and kept.changed = gone.changed
    )
    group by old_code
)
select
    code.region,
    case when was_there.first_old <= started.first_new then null else started.first_new end as valid_from,
    case when current.code is null then ceased.last_old end as valid_to
from code
left join started using (region)
left join was_there using (region)
left join ceased using (region)
left join raw_klass_131_codes as current on current.code = code.region
where code.region <> ''
order by code.region;
