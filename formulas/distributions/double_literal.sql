{#-
  A number as an SQL literal to be used with doubles. The exponent makes it one for DuckDB and Spark; PostgreSQL takes it for a
  decimal with all these digits, and for a double as soon as it meets one.
-#}
{% macro double_literal(number) -%}
    {{ '%.17e' | format(number) }}
{%- endmacro %}
