{#-
  A select that adds lower_tail and upper_tail, P(G <= value) and P(G >= value) of a gamma distribution of rate 1, to a relation. A Poisson
  count has the same tails: P(X >= n) with mean m is the lower tail for shape n at m, P(X <= n) the upper tail for shape n + 1.
-#}
{% macro gamma_tails(relation, shape, value) -%}
    with sides_chosen as (

        select
            *,
            {{ shape }} as gamma_shape,
            {{ value }} as gamma_value,
            {{ value }} <= {{ shape }} as is_below_mean,
            case when {{ value }} <= {{ shape }} then {{ shape }} + 1e0 else {{ shape }} end as own_shape
        from {{ relation }}

    ),

    strides_found as materialized (

        select
            *,
            {{ infant_mortality.gamma_tail_stride('gamma_shape', 'gamma_value', 'is_below_mean') }} as stride
        from sides_chosen

    ),

    tails_integrated as (

        select
            *,
            case
                when gamma_value > 0e0
                    then {{ infant_mortality.poisson_point_probability('gamma_shape', 'gamma_value') }} * (
                        {{ infant_mortality.gamma_tail_over_point('gamma_shape', 'gamma_value', 'is_below_mean', 'own_shape', 'stride') }}
                    )
                when gamma_value = 0e0 and gamma_shape > 0e0 then 0e0
                when gamma_value = 0e0 and gamma_shape = 0e0 then 1e0
            end as tail
        from strides_found

    )

    select
        *,
        case when is_below_mean then tail else 1e0 - tail end as lower_tail,
        case when is_below_mean then 1e0 - tail else tail end as upper_tail
    from tails_integrated
{%- endmacro %}

{#- How far the integral of gamma_tail_over_point goes, as the stride of tail_integral: below the mean to where the curve
    (a + 1 - x) y + x y² / (2 + y) under the exponent passes 34; above it first to where a parabola does, then to where the exponent
    itself does. -#}
{% macro gamma_tail_stride(shape, value, is_below_mean) -%}
    {%- set slope = '(2e0 * (' ~ shape ~ ' + 1e0 - ' ~ value ~ ') - 34e0)' -%}
    {%- set excess = '(' ~ value ~ ' - ' ~ shape ~ ')' -%}
    case
        when {{ is_below_mean }}
            then -5e0 * (sqrt(
                1e0 + 0.2e0 * (sqrt({{ slope }} * {{ slope }} + 272e0 * ({{ shape }} + 1e0)) - {{ slope }}) / ({{ shape }} + 1e0)
            ) - 1e0)
        else
            5e0 * (sqrt(
                1e0 + 0.4e0 * ln(
                    1e0 + (
                        34e0 + {{ shape }} * (sqrt({{ excess }} * {{ excess }} + 68e0 * {{ value }}) - {{ excess }}) / {{ value }}
                    ) / {{ value }}
                )
            ) - 1e0)
    end
{%- endmacro %}

{#-
  A tail of a gamma distribution of rate 1, away from its mean, over the point probability x^a e^-x / Γ(a + 1) of a Poisson count. An
  integral over the logarithm y of a value over x:
      P(G <= x) = x^a e^-x / Γ(a + 1) (1 + x J),  J = ∫ exp((a + 1) y - x (e^y - 1)) dy from minus infinity to 0,
      P(G >= x) = x^a e^-x / Γ(a + 1) a J,        J = ∫ exp(a y - x (e^y - 1)) dy from 0 to infinity.
-#}
{% macro gamma_tail_over_point(shape, value, is_below_mean, own_shape, stride) -%}
    case when {{ is_below_mean }} then 1e0 else 0e0 end
    + case when {{ is_below_mean }} then {{ value }} else {{ shape }} end * {% call(place) infant_mortality.tail_integral(stride) -%}
        {{ own_shape }} * {{ place }} - {{ value }} * (exp({{ place }}) - 1e0)
    {%- endcall %}
{%- endmacro %}
