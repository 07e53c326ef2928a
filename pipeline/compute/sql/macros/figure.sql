-- The formulas: what a figure is, from A and B. Their words stand in definitions/formulas.toml.
create or replace macro figure(formula, a, b) as case formula
    when 'amount' then a
    when 'value' then a
    when 'ratio' then a / b
    when 'share' then 100 * a / b
    when 'change' then 100 * (a - b) / b
end;
