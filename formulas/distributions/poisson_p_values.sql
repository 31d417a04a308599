{#-
  A select that adds exact_p_value to a relation: twice the probability of a Poisson count at least as far from the expected one, on the
  side where it lies. R's poisson.test adds up all counts that are no likelier, on both sides, and differs. The steps see no other column of
  the relation.
-#}
{% macro poisson_p_values(relation, deaths, expected) -%}
    with tests_given as (

        select * from {{ relation }}

    ),

    counts_tested as (

        select distinct
            cast({{ deaths }} as double precision) as tested_count,
            cast({{ expected }} as double precision) as tested_mean,
            cast({{ deaths }} as double precision) >= cast({{ expected }} as double precision) as is_at_or_above_expected
        from tests_given
        where {{ deaths }} >= 0 and {{ expected }} >= 0

    ),

    -- P(X >= n) is the lower tail of a gamma distribution with the shape n, P(X <= n) the upper tail of one with the shape n + 1.
    shapes_found as (

        select
            *,
            tested_count + case when is_at_or_above_expected then 0e0 else 1e0 end as tail_shape
        from counts_tested

    ),

    tails_found as (

        {{ infant_mortality.gamma_tails('shapes_found', 'tail_shape', 'tested_mean') | indent(4) }}

    ),

    far_tails_found as (

        select
            tested_count,
            tested_mean,
            case when is_at_or_above_expected then lower_tail else upper_tail end as far_tail
        from tails_found

    )

    select
        tests_given.*,
        {{ infant_mortality.doubled_p_value('far_tails_found.far_tail') }} as exact_p_value
    from tests_given
    left join far_tails_found
        on cast({{ deaths }} as double precision) = far_tails_found.tested_count
        and cast({{ expected }} as double precision) = far_tails_found.tested_mean
{%- endmacro %}
