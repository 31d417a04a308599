{#- Creates the table macro `area_profile(area_code)`: everything that the marts know of one area, one row per measure,
    basis and period. Tables are named by schema alone: the file may be opened or attached under any name. -#}
{% macro create_area_profile(schema, marts_schema) %}
create or replace macro {{ schema }}.area_profile(wanted_area_code) as table
with areas as (

    select * from {{ marts_schema }}.dim_area

),

measures as (

    select * from {{ marts_schema }}.dim_measure

),

rates as (

    select * from {{ marts_schema }}.fct_rates
    union all by name
    select * exclude (years_published, is_complete, is_non_overlapping) from {{ marts_schema }}.fct_rolling_rates where is_complete

),

rates_of_area as (

    select
        areas.area_code,
        areas.area_name,
        measures.measure,
        measures.measure_name,
        rates.basis,
        rates.period,
        rates.period_end_year,
        rates.years_in_period,
        rates.numerator,
        rates.denominator,
        rates.rate_per_1000,
        rates.lower_95,
        rates.upper_95,
        rates.status,
        rates.reliability_flag,
        rates.rate_display
    from rates
    inner join areas on rates.area_code = areas.area_code
    inner join measures on rates.measure = measures.measure
    where rates.area_code = wanted_area_code
    order by measures.display_order, rates.basis, rates.years_in_period, rates.period_end_year

)

select * from rates_of_area
{% endmacro %}
