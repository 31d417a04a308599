{#- All of a model that reads users' files, which DuckDB alone does; elsewhere no row, of columns with these names and types. -#}
{% macro from_files(model, columns) -%}
    {%- if target.type == 'duckdb' -%}
        select
            {%- for column in columns %}
            {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref(model) }}
    {%- else -%}
        select
            {%- for column, type in columns.items() %}
            cast(null as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        where 1 = 0
    {%- endif -%}
{%- endmacro %}
