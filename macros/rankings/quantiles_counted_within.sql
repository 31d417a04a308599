{#- The column that says in which whole quantiles are counted: that of the level or, by the variable, that of the area's region. -#}
{% macro quantiles_counted_within() -%}
    {%- set within_region = var('quantiles_counted_within_region', false) -%}
    {%- if within_region is not boolean -%}
        {{ exceptions.raise_compiler_error(
            "The variable quantiles_counted_within_region must be true or false, not '" ~ within_region ~ "'."
        ) }}
    {%- endif -%}
    {{ 'region_code' if within_region else 'ranking_level' }}
{%- endmacro %}
