-- Grain: one row per decomposition, member or merged municipality, and year.
-- spending per inhabitant = target group ÷ inhabitants × users ÷ target group × kr ÷ users; the gap between a member and
-- the merged municipality is split by the logarithms of the three, which add up to it exactly.
-- Users that are only published as a share of the target group are that share of it.
-- given  indicator, def_indicator(indicator, formula), def_decomposition(decomposition, ord, cost, users, inhabitants), def_region
create or replace table decomposition as
with beside_users as (
    select
        split.decomposition, split.ord,
        cost.merger, cost.region, cost.region_name, cost.role, cost.year,
        cost.numerator as kr,
        cost.denominator as target,
        if(def_indicator.formula = 'value', users.value * users.denominator / 100, users.numerator) as users,
        everyone.denominator as inhabitants,
        cost.status as cost_status, cost.reason as cost_reason,
        coalesce(users.status, 'not_in_set') as users_status,
        coalesce(users.reason, 'Antall brukere er ikke i datasettet.') as users_reason,
        coalesce(everyone.status, 'not_in_set') as everyone_status,
        coalesce(everyone.reason, 'Folketallet er ikke i datasettet.') as everyone_reason
    from def_decomposition as split
    inner join def_indicator on def_indicator.indicator = split.users
    inner join indicator as cost on cost.indicator = split.cost and cost.role in ('member', 'merged')
    left join indicator as users
        on users.indicator = split.users and users.region = cost.region and users.year = cost.year
    left join indicator as everyone
        on everyone.indicator = split.inhabitants and everyone.region = cost.region and everyone.year = cost.year
),
part as (
    select
        *,
        coalesce(kr > 0 and target > 0 and users > 0 and inhabitants > 0, false) as complete,
        case
            when cost_status <> 'ok' then cost_status
            when users_status <> 'ok' then users_status
            when everyone_status <> 'ok' then everyone_status
            when complete then 'ok'
            else 'not_applicable'
        end as status,
        case
            when cost_status <> 'ok' then cost_reason
            when users_status <> 'ok' then users_reason
            when everyone_status <> 'ok' then everyone_reason
            when not complete then 'En av delene er null, negativ eller bare kjent som forholdstall.'
        end as reason
    from beside_users
),
factor as (
    select
        part.*,
        kr / inhabitants as per_inhabitant,
        target / inhabitants as target_share,
        users / target as coverage,
        kr / users as unit_cost
    from part
),
beside as (
    select
        factor.*,
        whole.per_inhabitant as whole_per_inhabitant,
        ln(factor.target_share / whole.target_share) as target_log,
        ln(factor.coverage / whole.coverage) as coverage_log,
        ln(factor.unit_cost / whole.unit_cost) as unit_cost_log,
        case
            when abs(factor.per_inhabitant / whole.per_inhabitant - 1) < 1e-9 then whole.per_inhabitant
            else (factor.per_inhabitant - whole.per_inhabitant) / ln(factor.per_inhabitant / whole.per_inhabitant)
        end as mean_kr
    from factor
    left join factor as whole
        on whole.decomposition = factor.decomposition and whole.year = factor.year and whole.role = 'merged'
        and whole.status = 'ok' and factor.status = 'ok'
)
select
    beside.merger, beside.decomposition, beside.region, beside.region_name, beside.role, beside.year,
    case when status = 'ok' then per_inhabitant end as per_inhabitant,
    case when status = 'ok' then 100 * target_share end as target_share_pct,
    case when status = 'ok' then 100 * coverage end as coverage_pct,
    case when status = 'ok' then unit_cost end as unit_cost_kr,
    case when status = 'ok' then per_inhabitant - whole_per_inhabitant end as gap_kr,
    case when status = 'ok' then mean_kr * target_log end as from_target_kr,
    case when status = 'ok' then mean_kr * coverage_log end as from_coverage_kr,
    case when status = 'ok' then mean_kr * unit_cost_log end as from_unit_cost_kr,
    beside.status,
    beside.reason
from beside
inner join def_region on def_region.region = beside.region
order by beside.ord, def_region.ord, beside.year;
