-- Past so many years nothing is told: no area keeps its risk, or its boundary, that long.
{%- set most_years = 200 %}
with powers as (

    select * from {{ ref('int_detection_powers_calculated') }}
    where expected_deaths > 0e0

),

detection_ranges as (

    select * from {{ ref('int_detection_ranges_found') }}

),

-- For each range the fewest years that bring the expected deaths to it, or already past it.
years_into_ranges as (

    select
        powers.area_code,
        powers.measure,
        powers.basis,
        powers.ranking_level,
        powers.rate_ratio,
        powers.expected_deaths,
        detection_ranges.most_expected_deaths,
        ceil(detection_ranges.fewest_expected_deaths / powers.expected_deaths) as years
    from powers
    inner join detection_ranges on powers.rate_ratio = detection_ranges.rate_ratio

),

years_counted as (

    select
        area_code,
        measure,
        basis,
        ranking_level,
        rate_ratio,
        cast(min(years) as integer) as years_for_80_percent_power
    from years_into_ranges
    where years <= {{ most_years }} and (most_expected_deaths is null or years * expected_deaths <= most_expected_deaths)
    group by area_code, measure, basis, ranking_level, rate_ratio

)

select * from years_counted
