{#- Drift of the benchmark's rate from its window to the next year, where its own series is too short to show it: what England's and Wales'
    stillbirths and neonatal deaths show since 1985, less chance. -#}
{%- set usual_drift, fewest_years_of_drift = '0.045e0', 10 %}
with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1

),

windows as (

    select * from {{ ref('int_rates') }}
    where years_in_period = {{ setting('default_window_years') }}

),

windows_ranked as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked and years_in_period = {{ setting('default_window_years') }}

),

rankings as (

    select * from {{ ref('int_rankings') }}

),

posteriors as (

    select * from {{ ref('int_posteriors') }}

),

areas_in_levels as (

    select * from {{ ref('int_area_levels') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

-- The benchmark's rate moves too: how far a year was from the window before it, squared and relative, less what chance adds to that.
drifts as (

    select
        windows.area_code as benchmark_area_code,
        windows.measure,
        windows.basis,
        count(*) as years_of_drift,
        greatest(0e0, avg(
            power(rates.rate_per_1000 / windows.rate_per_1000 - 1e0, 2)
            - 1e0 / nullif(cast(rates.numerator as double precision), 0e0) - 1e0 / cast(windows.numerator as double precision)
        )) as squared_drift
    from windows
    inner join rates
        on windows.area_code = rates.area_code
        and windows.measure = rates.measure
        and windows.basis = rates.basis
        and windows.period_end_year + 1 = rates.period_end_year
    where windows.status = 'ok' and rates.status = 'ok' and windows.numerator > 0
        and windows.area_code in (select rankings.benchmark_area_code from rankings)
    group by windows.area_code, windows.measure, windows.basis

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
        posteriors.posterior_shape / posteriors.posterior_rate as underlying_rate,
        1e0 / posteriors.posterior_shape
        + case
            when drifts.years_of_drift >= {{ fewest_years_of_drift }} then drifts.squared_drift
            else {{ usual_drift }} * {{ usual_drift }}
        end as inverse_shape
    from windows_ranked
    inner join rankings on windows_ranked.ranking_id = rankings.ranking_id
    inner join posteriors on windows_ranked.ranked_rate_id = posteriors.ranked_rate_id
    left join drifts
        on rankings.benchmark_area_code = drifts.benchmark_area_code
        and rankings.measure = drifts.measure
        and rankings.basis = drifts.basis
    inner join areas_in_levels
        on windows_ranked.area_code = areas_in_levels.area_code
        and windows_ranked.ranking_level = areas_in_levels.ranking_level
        and coalesce(areas_in_levels.exists_to_year, windows_ranked.period_end_year + 1) > windows_ranked.period_end_year

),

-- Deaths are often published where the births of the year are not: the one does not wait for the other.
forecasts as (

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

),

births_taken as (

    select
        2 * ranked_rate_id as births_taken_id,
        births_of_last_year as births,
        underlying_rate * births_of_last_year as expected_deaths,
        inverse_shape
    from forecasts
    union all
    select
        2 * ranked_rate_id + 1 as births_taken_id,
        births_of_forecast_year as births,
        underlying_rate * births_of_forecast_year as expected_deaths,
        inverse_shape
    from forecasts
    where births_of_forecast_year <> births_of_last_year

),

spreads_added as (

    select
        *,
        sqrt(expected_deaths * (1e0 + expected_deaths * inverse_shape)) as standard_deviation
    from births_taken

),

-- Below the fewest lies less than one in 10^11, above the most less than 2.5 % (a test tries shapes and means of all sizes).
counts_bounded as (

    select
        *,
        cast(greatest(floor(expected_deaths - 7e0 * standard_deviation), 0e0) as bigint) as fewest_deaths,
        cast(ceil(expected_deaths + 3e0 * standard_deviation) as bigint) as most_deaths
    from spreads_added

),

-- Negative binomial, in Loader's form: r/(r + n) times the binomial chance of r in r + n.
counts_listed as (

    select
        counts_bounded.births_taken_id,
        counts.deaths,
        1e0 / counts_bounded.inverse_shape as shape,
        1e0 / counts_bounded.inverse_shape + counts.deaths as shape_and_deaths,
        1e0 / (1e0 + counts_bounded.expected_deaths * counts_bounded.inverse_shape) as shape_share
    from counts_bounded
    cross join lateral generate_series(counts_bounded.fewest_deaths, counts_bounded.most_deaths) as counts (deaths)
    -- No forecast where a million counts or more are possible, which is far beyond what any country has.
    where counts_bounded.most_deaths - counts_bounded.fewest_deaths < 1000000

),

chances_of_counts as (

    select
        births_taken_id,
        deaths,
        shape / shape_and_deaths * {{ binomial_point_probability('shape', 'shape_and_deaths', 'shape_share') }} as chance
    from counts_listed

),

chances_added_up as (

    select
        births_taken_id,
        deaths,
        sum(chance) over (
            partition by births_taken_id
            order by deaths asc nulls last
            rows between unbounded preceding and current row
        ) as chance_of_so_many_at_most
    from chances_of_counts

),

limits_read_off as (

    select
        births_taken_id,
        min(case when chance_of_so_many_at_most >= 0.025e0 then deaths end) as lower_95,
        min(case when chance_of_so_many_at_most >= 0.975e0 then deaths end) as upper_95
    from chances_added_up
    group by births_taken_id

),

forecast_ranges as (

    select
        limits_read_off.births_taken_id,
        births_taken.births,
        births_taken.expected_deaths,
        cast(limits_read_off.lower_95 as bigint) as lower_95,
        cast(limits_read_off.upper_95 as bigint) as upper_95
    from limits_read_off
    inner join births_taken on limits_read_off.births_taken_id = births_taken.births_taken_id

),

forecasts_with_ranges as (

    select
        forecasts.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        forecasts.measure,
        measures.measure_name,
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
    inner join measures on forecasts.measure = measures.measure
    inner join forecast_ranges as ranges_beforehand on 2 * forecasts.ranked_rate_id = ranges_beforehand.births_taken_id
    inner join forecast_ranges as ranges
        on 2 * forecasts.ranked_rate_id + case when forecasts.births_of_forecast_year <> forecasts.births_of_last_year then 1 else 0 end
        = ranges.births_taken_id

)

select * from forecasts_with_ranges
