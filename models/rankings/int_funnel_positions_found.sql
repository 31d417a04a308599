with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

funnel_targets as (

    select * from {{ ref('int_funnel_targets_calculated') }}

),

rates_beside_target as (

    select
        rates.ranked_rate_id,
        rates.births,
        rates.rate_per_1000 / 1000e0 as proportion,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        funnel_targets.target_rate,
        1000e0 * funnel_targets.target_rate as target_per_1000,
        funnel_targets.tau_squared
    from rates
    inner join funnel_targets on rates.ranking_id = funnel_targets.ranking_id

),

positions_found as (

    select
        ranked_rate_id,
        target_per_1000,
        2e0 * sqrt(births) * (asin(sqrt(least(proportion, 1e0))) - asin(sqrt(least(target_rate, 1e0)))) as z_score,
        -- Seen from the target: an area is high when its own interval begins above the target.
        case
            when target_per_1000 < lower_99_8 then 'high_99_8'
            when target_per_1000 < lower_95 then 'high_95'
            when target_per_1000 > upper_99_8 then 'low_99_8'
            when target_per_1000 > upper_95 then 'low_95'
            else 'within'
        end as position_exact,
        {{ funnel_position(
            'proportion',
            funnel_limit_normal('lower', '95', 'target_rate', 'births'),
            funnel_limit_normal('upper', '95', 'target_rate', 'births'),
            funnel_limit_normal('lower', '99_8', 'target_rate', 'births'),
            funnel_limit_normal('upper', '99_8', 'target_rate', 'births'),
        ) }} as position_normal,
        {{ funnel_position(
            'proportion',
            funnel_limit_adjusted('lower', '95', 'target_rate', 'births', 'tau_squared'),
            funnel_limit_adjusted('upper', '95', 'target_rate', 'births', 'tau_squared'),
            funnel_limit_adjusted('lower', '99_8', 'target_rate', 'births', 'tau_squared'),
            funnel_limit_adjusted('upper', '99_8', 'target_rate', 'births', 'tau_squared'),
        ) }} as position_adjusted
    from rates_beside_target

)

select * from positions_found
