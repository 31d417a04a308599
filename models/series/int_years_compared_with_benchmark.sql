with rates as (

    select * from {{ ref('int_rates_ranked') }}
    where status = 'ok' and years_in_period = 1

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where benchmark_source is not null

),

years_beside_benchmark as (

    select
        rates.area_code,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.period_end_year,
        rates.numerator,
        -- Whole numbers multiplied out: an area with exactly the benchmark's rate is not above it.
        rates.numerator * rankings.benchmark_denominator > rankings.benchmark_numerator * rates.denominator as is_above_benchmark,
        cast(rates.denominator * rankings.benchmark_numerator as double precision)
        / cast(rankings.benchmark_denominator as double precision) as expected
    from rates
    inner join rankings on rates.ranking_id = rankings.ranking_id

),

years_with_deviate as materialized (

    select
        *,
        {{ deviate_of_whole_mean('expected') }} as deviate
    from years_beside_benchmark

),

years_compared as (

    select
        *,
        {{ chance_above_mean('expected', 'deviate') }} as chance_above
    from years_with_deviate

)

select * from years_compared
