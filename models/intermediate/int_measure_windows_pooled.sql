{%- set widths = var('rolling_window_years') -%}
with yearly_counts as (

    select * from {{ ref('int_measure_counts_calculated') }}

),

windows_added_up as (

    {% for width in widths -%}
    select
        area_code,
        measure,
        basis,
        cast(data_year - {{ width - 1 }} as smallint) as period_start_year,
        data_year as period_end_year,
        cast({{ width }} as smallint) as years_in_period,
        cast(count(*) over window_of_{{ width }} as smallint) as years_published,
        cast(sum(numerator) over window_of_{{ width }} as bigint) as numerator,
        cast(sum(denominator) over window_of_{{ width }} as bigint) as denominator,
        sum(case when status = 'invalid' then 1 else 0 end) over window_of_{{ width }} as years_invalid,
        sum(case when status = 'suppressed' then 1 else 0 end) over window_of_{{ width }} as years_suppressed,
        sum(case when status = 'missing' then 1 else 0 end) over window_of_{{ width }} as years_missing
    from yearly_counts
    window
        window_of_{{ width }} as (
            partition by area_code, measure, basis
            order by data_year asc
            range between {{ width - 1 }} preceding and current row
        )
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}

),

-- A sum over a window with a year that is absent, hidden or impossible is no sum: NULL, with the status that says why.
windows_with_status as (

    select
        area_code,
        measure,
        basis,
        period_start_year,
        period_end_year,
        years_in_period,
        years_published,
        numerator,
        denominator,
        case
            when years_invalid > 0 then 'invalid'
            when years_suppressed > 0 then 'suppressed'
            when years_missing > 0 or years_published < years_in_period then 'missing'
            when denominator = 0 then 'no_births'
            else 'ok'
        end as status
    from windows_added_up

),

last_complete_windows as (

    select
        area_code,
        measure,
        basis,
        years_in_period,
        max(period_end_year) as last_end_year
    from windows_with_status
    where status in ('ok', 'no_births')
    group by area_code, measure, basis, years_in_period

),

windows_pooled as (

    select
        windows_with_status.area_code,
        case
            when windows_with_status.years_in_period = 1 then cast(windows_with_status.period_end_year as varchar)
            else windows_with_status.period_start_year || '-' || windows_with_status.period_end_year
        end as period,
        windows_with_status.period_start_year,
        windows_with_status.period_end_year,
        windows_with_status.years_in_period,
        windows_with_status.measure,
        windows_with_status.basis,
        case
            when windows_with_status.status in ('ok', 'no_births') then windows_with_status.numerator
        end as numerator,
        case
            when windows_with_status.status in ('ok', 'no_births') then windows_with_status.denominator
        end as denominator,
        windows_with_status.status,
        windows_with_status.years_published,
        windows_with_status.status in ('ok', 'no_births') as is_complete,
        coalesce(
            windows_with_status.status in ('ok', 'no_births')
            and mod(
                last_complete_windows.last_end_year - windows_with_status.period_end_year,
                windows_with_status.years_in_period
            ) = 0,
            false
        ) as is_non_overlapping
    from windows_with_status
    left join last_complete_windows
        on windows_with_status.area_code = last_complete_windows.area_code
        and windows_with_status.measure = last_complete_windows.measure
        and windows_with_status.basis = last_complete_windows.basis
        and windows_with_status.years_in_period = last_complete_windows.years_in_period

)

select * from windows_pooled
