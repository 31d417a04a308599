with rates as (

    select * from {{ ref('int_rates_calculated') }}
    where not is_rolling

),

single_year_rates as (

    select
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        numerator,
        denominator,
        rate_per_1000,
        lower_95,
        upper_95,
        lower_99_8,
        upper_99_8,
        status,
        reliability_flag,
        rate_display,
        is_numerator_derived,
        numerator_publication,
        denominator_publication
    from rates

)

select * from single_year_rates
