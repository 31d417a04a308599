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
                when gamma_shape > 0e0 then 0e0
                when gamma_shape = 0e0 then 1e0
            end as tail
        from strides_found

    )

    select
        *,
        case when is_below_mean then tail else 1e0 - tail end as lower_tail,
        case when is_below_mean then 1e0 - tail else tail end as upper_tail
    from tails_integrated
{%- endmacro %}
