{#-
  A select that adds gamma_quantile to a relation: the point of a gamma distribution of rate 1 beyond which lies as much as beyond a
  standard normal deviate; -1.96 asks for the 2.5 % point, 3.09 for the 99.9 % point. From Wilson and Hilferty's cube, or where that is far
  off the leading term of a small shape's tail, two of Halley's steps on the logarithms of the tail and of x.
-#}
{% macro gamma_quantiles(relation, shape, deviate) -%}
    with tails_wanted as (

        select
            *,
            {{ deviate }} < 0e0 as is_below_mean,
            case when {{ deviate }} < 0e0 then -1e0 else 1e0 end as direction,
            case when {{ deviate }} < 0e0 then {{ shape }} + 1e0 else {{ shape }} end as own_shape,
            {{ infant_mortality.normal_upper_tail('abs(' ~ deviate ~ ')') }} as tail_wanted,
            ln({{ infant_mortality.factorial_over_power(shape) }}) as log_factorial_over_power,
            1e0 - 1e0 / (9e0 * {{ shape }}) + {{ deviate }} / (3e0 * sqrt({{ shape }})) as cube_root
        from {{ relation }}

    ),

    -- Of P(G <= x), x^a / Γ(a + 1): under 1e-304, and so is the quantile, for a lower point of the smallest shapes.
    leading_terms as (

        select
            *,
            nullif({{ infant_mortality.exponential(
                '((ln(tail_wanted) + log_factorial_over_power + ' ~ shape ~ ' * ln(' ~ shape ~ ') - ' ~ shape ~ ') / ' ~ shape ~ ')'
            ) }}, 0e0) as leading_term
        from tails_wanted

    ),

    values_0 as (

        select
            *,
            case
                when is_below_mean and cube_root < 0.6e0
                    then leading_term * exp(least(leading_term, {{ shape }}) / ({{ shape }} + 1e0))
                when not is_below_mean and {{ shape }} < 0.3e0 then ln(1e0 + 0.4e0 * {{ shape }} / tail_wanted)
                else {{ shape }} * cube_root * cube_root * cube_root
            end as value_0
        from leading_terms

    ),
    {%- for step in [1, 2] %}
    {%- set value = 'value_' ~ (step - 1) %}

    strides_{{ step }} as materialized (

        select
            *,
            {{ infant_mortality.gamma_tail_stride(shape, value, 'is_below_mean') }} as stride_{{ step }}
        from values_{{ step - 1 }}

    ),

    tails_{{ step }} as (

        select
            *,
            {{ infant_mortality.gamma_tail_over_point(shape, value, 'is_below_mean', 'own_shape', 'stride_' ~ step) }}
                as tail_over_point_{{ step }}
        from strides_{{ step }}

    ),

    newton_steps_{{ step }} as (

        select
            *,
            direction * tail_over_point_{{ step }} / {{ shape }} * (
                ln(tail_over_point_{{ step }}) - ({{ infant_mortality.half_deviance(shape, value) }})
                - log_factorial_over_power - ln(tail_wanted)
            ) as newton_step_{{ step }}
        from tails_{{ step }}

    ),

    values_{{ step }} as (

        select
            *,
            {{ value }} * exp(newton_step_{{ step }} / (
                1e0 + 0.5e0 * newton_step_{{ step }} * ({{ shape }} - {{ value }} + direction * {{ shape }} / tail_over_point_{{ step }})
            )) as value_{{ step }}
        from newton_steps_{{ step }}

    ),
    {%- endfor %}

    quantiles as (

        select
            *,
            case when is_below_mean and {{ shape }} < 1e0 then coalesce(value_2, 0e0) else value_2 end as gamma_quantile
        from values_2

    )

    select * from quantiles
{%- endmacro %}
