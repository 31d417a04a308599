{#-
  A select that adds probability_above to a relation: that the first of two gamma variables, each with a shape and a rate of its own, is the
  larger. Its part of the sum of both, each times its rate, has a beta distribution. The steps see no other column of the relation.
-#}
{% macro probability_above(relation, shape, rate, other_shape, other_rate) -%}
    {%- set share = 'cast(' ~ rate ~ ' as double precision) / (cast(' ~ rate ~ ' as double precision) + cast(' ~ other_rate
        ~ ' as double precision))' -%}
    with variables_given as (

        select * from {{ relation }}

    ),

    shapes_side_by_side as (

        select distinct
            cast({{ shape }} as double precision) as first_of_two,
            cast({{ other_shape }} as double precision) as second_of_two,
            {{ share }} as share_of_sum
        from variables_given
        where {{ shape }} > 0 and {{ other_shape }} > 0 and {{ rate }} > 0 and {{ other_rate }} > 0

    ),

    parts_found as (

        {{ infant_mortality.beta_tails('shapes_side_by_side', 'first_of_two', 'second_of_two', 'share_of_sum') | indent(4) }}

    ),

    chances_found as (

        select
            first_of_two,
            second_of_two,
            share_of_sum,
            upper_tail as chance_of_first
        from parts_found

    )

    select
        variables_given.*,
        chances_found.chance_of_first as probability_above
    from variables_given
    left join chances_found
        on cast({{ shape }} as double precision) = chances_found.first_of_two
        and cast({{ other_shape }} as double precision) = chances_found.second_of_two
        and {{ share }} = chances_found.share_of_sum
{%- endmacro %}
