with yearly_counts as (

    select * from {{ ref('int_measure_counts_calculated') }}

),

windows as (

    select * from {{ ref('int_measure_windows_pooled') }}

),

poisson_limits as (

    select * from {{ ref('stg_reference__poisson_limits') }}

),

years_and_windows as (

    select
        false as is_rolling,
        area_code,
        cast(data_year as varchar) as period,
        data_year as period_start_year,
        data_year as period_end_year,
        cast(1 as smallint) as years_in_period,
        measure,
        basis,
        numerator,
        denominator,
        status,
        is_numerator_derived,
        numerator_publication,
        denominator_publication,
        cast(1 as smallint) as years_published,
        status = 'ok' as is_complete,
        status = 'ok' as is_non_overlapping
    from yearly_counts
    union all
    select
        true as is_rolling,
        area_code,
        period,
        period_start_year,
        period_end_year,
        years_in_period,
        measure,
        basis,
        numerator,
        denominator,
        status,
        cast(null as boolean) as is_numerator_derived,
        cast(null as varchar) as numerator_publication,
        cast(null as varchar) as denominator_publication,
        years_published,
        is_complete,
        is_non_overlapping
    from windows

),

rates_calculated as (

    select
        years_and_windows.is_rolling,
        years_and_windows.area_code,
        years_and_windows.period,
        years_and_windows.period_start_year,
        years_and_windows.period_end_year,
        years_and_windows.years_in_period,
        years_and_windows.measure,
        years_and_windows.basis,
        years_and_windows.numerator,
        years_and_windows.denominator,
        case when years_and_windows.status = 'ok'
                then {{ rate_per_1000('years_and_windows.numerator', 'years_and_windows.denominator') }}
        end as rate_per_1000,
        {{ poisson_rate_limit(
            'lower', '95', 'years_and_windows.numerator', 'years_and_windows.denominator', 'poisson_limits.lower_95'
        ) }} as lower_95,
        {{ poisson_rate_limit(
            'upper', '95', 'years_and_windows.numerator', 'years_and_windows.denominator', 'poisson_limits.upper_95'
        ) }} as upper_95,
        {{ poisson_rate_limit(
            'lower', '99_8', 'years_and_windows.numerator', 'years_and_windows.denominator', 'poisson_limits.lower_99_8'
        ) }} as lower_99_8,
        {{ poisson_rate_limit(
            'upper', '99_8', 'years_and_windows.numerator', 'years_and_windows.denominator', 'poisson_limits.upper_99_8'
        ) }} as upper_99_8,
        years_and_windows.status,
        {{ reliability_flag('years_and_windows.numerator', 'years_and_windows.status') }} as reliability_flag,
        {{ rate_display('years_and_windows.numerator', 'years_and_windows.denominator', 'years_and_windows.status') }} as rate_display,
        years_and_windows.is_numerator_derived,
        years_and_windows.numerator_publication,
        years_and_windows.denominator_publication,
        years_and_windows.years_published,
        years_and_windows.is_complete,
        years_and_windows.is_non_overlapping
    from years_and_windows
    left join poisson_limits on years_and_windows.numerator = poisson_limits.event_count

)

select * from rates_calculated
