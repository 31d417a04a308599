with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

spreads as (

    select * from {{ ref('int_spreads') }}

),

rankings as (

    select * from {{ ref('int_rankings') }}

),

distributions as (

    {{ gamma_posteriors('rates', 'spreads', 'ranked_rate_id') }}

),

posteriors as (

    select
        rates.ranked_rate_id,
        rates.ranking_id,
        rates.areas_ranked,
        distributions.posterior_shape,
        distributions.posterior_rate,
        distributions.root_of_mean,
        distributions.cube_root_mean,
        distributions.cube_root_deviation
    from rates
    inner join distributions on rates.ranked_rate_id = distributions.ranked_rate_id

),

limits_wanted as (

    select
        posteriors.ranked_rate_id,
        posteriors.posterior_rate,
        posteriors.posterior_shape,
        limits.deviate
    from posteriors
    cross join (
        values
        (cast(-{{ standard_normal_quantile('95') }} as double precision)),
        (cast({{ standard_normal_quantile('95') }} as double precision))
    ) as limits (deviate)

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'posterior_shape', 'deviate') }}

),

limits_side_by_side as (

    select
        ranked_rate_id,
        1000e0 * min(gamma_quantile / posterior_rate) as stabilised_lower_95,
        1000e0 * max(gamma_quantile / posterior_rate) as stabilised_upper_95
    from limits_found
    group by ranked_rate_id

),

posteriors_beside_benchmark as (

    select
        posteriors.*,
        -- A benchmark without deaths beside areas with some is not theirs.
        cast(nullif(rankings.benchmark_numerator, 0) as double precision)
        / cast(nullif(rankings.benchmark_denominator, 0) as double precision) * posteriors.posterior_rate as benchmark_scaled
    from posteriors
    inner join rankings on posteriors.ranking_id = rankings.ranking_id

),

chances_of_benchmark as (

    {{ gamma_tails('posteriors_beside_benchmark', 'posterior_shape', 'benchmark_scaled') }}

),

posteriors_described as (

    select
        chances_of_benchmark.ranked_rate_id,
        chances_of_benchmark.ranking_id,
        chances_of_benchmark.areas_ranked,
        chances_of_benchmark.posterior_shape,
        chances_of_benchmark.posterior_rate,
        chances_of_benchmark.root_of_mean,
        chances_of_benchmark.cube_root_mean,
        chances_of_benchmark.cube_root_deviation,
        1000e0 * chances_of_benchmark.posterior_shape / chances_of_benchmark.posterior_rate as stabilised_rate_per_1000,
        limits_side_by_side.stabilised_lower_95,
        limits_side_by_side.stabilised_upper_95,
        case when chances_of_benchmark.benchmark_scaled is not null then greatest(0e0, least(1e0, chances_of_benchmark.upper_tail)) end
            as probability_above_benchmark
    from chances_of_benchmark
    inner join limits_side_by_side on chances_of_benchmark.ranked_rate_id = limits_side_by_side.ranked_rate_id

)

select * from posteriors_described
