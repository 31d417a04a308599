with summaries as (

    select * from {{ ref('fct_area_summaries') }}

),

rates as (

    select * from {{ ref('fct_rates') }}

),

rankings as (

    select * from {{ ref('fct_rankings') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

summaries_with_figures as (

    select
        summaries.area_code,
        summaries.area_name,
        areas.area_level,
        areas.region_name,
        summaries.measure,
        summaries.measure_name,
        measures.display_order,
        summaries.period,
        summaries.basis,
        summaries.status,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.reliability_flag,
        rates.rate_display,
        summaries.ranking_level,
        rankings.rank_highest_first,
        rankings.areas_ranked,
        rankings.rank_interval_lower,
        rankings.rank_interval_upper,
        rankings.probability_worst_tenth,
        rankings.benchmark_area_code,
        rankings.rest_of_benchmark_rate_per_1000,
        rankings.verdict,
        rankings.exact_p_value,
        rankings.fdr_q_value,
        rankings.reason,
        summaries.summary
    from summaries
    inner join areas on summaries.area_code = areas.area_code
    inner join measures on summaries.measure = measures.measure
    inner join rates
        on summaries.area_code = rates.area_code
        and summaries.period = rates.period
        and summaries.measure = rates.measure
        and summaries.basis = rates.basis
    -- An area that is ranked in no level has figures all the same.
    left join rankings
        on summaries.area_code = rankings.area_code
        and summaries.period = rankings.period
        and summaries.measure = rankings.measure
        and summaries.basis = rankings.basis
        and summaries.ranking_level = rankings.ranking_level

)

select * from summaries_with_figures
