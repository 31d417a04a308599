{#- What dbt puts after `create table` on DuckDB, without primary keys: the published file gets them, and an index of each key in both
    files would take twice the time. -#}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- set constraints = model['constraints'] | rejectattr('type', 'equalto', 'primary_key') | list -%}
    ({{ (
        adapter.render_raw_columns_constraints(raw_columns=model['columns'])
        + adapter.render_raw_model_constraints(raw_constraints=constraints)
    ) | join(', ') }})
{%- endmacro %}
