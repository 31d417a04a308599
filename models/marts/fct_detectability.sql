with powers as (

    select * from {{ ref('int_detection_powers_calculated') }}

),

years_needed as (

    select * from {{ ref('int_detection_years_counted') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

detectability as (

    select
        powers.area_code,
        areas.area_name,
        powers.measure,
        powers.basis,
        powers.ranking_level,
        powers.rate_ratio,
        powers.births_year,
        powers.births_per_year,
        powers.benchmark_area_code,
        powers.benchmark_rate_per_1000,
        powers.expected_deaths,
        powers.fewest_deaths_called_higher,
        powers.most_deaths_called_lower,
        powers.power_one_year,
        years_needed.years_for_80_percent_power
    from powers
    inner join areas on powers.area_code = areas.area_code
    left join years_needed
        on powers.area_code = years_needed.area_code
        and powers.measure = years_needed.measure
        and powers.basis = years_needed.basis
        and powers.ranking_level = years_needed.ranking_level
        and powers.rate_ratio = years_needed.rate_ratio

)

select * from detectability
