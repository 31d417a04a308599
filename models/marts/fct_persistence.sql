with rates as (

    select * from {{ ref('int_ranked_rates') }}
    where status = 'ok' and years_in_period = 1

),

rankings as (

    select * from {{ ref('int_rankings') }}
    where benchmark_source is not null

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

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
        cast(rates.numerator as double precision) * rankings.benchmark_denominator
        > cast(rankings.benchmark_numerator as double precision) * rates.denominator as is_above_benchmark,
        cast(rates.denominator as double precision) * rankings.benchmark_numerator
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

),

years_summed as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        min(period_end_year) as first_year,
        max(period_end_year) as last_year,
        count(*) as years_present,
        sum(case when is_above_benchmark then 1 else 0 end) as years_above_benchmark,
        cast(sum(numerator) as double precision) as deaths,
        {{ sum_in_any_order('expected') }} as expected_deaths
    from years_compared
    group by area_code, measure, basis, ranking_level

),

-- The chance of k years above is the coefficient of x^k in the product over years of (1 - p + p x). That product at the roots of unity
-- x = exp(i root_angle), as the logarithm of its size and the sum of its angles, gives the coefficients by Fourier's sum. Roots beyond the
-- half circle mirror those before it.
years_at_roots as (

    select
        years_compared.area_code,
        years_compared.measure,
        years_compared.basis,
        years_compared.ranking_level,
        years_compared.chance_above,
        years_summed.years_present,
        years_summed.years_above_benchmark,
        roots.root,
        2e0 * pi() * roots.root / (years_summed.years_present + 1) as root_angle
    from years_compared
    inner join years_summed
        on years_compared.area_code = years_summed.area_code
        and years_compared.measure = years_summed.measure
        and years_compared.basis = years_summed.basis
        and years_compared.ranking_level = years_summed.ranking_level
    inner join generate_series(0, 100) as roots (root) on years_summed.years_present + 1 >= 2 * roots.root

),

products_at_roots as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        years_present,
        years_above_benchmark,
        root,
        root_angle,
        sum(0.5e0 * ln(greatest(
            power(1e0 + chance_above * (cos(root_angle) - 1e0), 2) + power(chance_above * sin(root_angle), 2), 1e-300
        ))) as log_size,
        sum(atan2(chance_above * sin(root_angle), 1e0 + chance_above * (cos(root_angle) - 1e0))) as angle
    from years_at_roots
    group by area_code, measure, basis, ranking_level, years_present, years_above_benchmark, root, root_angle

),

-- Of the coefficients from the years above on: each root's part in their sum is that of a geometric series.
chances as materialized (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        sum(
            case
                when root = 0 then years_present + 1 - years_above_benchmark
                else
                    case when 2 * root = years_present + 1 then -1e0 else -2e0 end
                    * {{ exponential("log_size") }} * cos(angle - root_angle * (years_above_benchmark - 1) / 2e0)
                    * sin(root_angle * years_above_benchmark / 2e0) / sin(root_angle / 2e0)
            end
        ) / (max(years_present) + 1) as chance_of_as_many_years
    from products_at_roots
    group by area_code, measure, basis, ranking_level

),

-- Steps with a shape are made once, as the macros name it very often.
-- Exact limits of a Poisson count: the mean at which as many deaths or more are just as improbable as the level says is a quantile of a
-- gamma distribution with the shape n, that at which as few or fewer are one with the shape n + 1. Of no deaths the lower limit is 0.
limits_wanted as materialized (

    select
        years_summed.area_code,
        years_summed.measure,
        years_summed.basis,
        years_summed.ranking_level,
        limits.limit_name,
        limits.deviate,
        years_summed.deaths + case when limits.deviate < 0e0 then 0e0 else 1e0 end as limit_shape
    from years_summed
    cross join (
        values
        ('lower_95', cast(-{{ standard_normal_quantile('95') }} as double precision)),
        ('upper_95', cast({{ standard_normal_quantile('95') }} as double precision)),
        ('lower_99_8', cast(-{{ standard_normal_quantile('99_8') }} as double precision)),
        ('upper_99_8', cast({{ standard_normal_quantile('99_8') }} as double precision))
    ) as limits (limit_name, deviate)
    where years_summed.deaths > 0e0 or limits.deviate > 0e0

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'limit_shape', 'deviate') }}

),

-- A column of its own, before it is named four times: PostgreSQL would write the whole formula as often.
limits_kept as materialized (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        limit_name,
        gamma_quantile
    from limits_found

),

limits_side_by_side as materialized (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        coalesce(max(case when limit_name = 'lower_95' then gamma_quantile end), 0e0) as deaths_lower_95,
        max(case when limit_name = 'upper_95' then gamma_quantile end) as deaths_upper_95,
        coalesce(max(case when limit_name = 'lower_99_8' then gamma_quantile end), 0e0) as deaths_lower_99_8,
        max(case when limit_name = 'upper_99_8' then gamma_quantile end) as deaths_upper_99_8
    from limits_kept
    group by area_code, measure, basis, ranking_level

),

totals_tested as materialized (

    {{ poisson_p_values('years_summed', 'deaths', 'expected_deaths') | indent(4) }}

),

persistence as (

    select
        totals_tested.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        totals_tested.measure,
        measures.measure_name,
        totals_tested.basis,
        totals_tested.ranking_level,
        cast(totals_tested.first_year as smallint) as first_year,
        cast(totals_tested.last_year as smallint) as last_year,
        cast(totals_tested.years_present as integer) as years_present,
        cast(totals_tested.years_above_benchmark as integer) as years_above_benchmark,
        -- Rounding in the sum can pass 0 or 1 by a few units of the sixteenth place.
        greatest(0e0, least(1e0, chances.chance_of_as_many_years)) as chance_probability,
        cast(totals_tested.deaths as bigint) as observed_deaths,
        totals_tested.expected_deaths,
        totals_tested.deaths / nullif(totals_tested.expected_deaths, 0e0) as observed_over_expected,
        limits_side_by_side.deaths_lower_95 / nullif(totals_tested.expected_deaths, 0e0) as observed_over_expected_lower_95,
        limits_side_by_side.deaths_upper_95 / nullif(totals_tested.expected_deaths, 0e0) as observed_over_expected_upper_95,
        limits_side_by_side.deaths_lower_99_8 / nullif(totals_tested.expected_deaths, 0e0) as observed_over_expected_lower_99_8,
        limits_side_by_side.deaths_upper_99_8 / nullif(totals_tested.expected_deaths, 0e0) as observed_over_expected_upper_99_8,
        totals_tested.exact_p_value,
        totals_tested.deaths - totals_tested.expected_deaths as excess_deaths,
        limits_side_by_side.deaths_lower_95 - totals_tested.expected_deaths as excess_deaths_lower_95,
        limits_side_by_side.deaths_upper_95 - totals_tested.expected_deaths as excess_deaths_upper_95
    from totals_tested
    inner join areas on totals_tested.area_code = areas.area_code
    inner join measures on totals_tested.measure = measures.measure
    inner join limits_side_by_side
        on totals_tested.area_code = limits_side_by_side.area_code
        and totals_tested.measure = limits_side_by_side.measure
        and totals_tested.basis = limits_side_by_side.basis
        and totals_tested.ranking_level = limits_side_by_side.ranking_level
    inner join chances
        on totals_tested.area_code = chances.area_code
        and totals_tested.measure = chances.measure
        and totals_tested.basis = chances.basis
        and totals_tested.ranking_level = chances.ranking_level

)

select * from persistence
