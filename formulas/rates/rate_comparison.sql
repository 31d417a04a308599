{#-
  A select that adds the comparison of two rates to a relation, from their deaths and births alone: rate_change_steps over each pair of
  rates that is there, with the second rate as the earlier one, so that no formula is written twice. The steps see no other column of the
  relation.
-#}
{% macro rate_comparison(relation, deaths, births, other_deaths, other_births) -%}
    {%- set answers = [
        'difference_per_1000', 'percent_change', 'rate_ratio', 'rate_ratio_lower_95', 'rate_ratio_upper_95', 'exact_p_value', 'mid_p_value',
    ] -%}
    {%- set text, number = 'cast(null as varchar)', 'cast(null as double precision)' -%}
    with pairs_given as (

        select * from {{ relation }}

    ),

    pairs_prepared as (

        select distinct
            {{ other_deaths }} as from_numerator,
            {{ deaths }} as to_numerator,
            {{ other_births }} as from_denominator,
            {{ births }} as to_denominator,
            {{ infant_mortality.rate_per_1000(other_deaths, other_births) }} as from_rate_per_1000,
            {{ infant_mortality.rate_per_1000(deaths, births) }} as to_rate_per_1000,
            'ok' as from_status,
            'ok' as to_status,
            {{ text }} as from_period,
            {{ text }} as to_period,
            {{ number }} as from_lower_95,
            {{ number }} as from_upper_95,
            {{ number }} as to_lower_95,
            {{ number }} as to_upper_95
        from pairs_given
        where {{ deaths }} >= 0 and {{ births }} > 0 and {{ other_deaths }} >= 0 and {{ other_births }} > 0

    ),

    pairs_compared as (

        {{ infant_mortality.rate_change_steps('pairs_prepared') | indent(4) }}

    ),

    comparisons as (

        select
            to_numerator as compared_deaths,
            to_denominator as compared_births,
            from_numerator as compared_other_deaths,
            from_denominator as compared_other_births,
            {%- for answer in answers %}
            {{ answer }} as compared_{{ answer }}{{ ',' if not loop.last }}
            {%- endfor %}
        from pairs_compared

    )

    select
        pairs_given.*,
        {%- for answer in answers %}
        comparisons.compared_{{ answer }} as {{ answer }}{{ ',' if not loop.last }}
        {%- endfor %}
    from pairs_given
    left join comparisons
        on {{ deaths }} = comparisons.compared_deaths
        and {{ births }} = comparisons.compared_births
        and {{ other_deaths }} = comparisons.compared_other_deaths
        and {{ other_births }} = comparisons.compared_other_births
{%- endmacro %}
