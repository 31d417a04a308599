{%- set chosen_level = setting('chosen_confidence') | string | replace('.', '_') %}
with counts as (

    select * from {{ ref('int_period_counts') }}

),

poisson_limits as (

    select * from {{ ref('poisson_limits') }}

),

event_counts as (

    select cast(event_count as double precision) as event_count
    from generate_series(0, 9) as event_counts (event_count)

),

-- The lower limit is a quantile of a gamma distribution with the shape n, the upper one with the shape n + 1.
limits_wanted as (

    select
        event_counts.event_count,
        limits.deviate,
        event_counts.event_count + case when limits.deviate < 0e0 then 0e0 else 1e0 end as limit_shape
    from event_counts
    cross join (
        values
        (cast(-{{ standard_normal_quantile(chosen_level) }} as double precision)),
        (cast({{ standard_normal_quantile(chosen_level) }} as double precision))
    ) as limits (deviate)
    where event_counts.event_count > 0e0 or limits.deviate > 0e0

),

limits_found as (

    {{ gamma_quantiles('limits_wanted', 'limit_shape', 'deviate') }}

),

chosen_limits as (

    select
        cast(event_count as bigint) as event_count,
        coalesce(max(case when deviate < 0e0 then gamma_quantile end), 0e0) as lower_chosen,
        max(case when deviate > 0e0 then gamma_quantile end) as upper_chosen
    from limits_found
    group by event_count

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
        counts.is_from_two_sources,
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
