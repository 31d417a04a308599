{#-
  A select that counts, for each area of a relation of one-sided tests against other areas (columns `key`, is_other_lower 1 or 0,
  areas_ranked, p_value), those that lie significantly higher and lower: by Holm's step-down over the area's 2(p - 1) hypotheses at 5 %,
  and by each test alone at 2.5 %. Areas of which nothing is rejected have no row. The relation may leave out tests above 2.5 %: none of
  them can be rejected.
-#}
{% macro rank_rejections(relation, key) -%}
    with significant_tests as (

        select * from {{ relation }}
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

    )

    select
        pairwise_rejections.{{ key }},
        cast(pairwise_rejections.areas_higher as bigint) as areas_higher_pairwise,
        cast(pairwise_rejections.areas_lower as bigint) as areas_lower_pairwise,
        cast(coalesce(holm_rejections.areas_higher, 0) as bigint) as areas_higher_holm,
        cast(coalesce(holm_rejections.areas_lower, 0) as bigint) as areas_lower_holm
    from pairwise_rejections
    left join holm_rejections on pairwise_rejections.{{ key }} = holm_rejections.{{ key }}
{%- endmacro %}
