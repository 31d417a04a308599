{%- set chosen_level = setting('chosen_confidence') | string | replace('.', '_') %}
with counts as (

    select * from {{ ref('int_measure_counts_pooled') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

chosen_limits as (

    select * from {{ ref('int_chosen_limits_calculated') }}

),

-- Counts without a rate stay as published, and have no limits either.
counts_to_rate as (

    select
        *,
        case when status = 'ok' then numerator end as event_count
    from counts

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
        {{ poisson_rate_limit('lower', chosen_level, 'counts.event_count', 'counts.denominator', 'chosen_limits.lower_chosen') }}
            as lower_chosen,
        {{ poisson_rate_limit('upper', chosen_level, 'counts.event_count', 'counts.denominator', 'chosen_limits.upper_chosen') }}
            as upper_chosen,
        counts.status,
        {{ reliability_flag('counts.numerator', 'counts.status') }} as reliability_flag,
        {{ rate_display('counts.numerator', 'counts.denominator', 'counts.status') }} as rate_display,
        counts.is_supplied,
        counts.is_like_for_like,
        counts.is_numerator_derived,
        counts.numerator_publication,
        counts.denominator_publication,
        counts.years_published,
        counts.is_complete,
        counts.is_non_overlapping
    from counts_to_rate as counts
    left join poisson_limits on counts.event_count = poisson_limits.event_count
    left join chosen_limits on counts.event_count = chosen_limits.event_count

)

select * from rates_calculated
