-- Whether a formula has a B to divide by.
create or replace macro divides(formula) as formula not in ('amount', 'value');
