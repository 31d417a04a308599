{%- set window_years = setting('default_window_years') -%}
with rates as (

    select * from {{ ref('int_rates') }}
    where years_in_period = 1

),

recent_trends as (

    select * from {{ ref('int_recent_trends') }}

),

score_trends as (

    select * from {{ ref('int_score_trends') }}

),

trend_breaks as (

    select * from {{ ref('int_trend_breaks') }}

),

areas as (

    select * from {{ ref('dim_area') }}

),

measures as (

    select * from {{ ref('dim_measure') }}

),

years_counted as (

    select
        area_code,
        measure,
        basis,
        period as last_period,
        period_end_year as last_year,
        status,
        sum(case when status = 'ok' then 1 else 0 end) over (
            partition by area_code, measure, basis
            order by period_end_year asc
            range between 4 preceding and current row
        ) as years_of_last_five
    from rates

),

trends as (

    select
        years_counted.area_code,
        areas.area_name,
        areas.area_level,
        areas.region_name,
        years_counted.measure,
        measures.measure_name,
        years_counted.basis,
        years_counted.last_period,
        years_counted.last_year,
        recent_trends.slope,
        recent_trends.chi_squared,
        recent_trends.leave_one_out_consistent,
        coalesce(recent_trends.recent_trend, 'cannot_be_calculated') as recent_trend,
        case
            when recent_trends.slope is not null then cast(null as varchar)
            when years_counted.status <> 'ok' then 'no_rate_in_last_year'
            else 'only_' || cast(years_counted.years_of_last_five as varchar) || '_of_last_5_years'
        end as reason,
        cast(yearly.first_year as smallint) as trend_first_year,
        cast(yearly.points as integer) as years_in_trend,
        cast(yearly.deaths as bigint) as trend_deaths,
        yearly.annual_percent_change,
        yearly.annual_percent_change_lower_95,
        yearly.annual_percent_change_upper_95,
        yearly.deviance as trend_deviance,
        yearly.lack_of_fit_p_value,
        case
            when yearly.is_straight then 'straight'
            when trend_breaks.lack_of_fit_p_value >= 0.01e0 then 'one_break'
            when not yearly.is_straight then 'neither'
        end as trend_shape,
        trend_breaks.break_year,
        trend_breaks.break_year_standard_error,
        trend_breaks.annual_percent_change_before,
        trend_breaks.annual_percent_change_before_lower_95,
        trend_breaks.annual_percent_change_before_upper_95,
        trend_breaks.annual_percent_change_after,
        trend_breaks.annual_percent_change_after_lower_95,
        trend_breaks.annual_percent_change_after_upper_95,
        trend_breaks.lack_of_fit_p_value as break_lack_of_fit_p_value,
        yearly.trend_z,
        yearly.trend_p_value,
        yearly.cochran_armitage_p_value,
        case
            when years_counted.status <> 'ok' then 'no_rate_in_last_year'
            else yearly.reason
        end as trend_reason,
        cast({{ window_years }} as smallint) as window_years,
        cast(windows.points as integer) as window_periods,
        windows.annual_percent_change as window_annual_percent_change,
        windows.trend_p_value as window_trend_p_value,
        case
            when windows.area_code is null then 'no_whole_window_ends_in_last_year'
            else windows.reason
        end as window_reason
    from years_counted
    inner join areas on years_counted.area_code = areas.area_code
    inner join measures on years_counted.measure = measures.measure
    left join recent_trends
        on years_counted.area_code = recent_trends.area_code
        and years_counted.measure = recent_trends.measure
        and years_counted.basis = recent_trends.basis
        and years_counted.last_year = recent_trends.last_year
    left join score_trends as yearly
        on years_counted.area_code = yearly.area_code
        and years_counted.measure = yearly.measure
        and years_counted.basis = yearly.basis
        and years_counted.last_year = yearly.end_year
        and yearly.series = 'years'
    left join trend_breaks
        on years_counted.area_code = trend_breaks.area_code
        and years_counted.measure = trend_breaks.measure
        and years_counted.basis = trend_breaks.basis
        and years_counted.last_year = trend_breaks.end_year
    left join score_trends as windows
        on years_counted.area_code = windows.area_code
        and years_counted.measure = windows.measure
        and years_counted.basis = windows.basis
        and years_counted.last_year = windows.end_year
        and windows.series = 'windows'

)

select * from trends
