with control_limits as (

    select * from {{ ref('int_control_limits_calculated') }}

),

control_limits_published as (

    select
        area_code,
        measure,
        basis,
        period,
        period_end_year,
        numerator,
        denominator,
        rate_per_1000,
        level_per_1000,
        expected_deaths,
        leverage,
        lower_99_8,
        upper_99_8,
        false_alarm_probability,
        control_position,
        overdispersion_phi,
        adjusted_lower_99_8,
        adjusted_upper_99_8,
        control_position_adjusted,
        rate_per_1000 / level_per_1000 as rate_over_level,
        lower_99_8 / level_per_1000 as lower_99_8_over_level,
        upper_99_8 / level_per_1000 as upper_99_8_over_level,
        adjusted_lower_99_8 / level_per_1000 as adjusted_lower_99_8_over_level,
        adjusted_upper_99_8 / level_per_1000 as adjusted_upper_99_8_over_level
    from control_limits

)

select * from control_limits_published
