{#-
  DuckDB only: the table macro area_profile(area_code), everything that the marts know of one area: one row per measure, basis and period.
  Published by publish_when_whole, which also makes it in the build's database.
-#}
{% macro create_area_profile_macro() -%}
create or replace macro {{ target.database }}.marts.area_profile(wanted_area_code) as table
with areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

rates as (

    select * from {{ ref('fct_rates') }}
    union all by name
    select * exclude (years_published, is_complete, is_non_overlapping) from {{ ref('fct_rolling_rates') }}
    where is_complete

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
{%- endmacro %}
