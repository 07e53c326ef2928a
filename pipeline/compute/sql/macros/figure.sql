-- The formulas: what a figure is, from A and B; nothing where there is nothing to divide by.
-- Their words stand in definitions/formulas.toml.
create or replace macro figure(formula, a, b) as case formula
    when 'amount' then a
    when 'value' then a
    when 'ratio' then a / nullif(b, 0)
    when 'share' then 100 * a / nullif(b, 0)
    when 'change' then 100 * (a - b) / nullif(b, 0)
end;
