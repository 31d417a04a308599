with yearly_counts as (

    select * from {{ ref('int_measure_counts_carried_over') }}

),

-- A single year is a window of one.
window_widths as (

    select years_in_period
    from (values (1){% for width in var('rolling_window_years') if width != 1 %}, ({{ width }}){% endfor %})
            as widths (years_in_period)

),

windows_added_up as (

    select
        last_years.area_code,
        last_years.measure,
        last_years.basis,
        window_widths.years_in_period,
        last_years.data_year as last_year,
        count(*) as years_published,
        sum(years.numerator) as numerator,
        sum(years.denominator) as denominator,
        sum(case when years.status = 'invalid' then 1 else 0 end) as years_invalid,
        sum(case when years.status = 'suppressed' then 1 else 0 end) as years_suppressed,
        sum(case when years.status = 'missing' then 1 else 0 end) as years_missing,
        max(case when years.is_supplied then 1 else 0 end) = 1 as is_supplied,
        max(case when years.is_like_for_like then 1 else 0 end) = 1 as is_like_for_like,
        max(case when years.is_numerator_derived then 1 else 0 end) = 1 as is_numerator_derived,
        max(years.numerator_publication) as numerator_publication,
        max(years.denominator_publication) as denominator_publication
    from yearly_counts as last_years
    cross join window_widths
    inner join yearly_counts as years
        on last_years.area_code = years.area_code
        and last_years.measure = years.measure
        and last_years.basis = years.basis
        and years.data_year between last_years.data_year - window_widths.years_in_period + 1 and last_years.data_year
    group by last_years.area_code, last_years.measure, last_years.basis, window_widths.years_in_period, last_years.data_year

),

-- A sum over a window with a year that is absent, hidden or impossible is no sum: NULL, with the status that says why.
windows_with_status as (

    select
        *,
        last_year - years_in_period + 1 as first_year,
        case
            when years_invalid > 0 then 'invalid'
            when years_suppressed > 0 then 'suppressed'
            when years_missing > 0 or years_published < years_in_period then 'missing'
            when denominator = 0 then 'no_births'
            else 'ok'
        end as status
    from windows_added_up

),

windows_beside_last_complete as (

    select
        *,
        max(case when status in ('ok', 'no_births') then last_year end) over (
            partition by area_code, measure, basis, years_in_period
        ) as last_complete_year
    from windows_with_status

),

counts_pooled as (

    select
        area_code,
        case
            when years_in_period = 1 then cast(last_year as varchar)
            else cast(first_year as varchar) || '-' || cast(last_year as varchar)
        end as period,
        cast(first_year as smallint) as period_start_year,
        cast(last_year as smallint) as period_end_year,
        cast(years_in_period as smallint) as years_in_period,
        measure,
        basis,
        -- The counts of a single year stay as published, whatever its status.
        cast(case when years_in_period = 1 or status in ('ok', 'no_births') then numerator end as bigint) as numerator,
        cast(case when years_in_period = 1 or status in ('ok', 'no_births') then denominator end as bigint) as denominator,
        status,
        is_supplied,
        is_like_for_like,
        case when years_in_period = 1 then is_numerator_derived end as is_numerator_derived,
        case when years_in_period = 1 then numerator_publication end as numerator_publication,
        case when years_in_period = 1 then denominator_publication end as denominator_publication,
        cast(years_published as smallint) as years_published,
        status in ('ok', 'no_births') as is_complete,
        coalesce(
            status in ('ok', 'no_births') and mod(last_complete_year - last_year, years_in_period) = 0,
            false
        ) as is_non_overlapping
    from windows_beside_last_complete

)

select * from counts_pooled
