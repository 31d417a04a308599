{#- P(Z <= z) of the standard normal distribution, to within 7.5e-8 (Abramowitz and Stegun 26.2.17): one exponential and five terms, for
    many rows of which the fourth place decides nothing. -#}
{% macro normal_lower_tail_approximate(deviate) -%}
    {%- set t = "(1e0 / (1e0 + 0.2316419e0 * abs(" ~ deviate ~ ")))" -%}
    {%- set half = infant_mortality.normal_density(deviate)
        ~ " * " ~ t ~ " * (0.319381530e0 + " ~ t
        ~ " * (-0.356563782e0 + " ~ t ~ " * (1.781477937e0 + " ~ t ~ " * (-1.821255978e0 + " ~ t ~ " * 1.330274429e0))))" -%}
    case when {{ deviate }} < 0e0 then {{ half }} else 1e0 - {{ half }} end
{%- endmacro %}
