with forecasts as (

    select * from {{ ref('int_forecasts_prepared') }}

),

births_taken as (

    select
        ranked_rate_id,
        births_of_last_year as births,
        underlying_rate * births_of_last_year as expected_deaths,
        inverse_shape
    from forecasts
    union
    select
        ranked_rate_id,
        births_of_forecast_year as births,
        underlying_rate * births_of_forecast_year as expected_deaths,
        inverse_shape
    from forecasts
    where births_of_forecast_year is not null

),

spreads_added as (

    select
        *,
        sqrt(expected_deaths * (1e0 + expected_deaths * inverse_shape)) as standard_deviation
    from births_taken

),

-- Outside these counts lies less than one in 10^11. Far out a negative binomial falls by the same factor with each further death.
counts_bounded as (

    select
        *,
        cast(greatest(floor(expected_deaths - 7e0 * standard_deviation), 0e0) as bigint) as fewest_deaths,
        cast(case
            when expected_deaths = 0e0 then 0e0
            when inverse_shape = 0e0 then ceil(expected_deaths + 7e0 * standard_deviation + 10e0)
            else ceil(expected_deaths + 7e0 * standard_deviation + 10e0 + 25e0 / ln(1e0 + 1e0 / (inverse_shape * expected_deaths)))
        end as bigint) as most_deaths
    from spreads_added

),

-- The chance of a count over that of the count before: a negative binomial, or where the inverse of its shape is 0 a Poisson distribution.
counts_listed as (

    select
        counts_bounded.ranked_rate_id,
        counts_bounded.births,
        counts.deaths,
        case
            when counts.deaths > counts_bounded.fewest_deaths
                then
                    ln(
                        (1e0 + (counts.deaths - 1) * counts_bounded.inverse_shape)
                        * counts_bounded.expected_deaths / (1e0 + counts_bounded.expected_deaths * counts_bounded.inverse_shape)
                        / counts.deaths
                    )
            else 0e0
        end as log_ratio_to_count_before
    from counts_bounded
    cross join lateral generate_series(counts_bounded.fewest_deaths, counts_bounded.most_deaths) as counts (deaths)

),

chances_over_first as (

    select
        ranked_rate_id,
        births,
        deaths,
        exp(sum(log_ratio_to_count_before) over so_many_at_most) as chance_over_first
    from counts_listed
    window so_many_at_most as (
        partition by ranked_rate_id, births
        order by deaths asc nulls last
        rows between unbounded preceding and current row
    )

),

chances_added_up as (

    select
        ranked_rate_id,
        births,
        deaths,
        sum(chance_over_first) over so_many_at_most / sum(chance_over_first) over all_counts as chance_of_so_many_at_most
    from chances_over_first
    window
        so_many_at_most as (
            partition by ranked_rate_id, births
            order by deaths asc nulls last
            rows between unbounded preceding and current row
        ),
        all_counts as (partition by ranked_rate_id, births)

),

limits_read_off as (

    select
        ranked_rate_id,
        births,
        min(case when chance_of_so_many_at_most >= 0.025e0 then deaths end) as lower_95,
        min(case when chance_of_so_many_at_most >= 0.975e0 then deaths end) as upper_95
    from chances_added_up
    group by ranked_rate_id, births

),

ranges_counted as (

    select
        limits_read_off.ranked_rate_id,
        limits_read_off.births,
        spreads_added.expected_deaths,
        cast(limits_read_off.lower_95 as bigint) as lower_95,
        cast(limits_read_off.upper_95 as bigint) as upper_95
    from limits_read_off
    inner join spreads_added
        on limits_read_off.ranked_rate_id = spreads_added.ranked_rate_id
        and limits_read_off.births = spreads_added.births

)

select * from ranges_counted
