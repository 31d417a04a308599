{#-
  A select that adds the exact limits of a funnel to a relation, in deaths per 1,000: the last rates that chance alone gives often enough.
  One death further and the Poisson tail is at most half of what the confidence leaves.
-#}
{% macro funnel_limits_exact(relation, births, target_per_1000, confidence=95, lower='lower_limit', upper='upper_limit') -%}
    {%- set tail = '((100e0 - cast(' ~ confidence ~ ' as double precision)) / 200e0)' -%}
    {%- set expected = '(cast(' ~ target_per_1000 ~ ' as double precision) * ' ~ births ~ ' / 1000e0)' -%}
    with points_given as (

        select * from {{ relation }}

    ),

    deaths_expected as (

        select distinct
            {{ expected }} as funnel_expected,
            {{ tail }} as funnel_tail
        from points_given
        where {{ expected }} > 0e0 and {{ tail }} > 0e0 and {{ tail }} < 0.5e0

    ),

    counts_at_limits as (

        {{ infant_mortality.poisson_limit_counts(
            'deaths_expected', ['funnel_expected', 'funnel_tail'], 'funnel_expected', ['asked'], 'funnel_tail'
        ) | indent(4) }}

    )

    select
        points_given.*,
        -- No count is low where few deaths are expected.
        case
            when counts_at_limits.funnel_expected > 0e0
                then 1000e0 * coalesce(counts_at_limits.deaths_low_asked + 1, 0) / cast({{ births }} as double precision)
        end as {{ lower }},
        1000e0 * (counts_at_limits.deaths_high_asked - 1) / cast({{ births }} as double precision) as {{ upper }}
    from points_given
    left join counts_at_limits on {{ expected }} = counts_at_limits.funnel_expected and {{ tail }} = counts_at_limits.funnel_tail
{%- endmacro %}
