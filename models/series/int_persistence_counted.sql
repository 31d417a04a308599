with years_compared as (

    select * from {{ ref('int_years_compared_with_benchmark') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

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
        sum(numerator) as deaths,
        sum(expected) as expected_deaths
    from years_compared
    group by area_code, measure, basis, ranking_level

),

years_at_roots as (

    select
        years_compared.area_code,
        years_compared.measure,
        years_compared.basis,
        years_compared.ranking_level,
        years_compared.chance_above,
        years_summed.years_present,
        years_summed.years_above_benchmark,
        2e0 * pi() * roots.root / (years_summed.years_present + 1) as root_angle
    from years_compared
    inner join years_summed
        on years_compared.area_code = years_summed.area_code
        and years_compared.measure = years_summed.measure
        and years_compared.basis = years_summed.basis
        and years_compared.ranking_level = years_summed.ranking_level
    inner join generate_series(0, 200) as roots (root) on years_summed.years_present >= roots.root

),

-- The chance of k years above is the coefficient of x^k in the product over years of (1 - p + p x). That product at the roots
-- of unity x = exp(i root_angle), as the logarithm of its size and the sum of its angles, gives the coefficients by Fourier's sum.
products_at_roots as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        years_present,
        years_above_benchmark,
        root_angle,
        sum(0.5e0 * ln(greatest(
            power(1e0 + chance_above * (cos(root_angle) - 1e0), 2) + power(chance_above * sin(root_angle), 2), 1e-300
        ))) as log_size,
        sum(atan2(chance_above * sin(root_angle), 1e0 + chance_above * (cos(root_angle) - 1e0))) as angle
    from years_at_roots
    group by area_code, measure, basis, ranking_level, years_present, years_above_benchmark, root_angle

),

chances as (

    select
        products_at_roots.area_code,
        products_at_roots.measure,
        products_at_roots.basis,
        products_at_roots.ranking_level,
        sum(
            {{ exponential("products_at_roots.log_size") }}
            * cos(products_at_roots.angle - products_at_roots.root_angle * numbers_of_years.years)
            / (products_at_roots.years_present + 1)
        ) as chance_of_as_many_years
    from products_at_roots
    inner join generate_series(0, 200) as numbers_of_years (years)
        on numbers_of_years.years between products_at_roots.years_above_benchmark and products_at_roots.years_present
    group by
        products_at_roots.area_code,
        products_at_roots.measure,
        products_at_roots.basis,
        products_at_roots.ranking_level

),

limits_of_count as (

    select
        years_summed.*,
        {{ poisson_count_limit('lower', '95', 'years_summed.deaths', 'poisson_limits.lower_95') }} as deaths_lower_95,
        {{ poisson_count_limit('upper', '95', 'years_summed.deaths', 'poisson_limits.upper_95') }} as deaths_upper_95,
        {{ poisson_count_limit('lower', '99_8', 'years_summed.deaths', 'poisson_limits.lower_99_8') }} as deaths_lower_99_8,
        {{ poisson_count_limit('upper', '99_8', 'years_summed.deaths', 'poisson_limits.upper_99_8') }} as deaths_upper_99_8
    from years_summed
    left join poisson_limits on years_summed.deaths = poisson_limits.event_count

),

persistence_counted as (

    select
        limits_of_count.area_code,
        limits_of_count.measure,
        limits_of_count.basis,
        limits_of_count.ranking_level,
        cast(limits_of_count.first_year as smallint) as first_year,
        cast(limits_of_count.last_year as smallint) as last_year,
        cast(limits_of_count.years_present as integer) as years_present,
        cast(limits_of_count.years_above_benchmark as integer) as years_above_benchmark,
        -- Rounding in the sum can pass 0 or 1 by a few units of the sixteenth place.
        greatest(0e0, least(1e0, chances.chance_of_as_many_years)) as chance_probability,
        cast(limits_of_count.deaths as bigint) as observed_deaths,
        limits_of_count.expected_deaths,
        limits_of_count.deaths / nullif(limits_of_count.expected_deaths, 0e0) as observed_over_expected,
        limits_of_count.deaths_lower_95 / nullif(limits_of_count.expected_deaths, 0e0) as observed_over_expected_lower_95,
        limits_of_count.deaths_upper_95 / nullif(limits_of_count.expected_deaths, 0e0) as observed_over_expected_upper_95,
        limits_of_count.deaths_lower_99_8 / nullif(limits_of_count.expected_deaths, 0e0) as observed_over_expected_lower_99_8,
        limits_of_count.deaths_upper_99_8 / nullif(limits_of_count.expected_deaths, 0e0) as observed_over_expected_upper_99_8,
        limits_of_count.deaths - limits_of_count.expected_deaths as excess_deaths,
        limits_of_count.deaths_lower_95 - limits_of_count.expected_deaths as excess_deaths_lower_95,
        limits_of_count.deaths_upper_95 - limits_of_count.expected_deaths as excess_deaths_upper_95
    from limits_of_count
    inner join chances
        on limits_of_count.area_code = chances.area_code
        and limits_of_count.measure = chances.measure
        and limits_of_count.basis = chances.basis
        and limits_of_count.ranking_level = chances.ranking_level

)

select * from persistence_counted
