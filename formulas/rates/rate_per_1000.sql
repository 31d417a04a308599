{% macro rate_per_1000(numerator, denominator) -%}
    cast(1000 * {{ numerator }} as double precision) / nullif(cast({{ denominator }} as double precision), 0)
{%- endmacro %}
