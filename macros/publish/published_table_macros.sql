{#- The statements that create the table macros in a DuckDB database, each in the marts' schema and in `main`, so that
    both `marts.area_profile(...)` and `area_profile(...)` are found. They name tables by schema, never by catalogue:
    a published file may be opened, or attached, under any name. -#}
{% macro published_table_macros(marts_schema) %}
    {%- set statements = [] -%}
    {%- for schema in (marts_schema, 'main') -%}
        {%- do statements.append(create_area_profile(schema, marts_schema)) -%}
    {%- endfor -%}
    {{ return(statements) }}
{% endmacro %}
