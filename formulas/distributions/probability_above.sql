{#-
  A select that adds probability_above to a relation: that the first of two gamma variables, each with a shape and a rate of its own, is the
  larger. Its part of the sum of both, each times its rate, has a beta distribution.
-#}
{% macro probability_above(relation, shape, rate, other_shape, other_rate) -%}
    with shapes_side_by_side as (

        select
            *,
            cast({{ shape }} as double precision) as first_of_two,
            cast({{ other_shape }} as double precision) as second_of_two,
            cast({{ rate }} as double precision) / (cast({{ rate }} as double precision) + cast({{ other_rate }} as double precision))
                as share_of_sum
        from {{ relation }}

    ),

    parts_found as (

        {{ infant_mortality.beta_tails('shapes_side_by_side', 'first_of_two', 'second_of_two', 'share_of_sum') | indent(4) }}

    )

    select
        *,
        upper_tail as probability_above
    from parts_found
{%- endmacro %}
