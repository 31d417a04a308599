with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

funnel_targets as (

    select * from {{ ref('int_funnel_targets') }}

),

rates_beside_target as (

    select
        rates.ranked_rate_id,
        rates.event_count,
        rates.births,
        funnel_targets.target_rate,
        funnel_targets.target_rate * rates.births as expected,
        rates.event_count > funnel_targets.target_rate * rates.births as is_above_target,
        -- The negative binomial distribution whose variance is what the variance between areas, on the arcsine scale, means for a count.
        -- Without one (1e-12 changes no ninth digit), or with a target that no proportion can have, the count is Poisson.
        case
            when funnel_targets.tau_squared > 1e-12 and funnel_targets.target_rate > 0e0 and funnel_targets.target_rate < 1e0
                then funnel_targets.target_rate / (4e0 * (1e0 - funnel_targets.target_rate) * funnel_targets.tau_squared)
        end as between_areas_shape
    from rates
    inner join funnel_targets on rates.ranking_id = funnel_targets.ranking_id

),

-- A count above the expected one is never low, one below it never high: one tail decides. P(X >= n) is the lower tail of a gamma or beta
-- distribution with the shape n, P(X <= n) the upper tail of one with the shape n + 1.
tails_wanted as (

    select
        *,
        case when is_above_target then event_count else event_count + 1e0 end as tail_shape,
        expected / (expected + between_areas_shape) as between_areas_share
    from rates_beside_target

),

poisson_tails as (

    {{ gamma_tails('tails_wanted', 'tail_shape', 'expected') }}

),

poisson_tails_chosen as materialized (

    select
        ranked_rate_id,
        case when is_above_target then lower_tail else upper_tail end as poisson_tail
    from poisson_tails

),

negative_binomial_tails as (

    {{ beta_tails('tails_wanted', 'tail_shape', 'between_areas_shape', 'between_areas_share') }}

),

negative_binomial_tails_chosen as materialized (

    select
        ranked_rate_id,
        case when is_above_target then lower_tail else upper_tail end as negative_binomial_tail
    from negative_binomial_tails
    where between_areas_shape is not null

),

positions_found as (

    select
        rates_beside_target.ranked_rate_id,
        {{ funnel_position_by_tail('rates_beside_target.is_above_target', 'poisson_tails_chosen.poisson_tail') }} as funnel_position,
        {{ funnel_position_by_tail(
            'rates_beside_target.is_above_target',
            'coalesce(negative_binomial_tails_chosen.negative_binomial_tail, poisson_tails_chosen.poisson_tail)',
        ) }} as funnel_position_adjusted
    from rates_beside_target
    inner join poisson_tails_chosen on rates_beside_target.ranked_rate_id = poisson_tails_chosen.ranked_rate_id
    left join negative_binomial_tails_chosen
        on rates_beside_target.ranked_rate_id = negative_binomial_tails_chosen.ranked_rate_id

)

select * from positions_found
