{#-
  Adds the tails of conditional binomial tests to a relation that has the double columns event_count, total_count and births_share:
  far_tail, the probability of a count at least as far out as the one seen, on the side of the mean where it lies, and
  point_probability, that of the very count seen. NULL where a count is.
-#}
{% macro two_sided_tails(relation) -%}
    with both_tails as (

        {{ infant_mortality.beta_tails(relation, 'event_count', 'total_count - event_count + 1e0', 'births_share') | indent(4) }}

    ),

    points as (

        select
            *,
            event_count >= total_count * births_share as is_at_or_above_mean,
            {{ infant_mortality.binomial_point_probability('event_count', 'total_count', 'births_share') }} as point_probability
        from both_tails

    )

    select
        *,
        -- The upper tail of the beta distribution is the chance of a count below the one seen.
        case when is_at_or_above_mean then lower_tail else upper_tail + point_probability end as far_tail
    from points
{%- endmacro %}
