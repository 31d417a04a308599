{#-
  Adds upper_tail, P(X >= event_count) for X ~ Binomial(total_count, births_share), to a relation that has those three double
  columns, where the count is far above the mean: half the deviance at least 1.9, about two standard deviations; event_count >= 1
  and 0 < births_share < 1. The macro two_sided_tails does the same at any distance.

  P(X >= x) = I_p(x, S - x + 1), the incomplete beta function, as its classical continued fraction (Abramowitz and Stegun 26.5.8)
  with the denominators multiplied out, so that each level costs one division: P(X = x) x (1 - p) / (x + e1 / (x + 1 + e2 / (x + 2 +
  ...))), e(2m) = m (S - x + 1 - m) p, e(2m + 1) = -(x + m)(S + 1 + m) p. At and above the mean every level is positive (once m
  passes S - x + 1 the even ones are 0), so nothing divides by zero. How deep it must go depends on the count alone: 16 levels up to
  10 events, 24 up to 50, 48 up to 500, 100 above leave a relative error below 1e-12 for counts up to 150,000. The deeper levels are
  columns of their own, NULL for the counts that do without: planners take time that grows with the square of the nesting.
-#}
{% macro far_upper_tails(relation) -%}
    {%- set pieces = [(100, 85, 500), (84, 67, 500), (66, 49, 500), (48, 37, 50), (36, 25, 50), (24, 17, 10)] -%}
    with levels_0 as (

        select
            *,
            {{ binomial_point_probability("event_count", "total_count", "births_share") }} as point_probability
        from {{ relation }}

    ),
    {%- for deepest, shallowest, above in pieces %}

    levels_{{ loop.index }} as (

        select
            *,
            case
                when event_count > {{ above }}
                    then {{ binomial_tail_fraction(
                        "event_count", "total_count", "births_share", deepest, shallowest,
                        "coalesce(tail_levels_from_" ~ (deepest + 1) ~ ", event_count + " ~ deepest ~ ")" if not loop.first else none
                    ) }}
            end as tail_levels_from_{{ shallowest }}
        from levels_{{ loop.index0 }}

    ){{ "," if not loop.last }}
    {%- endfor %}

    select
        *,
        point_probability * (1 - births_share) * event_count / {{ binomial_tail_fraction(
            "event_count", "total_count", "births_share", 16, 1, "coalesce(tail_levels_from_17, event_count + 16)"
        ) }} as upper_tail
    from levels_{{ pieces | length }}
{%- endmacro %}
