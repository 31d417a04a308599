-- The true ratio to the benchmark's rate that is asked about.
{%- set ratio_asked = '1.3e0' %}
with readings as (

    select * from {{ ref('int_claim_readings_listed') }}
    where statistic = 'pooling_tells_areas_apart'

),

counts as (

    select * from {{ ref('int_claim_counts_added') }}
    where whose = 'claimed' and is_whole and span in ('period_year', 'period_window')

),

rankings as (

    select * from {{ ref('int_rankings_counted') }}
    where benchmark_source is not null

),

spans_beside_benchmark as (

    select
        counts.claim_code,
        counts.reading,
        counts.span,
        counts.first_year,
        cast(counts.denominator * rankings.benchmark_numerator as double precision) / rankings.benchmark_denominator as expected_deaths
    from readings
    inner join counts
        on readings.claim_code = counts.claim_code
        and readings.reading = counts.reading
    inner join rankings
        on readings.ranking_level = rankings.ranking_level
        and readings.measure = rankings.measure
        and readings.basis = rankings.basis
        and counts.period = rankings.period
    where rankings.benchmark_numerator > 0

),

-- The exact two-sided test at 5 % calls high from so many deaths on, and low up to so many.
counts_listed as (

    select
        spans_beside_benchmark.*,
        numbers.number as deaths,
        cast(numbers.number as double precision) as shape
    from spans_beside_benchmark
    cross join lateral generate_series(
        1, cast(ceil(spans_beside_benchmark.expected_deaths + 5e0 * sqrt(spans_beside_benchmark.expected_deaths) + 10e0) as integer)
    ) as numbers (number)

),

tails_worked_out as (

    {{ gamma_tails('counts_listed', 'shape', 'expected_deaths') }}

),

-- P(X >= n) is the lower tail for shape n, P(X <= n - 1) the upper one.
critical_counts as (

    select
        claim_code,
        reading,
        span,
        first_year,
        expected_deaths,
        min(case when lower_tail <= 0.025e0 then deaths end) as called_higher_from,
        max(case when upper_tail <= 0.025e0 then deaths end) as called_lower_below
    from tails_worked_out
    group by claim_code, reading, span, first_year, expected_deaths

),

sides as (

    select
        critical_counts.claim_code,
        critical_counts.reading,
        critical_counts.span,
        critical_counts.first_year,
        chances.is_upper,
        cast(chances.shape as double precision) as shape,
        {{ ratio_asked }} * critical_counts.expected_deaths as true_expected_deaths
    from critical_counts
    cross join
        lateral (
            values
            (true, critical_counts.called_higher_from),
            (false, critical_counts.called_lower_below)
        ) as chances (is_upper, shape)
    where chances.shape is not null

),

side_tails as (

    {{ gamma_tails('sides', 'shape', 'true_expected_deaths') }}

),

powers as (

    select
        claim_code,
        reading,
        span,
        first_year,
        sum(case when is_upper then lower_tail else upper_tail end) as power
    from side_tails
    group by claim_code, reading, span, first_year

),

powers_averaged as (

    select
        claim_code,
        reading,
        avg(case when span = 'period_year' then power end) as power_by_year,
        avg(case when span = 'period_window' then power end) as power_by_window
    from powers
    group by claim_code, reading

),

numbers as (

    select
        powers_averaged.claim_code,
        powers_averaged.reading,
        answers.value_code,
        cast(answers.value as double precision) as value,
        cast(null as double precision) as lower_95,
        cast(null as double precision) as upper_95,
        cast(null as double precision) as probability
    from powers_averaged
    cross join
        lateral (
            values
            ('ratio_asked', {{ ratio_asked }}),
            ('power_by_year', powers_averaged.power_by_year),
            ('power_by_window', powers_averaged.power_by_window)
        ) as answers (value_code, value)
    where answers.value is not null

)

select * from numbers
