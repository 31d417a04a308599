{{ config(post_hook="{{ create_rate_change_macro() }}") }}
-- The table macro that the hook creates reads these two.
-- depends_on: {{ ref('fct_rates') }}
-- depends_on: {{ ref('fct_rolling_rates') }}

with rates as (

    select * from {{ ref('int_rates_calculated') }}

),

consecutive_periods as (

    select
        rates.area_code,
        rates.period as from_period,
        later_rates.period as to_period,
        rates.measure,
        rates.basis,
        rates.years_in_period,
        rates.period_end_year as from_end_year,
        later_rates.period_end_year as to_end_year,
        {%- for column in ['numerator', 'denominator', 'rate_per_1000', 'lower_95', 'upper_95', 'status'] %}
        rates.{{ column }} as from_{{ column }},
        later_rates.{{ column }} as to_{{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from rates
    inner join rates as later_rates
        on rates.area_code = later_rates.area_code
        and rates.measure = later_rates.measure
        and rates.basis = later_rates.basis
        and rates.years_in_period = later_rates.years_in_period
        -- The next period begins the year after: windows do not overlap, and nothing is compared across a gap.
        and rates.period_end_year + 1 = later_rates.period_start_year

),

changes_worked_out as (

    {{ rate_change_steps('consecutive_periods') }}

),

rate_changes as (

    select
        area_code,
        from_period,
        to_period,
        measure,
        basis,
        years_in_period,
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
    from changes_worked_out

)

select * from rate_changes
