{#- How dbt-postgres makes a table, with three things PostgreSQL's planner needs here. Each step of the query is worked out once. No loops
    through one step once per row of another: it has no statistics of the steps and takes them for nearly empty. And the new table's
    statistics, or it would take a table of ten thousand rows for an empty one. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    set local enable_nestloop = off;
    {{ dbt.postgres__create_table_as(temporary, relation, steps_worked_out_once(sql)) }}
    analyze {{ relation }};
{%- endmacro %}
