{#- The header that a supplied file must have, in this order. Kept once, here. -#}
{% macro incoming_columns() -%}
    {{ return(['area_code', 'area_name', 'year', 'basis', 'item', 'count']) }}
{%- endmacro %}
