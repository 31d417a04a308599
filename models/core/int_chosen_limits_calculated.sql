{%- set chosen_level = setting('chosen_confidence') | string | replace('.', '_') %}
with event_counts as (

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

)

select * from chosen_limits
