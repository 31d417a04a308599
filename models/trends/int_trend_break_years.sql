-- The year in which a trend that no straight line fits is best broken, if it is so at all.
{#- Steps of Newton's method: enough to tell which year is best, then of that year to the last digit.
    Within ±2.5 a year, far beyond any rate, no exponential overflows. -#}
{%- set likely_breaks = 4 %}
{%- set search_steps = 3 %}
{%- set all_steps = search_steps + 3 %}
{#- Of more bent trends than this, as a million supplied rows may give, only those up to the last year are searched: all would take
    minutes. -#}
{%- set most_searched = 100000 %}
{#- The last step starts from rounded slopes and its sums do not show their order, so that the last digits are the same whenever it is
    worked out. #}
with bent_trends as (

    select
        trend_number,
        area_code,
        measure,
        basis,
        end_year,
        points,
        births,
        log_change,
        log_births,
        deviance
    from {{ ref('int_score_trends') }}
    where series = 'years' and not is_straight and points >= 7

),

series_searched as (

    select
        area_code,
        measure,
        basis,
        max(end_year) as last_bent_year,
        sum(count(*)) over () as bent_trends
    from bent_trends
    group by area_code, measure, basis

),

trends as (

    select bent_trends.*
    from bent_trends
    inner join series_searched
        on bent_trends.area_code = series_searched.area_code
        and bent_trends.measure = series_searched.measure
        and bent_trends.basis = series_searched.basis
    where series_searched.bent_trends <= {{ most_searched }} or bent_trends.end_year = series_searched.last_bent_year

),

thresholds as (

    select
        *,
        max(years_in_trend) over () as most_years
    from {{ ref('break_thresholds') }}

),

rates as (

    select * from {{ ref('int_rates') }}
    where status = 'ok' and years_in_period = 1

),

-- Lines through the logarithms of the rates, weighted by deaths, need only sums up to each year; half a death more keeps a year without
-- any. They are not what is published, but they tell which years are worth trying, and where to begin.
logarithms as (

    select
        rates.area_code,
        rates.measure,
        rates.basis,
        rates.period_end_year as end_year,
        cast(rates.period_end_year - 2000 as double precision) as rate_year,
        rates.numerator + 0.5e0 as weight,
        ln((rates.numerator + 0.5e0) / (0.005e0 * rates.denominator)) as logarithm
    from rates
    inner join series_searched
        on rates.area_code = series_searched.area_code
        and rates.measure = series_searched.measure
        and rates.basis = series_searched.basis

),

years_added_up as (

    select
        area_code,
        measure,
        basis,
        end_year,
        rate_year,
        row_number() over to_each_year as place,
        sum(weight) over to_each_year as weights,
        sum(weight * rate_year) over to_each_year as years,
        sum(weight * rate_year * rate_year) over to_each_year as years_squared,
        sum(weight * logarithm) over to_each_year as logarithms,
        sum(weight * logarithm * rate_year) over to_each_year as logarithms_by_year
    from logarithms
    window to_each_year as (
        partition by area_code, measure, basis
        order by end_year asc nulls last
        rows between unbounded preceding and current row
    )

),

-- A break has two years before it and two after it, at least. Of the time after it: its sum, with itself, with the years and with the
-- logarithms.
breaks_tried as (

    select
        trends.trend_number,
        breaks.end_year - trends.end_year as break_at,
        trends.end_year,
        ends.weights,
        ends.years,
        ends.years_squared,
        ends.logarithms,
        ends.logarithms_by_year,
        ends.years - breaks.years - breaks.rate_year * (ends.weights - breaks.weights) as time_after,
        ends.years_squared - breaks.years_squared - breaks.rate_year * (ends.years - breaks.years) as after_by_year,
        ends.years_squared - breaks.years_squared - 2e0 * breaks.rate_year * (ends.years - breaks.years)
        + breaks.rate_year * breaks.rate_year * (ends.weights - breaks.weights) as after_squared,
        ends.logarithms_by_year - breaks.logarithms_by_year - breaks.rate_year * (ends.logarithms - breaks.logarithms) as after_by_logarithm
    from trends
    inner join years_added_up as ends
        on trends.area_code = ends.area_code
        and trends.measure = ends.measure
        and trends.basis = ends.basis
        and trends.end_year = ends.end_year
    inner join years_added_up as breaks
        on trends.area_code = breaks.area_code
        and trends.measure = breaks.measure
        and trends.basis = breaks.basis
        and breaks.place between 3 and ends.place - 2

),

breaks_centred as (

    select
        trend_number,
        break_at,
        years_squared - years * years / weights as variance,
        after_by_year - time_after * years / weights as covariance,
        after_squared - time_after * time_after / weights as variance_after,
        logarithms_by_year - logarithms * years / weights as slope_numerator,
        after_by_logarithm - time_after * logarithms / weights as after_numerator
    from breaks_tried

),

breaks_estimated as (

    select
        trend_number,
        break_at,
        (slope_numerator * variance_after - after_numerator * covariance) / (variance * variance_after - covariance * covariance) as slope,
        (after_numerator * variance - slope_numerator * covariance) / (variance * variance_after - covariance * covariance) as bend,
        -- What the bend adds to what a straight line explains.
        power(after_numerator - slope_numerator * covariance / variance, 2) / (variance_after - covariance * covariance / variance)
            as explained
    from breaks_centred

),

breaks_beside_others as (

    select
        *,
        explained >= greatest(
            coalesce(lag(explained) over in_time, explained), coalesce(lead(explained) over in_time, explained)
        ) as is_peak
    from breaks_estimated
    window in_time as (partition by trend_number order by break_at asc nulls last)

),

-- The best years, and the best of those that promise more than the years beside them, so that no second turn is passed over.
breaks_by_promise as (

    select
        *,
        row_number() over (partition by trend_number order by explained desc nulls last, break_at asc nulls last) as promise,
        row_number()
            over (partition by trend_number, is_peak order by explained desc nulls last, break_at asc nulls last)
            as promise_of_kind
    from breaks_beside_others

),

likely_breaks as (

    select
        trend_number,
        cast(break_at as double precision) as break_at,
        greatest(-2e0, least(2e0, slope)) as slope,
        greatest(-2e0, least(2e0, bend)) as bend
    from breaks_by_promise
    where promise <= {{ likely_breaks }} or (is_peak and promise_of_kind <= {{ likely_breaks }})

),

-- For each trend its points, in years before its last: -10 is ten years earlier. Kept nowhere: there may be more than all else.
points as not materialized (

    select
        trends.trend_number,
        cast(rates.period_end_year - trends.end_year as double precision) as years_from_last,
        rates.numerator as deaths,
        cast(rates.denominator as double precision) / trends.births as births
    from trends
    inner join rates
        on trends.area_code = rates.area_code
        and trends.measure = rates.measure
        and trends.basis = rates.basis
        and trends.end_year >= rates.period_end_year

),

-- The means are of whole numbers, so they are exact.
deaths_summed as (

    select
        likely_breaks.trend_number,
        likely_breaks.break_at,
        cast(sum(points.deaths) as double precision) as deaths,
        sum(points.deaths * points.years_from_last) / sum(points.deaths) as mean_year,
        sum(points.deaths * greatest(points.years_from_last - likely_breaks.break_at, 0e0)) / sum(points.deaths) as mean_year_after
    from likely_breaks
    inner join points on likely_breaks.trend_number = points.trend_number
    group by likely_breaks.trend_number, likely_breaks.break_at

),

-- Slope before the break, and by how much it is another one after it.
fitted_0 as (

    select
        deaths_summed.*,
        likely_breaks.slope,
        likely_breaks.bend,
        deaths_summed.deaths * (trends.log_change * deaths_summed.mean_year - (trends.log_births - ln(trends.births)))
            as log_likelihood_of_line
    from deaths_summed
    inner join likely_breaks
        on deaths_summed.trend_number = likely_breaks.trend_number
        and deaths_summed.break_at = likely_breaks.break_at
    inner join trends on deaths_summed.trend_number = trends.trend_number

),

{% for step in range(1, all_steps + 1) %}
{%- set before = 'best_breaks' if step == search_steps + 1 else 'fitted_' ~ (step - 1) %}
centred_{{ step }} as (

    select
        {{ before }}.trend_number,
        {{ before }}.break_at,
        {{ before }}.slope,
        {{ before }}.bend,
        points.births,
        points.years_from_last - {{ before }}.mean_year as years,
        greatest(points.years_from_last - {{ before }}.break_at, 0e0) - {{ before }}.mean_year_after as years_after
    from {{ before }}
    inner join points on {{ before }}.trend_number = points.trend_number

),

weighted_{{ step }} as (

    select
        trend_number,
        break_at,
        years,
        years_after,
        births * exp(slope * years + bend * years_after) as births
    from centred_{{ step }}

),

sums_{{ step }} as (

    select
        trend_number,
        {% for sum, factor in {
            'births': '', 'births_by_years': ' * years', 'births_by_years_after': ' * years_after',
            'births_by_years_squared': ' * years * years', 'births_by_both': ' * years * years_after',
            'births_by_years_after_squared': ' * years_after * years_after',
        }.items() -%}
        {%- set number = 'births' ~ factor -%}
        {{ sum_in_any_order(number, 2 ** 50) if step == all_steps else 'sum(' ~ number ~ ')' }}
            as {{ sum }},
        {% endfor -%}
        break_at
    from weighted_{{ step }}
    group by trend_number, break_at

),

moments_{{ step }} as (

    select
        trend_number,
        break_at,
        ln(births) as log_births,
        births_by_years / births as years,
        births_by_years_after / births as years_after,
        births_by_years_squared / births - power(births_by_years / births, 2) as variance,
        births_by_both / births - births_by_years / births * births_by_years_after / births as covariance,
        births_by_years_after_squared / births - power(births_by_years_after / births, 2) as variance_after
    from sums_{{ step }}

),

steps_{{ step }} as (

    select
        *,
        (years_after * covariance - years * variance_after) / (variance * variance_after - covariance * covariance) as step_of_slope,
        (years * covariance - years_after * variance) / (variance * variance_after - covariance * covariance) as step_of_bend
    from moments_{{ step }}
    where variance * variance_after > covariance * covariance

),

fitted_{{ step }} as (

    select
        {{ before }}.trend_number,
        {{ before }}.break_at,
        {{ before }}.deaths,
        {{ before }}.mean_year,
        {{ before }}.mean_year_after,
        {% for slope in ['slope', 'bend'] -%}
        {%- set changed = 'greatest(-2.5e0, least(2.5e0, ' ~ before ~ '.' ~ slope ~ ' + greatest(-0.5e0, least(0.5e0, steps_' ~ step
            ~ '.step_of_' ~ slope ~ '))))' -%}
        {{ 'floor(1e10 * ' ~ changed ~ ' + 0.5e0) / 1e10' if step == all_steps - 1 else changed }} as {{ slope }},
        {% endfor -%}
        steps_{{ step }}.step_of_slope,
        steps_{{ step }}.step_of_bend,
        -{{ before }}.deaths * steps_{{ step }}.log_births as log_likelihood,
        {{ before }}.log_likelihood_of_line
    from {{ before }}
    inner join steps_{{ step }}
        on {{ before }}.trend_number = steps_{{ step }}.trend_number
        and {{ before }}.break_at = steps_{{ step }}.break_at

),
{% if step == search_steps %}
breaks_in_order as (

    select
        *,
        row_number() over (partition by trend_number order by log_likelihood desc nulls last, break_at asc nulls last) as place
    from fitted_{{ step }}

),

-- The best of all breaks is better than none even where there is none: how much better it must be is counted by simulation.
best_breaks as (

    select
        breaks_in_order.trend_number,
        breaks_in_order.break_at,
        breaks_in_order.deaths,
        breaks_in_order.mean_year,
        breaks_in_order.mean_year_after,
        breaks_in_order.slope,
        breaks_in_order.bend,
        breaks_in_order.log_likelihood_of_line
    from breaks_in_order
    inner join trends on breaks_in_order.trend_number = trends.trend_number
    inner join thresholds on least(trends.points, thresholds.most_years) = thresholds.years_in_trend
    where breaks_in_order.place = 1
        and 2e0 * (breaks_in_order.log_likelihood - breaks_in_order.log_likelihood_of_line) > thresholds.fall_of_deviance

),
{% endif %}
{%- endfor %}
breaks_settled as (

    select
        fitted.trend_number,
        trends.area_code,
        trends.measure,
        trends.basis,
        trends.end_year,
        trends.points,
        trends.births,
        trends.deviance as deviance_of_line,
        fitted.break_at,
        fitted.deaths,
        fitted.slope,
        fitted.bend,
        fitted.log_likelihood,
        fitted.log_likelihood_of_line
    from fitted_{{ all_steps }} as fitted
    inner join trends on fitted.trend_number = trends.trend_number
    where abs(fitted.step_of_slope) <= 1e-7 and abs(fitted.step_of_bend) <= 1e-7

)

select * from breaks_settled
