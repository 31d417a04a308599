-- One break in the trends that no straight line fits: where, and how the rate changed before and after it.
{#- Steps of Newton's method; the last one starts from rounded slopes and its sums do not show their order, so that the last digits
    are the same whenever it is worked out. Within ±2.5 a year, far beyond any rate, no exponential overflows. #}
{%- set line_steps = 5 %}
with best_breaks as (

    select * from {{ ref('int_trend_break_years') }}

),

rates as (

    select * from {{ ref('int_rates') }}
    where status = 'ok' and years_in_period = 1

),

-- For each trend its points, in years before its last: -10 is ten years earlier.
points as (

    select
        best_breaks.trend_number,
        cast(rates.period_end_year - best_breaks.end_year as double precision) as years_from_last,
        rates.numerator as deaths,
        cast(rates.denominator as double precision) / best_breaks.births as births
    from best_breaks
    inner join rates
        on best_breaks.area_code = rates.area_code
        and best_breaks.measure = rates.measure
        and best_breaks.basis = rates.basis
        and best_breaks.end_year >= rates.period_end_year

),

-- Between two years the best break is where the lines through the years on either side meet (Hudson 1966). It can lie before the best
-- year or after it: so two lines are fitted to two divisions of the years.
divisions as (

    select
        trend_number,
        break_at,
        'earlier' as division,
        slope,
        bend
    from best_breaks
    union all
    select
        trend_number,
        break_at,
        'later' as division,
        slope,
        bend
    from best_breaks

),

points_divided as (

    select
        divisions.trend_number,
        divisions.division,
        divisions.slope,
        divisions.slope + divisions.bend as slope_after,
        points.years_from_last < divisions.break_at
        or (points.years_from_last = divisions.break_at and divisions.division = 'later') as is_before,
        points.years_from_last,
        points.deaths,
        points.births
    from divisions
    inner join points on divisions.trend_number = points.trend_number

),

lines_0 as (

    select
        trend_number,
        division,
        is_before,
        min(years_from_last) as first_year,
        max(years_from_last) as last_year,
        cast(sum(deaths) as double precision) as deaths,
        sum(deaths * years_from_last) / nullif(sum(deaths), 0) as mean_year,
        max(case when is_before then slope else slope_after end) as slope
    from points_divided
    group by trend_number, division, is_before

),

{% for step in range(1, line_steps + 1) %}
{%- set before = 'lines_' ~ (step - 1) %}
weighted_{{ step }} as (

    select
        fits.trend_number,
        fits.division,
        fits.is_before,
        points_divided.years_from_last - fits.mean_year as years,
        points_divided.births * exp(fits.slope * (points_divided.years_from_last - fits.mean_year)) as births
    from {{ before }} as fits
    inner join points_divided
        on fits.trend_number = points_divided.trend_number
        and fits.division = points_divided.division
        and fits.is_before = points_divided.is_before

),

line_sums_{{ step }} as (

    select
        trend_number,
        division,
        {% for factor in ['', ' * years', ' * years * years'] -%}
        {%- set number = 'births' ~ factor -%}
        {{ sum_in_any_order(number, 2 ** 50) if step == line_steps else 'sum(' ~ number ~ ')' }}
            as births_{{ loop.index0 }},
        {% endfor -%}
        is_before
    from weighted_{{ step }}
    group by trend_number, division, is_before

),

line_steps_{{ step }} as (

    select
        trend_number,
        division,
        is_before,
        ln(births_0) as log_births,
        births_1 / births_0 as distance,
        births_2 / births_0 - power(births_1 / births_0, 2) as variance,
        -births_1 / births_0 / nullif(births_2 / births_0 - power(births_1 / births_0, 2), 0e0) as step
    from line_sums_{{ step }}

),

lines_{{ step }} as (

    select
        fits.trend_number,
        fits.division,
        fits.is_before,
        fits.first_year,
        fits.last_year,
        fits.deaths,
        fits.mean_year,
        {% set changed = 'greatest(-2.5e0, least(2.5e0, fits.slope + greatest(-0.5e0, least(0.5e0, steps.step))))' -%}
        {{ 'floor(1e10 * ' ~ changed ~ ' + 0.5e0) / 1e10' if step == line_steps - 1 else changed }} as slope,
        steps.step,
        steps.variance,
        -- Where the years are weighted as the joined lines have it: what two lines that meet in the best year expect.
        {% if step == 1 -%}
        steps.variance as variance_joined,
        fits.mean_year + steps.distance as mean_year_joined,
        steps.log_births + fits.slope * fits.mean_year as log_births_joined,
        {%- else -%}
        fits.variance_joined,
        fits.mean_year_joined,
        fits.log_births_joined,
        {%- endif %}
        -- The logarithm of the births weighted by the line, which is 0 in the mean year: before the step, and by its slope after it.
        steps.log_births + steps.step * steps.distance as log_births
    from {{ before }} as fits
    inner join line_steps_{{ step }} as steps
        on fits.trend_number = steps.trend_number
        and fits.division = steps.division
        and fits.is_before = steps.is_before

),
{% endfor %}
lines_paired as (

    select
        trend_number,
        division,
        {% for side, is_side in [('before', 'is_before'), ('after', 'not is_before')] -%}
        {%- for column in ['first_year', 'last_year', 'deaths', 'mean_year', 'slope', 'step', 'variance', 'log_births',
            'variance_joined', 'mean_year_joined', 'log_births_joined'] -%}
        max(case when {{ is_side }} then {{ column }} end) as {{ column }}_{{ side }},
        {% endfor -%}
        {% endfor -%}
        count(*) as fits
    from lines_{{ line_steps }}
    group by trend_number, division

),

meeting_points as (

    select
        *,
        ln(deaths_before / deaths_after) - log_births_before - slope_before * mean_year_before
        + log_births_after + slope_after * mean_year_after as difference_of_levels,
        deaths_before * (ln(deaths_before / (deaths_before + deaths_after)) - log_births_before)
        + deaths_after * (ln(deaths_after / (deaths_before + deaths_after)) - log_births_after) as log_likelihood
    from lines_paired
    where deaths_before > 0e0 and deaths_after > 0e0
        and abs(step_before) <= 1e-7 and abs(step_after) <= 1e-7
        and slope_before <> slope_after

),

-- The best break lies where two lines meet within their division, or else in the best year itself.
breaks_found as (

    select
        trend_number,
        difference_of_levels / (slope_after - slope_before) as break_at,
        log_likelihood,
        slope_before,
        slope_after,
        deaths_before,
        deaths_after,
        mean_year_before,
        mean_year_after,
        variance_before,
        variance_after
    from meeting_points
    where difference_of_levels / (slope_after - slope_before) > last_year_before
        and difference_of_levels / (slope_after - slope_before) < first_year_after
    union all
    select
        best_breaks.trend_number,
        best_breaks.break_at,
        best_breaks.log_likelihood,
        best_breaks.slope as slope_before,
        best_breaks.slope + best_breaks.bend as slope_after,
        best_breaks.deaths / (
            1e0
            + exp(lines_paired.log_births_joined_after - best_breaks.bend * best_breaks.break_at - lines_paired.log_births_joined_before)
        ) as deaths_before,
        best_breaks.deaths / (
            1e0
            + exp(lines_paired.log_births_joined_before + best_breaks.bend * best_breaks.break_at - lines_paired.log_births_joined_after)
        ) as deaths_after,
        lines_paired.mean_year_joined_before as mean_year_before,
        lines_paired.mean_year_joined_after as mean_year_after,
        lines_paired.variance_joined_before as variance_before,
        lines_paired.variance_joined_after as variance_after
    from best_breaks
    inner join lines_paired
        on best_breaks.trend_number = lines_paired.trend_number
        and lines_paired.division = 'later'

),

breaks_found_in_order as (

    select
        *,
        row_number() over (partition by trend_number order by log_likelihood desc nulls last) as place
    from breaks_found

),

breaks_described as (

    select
        best_breaks.area_code,
        best_breaks.measure,
        best_breaks.basis,
        best_breaks.end_year,
        best_breaks.points,
        best_breaks.end_year + breaks_found_in_order.break_at as break_year,
        sqrt(
            1e0 / breaks_found_in_order.deaths_before
            + power(breaks_found_in_order.break_at - breaks_found_in_order.mean_year_before, 2)
            / (breaks_found_in_order.deaths_before * breaks_found_in_order.variance_before)
            + 1e0 / breaks_found_in_order.deaths_after
            + power(breaks_found_in_order.break_at - breaks_found_in_order.mean_year_after, 2)
            / (breaks_found_in_order.deaths_after * breaks_found_in_order.variance_after)
        ) / abs(breaks_found_in_order.slope_after - breaks_found_in_order.slope_before) as break_year_standard_error,
        breaks_found_in_order.slope_before,
        breaks_found_in_order.slope_after,
        1e0 / sqrt(breaks_found_in_order.deaths_before * breaks_found_in_order.variance_before) as standard_error_before,
        1e0 / sqrt(breaks_found_in_order.deaths_after * breaks_found_in_order.variance_after) as standard_error_after,
        greatest(
            0e0, best_breaks.deviance_of_line - 2e0 * (breaks_found_in_order.log_likelihood - best_breaks.log_likelihood_of_line)
        ) as deviance
    from breaks_found_in_order
    inner join best_breaks on breaks_found_in_order.trend_number = best_breaks.trend_number
    where breaks_found_in_order.place = 1

),

deviances_compared as (

    {{ gamma_tails('breaks_described', '(cast(points as double precision) / 2e0 - 2e0)', '(deviance / 2e0)') }}

),

changes_in_per_cent as (

    select
        area_code,
        measure,
        basis,
        end_year,
        break_year,
        break_year_standard_error,
        {% for side in ['before', 'after'] -%}
        100e0 * {{ exponential_less_one('slope_' ~ side) }} as annual_percent_change_{{ side }},
        {% for limit, sign in [('lower', '-'), ('upper', '+')] -%}
        {%- set log_limit = '(slope_' ~ side ~ ' ' ~ sign ~ ' ' ~ standard_normal_quantile('95') ~ ' * standard_error_' ~ side ~ ')' -%}
        case
            -- A limit too wide to mean anything (a rise of more than a millionfold a year) is none.
            when abs({{ log_limit }}) < 13.8e0 then 100e0 * {{ exponential_less_one(log_limit) }}
        end as annual_percent_change_{{ side }}_{{ limit }}_95,
        {% endfor -%}
        {% endfor -%}
        deviance,
        upper_tail as lack_of_fit_p_value
    from deviances_compared

)

select * from changes_in_per_cent
