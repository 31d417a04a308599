{#-
  A select that adds lower_tail and upper_tail, P(B <= share) and P(B >= share) of a beta distribution, to a relation. Two distributions of
  counts have these tails: P(X >= x) of Binomial(total, share) is the lower tail for the shapes x and total - x + 1; P(Y >= y) of a negative
  binomial, a Poisson count whose mean is gamma distributed with shape r and mean m, is the lower tail for y and r at the share m / (m + r).

  The tail on the side away from the mean is an integral over the log odds y from those of the share p downwards:
      P(B <= p) = Γ(a + b) / (Γ(a + 1) Γ(b)) p^a (1 - p)^b (1 + (a + b) p J),
      J = ∫ exp((a + 1) y) / (1 - p + p e^y)^(a + b + 1) dy from minus infinity to 0.
-#}
{% macro beta_tails(relation, first_shape, second_shape, share) -%}
    with means_compared as (

        select
            *,
            {{ first_shape }} as first_shape,
            {{ second_shape }} as second_shape,
            {{ first_shape }} + {{ second_shape }} as both_shapes,
            {{ share }} * ({{ first_shape }} + {{ second_shape }}) <= {{ first_shape }} as is_below_mean
        from {{ relation }}

    ),

    -- Above the mean the same with the two shapes exchanged, seen from 1.
    sides_chosen as (

        select
            *,
            case when is_below_mean then first_shape else second_shape end as own_shape,
            case when is_below_mean then second_shape else first_shape end as other_shape,
            case when is_below_mean then {{ share }} else 1e0 - {{ share }} end as own_share,
            case when is_below_mean then 1e0 - {{ share }} else {{ share }} end as other_share
        from means_compared

    ),

    shapes_raised as (

        select
            *,
            own_shape + 1e0 as next_shape,
            both_shapes + 1e0 as next_both,
            2e0 * (own_shape + 1e0) * other_share as curvature,
            2e0 * (own_shape + 1e0 - (both_shapes + 1e0) * own_share) - 34e0 * other_share as slope
        from sides_chosen

    ),

    -- How far the integral goes: first where a parabola under the exponent passes -34, from there to where the exponent itself does.
    reaches_found as (

        select
            *,
            ln(1e0 + (
                exp((34e0 + other_shape * (sqrt(slope * slope + 136e0 * curvature) - slope) / curvature) / next_both) - 1e0
            ) / other_share) as reach
        from shapes_raised

    ),

    strides_found as materialized (

        select
            *,
            -5e0 * (sqrt(1e0 + 0.4e0 * reach) - 1e0) as stride
        from reaches_found

    ),

    tails_integrated as (

        select
            *,
            {{ infant_mortality.binomial_point_probability('own_shape', 'both_shapes', 'own_share') }} * other_shape / both_shapes * (
                1e0 + both_shapes * own_share * {% call(place) infant_mortality.tail_integral('stride') -%}
                    next_shape * {{ place }} - next_both * ln(1e0 - own_share * (1e0 - exp({{ place }})))
                {%- endcall %}
            ) as tail
        from strides_found

    )

    select
        *,
        case when is_below_mean then tail else 1e0 - tail end as lower_tail,
        case when is_below_mean then 1e0 - tail else tail end as upper_tail
    from tails_integrated
{%- endmacro %}
