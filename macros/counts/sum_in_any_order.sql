{#- The sum of numbers that does not show their order, where the last digits of a sum of doubles would: of decimals with 15 places. -#}
{% macro sum_in_any_order(number) -%}
    cast(sum(cast({{ number }} as decimal(38, 15))) as double precision)
{%- endmacro %}
