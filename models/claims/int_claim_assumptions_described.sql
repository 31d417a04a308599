with inputs as (

    select * from {{ ref('int_claim_solution_inputs') }}

),

stillbirths as (

    select * from {{ ref('int_claim_stillbirths_bounded') }}

),

stillbirths_ranged as (

    select
        inputs.earlier_year,
        min(case when stillbirths.data_year = inputs.earlier_year then stillbirths.stillbirths end) as earlier_fewest,
        max(case when stillbirths.data_year = inputs.earlier_year then stillbirths.stillbirths end) as earlier_most,
        min(case when stillbirths.data_year = inputs.later_year then stillbirths.stillbirths end) as later_fewest,
        max(case when stillbirths.data_year = inputs.later_year then stillbirths.stillbirths end) as later_most
    from inputs
    cross join stillbirths
    group by inputs.earlier_year

),

inputs_worded as (

    select
        'Inference, not data. ' as inference_label,
        'the live births that ONS published for Kirklees, ' || {{ with_thousands_commas('inputs.earlier_live_births') }} || ' in '
        || cast(inputs.earlier_year as varchar) || ' and ' || {{ with_thousands_commas('inputs.later_live_births') }} || ' in '
        || cast(inputs.later_year as varchar) as both_births,
        'the ' || {{ with_thousands_commas('inputs.earlier_live_births') }} || ' live births that ONS published for Kirklees in '
        || cast(inputs.earlier_year as varchar) as earlier_births,
        'the ' || {{ with_thousands_commas('inputs.later_live_births') }} || ' live births that ONS published for Kirklees in '
        || cast(inputs.later_year as varchar) as later_births,
        'the rate of ' || cast(inputs.earlier_year as varchar) || ' rounds to ' || inputs.combined_value as earlier_rate,
        'the change between the unrounded rates rounds to ' || inputs.change_value || ' %' as change_of_rate,
        'the two rates round to ' || inputs.north_value || ' and ' || inputs.huddersfield_value as group_rates,
        'the ' || cast(inputs.earlier_neonatal_deaths as varchar) || ' and ' || cast(inputs.later_neonatal_deaths as varchar)
        || ' neonatal deaths that ONS published for ' || cast(inputs.earlier_year as varchar) || ' and '
        || cast(inputs.later_year as varchar) as neonatal_deaths,
        cast(stillbirths_ranged.earlier_fewest as varchar) || ' to ' || cast(stillbirths_ranged.earlier_most as varchar)
        || ' stillbirths in '
        || cast(inputs.earlier_year as varchar) as earlier_stillbirths,
        cast(stillbirths_ranged.later_fewest as varchar) || ' to ' || cast(stillbirths_ranged.later_most as varchar) || ' in '
        || cast(inputs.later_year as varchar) as later_stillbirths,
        inputs.combined_value,
        inputs.change_value
    from inputs
    inner join stillbirths_ranged on inputs.earlier_year = stillbirths_ranged.earlier_year

),

assumptions_described as (

    select
        'kirklees_combined_rate_2013' as claim_code,
        'live_births' as assumption_code,
        1 as assumption_order,
        'with live births as denominator' as assumption_name,
        inference_label || 'The births are ' || earlier_births || '; ' || earlier_rate || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_rate_2013' as claim_code,
        'live_births_and_stillbirths' as assumption_code,
        2 as assumption_order,
        'with stillbirths added to the births' as assumption_name,
        inference_label || 'The births are ' || earlier_births || ' and ' || earlier_stillbirths
        || ' (so many fit the perinatal deaths, neonatal deaths and perinatal rate that ONS published); ' || earlier_rate
        || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births' as assumption_code,
        1 as assumption_order,
        'with live births as denominator' as assumption_name,
        inference_label || 'The births are ' || both_births || '; ' || earlier_rate || ' and ' || change_of_rate || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_stillbirths' as assumption_code,
        2 as assumption_order,
        'with stillbirths added to the births' as assumption_name,
        inference_label || 'The births are ' || both_births || ', and ' || earlier_stillbirths || ' and ' || later_stillbirths
        || ' (so many fit what ONS published); ' || earlier_rate || ' and ' || change_of_rate || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_rounded_rates' as assumption_code,
        3 as assumption_order,
        'with live births as denominator and the change taken between rates rounded to one place' as assumption_name,
        inference_label || 'The births are ' || both_births || '; the change is taken between rates rounded to one place, from '
        || combined_value
        || ', and rounds to ' || change_value || ' %.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_with_published_deaths' as assumption_code,
        4 as assumption_order,
        'with live births as denominator and the neonatal deaths that ONS published' as assumption_name,
        inference_label || 'The births are ' || both_births || '; the deaths are ' || neonatal_deaths || ', with '
        || earlier_stillbirths || ' and '
        || later_stillbirths || '; ' || change_of_rate || '.' as assumptions
    from inputs_worded
    union all
    select
        'kirklees_combined_change_2013_2014' as claim_code,
        'live_births_and_stillbirths_with_published_deaths' as assumption_code,
        5 as assumption_order,
        'with the same deaths and stillbirths added to the births' as assumption_name,
        inference_label || 'The deaths are ' || neonatal_deaths || ', with ' || earlier_stillbirths || ' and ' || later_stillbirths
        || '; the births are ' || both_births || ', and those stillbirths; ' || change_of_rate || '.' as assumptions
    from inputs_worded
    {% for claim_code in ['north_kirklees_rate_2014', 'huddersfield_rate_2014'] -%}
    union all
    select
        '{{ claim_code }}' as claim_code,
        'two_rates_and_live_births' as assumption_code,
        1 as assumption_order,
        'with live births that add up to those of Kirklees' as assumption_name,
        inference_label || 'The births of the two groups add up to ' || later_births || '; ' || group_rates || '.' as assumptions
    from inputs_worded
    union all
    select
        '{{ claim_code }}' as claim_code,
        'two_rates_live_births_and_combined_deaths' as assumption_code,
        2 as assumption_order,
        'with deaths that also add up to what the printed combined rate and change imply' as assumption_name,
        inference_label || 'The births of the two groups add up to ' || later_births || ' and their deaths to the number that '
        || combined_value
        || ' the year before and a rise of ' || change_value || ' % imply with live births as denominator; ' || group_rates
        || '.' as assumptions
    from inputs_worded
    {% endfor %}

)

select * from assumptions_described
