-- Poisson score test of no trend over all years, and over all non-overlapping windows, that end in each year.
{%- set fewest_deaths = setting('trend_minimum_deaths') %}
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
        denominator,
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
        area_code,
        measure,
        basis,
        series,
        thread,
        end_year,
        first_year,
        denominator,
        points,
        deaths,
        is_testable,
        reason,
        mean_year_of_death,
        mean_year_of_death in (0e0, first_year - end_year) as is_one_sided,
        score / information as log_change_from_score,
        trend_z,
        2e0 * {{ normal_upper_tail('abs(trend_z)') }} as trend_p_value,
        2e0 * {{ normal_upper_tail('absolute_cochran_armitage_z') }} as cochran_armitage_p_value
    from deviates_found

)

select * from trends_tested
