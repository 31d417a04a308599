{#- A number as text with a fixed number of decimal places, for reading; comparisons are made before, on whole numbers. -#}
{% macro fixed_decimals(number, decimals=1) -%}
    cast(cast({{ number }} as decimal(18, {{ decimals }})) as varchar)
{%- endmacro %}
