{#-
  A number as an SQL literal to be used with doubles. The exponent makes it one for DuckDB and Spark; PostgreSQL takes it for a
  decimal with all these digits, and for a double as soon as it meets one.
-#}
{% macro double_literal(number) -%}
    {{ '%.17e' | format(number) }}
{%- endmacro %}

{#- Horner's scheme: coefficients[0] + coefficients[1] * x + … ; the argument is written once per power. -#}
{% macro polynomial(argument, coefficients) -%}
    {%- set nested = namespace(sql=infant_mortality.double_literal(coefficients[-1])) -%}
    {%- for coefficient in coefficients[:-1] | reverse -%}
        {%- set nested.sql = '(' ~ infant_mortality.double_literal(coefficient) ~ ' + ' ~ argument ~ ' * ' ~ nested.sql ~ ')' -%}
    {%- endfor -%}
    {{ nested.sql }}
{%- endmacro %}
