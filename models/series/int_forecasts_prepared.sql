with rates as (

    select * from {{ ref('int_rates_calculated') }}
    where years_in_period = 1

),

windows_ranked as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked and years_in_period = {{ setting('default_window_years') }}

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}

),

stabilised_rates as (

    select * from {{ ref('int_rates_stabilised') }}

),

areas_in_levels as (

    select * from {{ ref('int_areas_assigned_to_levels') }}

),

-- An area that has come to an end has no next year.
windows_with_posterior as (

    select
        windows_ranked.ranked_rate_id,
        windows_ranked.area_code,
        windows_ranked.measure,
        windows_ranked.basis,
        windows_ranked.ranking_level,
        windows_ranked.period as window_period,
        windows_ranked.period_end_year,
        -- Without a spread between areas beyond chance each has the mean rate: a gamma distribution without width.
        coalesce(
            stabilised_rates.posterior_shape / stabilised_rates.posterior_rate,
            cast(rankings.deaths as double precision) / cast(rankings.births as double precision)
        ) as underlying_rate,
        coalesce(1e0 / stabilised_rates.posterior_shape, 0e0) as inverse_shape
    from windows_ranked
    inner join rankings on windows_ranked.ranking_id = rankings.ranking_id
    inner join stabilised_rates on windows_ranked.ranked_rate_id = stabilised_rates.ranked_rate_id
    inner join areas_in_levels
        on windows_ranked.area_code = areas_in_levels.area_code
        and windows_ranked.ranking_level = areas_in_levels.ranking_level
        and coalesce(areas_in_levels.exists_to_year, windows_ranked.period_end_year + 1) > windows_ranked.period_end_year

),

-- Deaths are often published where the births of the year are not: the one does not wait for the other.
forecasts_prepared as (

    select
        windows_with_posterior.ranked_rate_id,
        windows_with_posterior.area_code,
        windows_with_posterior.measure,
        windows_with_posterior.basis,
        windows_with_posterior.ranking_level,
        windows_with_posterior.window_period,
        cast(windows_with_posterior.period_end_year + 1 as smallint) as forecast_year,
        windows_with_posterior.underlying_rate,
        windows_with_posterior.inverse_shape,
        cast(last_years.denominator as bigint) as births_of_last_year,
        cast(case when next_years.status <> 'invalid' then next_years.denominator end as bigint) as births_of_forecast_year,
        cast(case when next_years.status <> 'invalid' then next_years.numerator end as bigint) as observed_deaths
    from windows_with_posterior
    inner join rates as last_years
        on windows_with_posterior.area_code = last_years.area_code
        and windows_with_posterior.measure = last_years.measure
        and windows_with_posterior.basis = last_years.basis
        and windows_with_posterior.period_end_year = last_years.period_end_year
    left join rates as next_years
        on windows_with_posterior.area_code = next_years.area_code
        and windows_with_posterior.measure = next_years.measure
        and windows_with_posterior.basis = next_years.basis
        and windows_with_posterior.period_end_year + 1 = next_years.period_end_year

)

select * from forecasts_prepared
