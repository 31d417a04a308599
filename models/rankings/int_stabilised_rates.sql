with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings') }}
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
        rates.has_pairs_compared,
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

limits_wanted as (

    select
        rates_drawn_to_mean.ranked_rate_id,
        rates_drawn_to_mean.posterior_rate,
        rates_drawn_to_mean.usable_shape,
        limits.deviate
    from rates_drawn_to_mean
    cross join (
        values
        (cast(-{{ standard_normal_quantile('95') }} as double precision)),
        (cast({{ standard_normal_quantile('95') }} as double precision))
    ) as limits (deviate)
    where rates_drawn_to_mean.usable_shape is not null

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'usable_shape', 'deviate') }}

),

limits_side_by_side as (

    select
        ranked_rate_id,
        1000e0 * min(gamma_quantile / posterior_rate) as stabilised_lower_95,
        1000e0 * max(gamma_quantile / posterior_rate) as stabilised_upper_95
    from limits_found
    group by ranked_rate_id

),

rates_stabilised as (

    select
        rates_drawn_to_mean.ranked_rate_id,
        rates_drawn_to_mean.ranking_id,
        rates_drawn_to_mean.areas_ranked,
        rates_drawn_to_mean.has_pairs_compared,
        rates_drawn_to_mean.stabilised_rate_per_1000,
        limits_side_by_side.stabilised_lower_95,
        limits_side_by_side.stabilised_upper_95,
        rates_drawn_to_mean.weight as stabilised_weight,
        cast(rank() over (
            partition by rates_drawn_to_mean.ranking_id order by rates_drawn_to_mean.stabilised_rate_per_1000 desc nulls last
        ) as integer) as stabilised_rank_highest_first,
        1000e0 * sqrt(rates_drawn_to_mean.variance_between_areas) as standard_deviation_between_areas_per_1000,
        rates_drawn_to_mean.posterior_shape,
        rates_drawn_to_mean.posterior_rate,
        case
            when rates_drawn_to_mean.mean_rate = 0e0 then 'no_deaths_in_any_area'
            when rates_drawn_to_mean.variance_between_areas = 0e0 then 'no_variation_beyond_chance'
            when rates_drawn_to_mean.usable_shape is null then 'variation_too_great'
        end as reason_code
    from rates_drawn_to_mean
    left join limits_side_by_side on rates_drawn_to_mean.ranked_rate_id = limits_side_by_side.ranked_rate_id

)

select * from rates_stabilised
