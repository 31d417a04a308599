{#-
  A select of each area of a relation (columns `key`, areas_ranked) with the places that it may have: behind those of the other areas that
  lie significantly higher, and before those that lie significantly lower. Another relation holds the one-sided tests against other areas
  (columns `key`, is_other_lower 1 or 0, areas_ranked, p_value). They are judged by Holm's step-down over the area's 2(p - 1) hypotheses at
  5 %, and each test alone at 2.5 %. Tests above 2.5 % may be left out: none of them can be rejected.
-#}
{% macro rank_intervals(areas, tests, key) -%}
    with significant_tests as (

        select * from {{ tests }}
        where p_value <= 0.025

    ),

    -- The k-th smallest p-value is held against 0.05 / (2(p - 1) - k + 1), stopping at the first that is above. At most one hypothesis of
    -- each pair can be rejected, so k stays below p and the bar below 0.05 / p: no p-value above that can be rejected, and none is sorted.
    steps_numbered as (

        select
            *,
            row_number() over (partition by {{ key }} order by p_value asc nulls last, is_other_lower asc nulls last) as step
        from significant_tests
        where p_value <= 0.05 / areas_ranked

    ),

    first_failures_found as (

        select
            *,
            min(case when p_value > 0.05 / (2 * (areas_ranked - 1) - step + 1) then step end) over (partition by {{ key }})
                as first_failure
        from steps_numbered

    ),

    holm_rejections as (

        select
            {{ key }},
            sum(is_other_lower) as areas_lower,
            sum(1 - is_other_lower) as areas_higher
        from first_failures_found
        where first_failure is null or step < first_failure
        group by {{ key }}

    ),

    pairwise_rejections as (

        select
            {{ key }},
            sum(is_other_lower) as areas_lower,
            sum(1 - is_other_lower) as areas_higher
        from significant_tests
        group by {{ key }}

    ),

    -- No row of rejections means that no area differs.
    rejections_joined as (

        select
            areas.{{ key }},
            areas.areas_ranked,
            cast(coalesce(pairwise_rejections.areas_higher, 0) as bigint) as areas_higher_pairwise,
            cast(coalesce(pairwise_rejections.areas_lower, 0) as bigint) as areas_lower_pairwise,
            cast(coalesce(holm_rejections.areas_higher, 0) as bigint) as areas_higher_holm,
            cast(coalesce(holm_rejections.areas_lower, 0) as bigint) as areas_lower_holm
        from {{ areas }} as areas
        left join pairwise_rejections on areas.{{ key }} = pairwise_rejections.{{ key }}
        left join holm_rejections on areas.{{ key }} = holm_rejections.{{ key }}

    )

    select
        {{ key }},
        areas_higher_pairwise,
        areas_lower_pairwise,
        areas_higher_holm,
        areas_lower_holm,
        1 + areas_higher_holm as rank_interval_lower,
        areas_ranked - areas_lower_holm as rank_interval_upper,
        1 + areas_higher_pairwise as rank_pairwise_lower,
        areas_ranked - areas_lower_pairwise as rank_pairwise_upper
    from rejections_joined
{%- endmacro %}

{#-
  Whether two rates are far enough apart that P(X >= x) of the higher one can be as small as 0.025; otherwise its exact value need not be
  worked out. Never wrong: by Zubkov and Serov (2013, "A complete proof of universal inequalities for the distribution function of the
  binomial law", Theory of Probability and its Applications 57) P(X >= x) is at least the normal tail beyond the root of the
  deviance, so half a deviance of 1.92 or less means more than 0.025. The half deviance is
  x1 ln(x1/b1) + x2 ln(x2/b2) - (x1 + x2) ln((x1 + x2)/(b1 + b2)); the arguments are row aliases with the columns
  event_count, births and events_times_log_rate. The higher area must have at least one event.
-#}
{% macro pair_may_differ(higher, lower) -%}
    {{ higher }}.events_times_log_rate + {{ lower }}.events_times_log_rate
    - ({{ higher }}.event_count + {{ lower }}.event_count)
    * ln(({{ higher }}.event_count + {{ lower }}.event_count) / ({{ higher }}.births + {{ lower }}.births)) > 1.92e0
{%- endmacro %}

{#- x ln(x / b), with 0 ln 0 = 0: an area's share of the deviances of all the pairs it stands in, worked out once. -#}
{% macro events_times_log_rate(count, births) -%}
    case when {{ count }} > 0 then {{ count }} * ln({{ count }} / {{ births }}) else 0e0 end
{%- endmacro %}
