with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}

),

funnel_targets as (

    select * from {{ ref('int_funnel_targets_calculated') }}

),

rates_with_target as (

    select
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        rates.status,
        case when rates.status = 'ok' then rates.rate_per_1000 / 1000e0 end as proportion,
        case when rates.status = 'ok' then cast(rates.denominator as {{ double_type() }}) end as births,
        funnel_targets.areas_ranked,
        funnel_targets.target_rate,
        1000e0 * funnel_targets.target_rate as target_rate_per_1000,
        funnel_targets.overdispersion_phi,
        funnel_targets.tau_squared
    from rates
    left join funnel_targets
        on rates.period = funnel_targets.period
        and rates.measure = funnel_targets.measure
        and rates.basis = funnel_targets.basis
        and rates.ranking_level = funnel_targets.ranking_level

),

positions as (

    select
        *,
        2e0 * sqrt(births) * (asin(sqrt(least(proportion, 1e0))) - asin(sqrt(least(target_rate, 1e0)))) as z_score,
        -- Seen from the target: an area is high when its own interval begins above the target.
        case
            when target_rate_per_1000 < lower_99_8 then 'high_99_8'
            when target_rate_per_1000 < lower_95 then 'high_95'
            when target_rate_per_1000 > upper_99_8 then 'low_99_8'
            when target_rate_per_1000 > upper_95 then 'low_95'
            when proportion is not null then 'within'
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
    from rates_with_target

),

funnel_points as (

    select
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        ranking_level,
        numerator,
        denominator,
        rate_per_1000,
        status,
        cast(areas_ranked as integer) as areas_ranked,
        target_rate_per_1000,
        z_score,
        position_{{ var('funnel_limits') }} as position,
        position_exact,
        position_normal,
        position_adjusted,
        overdispersion_phi,
        tau_squared
    from positions

)

select * from funnel_points
