{#- e to a power, 0 below e^-700: close to where doubles end they lose digits, and a product of two such numbers has none left. PostgreSQL
    would stop there. -#}
{% macro exponential(power) -%}
    case when {{ power }} < -700e0 then 0e0 else exp({{ power }}) end
{%- endmacro %}
