with persistence as (

    select * from {{ ref('int_persistence_counted') }}

),

persistence_published as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        first_year,
        last_year,
        years_present,
        years_above_benchmark,
        chance_probability,
        observed_deaths,
        expected_deaths,
        observed_over_expected,
        observed_over_expected_lower_95,
        observed_over_expected_upper_95,
        observed_over_expected_lower_99_8,
        observed_over_expected_upper_99_8,
        exact_p_value,
        excess_deaths,
        excess_deaths_lower_95,
        excess_deaths_upper_95
    from persistence

)

select * from persistence_published
