with counts as (

    select * from {{ ref('int_period_counts') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

-- Counts without a rate stay as published, and have no limits either.
counts_to_rate as (

    select
        *,
        case when status = 'ok' then numerator end as event_count
    from counts

),

counts_with_chosen_limits as (

    {{ rate_limits(
        'counts_to_rate', 'event_count', 'denominator', setting('chosen_confidence'), 'lower_chosen', 'upper_chosen'
    ) | indent(4) }}

),

rates_calculated as (

    select
        counts.area_code,
        counts.period,
        counts.period_start_year,
        counts.period_end_year,
        counts.years_in_period,
        counts.measure,
        counts.basis,
        counts.numerator,
        counts.denominator,
        {{ rate_per_1000('counts.event_count', 'counts.denominator') }} as rate_per_1000,
        {{ poisson_rate_limit('lower', '95', 'counts.event_count', 'counts.denominator', 'poisson_limits.lower_95') }} as lower_95,
        {{ poisson_rate_limit('upper', '95', 'counts.event_count', 'counts.denominator', 'poisson_limits.upper_95') }} as upper_95,
        {{ poisson_rate_limit('lower', '99_8', 'counts.event_count', 'counts.denominator', 'poisson_limits.lower_99_8') }} as lower_99_8,
        {{ poisson_rate_limit('upper', '99_8', 'counts.event_count', 'counts.denominator', 'poisson_limits.upper_99_8') }} as upper_99_8,
        counts.lower_chosen,
        counts.upper_chosen,
        counts.status,
        {{ reliability_flag('counts.numerator', 'counts.status') }} as reliability_flag,
        {{ rate_display('counts.numerator', 'counts.denominator', 'counts.status') }} as rate_display,
        counts.is_supplied,
        counts.is_from_two_sources,
        counts.is_like_for_like,
        counts.is_numerator_derived,
        counts.numerator_publication,
        counts.denominator_publication,
        counts.years_published,
        counts.is_complete,
        counts.is_non_overlapping
    from counts_with_chosen_limits as counts
    left join poisson_limits on counts.event_count = poisson_limits.event_count

)

select * from rates_calculated
