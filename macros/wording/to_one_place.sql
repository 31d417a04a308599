{#- A number as text with one decimal place. -#}
{% macro to_one_place(number) -%}
    cast(cast({{ number }} as decimal(12, 1)) as varchar)
{%- endmacro %}
