{#- A number as an SQL literal that every target reads as a double: the exponent keeps DuckDB and PostgreSQL from making it a decimal. -#}
{% macro double_literal(number) -%}
    {{ '%.17e' | format(number) }}
{%- endmacro %}
