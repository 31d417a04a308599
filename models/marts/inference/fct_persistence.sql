with rates as (

    select * from {{ ref('int_rates_by_ranking_level') }}
    where not is_rolling and status = 'ok'

),

england_rates as (

    select * from {{ ref('fct_rates') }}
    where area_code = 'E92000001' and status = 'ok'

),

poisson_limits as (

    select * from {{ ref('stg_reference__poisson_limits') }}

),

years_beside_england as (

    select
        rates.area_code,
        rates.measure,
        rates.basis,
        rates.ranking_level,
        rates.period_end_year,
        rates.numerator,
        -- Whole numbers multiplied out: an area with exactly England's rate is not above it.
        rates.numerator * england_rates.denominator > england_rates.numerator * rates.denominator as is_above_england,
        cast(rates.denominator * england_rates.numerator as {{ double_type() }}) / cast(england_rates.denominator as {{ double_type() }})
            as expected
    from rates
    inner join england_rates
        on rates.measure = england_rates.measure
        and rates.basis = england_rates.basis
        and rates.period = england_rates.period

),

-- The chance that a Poisson count is more than its mean: P(X >= n), n the next whole number, is a gamma distribution's lower tail.
tails_worked_out as (

    {{ gamma_tails('years_beside_england', 'floor(expected) + 1e0', 'expected') }}

),

years_with_chance as (

    select
        *,
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
        sum(case when is_above_england then 1 else 0 end) as years_above_england,
        sum(numerator) as deaths,
        sum(expected) as expected_deaths
    from years_with_chance
    group by area_code, measure, basis, ranking_level

),

distinct_years as (

    select distinct period_end_year from years_beside_england

),

-- From 0 to the number of years there are: no area can have more.
whole_numbers as (

    select 0 as number
    union all
    select cast(row_number() over (order by period_end_year asc nulls last) as integer) as number from distinct_years

),

years_at_roots as (

    select
        years_with_chance.area_code,
        years_with_chance.measure,
        years_with_chance.basis,
        years_with_chance.ranking_level,
        years_with_chance.chance_above,
        years_summed.years_present,
        years_summed.years_above_england,
        whole_numbers.number as root,
        2e0 * pi() * whole_numbers.number / (years_summed.years_present + 1) as root_angle
    from years_with_chance
    inner join years_summed
        on years_with_chance.area_code = years_summed.area_code
        and years_with_chance.measure = years_summed.measure
        and years_with_chance.basis = years_summed.basis
        and years_with_chance.ranking_level = years_summed.ranking_level
    inner join whole_numbers on years_summed.years_present >= whole_numbers.number

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
        years_above_england,
        root_angle,
        sum(0.5e0 * ln(greatest(
            power(1e0 + chance_above * (cos(root_angle) - 1e0), 2) + power(chance_above * sin(root_angle), 2), 1e-300
        ))) as log_size,
        sum(atan2(chance_above * sin(root_angle), 1e0 + chance_above * (cos(root_angle) - 1e0))) as angle
    from years_at_roots
    group by area_code, measure, basis, ranking_level, years_present, years_above_england, root_angle

),

chances as (

    select
        products_at_roots.area_code,
        products_at_roots.measure,
        products_at_roots.basis,
        products_at_roots.ranking_level,
        sum(
            {{ exponential("products_at_roots.log_size") }}
            * cos(products_at_roots.angle - products_at_roots.root_angle * whole_numbers.number)
            / (products_at_roots.years_present + 1)
        ) as chance_of_as_many_years
    from products_at_roots
    inner join whole_numbers
        on whole_numbers.number between products_at_roots.years_above_england and products_at_roots.years_present
    group by
        products_at_roots.area_code,
        products_at_roots.measure,
        products_at_roots.basis,
        products_at_roots.ranking_level

),

persistence as (

    select
        years_summed.area_code,
        years_summed.measure,
        years_summed.basis,
        years_summed.ranking_level,
        cast(years_summed.first_year as smallint) as first_year,
        cast(years_summed.last_year as smallint) as last_year,
        cast(years_summed.years_present as integer) as years_present,
        cast(years_summed.years_above_england as integer) as years_above_england,
        -- Rounding in the sum can pass 0 or 1 by a few units of the sixteenth place.
        greatest(0e0, least(1e0, chances.chance_of_as_many_years)) as chance_probability,
        cast(years_summed.deaths as bigint) as deaths,
        years_summed.expected_deaths,
        cast(years_summed.deaths as {{ double_type() }}) / nullif(years_summed.expected_deaths, 0e0) as smr,
        {{ poisson_count_limit('lower', '99_8', 'years_summed.deaths', 'poisson_limits.lower_99_8') }}
        / nullif(years_summed.expected_deaths, 0e0) as smr_lower_99_8,
        {{ poisson_count_limit('upper', '99_8', 'years_summed.deaths', 'poisson_limits.upper_99_8') }}
        / nullif(years_summed.expected_deaths, 0e0) as smr_upper_99_8
    from years_summed
    inner join chances
        on years_summed.area_code = chances.area_code
        and years_summed.measure = chances.measure
        and years_summed.basis = chances.basis
        and years_summed.ranking_level = chances.ranking_level
    left join poisson_limits on years_summed.deaths = poisson_limits.event_count

)

select * from persistence
