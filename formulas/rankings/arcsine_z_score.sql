{#- The z score of a proportion beside a target, 2 √births (asin √proportion - asin √target): the arcsine of the root steadies the
    variance at 1/(4 births), whatever the rate. Above 1 (more deaths than births) both are taken for 1. -#}
{% macro arcsine_z_score(proportion, target, births) -%}
    2e0 * sqrt({{ births }}) * (asin(sqrt(least({{ proportion }}, 1e0))) - asin(sqrt(least({{ target }}, 1e0))))
{%- endmacro %}
