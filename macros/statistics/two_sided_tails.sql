{#-
  Adds the tails of conditional binomial tests to a relation that has the double columns event_count, total_count and births_share:
  far_tail, the probability of a count at least as far out as the one seen, on the side of the mean where it lies, and
  point_probability, that of the very count seen. NULL where a count is.

  The side's count is the events at or above the mean, or the other events below it; its upper tail is the continued fraction that
  far_upper_tails describes, here 240 levels deep: a relative error below 1e-10 for counts up to 20,000 at any distance from the
  mean, and above that to 150,000 wherever half the deviance is 1.9 or more.
-#}
{% macro two_sided_tails(relation) -%}
    {%- set depth, piece = 240, 16 -%}
    with sides_chosen as (

        select
            *,
            event_count >= total_count * births_share as is_at_or_above_mean,
            case when event_count >= total_count * births_share then event_count else total_count - event_count end as side_count,
            case when event_count >= total_count * births_share then births_share else 1 - births_share end as side_share
        from {{ relation }}

    ),

    levels_from_{{ depth + 1 }} as (

        select
            *,
            {{ binomial_point_probability("side_count", "total_count", "side_share") }} as point_probability
        from sides_chosen

    ),
    {%- for deepest in range(depth, piece, -piece) %}

    levels_from_{{ deepest - piece + 1 }} as (

        select
            *,
            {{ binomial_tail_fraction(
                "side_count", "total_count", "side_share", deepest, deepest - piece + 1,
                "tail_levels_from_" ~ (deepest + 1) if not loop.first else none
            ) }} as tail_levels_from_{{ deepest - piece + 1 }}
        from levels_from_{{ deepest + 1 }}

    ){{ "," if not loop.last }}
    {%- endfor %}

    select
        *,
        case
            when total_count = 0 then 1e0
            else point_probability * (1 - side_share) * side_count
                / {{ binomial_tail_fraction("side_count", "total_count", "side_share", piece, 1, "tail_levels_from_" ~ (piece + 1)) }}
        end as far_tail
    from levels_from_{{ piece + 1 }}
{%- endmacro %}
