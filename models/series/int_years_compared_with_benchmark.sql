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

-- The chance that a Poisson count passes its mean: P(X >= n), n the next whole number, is the lower tail of a gamma distribution with
-- the shape n.
tails_worked_out as (

    {{ gamma_tails('years_beside_benchmark', 'floor(expected) + 1e0', 'expected') }}

),

years_compared as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        period_end_year,
        numerator,
        is_above_benchmark,
        expected,
        lower_tail as chance_above
    from tails_worked_out

)

select * from years_compared
