{#-
  A select that adds exact_p_value to a relation: twice the probability of a Poisson count at least as far from the expected one, on the
  side where it lies. R's poisson.test adds up all counts that are no likelier, on both sides, and differs.
-#}
{% macro poisson_p_values(relation, deaths, expected) -%}
    with counts_placed as (

        select
            *,
            cast({{ deaths }} as double precision) as tested_count,
            cast({{ expected }} as double precision) as tested_mean,
            {{ deaths }} >= {{ expected }} as is_at_or_above_expected
        from {{ relation }}

    ),

    -- P(X >= n) is the lower tail of a gamma distribution with the shape n, P(X <= n) the upper tail of one with the shape n + 1.
    shapes_found as (

        select
            *,
            case
                when tested_count >= 0e0 and tested_mean >= 0e0
                    then tested_count + case when is_at_or_above_expected then 0e0 else 1e0 end
            end as tail_shape
        from counts_placed

    ),

    tails_found as (

        {{ infant_mortality.gamma_tails('shapes_found', 'tail_shape', 'tested_mean') | indent(4) }}

    ),

    far_tails_found as (

        select
            *,
            case when is_at_or_above_expected then lower_tail else upper_tail end as far_tail
        from tails_found

    )

    select
        *,
        {{ infant_mortality.doubled_p_value('far_tail') }} as exact_p_value
    from far_tails_found
{%- endmacro %}
