{#- How dbt loads a seed, and then its statistics for PostgreSQL's planner. -#}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {%- set statement = dbt.default__load_csv_rows(model, agate_table) -%}
    {%- do adapter.add_query('analyze ' ~ this) -%}
    {{ return(statement) }}
{% endmacro %}
