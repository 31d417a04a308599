-- Poisson score test and log-linear fit over all years, and over all non-overlapping windows, that end in each year.
{%- set halley_steps = 4 -%}
{%- set fewest_deaths = var('trend_minimum_deaths') %}
with rates as (

    select * from {{ ref('int_rates_calculated') }}
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
        mod(period_end_year, {{ var('default_window_years') }}) as thread,
        period_end_year as end_year,
        numerator,
        denominator
    from rates
    where years_in_period = {{ var('default_window_years') }}

),

points_summed_to_each_year as (

    select
        area_code,
        measure,
        basis,
        series,
        thread,
        end_year,
        row_number() over (
            order by area_code asc nulls last, measure asc nulls last, basis asc nulls last, series asc nulls last, end_year asc nulls last
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

trends_tested as (

    select
        *,
        deaths_by_year / nullif(deaths, 0e0) - (end_year - 2000) as mean_year_of_death,
        deaths_by_year - deaths * births_by_year / births as score,
        nullif(deaths * (births_by_year_squared / births - births_by_year * births_by_year / (births * births)), 0e0) as information,
        points >= case when series = 'years' then 3 else 2 end and deaths >= {{ fewest_deaths }} as is_testable
    from points_summed_to_each_year

),

-- For each trend its points, in years before its last: -10 is ten years earlier.
points_of_each_trend as (

    select
        trends_tested.trend_number,
        cast(points.end_year - trends_tested.end_year as double precision) as years_from_last,
        cast(points.denominator as double precision) as births
    from trends_tested
    inner join points
        on trends_tested.area_code = points.area_code
        and trends_tested.measure = points.measure
        and trends_tested.basis = points.basis
        and trends_tested.series = points.series
        and trends_tested.thread = points.thread
        and trends_tested.end_year >= points.end_year
    where trends_tested.is_testable

),

fitted_0 as (

    select
        trend_number,
        mean_year_of_death,
        greatest(-5e0, least(5e0, score / information)) as log_change,
        cast(null as double precision) as step,
        cast(null as double precision) as variance_of_year
    from trends_tested
    where is_testable

),
{% for step in range(1, halley_steps + 1) %}
{#- The last step starts from a rounded change and adds up in one order, so that the last digits of the smallest changes are the same
    whenever and wherever they are worked out. -#}
{%- set last_step = loop.last %}
{%- set log_change = 'fitted_' ~ (step - 1) ~ '.log_change' %}
{%- set log_change = 'floor(1e12 * ' ~ log_change ~ ' + 0.5e0) / 1e12' if last_step else log_change %}
expected_{{ step }} as (

    select
        fitted_{{ step - 1 }}.trend_number,
        fitted_{{ step - 1 }}.mean_year_of_death,
        {{ log_change }} as log_change,
        points_of_each_trend.years_from_last,
        points_of_each_trend.births * exp({{ log_change }} * points_of_each_trend.years_from_last) as expected
    from fitted_{{ step - 1 }}
    inner join points_of_each_trend on fitted_{{ step - 1 }}.trend_number = points_of_each_trend.trend_number

),

moments_{{ step }} as (

    select
        trend_number,
        mean_year_of_death,
        {% for power in range(4) -%}
        {%- set summand = 'expected * power(years_from_last, ' ~ power ~ ')' -%}
        sum({{ summand }}{{ ' order by years_from_last asc' if last_step }}) as expected_{{ power }},
        {% endfor -%}
        log_change
    from expected_{{ step }}
    group by trend_number, mean_year_of_death, log_change

),

central_moments_{{ step }} as (

    select
        trend_number,
        mean_year_of_death,
        log_change,
        mean_year_of_death - expected_1 / expected_0 as distance,
        expected_2 / expected_0 - power(expected_1 / expected_0, 2) as variance_of_year,
        expected_3 / expected_0 - 3e0 * expected_2 / expected_0 * expected_1 / expected_0 + 2e0 * power(expected_1 / expected_0, 3)
            as skew_of_year
    from moments_{{ step }}

),

fitted_{{ step }} as (

    select
        trend_number,
        mean_year_of_death,
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
        distance / nullif(variance_of_year, 0e0) as step,
        variance_of_year
    from central_moments_{{ step }}

),
{% endfor %}
trends_fitted as (

    select
        trends_tested.area_code,
        trends_tested.measure,
        trends_tested.basis,
        trends_tested.series,
        trends_tested.end_year,
        trends_tested.first_year,
        trends_tested.points,
        trends_tested.deaths,
        trends_tested.is_testable,
        trends_tested.mean_year_of_death in (0e0, trends_tested.first_year - trends_tested.end_year) as is_one_sided,
        trends_tested.score / sqrt(trends_tested.information) as trend_z,
        case
            when trends_tested.deaths < trends_tested.births
                then trends_tested.score / sqrt(trends_tested.information * (1e0 - trends_tested.deaths / trends_tested.births))
        end as cochran_armitage_z,
        fitted_{{ halley_steps }}.log_change,
        fitted_{{ halley_steps }}.step,
        1e0 / sqrt(trends_tested.deaths * fitted_{{ halley_steps }}.variance_of_year) as log_change_standard_error
    from trends_tested
    left join fitted_{{ halley_steps }} on trends_tested.trend_number = fitted_{{ halley_steps }}.trend_number

),

trends_with_deviate as (

    select
        area_code,
        measure,
        basis,
        series,
        end_year,
        first_year,
        points,
        deaths,
        is_testable,
        is_one_sided,
        case when is_testable then trend_z end as trend_z,
        case when is_testable then abs(trend_z) end as absolute_z,
        case when is_testable then abs(cochran_armitage_z) end as absolute_cochran_armitage_z,
        -- Steps this small mean that the fit has settled; where all deaths fall in the first or last year it never does.
        case when is_testable and not is_one_sided and abs(step) <= 1e-7 then log_change end as log_change,
        log_change_standard_error
    from trends_fitted

),

trends_with_p_values as (

    select
        area_code,
        measure,
        basis,
        series,
        end_year,
        first_year,
        points,
        deaths,
        is_testable,
        is_one_sided,
        trend_z,
        2e0 * {{ normal_upper_tail('absolute_z') }} as trend_p_value,
        2e0 * {{ normal_upper_tail('absolute_cochran_armitage_z') }} as cochran_armitage_p_value,
        100e0 * {{ exponential_less_one('log_change') }} as annual_percent_change,
        {% for limit, sign in [('lower', '-'), ('upper', '+')] -%}
        {%- set log_limit = '(log_change ' ~ sign ~ ' ' ~ standard_normal_quantile('95') ~ ' * log_change_standard_error)' -%}
        case
            -- A limit too wide to mean anything (a rise of more than a millionfold a year) is none.
            when abs({{ log_limit }}) < 13.8e0 then 100e0 * {{ exponential_less_one(log_limit) }}
        end as annual_percent_change_{{ limit }}_95,
        {% endfor -%}
        case
            when is_testable and log_change is null then 'deaths_in_first_or_last_period_only'
            when not is_testable and points < case when series = 'years' then 3 else 2 end
                then case when series = 'years' then 'fewer_than_3_years' else 'fewer_than_2_windows' end
            when not is_testable then 'fewer_than_{{ var('trend_minimum_deaths') }}_deaths'
        end as reason
    from trends_with_deviate

)

select * from trends_with_p_values
