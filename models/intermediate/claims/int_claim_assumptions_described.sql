with inputs as (

    select * from {{ ref('int_claim_solution_inputs') }}

),

stillbirths as (

    select
        inputs.earlier_year,
        max(case when stillbirths.data_year = inputs.earlier_year then 1 else 0 end) as has_earlier,
        min(case when stillbirths.data_year = inputs.earlier_year then stillbirths.stillbirths end) as earlier_fewest,
        max(case when stillbirths.data_year = inputs.earlier_year then stillbirths.stillbirths end) as earlier_most,
        min(case when stillbirths.data_year = inputs.later_year then stillbirths.stillbirths end) as later_fewest,
        max(case when stillbirths.data_year = inputs.later_year then stillbirths.stillbirths end) as later_most
    from inputs
    cross join {{ ref('int_claim_stillbirths_bounded') }} as stillbirths
    group by inputs.earlier_year

),

inputs_worded as (

    select
        'Inference, not data. ' as label,
        {{ grouped_thousands('inputs.earlier_live_births') }} as earlier_births,
        {{ grouped_thousands('inputs.later_live_births') }} as later_births,
        cast(inputs.earlier_year as varchar) as earlier_year,
        cast(inputs.later_year as varchar) as later_year,
        inputs.combined_value,
        inputs.change_value,
        inputs.north_value,
        inputs.huddersfield_value,
        cast(inputs.earlier_neonatal_deaths as varchar) as earlier_neonatal,
        cast(inputs.later_neonatal_deaths as varchar) as later_neonatal,
        cast(stillbirths.earlier_fewest as varchar) || ' to ' || cast(stillbirths.earlier_most as varchar) as earlier_stillbirths,
        cast(stillbirths.later_fewest as varchar) || ' to ' || cast(stillbirths.later_most as varchar) as later_stillbirths
    from inputs
    inner join stillbirths on inputs.earlier_year = stillbirths.earlier_year

),

assumptions_described as (

    select
        'kirklees_combined_rate_2013' as claim_code,
        'live_births' as assumption_code,
        1 as assumption_order,
        label || 'The births are the ' || earlier_births || ' live births that ONS published for Kirklees in ' || earlier_year
        || ', and the rate rounds to ' || combined_value || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_rate_2013' as claim_code,
        'live_births_and_stillbirths' as assumption_code,
        2 as assumption_order,
        label || 'The births are those ' || earlier_births || ' live births and the stillbirths of ' || earlier_year || ', ' || earlier_stillbirths
        || ' by the perinatal deaths, neonatal deaths and perinatal rate that ONS published; the rate rounds to ' || combined_value || '.'
        as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births' as assumption_code,
        1 as assumption_order,
        label || 'The births are the live births that ONS published for Kirklees (' || earlier_births || ' in ' || earlier_year || ', ' || later_births
        || ' in ' || later_year || '), the rate of ' || earlier_year || ' rounds to ' || combined_value
        || ' and the change between the unrounded rates to ' || change_value || ' %.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_stillbirths' as assumption_code,
        2 as assumption_order,
        label || 'As before, with the stillbirths (' || earlier_stillbirths || ' in ' || earlier_year || ', ' || later_stillbirths || ' in '
        || later_year || ', by what ONS published) added to the births.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_rounded_rates' as assumption_code,
        3 as assumption_order,
        label || 'The births are the live births, and the change is taken between the rates as printed, to one place, from ' || combined_value || '.'
        as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_with_published_deaths' as assumption_code,
        4 as assumption_order,
        label || 'The births are the live births; the deaths are the ' || earlier_neonatal || ' and ' || later_neonatal
        || ' neonatal deaths that ONS published for ' || earlier_year || ' and ' || later_year || ' and stillbirths within the bounds above; '
        || 'the change between the unrounded rates rounds to ' || change_value || ' %.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_stillbirths_with_published_deaths' as assumption_code,
        5 as assumption_order,
        label || 'As before, with the stillbirths added to the births as well.' as assumptions
    from inputs_worded
    {% for claim_code in ['north_kirklees_rate_2014', 'huddersfield_rate_2014'] -%}
    union all
    select
        '{{ claim_code }}' as claim_code,
        'two_rates_and_live_births' as assumption_code,
        1 as assumption_order,
        label || 'The live births of the two groups add up to the ' || later_births || ' of Kirklees in ' || later_year
        || ', and their rates round to ' || north_value || ' and ' || huddersfield_value || '.' as assumptions
    from inputs_worded
    union all
    select
        '{{ claim_code }}' as claim_code,
        'two_rates_live_births_and_combined_deaths' as assumption_code,
        2 as assumption_order,
        label || 'As before, and the deaths of the two groups add up to the number that ' || combined_value || ' in ' || earlier_year || ' and a rise of '
        || change_value || ' % imply with live births as denominator.' as assumptions
    from inputs_worded
    {% endfor %}

)

select * from assumptions_described
