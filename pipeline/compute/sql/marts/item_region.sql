-- Grain: one row per item that can be evened out, basis (need-adjusted or not), member and year.
-- An item has a level, and a weight that turns a level into an amount: level × weight. For a fee the weight is users ×
-- months × units paid for, for coverage the target group ÷ 100, for spending the inhabitants (× need index ÷ 100 where
-- it is need-adjusted). Every item stands with every member: one that lacks it is a hole with a reason.
-- `head` is what an item is, whichever kind of it: the fee, the service of a standard, the indicator.
-- A fee per hour with a cap somewhere is a tariff of two parts: its level is what a user pays each time, price and cap
-- together, for the price alone is not what is paid. `state_set` says by which rule the state sets a price.
-- given  indicator, need, def_fee, def_state_price, def_coverage, def_spending, def_area_part, def_assumed,
--        def_form(register, object), def_region, form_fee, form_standard
create or replace table item_region as
with charged as (
    select
        fee, item_id(fee, place_type, income_band) as item, concat_ws(', ', place_type, income_band) as variant,
        region, year, "row" as line, price_kr, months, users, quantity, hour_cap, self_cost = 'ja' as self_cost,
        fund_1000kr * 1000 as fund_kr, form || ': ' || source as source,
        bool_or(hour_cap is not null) over (partition by fee, place_type, income_band, year) as capped
    from form_fee
),
published as (
    select
        def_fee.fee, def_fee.fee as item, '' as variant, indicator.region, indicator.year, -1 as line, indicator.value as price_kr,
        def_fee.months, null::double as users, null::double as quantity, null::double as hour_cap, def_fee.self_cost,
        null::double as fund_kr, indicator.source, false as capped
    from def_fee
    inner join indicator on indicator.indicator = def_fee.indicator and indicator.role = 'member' and indicator.status = 'ok'
    where not exists (
        select 1 from charged where charged.item = def_fee.fee and charged.region = indicator.region and charged.year = indicator.year
    )
),
priced as (
    select
        price.*, def_fee.per_hour and price.capped as two_part,
        least(price.quantity, coalesce(price.hour_cap, price.quantity)) as hours_paid
    from (select * from charged union all by name select * from published) as price
    inner join def_fee using (fee)
),
fee as (
    select
        'fee' as object, price.item, price.fee as head, def_fee.ord, def_fee.service,
        concat_ws(', ', def_fee.title, case when price.two_part then 'det en bruker betaler' end, nullif(price.variant, '')) as title,
        case when price.two_part then def_fee.paid_unit else def_fee.unit end as unit, def_fee.payer as units_word,
        false as need_adjusted, price.region, price.year, price.line,
        case when price.two_part then price.price_kr * price.hours_paid else price.price_kr end as level,
        case when price.two_part and price.quantity is null then 'not_available' else 'ok' end as status,
        case
            when price.two_part and price.quantity is null then 'Timer per bruker (mengde) er ikke oppgitt i brukerbetalinger.'
        end as reason,
        price.price_kr, price.users, price.hour_cap, price.months, price.self_cost, price.fund_kr,
        case when price.year >= state.since then state.told end as state_set,
        price.users * price.months * case
            when price.two_part then 1
            when def_fee.per_hour then price.hours_paid
            else coalesce(price.quantity, 1)
        end as weight,
        case
            when price.users is null then 'not_available'
            when price.users > 0 and price.users < def_assumed.few then 'suppressed'
            when def_fee.per_hour and price.quantity is null then 'not_available'
            else 'ok'
        end as weight_status,
        case
            when price.users is null then 'Antall brukere er ikke oppgitt i brukerbetalinger.'
            when price.users > 0 and price.users < def_assumed.few
                then 'Færre enn ' || def_assumed.few || ' brukere; slå sammen grupper for å kunne vise dem.'
            when def_fee.per_hour and price.quantity is null then 'Timer per bruker (mengde) er ikke oppgitt i brukerbetalinger.'
        end as weight_reason,
        null::double as unit_cost_kr, null::varchar as not_kroner, price.source
    from priced as price
    inner join def_fee using (fee)
    left join def_state_price as state on state.item in (price.item, price.fee)
    cross join def_assumed
),
covered as (
    select
        'coverage' as object, own.indicator as item, own.indicator as head, def_coverage.ord, def_coverage.service, def_coverage.title,
        own.unit, def_coverage.units_word, false as need_adjusted, own.region, own.year, own.value as level, own.status, own.reason,
        own.denominator / 100 as weight,
        case when own.status = 'ok' and own.denominator is null then 'not_available' else own.status end as weight_status,
        case when own.status = 'ok' and own.denominator is null then 'Målgruppen er ikke kjent.' else own.reason end as weight_reason,
        cost.numerator / nullif(own.value * own.denominator / 100, 0) as unit_cost_kr,
        def_coverage.not_kroner, def_coverage.caution, own.source || coalesce(', ' || cost.source, '') as source
    from def_coverage
    inner join indicator as own on own.indicator = def_coverage.item and own.role = 'member' and own.status <> 'not_valid'
    left join indicator as cost
        on cost.indicator = def_coverage.cost and cost.region = own.region and cost.year = own.year and cost.status = 'ok'
),
filled as (
    select
        'coverage' as object, item_id(service, item_title, null) as item, service as head, 1000 as ord, service,
        item_title as title, 'per 100 i målgruppen' as unit, unit as units_word, false as need_adjusted, region, year,
        figure('share', units, target_group) as level, 'ok' as status, null::varchar as reason,
        target_group / 100 as weight, 'ok' as weight_status, null::varchar as weight_reason,
        unit_cost_kr, null::varchar as not_kroner, form || ': ' || source as source
    from form_standard
),
spent as (
    select
        'spending' as object, own.indicator as item, own.indicator as head, def_spending.ord, def_spending.service, def_spending.title, own.unit,
        null::varchar as units_word, false as need_adjusted, own.region, own.year, own.value as level, own.status, own.reason,
        own.denominator as weight,
        case when own.status = 'ok' and own.denominator is null then 'not_available' else own.status end as weight_status,
        case
            when own.status = 'ok' and own.denominator is null then 'Tallet er publisert per innbygger; folketallet mangler.'
            else own.reason
        end as weight_reason,
        null::double as unit_cost_kr, null::varchar as not_kroner, own.source
    from def_spending
    inner join indicator as own on own.indicator = def_spending.item and own.role = 'member' and own.status <> 'not_valid'
    where not def_spending.need_adjusted
),
adjusted as (
    select
        'spending' as object, own.indicator as item, own.indicator as head, def_spending.ord, def_spending.service, def_spending.title, 'kr' as unit,
        null::varchar as units_word, true as need_adjusted, own.region, own.year, own.adjusted_per_inhabitant as level, own.status, own.reason,
        own.inhabitants * own.need_index / 100 as weight, own.status as weight_status, own.reason as weight_reason,
        null::double as unit_cost_kr, null::varchar as not_kroner,
        'kostnadsnøkkel ' || own.weights_year || ' (' || own.need_key || ')' as source
    from def_spending
    inner join need as own on own.indicator = def_spending.item and own.role = 'member' and own.status <> 'not_valid'
    where def_spending.need_adjusted
),
every as (
    select * from fee
    union all by name select * from covered
    union all by name select * from filled
    union all by name select * from spent
    union all by name select * from adjusted
),
item as (
    select
        object, item, any_value(head) as head, need_adjusted, year, min(ord) as ord, min(line) as line,
        any_value(service) as service, any_value(title) as title,
        any_value(unit) as unit, any_value(units_word) as units_word, any_value(not_kroner) as not_kroner,
        any_value(caution) as caution, any_value(state_set) as state_set, bool_or(self_cost) as self_cost
    from every
    group by object, item, need_adjusted, year
    -- a fee or standard that nobody has, and an indicator without a figure for any member, is no item
    having bool_or(status = 'ok') or object = 'spending'
)
select
    item.object, item.item, item.head, item.need_adjusted, item.ord, item.line, def_area_part.subproject, item.service, item.title, item.unit, item.units_word,
    coalesce(item.self_cost, false) as self_cost, item.not_kroner, item.caution, item.state_set, item.year,
    member.region, member.region_name, member.ord as region_ord,
    every.level,
    coalesce(every.status, 'not_available') as status,
    case
        when every.status is null then 'Ikke oppgitt i ' || coalesce(def_form.register, 'kilden') || '.'
        else every.reason
    end as reason,
    case when every.weight_status = 'ok' then every.weight end as weight,
    coalesce(every.weight_status, 'not_available') as weight_status,
    case when every.status is null then 'Ikke oppgitt.' else every.weight_reason end as weight_reason,
    case when every.weight_status = 'ok' then every.users end as users,
    every.price_kr, every.hour_cap, every.months, every.fund_kr, every.unit_cost_kr, every.source
from item
inner join def_area_part on def_area_part.area = item.service
inner join def_region as member on member.role = 'member'
left join def_form on def_form.object = item.object
left join every
    on every.object = item.object and every.item = item.item and every.need_adjusted = item.need_adjusted
    and every.year = item.year and every.region = member.region
order by item.object, item.ord, item.line, item.item, item.need_adjusted, item.year, member.ord;
