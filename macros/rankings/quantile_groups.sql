{#- How many groups the quantiles of a ranking have: the variable of the same name, a whole number from 2 to 20. -#}
{% macro quantile_groups() -%}
    {%- set groups = var('quantile_groups', 5) -%}
    {%- set number = groups | string | int(0) -%}
    {%- if number | string != groups | string or not 2 <= number <= 20 -%}
        {{ exceptions.raise_compiler_error(
            "The variable quantile_groups must be a whole number from 2 to 20, not '" ~ groups ~ "'."
        ) }}
    {%- endif -%}
    {{ number }}
{%- endmacro %}
