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

{#- The column that says in which whole the quantiles are counted: the level, or the region of the area. -#}
{% macro quantiles_counted_within() -%}
    {%- set whole = var('quantiles_counted_within', 'level') -%}
    {%- if whole not in ('level', 'region') -%}
        {{ exceptions.raise_compiler_error(
            "The variable quantiles_counted_within must be level or region, not '" ~ whole ~ "'."
        ) }}
    {%- endif -%}
    {{ 'ranking_level' if whole == 'level' else 'region_code' }}
{%- endmacro %}
