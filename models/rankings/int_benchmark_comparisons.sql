with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where status = 'ok'

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where benchmark_source is not null

),

rates_beside_benchmark as (

    select
        rates.ranked_rate_id,
        rates.ranking_id,
        rates.lower_95,
        rates.upper_95,
        rates.lower_99_8,
        rates.upper_99_8,
        rates.event_count,
        rates.births,
        cast(rankings.benchmark_numerator as double precision) as total_count,
        cast(rankings.benchmark_denominator as double precision) as total_births,
        {{ rate_per_1000('rankings.benchmark_numerator', 'rankings.benchmark_denominator') }} as benchmark_rate_per_1000,
        rates.births / rankings.benchmark_denominator as births_share
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id
    -- A part cannot hold more than the whole; where the figures say so, the whole is another one.
    where
        rates.numerator <= rankings.benchmark_numerator
        and rates.denominator < rankings.benchmark_denominator

),

tails_worked_out as (

    {{ two_sided_tails('rates_beside_benchmark') }}

),

areas_tested as (

    select
        *,
        {{ doubled_p_value('far_tail') }} as exact_p_value
    from tails_worked_out

),

p_values_ordered as (

    select
        *,
        count(*) over (partition by ranking_id) as areas_compared,
        row_number() over (partition by ranking_id order by exact_p_value asc nulls last, ranked_rate_id asc nulls last) as place
    from areas_tested

),

-- Benjamini and Hochberg's step-up over all areas of the ranking that were compared.
p_values_adjusted as (

    select
        *,
        least(1e0, min(exact_p_value * (cast(areas_compared as double precision) / place)) over (
            partition by ranking_id order by place desc nulls last rows between unbounded preceding and current row
        )) as fdr_q_value
    from p_values_ordered

),

comparisons_tested as (

    select
        ranked_rate_id,
        benchmark_rate_per_1000,
        case
            when upper_99_8 < benchmark_rate_per_1000 then 'lower_99_8'
            when upper_95 < benchmark_rate_per_1000 then 'lower_95'
            when lower_99_8 > benchmark_rate_per_1000 then 'higher_99_8'
            when lower_95 > benchmark_rate_per_1000 then 'higher_95'
            else 'similar'
        end as fingertips_comparison,
        exact_p_value,
        fdr_q_value
    from p_values_adjusted

)

select * from comparisons_tested
