-- Where a municipality code was not valid, the Statbank may hold 0, "." or nothing at all.
-- None of it is a figure: the status says so, and the value goes.
-- Figures by former area (a projection made for the old municipalities) stand on the old codes in any year.
-- given  observation from the cubes, region_validity, def_former_area(source)
update observation
set value = null, status = 'not_valid'
from region_validity as code
where
    code.region = observation.region
    and observation.source not in (select source from def_former_area)
    and (
        make_date(observation.year, 1, 1) < coalesce(code.valid_from, date '1900-01-01')
        or make_date(observation.year, 1, 1) >= coalesce(code.valid_to, date '9999-12-31')
    );
