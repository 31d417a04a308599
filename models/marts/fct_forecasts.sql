with forecasts as (

    select * from {{ ref('int_forecasts_prepared') }}

),

forecast_ranges as (

    select * from {{ ref('int_forecast_ranges_counted') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

forecasts_with_ranges as (

    select
        forecasts.area_code,
        areas.area_name,
        forecasts.measure,
        forecasts.basis,
        forecasts.ranking_level,
        cast(forecasts.forecast_year as varchar) as forecast_period,
        forecasts.forecast_year,
        forecasts.window_period,
        ranges.births,
        forecasts.births_of_forecast_year is not null as has_births_of_forecast_year,
        ranges.expected_deaths,
        ranges.lower_95,
        ranges.upper_95,
        {{ rate_per_1000('ranges.expected_deaths', 'ranges.births') }} as expected_rate_per_1000,
        {{ rate_per_1000('ranges.lower_95', 'ranges.births') }} as lower_95_per_1000,
        {{ rate_per_1000('ranges.upper_95', 'ranges.births') }} as upper_95_per_1000,
        forecasts.observed_deaths,
        forecasts.observed_deaths between ranges.lower_95 and ranges.upper_95 as is_inside,
        forecasts.births_of_last_year as births_beforehand,
        ranges_beforehand.expected_deaths as expected_deaths_beforehand,
        ranges_beforehand.lower_95 as lower_95_beforehand,
        ranges_beforehand.upper_95 as upper_95_beforehand,
        forecasts.observed_deaths between ranges_beforehand.lower_95 and ranges_beforehand.upper_95 as is_inside_beforehand
    from forecasts
    inner join areas on forecasts.area_code = areas.area_code
    inner join forecast_ranges as ranges
        on forecasts.ranked_rate_id = ranges.ranked_rate_id
        and coalesce(forecasts.births_of_forecast_year, forecasts.births_of_last_year) = ranges.births
    inner join forecast_ranges as ranges_beforehand
        on forecasts.ranked_rate_id = ranges_beforehand.ranked_rate_id
        and forecasts.births_of_last_year = ranges_beforehand.births

)

select * from forecasts_with_ranges
