with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where is_complete

),

rankings_with_mean as (

    select
        ranking_id,
        areas_with_rate,
        cast(deaths as double precision) / cast(births as double precision) as mean_rate,
        cast(births as double precision) as all_births
    from rankings

),

rankings_with_spread as (

    select
        rankings_with_mean.ranking_id,
        rankings_with_mean.mean_rate,
        rankings_with_mean.all_births / rankings_with_mean.areas_with_rate as mean_births,
        sum(rates.births * power(rates.rate_per_1000 / 1000e0 - rankings_with_mean.mean_rate, 2)) / rankings_with_mean.all_births as spread
    from rankings_with_mean
    inner join rates on rankings_with_mean.ranking_id = rates.ranking_id
    group by
        rankings_with_mean.ranking_id, rankings_with_mean.areas_with_rate, rankings_with_mean.mean_rate, rankings_with_mean.all_births

),

-- Marshall's variance between areas beyond chance; where chance alone would spread them as much, none is left.
rankings_with_variance as (

    select
        ranking_id,
        mean_rate,
        greatest(spread - mean_rate / mean_births, 0e0) as variance_between_areas
    from rankings_with_spread

),

rates_weighed as (

    select
        rates.ranked_rate_id,
        rates.ranking_id,
        rates.areas_ranked,
        rates.rate_per_1000 / 1000e0 as observed_rate,
        rankings_with_variance.mean_rate,
        rankings_with_variance.variance_between_areas,
        coalesce(
            rankings_with_variance.variance_between_areas
            / nullif(rankings_with_variance.variance_between_areas + rankings_with_variance.mean_rate / rates.births, 0e0),
            0e0
        ) as weight,
        -- The posterior of the area's underlying rate is a gamma distribution of this shape and rate; none where no variance is left.
        power(rankings_with_variance.mean_rate, 2) / nullif(rankings_with_variance.variance_between_areas, 0e0) + rates.event_count
            as posterior_shape,
        rankings_with_variance.mean_rate / nullif(rankings_with_variance.variance_between_areas, 0e0) + rates.births as posterior_rate
    from rates
    inner join rankings_with_variance on rates.ranking_id = rankings_with_variance.ranking_id

),

rates_drawn_to_mean as (

    select
        *,
        1000e0 * (mean_rate + weight * (observed_rate - mean_rate)) as stabilised_rate_per_1000,
        case when posterior_shape >= 0.5e0 then posterior_shape end as usable_shape
    from rates_weighed

),

quantiles_started as materialized (

    select
        *,
        {{ gamma_quantile_start('usable_shape', 'lower') }} as lower_start,
        {{ gamma_quantile_start('usable_shape', 'upper') }} as upper_start
    from rates_drawn_to_mean

),

quantiles_measured as materialized (

    select
        *,
        {{ gamma_quantile_residual('usable_shape', 'lower_start', 'lower') }} as lower_residual,
        {{ gamma_quantile_residual('usable_shape', 'upper_start', 'upper') }} as upper_residual
    from quantiles_started

),

rates_stabilised as (

    select
        ranked_rate_id,
        ranking_id,
        areas_ranked,
        stabilised_rate_per_1000,
        1000e0 * {{ gamma_quantile_refined('usable_shape', 'lower_start', 'lower_residual') }} / posterior_rate as stabilised_lower_95,
        1000e0 * {{ gamma_quantile_refined('usable_shape', 'upper_start', 'upper_residual') }} / posterior_rate as stabilised_upper_95,
        weight as stabilised_weight,
        cast(rank() over (partition by ranking_id order by stabilised_rate_per_1000 desc nulls last) as integer)
            as stabilised_rank_highest_first,
        1000e0 * sqrt(variance_between_areas) as standard_deviation_between_areas_per_1000,
        posterior_shape,
        posterior_rate,
        case
            when mean_rate = 0e0 then 'no_deaths_in_any_area'
            when variance_between_areas = 0e0 then 'no_variation_beyond_chance'
            when usable_shape is null then 'variation_too_great'
        end as reason_code
    from quantiles_measured

)

select * from rates_stabilised
