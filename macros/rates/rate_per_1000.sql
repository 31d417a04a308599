{% macro rate_per_1000(numerator, denominator) -%}
    cast(1000 * {{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0)
{%- endmacro %}
