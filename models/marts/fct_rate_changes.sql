with rates as (

    select * from {{ ref('int_rates') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

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
        rates.numerator as from_numerator,
        later_rates.numerator as to_numerator,
        rates.denominator as from_denominator,
        later_rates.denominator as to_denominator,
        rates.rate_per_1000 as from_rate_per_1000,
        later_rates.rate_per_1000 as to_rate_per_1000,
        rates.lower_95 as from_lower_95,
        later_rates.lower_95 as to_lower_95,
        rates.upper_95 as from_upper_95,
        later_rates.upper_95 as to_upper_95,
        rates.status as from_status,
        later_rates.status as to_status
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
        changes_worked_out.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        from_period,
        to_period,
        changes_worked_out.measure,
        measures.measure_name,
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
    inner join areas on changes_worked_out.area_code = areas.area_code
    inner join measures on changes_worked_out.measure = measures.measure

)

select * from rate_changes
