-- Poisson score test of no trend over all years, and over all non-overlapping windows, that end in each year; and of the years, whether
-- the line that fits best fits at all.
{%- set fewest_deaths = setting('trend_minimum_deaths') %}
-- The change a year that fits each trend best, by Halley's steps from the score test's own estimate.
{%- set halley_steps = 5 %}
with rates as (

    select * from {{ ref('int_rates') }}
    where status = 'ok'

),

points as (

    select
        area_code,
        measure,
        basis,
        'years' as series,
        0 as thread,
        period_end_year as end_year,
        numerator,
        denominator
    from rates
    where years_in_period = 1
    union all
    -- Windows whose last years differ by a multiple of their width do not overlap: each remainder is one thread of them.
    select
        area_code,
        measure,
        basis,
        'windows' as series,
        mod(period_end_year, {{ setting('default_window_years') }}) as thread,
        period_end_year as end_year,
        numerator,
        denominator
    from rates
    where years_in_period = {{ setting('default_window_years') }}

),

points_summed_to_each_year as (

    select
        area_code,
        measure,
        basis,
        series,
        thread,
        end_year,
        numerator,
        denominator,
        row_number() over (
            order by
                area_code asc nulls last, measure asc nulls last, basis asc nulls last, series asc nulls last, thread asc nulls last,
                end_year asc nulls last
        ) as trend_number,
        count(*) over to_each_year as points,
        min(end_year) over to_each_year as first_year,
        -- Whole numbers, so the sums are exact; years are counted from 2000 to keep them small.
        cast(sum(numerator) over to_each_year as double precision) as deaths,
        cast(sum(denominator) over to_each_year as double precision) as births,
        cast(sum(numerator * (end_year - 2000)) over to_each_year as double precision) as deaths_by_year,
        cast(sum(denominator * (end_year - 2000)) over to_each_year as double precision) as births_by_year,
        cast(sum(denominator * (end_year - 2000) * (end_year - 2000)) over to_each_year as double precision) as births_by_year_squared
    from points
    window to_each_year as (
        partition by area_code, measure, basis, series, thread
        order by end_year asc nulls last
        rows between unbounded preceding and current row
    )

),

scores_worked_out as (

    select
        *,
        deaths_by_year / nullif(deaths, 0e0) - (end_year - 2000) as mean_year_of_death,
        deaths_by_year - deaths * births_by_year / births as score,
        nullif(deaths * (births_by_year_squared / births - births_by_year * births_by_year / (births * births)), 0e0) as information,
        case
            when points < case when series = 'years' then 3 else 2 end
                then case when series = 'years' then 'fewer_than_3_years' else 'fewer_than_2_windows' end
            when deaths < {{ fewest_deaths }} then 'fewer_than_{{ fewest_deaths }}_deaths'
        end as reason
    from points_summed_to_each_year

),

deviates_found as (

    select
        *,
        reason is null as is_testable,
        case when reason is null then score / sqrt(information) end as trend_z,
        case
            when reason is null and deaths < births then abs(score) / sqrt(information * (1e0 - deaths / births))
        end as absolute_cochran_armitage_z
    from scores_worked_out

),

trends_tested as (

    select
        trend_number,
        -- The trends of one series follow each other: those after this number and up to a trend's own end in the years that it has.
        trend_number - points as series_number,
        area_code,
        measure,
        basis,
        series,
        end_year,
        first_year,
        cast(denominator as double precision) as births_of_year,
        cast(numerator as double precision) as deaths_of_year,
        points,
        deaths,
        births,
        is_testable,
        reason,
        mean_year_of_death,
        mean_year_of_death in (0e0, first_year - end_year) as is_one_sided,
        score / information as log_change_from_score,
        trend_z,
        2e0 * {{ normal_upper_tail('abs(trend_z)') }} as trend_p_value,
        2e0 * {{ normal_upper_tail('absolute_cochran_armitage_z') }} as cochran_armitage_p_value
    from deviates_found

),

fitted_0 as (

    select
        trend_number,
        series_number,
        end_year,
        mean_year_of_death,
        cast(first_year - end_year as double precision) as first_year_from_last,
        greatest(-5e0, least(5e0, log_change_from_score)) as log_change,
        false as is_settled
    from trends_tested
    where is_testable and not is_one_sided

),

{% for step in range(1, halley_steps + 1) %}
{%- set is_last = loop.last %}
{%- set fitted = 'fitted_so_far' if is_last else 'fitted_' ~ (step - 1) %}
expected_{{ step }} as (

    select
        fitted.trend_number,
        -- From the mean year of death, which is the expected one in the end: so no digits are lost to differences of large squares.
        points.end_year - fitted.end_year - fitted.mean_year_of_death as years_from_mean,
        -- Over the greatest factor of its years, so that none is large.
        points.births_of_year * exp(
            fitted.log_change * (points.end_year - fitted.end_year) - greatest(fitted.log_change * fitted.first_year_from_last, 0e0)
        ) as expected
    from {{ fitted }} as fitted
    inner join trends_tested as points
        on fitted.series_number = points.series_number
        and fitted.trend_number >= points.trend_number
    {% if not is_last -%} where not fitted.is_settled {%- endif %}

),

moments_{{ step }} as (

    select
        {% for factor in ['', ' * years_from_mean', ' * years_from_mean * years_from_mean',
            ' * years_from_mean * years_from_mean * years_from_mean'] -%}
        {{ sum_in_any_order('expected' ~ factor) if is_last else 'sum(expected' ~ factor ~ ')' }} as expected_{{ loop.index0 }},
        {% endfor -%}
        trend_number
    from expected_{{ step }}
    group by trend_number

),

central_moments_{{ step }} as (

    select
        fitted.trend_number,
        fitted.series_number,
        fitted.end_year,
        fitted.mean_year_of_death,
        fitted.first_year_from_last,
        fitted.log_change,
        moments.expected_0,
        -moments.expected_1 / moments.expected_0 as distance,
        moments.expected_2 / moments.expected_0 - power(moments.expected_1 / moments.expected_0, 2) as variance_of_year,
        moments.expected_3 / moments.expected_0
        - 3e0 * moments.expected_2 / moments.expected_0 * moments.expected_1 / moments.expected_0
        + 2e0 * power(moments.expected_1 / moments.expected_0, 3) as skew_of_year
    from {{ fitted }} as fitted
    inner join moments_{{ step }} as moments on fitted.trend_number = moments.trend_number

),

fitted_{{ step }} as (

    select
        trend_number,
        series_number,
        end_year,
        mean_year_of_death,
        first_year_from_last,
        -- Halley's step; held within ±5 a year, far beyond any rate, so that no exponential overflows.
        greatest(
            -5e0,
            least(
                5e0,
                log_change
                + distance / nullif(
                    variance_of_year + greatest(distance * skew_of_year / nullif(2e0 * variance_of_year, 0e0), -variance_of_year / 2e0),
                    0e0
                )
            )
        ) as log_change,
        -- What a step of this size leaves undone is far smaller yet: its third power.
        coalesce(abs(distance) <= {{ 1e-6 if is_last else 2e-5 }} * variance_of_year, false) as is_settled,
        variance_of_year,
        -- Births weighted by the line, whose logarithm is 0 in the last year: before the step, and by its slope after it.
        ln(expected_0) + greatest(log_change * first_year_from_last, 0e0)
        + distance / nullif(variance_of_year, 0e0) * (mean_year_of_death - distance) as log_births
    from central_moments_{{ step }}

),
{% if step == halley_steps - 1 %}
-- The last step starts from a rounded change and its sums do not show their order, so that the last digits of the smallest changes are
-- the same whenever and wherever they are worked out.
fitted_so_far as (

    {% for earlier in range(1, step + 1) -%}
    select
        trend_number,
        series_number,
        end_year,
        mean_year_of_death,
        first_year_from_last,
        floor(1e12 * log_change + 0.5e0) / 1e12 as log_change
    from fitted_{{ earlier }}
    {% if not loop.last -%}
    where is_settled
    union all
    {% endif -%}
    {% endfor %}
),
{% endif %}
{%- endfor %}
changes_settled as (

    select
        trend_number,
        case when is_settled then log_change end as log_change,
        variance_of_year,
        log_births
    from fitted_{{ halley_steps }}

),

trends_fitted as (

    select
        trends_tested.*,
        changes_settled.log_change,
        1e0 / sqrt(trends_tested.deaths * changes_settled.variance_of_year) as log_change_standard_error,
        changes_settled.log_births
    from trends_tested
    left join changes_settled on trends_tested.trend_number = changes_settled.trend_number

),

deaths_beside_the_line as (

    select
        trends_fitted.trend_number,
        points.deaths_of_year,
        trends_fitted.deaths * points.births_of_year
        * exp(trends_fitted.log_change * (points.end_year - trends_fitted.end_year) - trends_fitted.log_births) as fitted_deaths
    from trends_fitted
    inner join trends_tested as points
        on trends_fitted.series_number = points.series_number
        and trends_fitted.trend_number >= points.trend_number
    where trends_fitted.series = 'years' and trends_fitted.log_change is not null

),

deviances_added_up as (

    select
        trend_number,
        {{ sum_in_any_order(half_deviance('deaths_of_year', 'fitted_deaths')) }} as half_deviance
    from deaths_beside_the_line
    group by trend_number

),

trends_with_deviances as (

    select
        trends_fitted.*,
        deviances_added_up.half_deviance
    from trends_fitted
    left join deviances_added_up on trends_fitted.trend_number = deviances_added_up.trend_number

),

deviances_compared as (

    {{ gamma_tails('trends_with_deviances', '(cast(points as double precision) / 2e0 - 1e0)', 'half_deviance') }}

),

changes_in_per_cent as (

    select
        trend_number,
        area_code,
        measure,
        basis,
        series,
        end_year,
        first_year,
        points,
        deaths,
        births,
        log_births,
        is_testable,
        is_one_sided,
        trend_z,
        trend_p_value,
        cochran_armitage_p_value,
        log_change,
        100e0 * {{ exponential_less_one('log_change') }} as annual_percent_change,
        {% for limit, sign in [('lower', '-'), ('upper', '+')] -%}
        {%- set log_limit = '(log_change ' ~ sign ~ ' ' ~ standard_normal_quantile('95') ~ ' * log_change_standard_error)' -%}
        case
            -- A limit too wide to mean anything (a rise of more than a millionfold a year) is none.
            when abs({{ log_limit }}) < 13.8e0 then 100e0 * {{ exponential_less_one(log_limit) }}
        end as annual_percent_change_{{ limit }}_95,
        {% endfor -%}
        2e0 * gamma_value as deviance,
        upper_tail as lack_of_fit_p_value,
        upper_tail >= 0.01e0 as is_straight,
        case when is_testable and log_change is null then 'deaths_in_first_or_last_period_only' else reason end as reason
    from deviances_compared

)

select * from changes_in_per_cent
