{#- All of a model that reads users' files, which DuckDB alone does; elsewhere no row, of columns with these names and types;
    after them the texts of fields, where fields are named. -#}
{% macro from_files(model, columns, fields=[]) -%}
    {%- for field in fields -%}
        {%- do columns.update({field ~ '_text': 'varchar'}) -%}
    {%- endfor -%}
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
