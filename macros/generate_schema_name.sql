{#- Schemas are named as the folders are (`marts`, not `main_marts`): people query `marts.fct_rates`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
