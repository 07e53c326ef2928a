-- Where a municipality code was not valid, the Statbank may hold 0, "." or nothing at all.
-- None of it is a figure: the status says so, and the value goes.
-- given  observation from the cubes, region_validity
update observation
set value = null, status = 'not_valid'
from region_validity as code
where
    code.region = observation.region
    and (
        make_date(observation.year, 1, 1) < coalesce(code.valid_from, date '1900-01-01')
        or make_date(observation.year, 1, 1) >= coalesce(code.valid_to, date '9999-12-31')
    );
