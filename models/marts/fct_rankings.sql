with rates as (

    select * from {{ ref('int_ranked_rates') }}

),

rankings as (

    select * from {{ ref('int_rankings') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rank_intervals as (

    select * from {{ ref('int_rank_intervals') }}

),

worst_tenth_chances as (

    select * from {{ ref('int_worst_tenth_chances') }}

),

benchmark_comparisons as (

    select * from {{ ref('int_benchmark_comparisons') }}

),

funnel_positions as (

    select * from {{ ref('int_funnel_positions') }}

),

stabilised_rates as (

    select * from {{ ref('int_stabilised_rates') }}

),

reasons as (

    select * from {{ ref('reasons') }}

),

rankings_joined as (

    select
        rates.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        rates.period,
        rates.period_start_year,
        rates.period_end_year,
        rates.years_in_period,
        rates.measure,
        measures.measure_name,
        rates.basis,
        rates.ranking_level,
        rates.status,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        rates.reliability_flag,
        rates.rate_display,
        rates.rank_highest_first,
        rates.rank_lowest_first,
        rates.areas_ranked,
        rankings.areas_in_level,
        rates.quintile,
        rates.quantile_group,
        cast({{ setting('quantile_groups') }} as bigint) as quantile_groups,
        rank_intervals.rank_interval_lower,
        rank_intervals.rank_interval_upper,
        rank_intervals.rank_pairwise_lower,
        rank_intervals.rank_pairwise_upper,
        worst_tenth_chances.probability_worst_tenth,
        rankings.benchmark_area_code,
        rankings.benchmark_source,
        benchmark_comparisons.benchmark_rate_per_1000,
        benchmark_comparisons.rest_of_benchmark_rate_per_1000,
        benchmark_comparisons.verdict_interval,
        benchmark_comparisons.verdict_two_level,
        benchmark_comparisons.exact_p_value,
        benchmark_comparisons.fdr_q_value,
        benchmark_comparisons.holm_p_value,
        benchmark_comparisons.verdict,
        benchmark_comparisons.areas_compared,
        funnel_positions.target_per_1000 as funnel_target_per_1000,
        funnel_positions.z_score as funnel_z_score,
        funnel_positions.position_{{ setting('funnel_limits') }} as funnel_position,
        funnel_positions.position_exact as funnel_position_exact,
        funnel_positions.position_normal as funnel_position_normal,
        funnel_positions.position_adjusted as funnel_position_adjusted,
        stabilised_rates.stabilised_rate_per_1000,
        stabilised_rates.stabilised_lower_95,
        stabilised_rates.stabilised_upper_95,
        stabilised_rates.stabilised_weight,
        stabilised_rates.stabilised_rank_highest_first,
        stabilised_rates.standard_deviation_between_areas_per_1000,
        nullif(trim(
            coalesce(
                replace(
                    replace(ranking_reasons.reason, '{areas_with_rate}', cast(rankings.areas_with_rate as varchar)),
                    '{areas_in_level}', cast(rankings.areas_in_level as varchar)
                ) || ' ',
                ''
            )
            || coalesce(size_reasons.reason || ' ', '')
            || coalesce(quantile_reasons.reason || ' ', '')
            || coalesce(benchmark_reasons.reason || ' ', '')
            || coalesce(stabilised_reasons.reason, '')
        ), '') as reason
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id
    inner join areas on rates.area_code = areas.area_code
    inner join measures on rates.measure = measures.measure
    left join rank_intervals on rates.ranked_rate_id = rank_intervals.ranked_rate_id
    left join worst_tenth_chances on rates.ranked_rate_id = worst_tenth_chances.ranked_rate_id
    left join benchmark_comparisons on rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id
    left join funnel_positions on rates.ranked_rate_id = funnel_positions.ranked_rate_id
    left join stabilised_rates on rates.ranked_rate_id = stabilised_rates.ranked_rate_id
    left join reasons as ranking_reasons
        on ranking_reasons.reason_code = case
            when rates.status <> 'ok' then 'rate_' || rates.status
            when not rates.is_ranked then 'ranking_incomplete'
        end
    left join reasons as size_reasons
        on rates.is_ranked
        and not rates.has_pairs_compared
        and size_reasons.reason_code = 'ranking_too_large'
    left join reasons as quantile_reasons
        on quantile_reasons.reason_code = case
            when rates.is_ranked and rates.quintile is null then 'quintile_too_few_areas'
            when rates.is_ranked and rates.quantile_group is null then 'quantile_group_too_few_areas'
        end
    left join reasons as benchmark_reasons
        on benchmark_reasons.reason_code = case
            when rates.status = 'ok' and benchmark_comparisons.ranked_rate_id is null then 'benchmark_missing'
        end
    left join reasons as stabilised_reasons on stabilised_rates.reason_code = stabilised_reasons.reason_code

)

select * from rankings_joined
