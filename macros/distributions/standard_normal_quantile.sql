{#-
  Two-sided normal quantiles, the only place where they stand. Written with an exponent, so that DuckDB and Spark read a double, not
  a decimal.
-#}
{% macro standard_normal_quantile(level) -%}
    {%- set quantiles = {"95": "1.959963984540054e0", "99_8": "3.090232306167813e0"} -%}
    {%- if level not in quantiles -%}
        {{ exceptions.raise_compiler_error("standard_normal_quantile: level must be '95' or '99_8', not '" ~ level ~ "'") }}
    {%- endif -%}
    {{ quantiles[level] }}
{%- endmacro %}
