with rankings as (

    select * from {{ ref('int_rankings_counted') }}

),

extreme_areas as (

    select * from {{ ref('int_extreme_areas_found') }}

),

extreme_chances as (

    select * from {{ ref('int_extreme_chances_calculated') }}

),

extremes_followed as (

    select * from {{ ref('int_extremes_followed') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

rankings_with_benchmark as (

    select
        *,
        1000e0 * benchmark_numerator / nullif(cast(benchmark_denominator as double precision), 0e0) as benchmark_rate_per_1000
    from rankings

),

rates_beside_benchmark as (

    select
        rankings.period,
        rankings.period_start_year,
        rankings.period_end_year,
        rankings.years_in_period,
        rankings.measure,
        rankings.basis,
        rankings.ranking_level,
        cast(rankings.areas_with_rate as integer) as areas_ranked,
        rankings.benchmark_area_code,
        rankings.benchmark_rate_per_1000,
        extreme_areas.highest_area_code,
        areas.area_name as highest_area_name,
        extreme_areas.areas_at_highest,
        cast(extreme_areas.highest_numerator as bigint) as highest_numerator,
        cast(extreme_areas.highest_denominator as bigint) as highest_denominator,
        1000e0 * extreme_areas.highest_numerator / cast(extreme_areas.highest_denominator as double precision) as highest_rate_per_1000,
        1000e0 * extreme_areas.highest_numerator / cast(extreme_areas.highest_denominator as double precision)
        / nullif(rankings.benchmark_rate_per_1000, 0e0) as highest_ratio,
        extreme_chances.probability_equal_risk,
        extreme_chances.probability_fitted_spread,
        next_rankings.period as next_period,
        next_extreme_areas.highest_area_code as next_highest_area_code,
        extremes_followed.highest_next_rank,
        1000e0 * extremes_followed.highest_next_numerator / cast(extremes_followed.highest_next_denominator as double precision)
        / nullif(next_rankings.benchmark_rate_per_1000, 0e0) as highest_next_ratio,
        extreme_areas.worst_areas as worst_tenth_areas,
        1000e0 * extreme_areas.worst_deaths / cast(extreme_areas.worst_births as double precision)
        / nullif(rankings.benchmark_rate_per_1000, 0e0) as worst_tenth_ratio,
        extremes_followed.worst_areas_followed as worst_tenth_areas_followed,
        extremes_followed.worst_areas_kept as worst_tenth_areas_kept,
        1000e0 * extremes_followed.worst_next_deaths / cast(extremes_followed.worst_next_births as double precision)
        / nullif(next_rankings.benchmark_rate_per_1000, 0e0) as worst_tenth_next_ratio
    from extreme_areas
    inner join rankings_with_benchmark as rankings on extreme_areas.ranking_id = rankings.ranking_id
    inner join extreme_chances on extreme_areas.ranking_id = extreme_chances.ranking_id
    inner join areas on extreme_areas.highest_area_code = areas.area_code
    left join extremes_followed on extreme_areas.ranking_id = extremes_followed.ranking_id
    left join rankings_with_benchmark as next_rankings on extremes_followed.next_ranking_id = next_rankings.ranking_id
    left join extreme_areas as next_extreme_areas on extremes_followed.next_ranking_id = next_extreme_areas.ranking_id

),

extremes_compared as (

    select
        *,
        -- Of an excess; a highest rate that is none above the benchmark's has nothing to keep.
        case when highest_ratio > 1e0 then (highest_next_ratio - 1e0) / (highest_ratio - 1e0) end as next_period_ratio_kept,
        worst_tenth_areas_kept / cast(nullif(worst_tenth_areas_followed, 0) as double precision) as worst_tenth_share_kept
    from rates_beside_benchmark

)

select * from extremes_compared
