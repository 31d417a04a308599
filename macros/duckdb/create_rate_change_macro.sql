{#-
  The table macro rate_change(area, measure, basis, from, to): any two periods of an area compared, single years or windows, with the
  formulas of fct_rate_changes. They stand in a subquery: DuckDB 1.4 answers in a third of the time that it takes with a step of their own.
-#}
{% macro create_rate_change_macro(schema) -%}
create or replace macro {{ schema }}.rate_change(
    wanted_area_code, wanted_measure, wanted_basis, wanted_from_period, wanted_to_period
) as table
with all_rates as (

    select area_code, period, measure, basis, numerator, denominator, rate_per_1000, lower_95, upper_95, status
    from marts.fct_rates
    union all
    select area_code, period, measure, basis, numerator, denominator, rate_per_1000, lower_95, upper_95, status
    from marts.fct_rolling_rates

),

wanted_periods as (

    select
        earlier.area_code,
        earlier.period as from_period,
        later.period as to_period,
        earlier.measure,
        earlier.basis,
        {%- for column in ['numerator', 'denominator', 'rate_per_1000', 'lower_95', 'upper_95', 'status'] %}
        earlier.{{ column }} as from_{{ column }},
        later.{{ column }} as to_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from all_rates as earlier
    inner join all_rates as later
        on earlier.area_code = later.area_code
        and earlier.measure = later.measure
        and earlier.basis = later.basis
    where
        earlier.area_code = wanted_area_code
        and earlier.measure = wanted_measure
        and earlier.basis = wanted_basis
        and earlier.period = wanted_from_period
        and later.period = wanted_to_period

)

select
    area_code,
    from_period,
    to_period,
    measure,
    basis,
    from_numerator,
    to_numerator,
    from_denominator,
    to_denominator,
    from_rate_per_1000,
    to_rate_per_1000,
    difference_per_1000,
    difference_lower_95,
    difference_upper_95,
    percent_change,
    percent_change_from_rounded,
    rate_ratio,
    rate_ratio_lower_95,
    rate_ratio_upper_95,
    exact_p_value,
    mid_p_value,
    intervals_overlap,
    reason
from ({{ rate_change_steps('wanted_periods') }}) as periods_compared
{%- endmacro %}
