{#-
  The table macro combined_area_rate(area_codes, period, measure): any list of areas added up, one row per basis: counts, rate, intervals,
  flag, status. A code listed twice counts once.
-#}
{% macro create_combined_area_rate_macro(schema) -%}
create or replace macro {{ schema }}.combined_area_rate(area_codes, period, measure) as table
-- A bare name that is also a parameter is the parameter; columns are named with their table.
with all_rates as (

    select rates.area_code, rates.period, rates.measure, rates.basis, rates.numerator, rates.denominator, rates.status
    from marts.fct_rates as rates
    union all
    select windows.area_code, windows.period, windows.measure, windows.basis, windows.numerator, windows.denominator, windows.status
    from marts.fct_rolling_rates as windows

),

poisson_limits as (

    select * from marts.dim_poisson_limit

),

areas_added as (

    select
        all_rates.period,
        all_rates.measure,
        all_rates.basis,
        count(*) as areas_found,
        len(list_distinct(area_codes)) as areas_asked_for,
        string_agg(all_rates.area_code, ', ' order by all_rates.area_code) as area_codes_found,
        case when count(*) < len(list_distinct(area_codes)) then 'missing' else {{ worst_status('status') }} end as parts_status,
        cast(sum(numerator) as bigint) as members_numerator,
        cast(sum(denominator) as bigint) as members_denominator
    from all_rates
    where list_contains(area_codes, all_rates.area_code) and all_rates.period = period and all_rates.measure = measure
    group by all_rates.period, all_rates.measure, all_rates.basis

),

sums_with_status as (

    select
        *,
        case when parts_status = 'ok' and members_denominator = 0 then 'no_births' else parts_status end as status,
        case when parts_status = 'ok' then members_numerator end as numerator,
        case when parts_status = 'ok' then members_denominator end as denominator
    from areas_added

),

sums_rated as (

    select
        sums_with_status.basis,
        sums_with_status.period,
        sums_with_status.measure,
        sums_with_status.areas_asked_for,
        sums_with_status.areas_found,
        sums_with_status.area_codes_found,
        sums_with_status.status,
        sums_with_status.numerator,
        sums_with_status.denominator,
        case
            when sums_with_status.status = 'ok' then {{ rate_per_1000('sums_with_status.numerator', 'sums_with_status.denominator') }}
        end as rate_per_1000,
        {%- for level in ['95', '99_8'] %}
        {%- for side in ['lower', 'upper'] %}
        {%- set limit = side ~ '_' ~ level %}
        {{ poisson_rate_limit(
            side, level, 'sums_with_status.numerator', 'sums_with_status.denominator', 'poisson_limits.' ~ limit
        ) }} as {{ limit }},
        {%- endfor %}
        {%- endfor %}
        {{ reliability_flag('sums_with_status.numerator', 'sums_with_status.status') }} as reliability_flag
    from sums_with_status
    left join poisson_limits on sums_with_status.numerator = poisson_limits.event_count
    order by sums_with_status.basis

)

select * from sums_rated
{%- endmacro %}
