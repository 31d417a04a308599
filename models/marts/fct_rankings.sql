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

posteriors as (

    select * from {{ ref('int_posteriors') }}

),

rank_ranges as (

    select * from {{ ref('int_rank_ranges') }}

),

benchmark_comparisons as (

    select * from {{ ref('int_benchmark_comparisons') }}

),

funnel_positions as (

    select * from {{ ref('int_funnel_positions') }}

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
        rates.reliability_flag,
        rates.rate_display,
        rates.rank_highest_first,
        rates.rank_lowest_first,
        rates.areas_ranked,
        rankings.areas_in_level,
        rates.quintile,
        rates.quantile_group,
        posteriors.posterior_shape,
        posteriors.posterior_rate,
        posteriors.stabilised_rate_per_1000,
        posteriors.stabilised_lower_95,
        posteriors.stabilised_upper_95,
        case when benchmark_comparisons.ranked_rate_id is not null then posteriors.probability_above_benchmark end
            as probability_above_benchmark,
        rank_ranges.expected_rank,
        rank_ranges.rank_lower_95,
        rank_ranges.rank_upper_95,
        rank_ranges.probability_worst_tenth,
        rankings.benchmark_area_code,
        rankings.benchmark_source,
        benchmark_comparisons.benchmark_rate_per_1000,
        benchmark_comparisons.exact_p_value,
        benchmark_comparisons.fdr_q_value,
        benchmark_comparisons.fingertips_comparison,
        funnel_positions.funnel_position,
        funnel_positions.funnel_position_adjusted,
        nullif(concat_ws(
            ' ',
            replace(
                replace(ranking_reasons.reason, '{areas_with_rate}', cast(rankings.areas_with_rate as varchar)),
                '{areas_in_level}', cast(rankings.areas_in_level as varchar)
            ),
            quantile_reasons.reason,
            benchmark_reasons.reason,
            posterior_reasons.reason,
            source_reasons.reason
        ), '') as reason
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id
    inner join areas on rates.area_code = areas.area_code
    inner join measures on rates.measure = measures.measure
    left join posteriors on rates.ranked_rate_id = posteriors.ranked_rate_id
    left join rank_ranges on rates.ranked_rate_id = rank_ranges.ranked_rate_id
    left join benchmark_comparisons on rates.ranked_rate_id = benchmark_comparisons.ranked_rate_id
    left join funnel_positions on rates.ranked_rate_id = funnel_positions.ranked_rate_id
    left join reasons as ranking_reasons
        on ranking_reasons.reason_code = case
            when rates.status <> 'ok' then 'rate_' || rates.status
            when not rates.is_ranked then 'ranking_incomplete'
        end
    left join reasons as quantile_reasons
        on quantile_reasons.reason_code = case
            when rates.is_ranked and rates.quintile is null then 'quintile_too_few_areas'
            when rates.is_ranked and rates.quantile_group is null then 'quantile_group_too_few_areas'
        end
    left join reasons as benchmark_reasons
        on benchmark_reasons.reason_code = case
            when rates.status = 'ok' and benchmark_comparisons.ranked_rate_id is null then 'benchmark_missing'
        end
    left join reasons as posterior_reasons
        on posterior_reasons.reason_code = case
            when rates.is_ranked and posteriors.ranked_rate_id is null then 'no_deaths_in_any_area'
        end
    left join reasons as source_reasons
        on source_reasons.reason_code = case
            when rates.status = 'ok' and rates.is_from_two_sources then 'rate_from_two_sources'
        end

),

areas_judged as (

    select
        *,
        case
            when probability_above_benchmark >= {{ setting('verdict_probability') }} then 'higher'
            when probability_above_benchmark <= 1 - {{ setting('verdict_probability') }} then 'lower'
            when probability_above_benchmark is not null then 'similar'
        end as verdict
    from rankings_joined

)

select * from areas_judged
