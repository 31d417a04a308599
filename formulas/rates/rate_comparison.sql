{#-
  A select that compares two rates on each row of a relation from their deaths and births alone: rate_change_steps with the second rate as
  the earlier one, so that no formula is written twice. No limits of the two rates are worked out, so what needs them is NULL there.
-#}
{% macro rate_comparison(relation, deaths, births, other_deaths, other_births) -%}
    {%- set text, number = 'cast(null as varchar)', 'cast(null as double precision)' -%}
    with rates_prepared as (

        select
            *,
            {{ other_deaths }} as from_numerator,
            {{ deaths }} as to_numerator,
            {{ other_births }} as from_denominator,
            {{ births }} as to_denominator,
            {{ infant_mortality.rate_per_1000(other_deaths, other_births) }} as from_rate_per_1000,
            {{ infant_mortality.rate_per_1000(deaths, births) }} as to_rate_per_1000,
            case when {{ other_deaths }} >= 0 and {{ other_births }} > 0 then 'ok' else 'missing' end as from_status,
            case when {{ deaths }} >= 0 and {{ births }} > 0 then 'ok' else 'missing' end as to_status,
            {{ text }} as from_period,
            {{ text }} as to_period,
            {{ number }} as from_lower_95,
            {{ number }} as from_upper_95,
            {{ number }} as to_lower_95,
            {{ number }} as to_upper_95
        from {{ relation }}

    ),

    rates_compared as (

        {{ infant_mortality.rate_change_steps('rates_prepared') | indent(4) }}

    )

    select * from rates_compared
{%- endmacro %}
