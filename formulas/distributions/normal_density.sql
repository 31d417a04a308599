{#- The density of the standard normal distribution. -#}
{% macro normal_density(deviate) -%}
    {%- set exponent = '(-0.5e0 * ' ~ deviate ~ ' * ' ~ deviate ~ ')' -%}
    {{ infant_mortality.double_literal(0.3989422804014327) }} * {{ infant_mortality.exponential(exponent) }}
{%- endmacro %}
