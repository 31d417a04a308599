with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where is_ranked

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where is_complete

),

-- The least probable coefficients of variation, one in a thousand together, change no third digit of a chance.
spreads as (

    select
        *,
        weight / sum(weight) over (partition by ranking_id) as share_of_weight
    from {{ ref('int_spreads') }}
    where weight > 5e-4

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

-- Areas that share the highest rate share the first place; one of them, by its code, stands for all.
rates_in_order as (

    select
        *,
        greatest(1, cast(floor(areas_ranked / 10e0) as bigint)) as worst_places,
        row_number() over (partition by ranking_id order by rank_highest_first asc nulls last, area_code asc nulls last) as order_of_rank
    from rates

),

extreme_areas as (

    select
        ranking_id,
        max(case when order_of_rank = 1 then area_code end) as highest_area_code,
        max(case when order_of_rank = 1 then numerator end) as highest_numerator,
        max(case when order_of_rank = 1 then denominator end) as highest_denominator,
        cast(sum(case when rank_highest_first = 1 then 1 else 0 end) as integer) as areas_at_highest,
        cast(max(worst_places) as integer) as worst_places,
        cast(sum(case when rank_highest_first <= worst_places then 1 else 0 end) as integer) as worst_areas,
        cast(sum(case when rank_highest_first <= worst_places then numerator end) as bigint) as worst_deaths,
        cast(sum(case when rank_highest_first <= worst_places then denominator end) as bigint) as worst_births
    from rates_in_order
    group by ranking_id

),

-- The fewest deaths that give an area the highest rate: a quotient of whole numbers, which a double gives without error where it is whole
-- itself. The rate times the births would be off there by a digit of the last place, and so by a death.
counts_to_reach as (

    select
        rates.ranking_id,
        rates.ranked_rate_id,
        ceil(
            cast(extreme_areas.highest_numerator as double precision) * rates.denominator
            / cast(extreme_areas.highest_denominator as double precision)
        ) as deaths_to_reach,
        cast(rates.births as double precision) * rankings.deaths / cast(rankings.births as double precision) as expected_deaths
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id
    inner join extreme_areas on rates.ranking_id = extreme_areas.ranking_id

),

chances_at_equal_risk as (

    {{ gamma_tails('counts_to_reach', 'deaths_to_reach', 'expected_deaths') }}

),

-- Where even the widest spread gives a chance of less than one in ten million (Chernoff's bound), none is worked out.
counts_with_spread as (

    select
        counts_to_reach.ranking_id,
        counts_to_reach.deaths_to_reach,
        counts_to_reach.expected_deaths,
        spreads.gamma_shape,
        spreads.share_of_weight,
        counts_to_reach.expected_deaths / (counts_to_reach.expected_deaths + spreads.gamma_shape) as deaths_share
    from counts_to_reach
    inner join spreads on counts_to_reach.ranking_id = spreads.ranking_id
    where counts_to_reach.deaths_to_reach <= counts_to_reach.expected_deaths
        or counts_to_reach.deaths_to_reach * ln(counts_to_reach.deaths_to_reach / counts_to_reach.expected_deaths)
        - (counts_to_reach.deaths_to_reach + spreads.gamma_shape) * ln(
            (counts_to_reach.deaths_to_reach + spreads.gamma_shape) / (counts_to_reach.expected_deaths + spreads.gamma_shape)
        ) < 16e0

),

chances_at_fitted_spread as (

    {{ beta_tails('counts_with_spread', 'deaths_to_reach', 'gamma_shape', 'deaths_share') | indent(4) }}

),

-- The chance that no area reaches it, as a sum of logarithms; an area certain to reach it leaves none.
extreme_chances_at_equal_risk as (

    select
        ranking_id,
        1e0 - {{ exponential('sum(ln(greatest(1e0 - lower_tail, 1e-300)))') }} as probability_equal_risk
    from chances_at_equal_risk
    group by ranking_id

),

extreme_chances_of_spreads as (

    select
        ranking_id,
        gamma_shape,
        share_of_weight,
        1e0 - {{ exponential('sum(ln(greatest(1e0 - lower_tail, 1e-300)))') }} as probability_of_spread
    from chances_at_fitted_spread
    group by ranking_id, gamma_shape, share_of_weight

),

extreme_chances_at_fitted_spread as (

    select
        ranking_id,
        greatest(0e0, least(1e0, sum(share_of_weight * probability_of_spread))) as probability_fitted_spread
    from extreme_chances_of_spreads
    group by ranking_id

),

extreme_chances as (

    select
        extreme_chances_at_equal_risk.ranking_id,
        extreme_chances_at_equal_risk.probability_equal_risk,
        -- Without a death anywhere there is no spread to fit.
        coalesce(extreme_chances_at_fitted_spread.probability_fitted_spread, extreme_chances_at_equal_risk.probability_equal_risk)
            as probability_fitted_spread
    from extreme_chances_at_equal_risk
    left join extreme_chances_at_fitted_spread
        on extreme_chances_at_equal_risk.ranking_id = extreme_chances_at_fitted_spread.ranking_id

),

spreads_averaged as (

    select
        ranking_id,
        sum(weight * coefficient_of_variation) as coefficient_of_variation
    from {{ ref('int_spreads') }}
    group by ranking_id

),

-- The next year, or the next window that shares no year with this one.
rankings_with_next as (

    select
        rankings.ranking_id,
        next_rankings.ranking_id as next_ranking_id
    from rankings
    inner join rankings as next_rankings
        on rankings.ranking_level = next_rankings.ranking_level
        and rankings.measure = next_rankings.measure
        and rankings.basis = next_rankings.basis
        and rankings.years_in_period = next_rankings.years_in_period
        and rankings.period_end_year + 1 = next_rankings.period_start_year

),

-- An area whose boundary changed has another code: it is not followed.
areas_followed as (

    select
        rankings_with_next.ranking_id,
        rankings_with_next.next_ranking_id,
        rates.area_code = extreme_areas.highest_area_code as is_highest,
        rates.rank_highest_first <= extreme_areas.worst_places as is_worst,
        next_rates.numerator as next_numerator,
        next_rates.denominator as next_denominator,
        next_rates.rank_highest_first as next_rank,
        next_rates.rank_highest_first <= next_extreme_areas.worst_places as is_worst_next
    from rankings_with_next
    inner join extreme_areas on rankings_with_next.ranking_id = extreme_areas.ranking_id
    inner join extreme_areas as next_extreme_areas on rankings_with_next.next_ranking_id = next_extreme_areas.ranking_id
    inner join rates on rankings_with_next.ranking_id = rates.ranking_id
    inner join rates as next_rates
        on rankings_with_next.next_ranking_id = next_rates.ranking_id
        and rates.area_code = next_rates.area_code

),

extremes_followed as (

    select
        ranking_id,
        next_ranking_id,
        max(case when is_highest then next_numerator end) as highest_next_numerator,
        max(case when is_highest then next_denominator end) as highest_next_denominator,
        cast(max(case when is_highest then next_rank end) as integer) as highest_next_rank,
        cast(sum(case when is_worst then 1 else 0 end) as integer) as worst_areas_followed,
        cast(sum(case when is_worst then next_numerator end) as bigint) as worst_next_deaths,
        cast(sum(case when is_worst then next_denominator end) as bigint) as worst_next_births,
        cast(sum(case when is_worst and is_worst_next then 1 else 0 end) as integer) as worst_areas_kept
    from areas_followed
    group by ranking_id, next_ranking_id

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
        measures.measure_name,
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
        spreads_averaged.coefficient_of_variation,
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
    inner join measures on rankings.measure = measures.measure
    left join spreads_averaged on extreme_areas.ranking_id = spreads_averaged.ranking_id
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
