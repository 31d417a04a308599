with rates as (

    select * from {{ ref('int_rates_calculated') }}
    where not is_rolling or years_in_period = {{ var('default_window_years') }}

),

areas as (

    select * from {{ ref('stg_areas__areas') }}

),

areas_by_ranking_level as (

    select
        area_code,
        'region' as ranking_level
    from areas
    where area_level = 'region'
    union all
    select
        area_code,
        'upper_tier' as ranking_level
    from areas
    where is_upper_tier
    union all
    select
        area_code,
        'lower_tier' as ranking_level
    from areas
    where is_lower_tier

),

rates_by_ranking_level as (

    select
        rates.area_code,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.is_rolling,
        rates.measure,
        rates.basis,
        areas_by_ranking_level.ranking_level,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        rates.status,
        count(rates.rate_per_1000) over (
            partition by
                areas_by_ranking_level.ranking_level,
                rates.period,
                rates.measure,
                rates.basis,
                rates.is_rolling
        ) as areas_with_rate
    from rates
    inner join areas_by_ranking_level on rates.area_code = areas_by_ranking_level.area_code

),

-- Periods in which no area has a rate (windows that reach back before the first year) are no rankings.
rankable_rates as (

    select
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        is_rolling,
        measure,
        basis,
        ranking_level,
        numerator,
        denominator,
        rate_per_1000,
        lower_95,
        upper_95,
        lower_99_8,
        upper_99_8,
        status
    from rates_by_ranking_level
    where areas_with_rate > 0

)

select * from rankable_rates
