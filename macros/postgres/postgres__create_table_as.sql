{#- How dbt-postgres makes a table, with two things PostgreSQL's planner needs here. While the query runs, no loops through one step once per
    row of another: it has no statistics of the steps inside a query and takes them for nearly empty. And then the new table's statistics,
    or it would take a table of ten thousand rows for an empty one. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    set local enable_nestloop = off;
    {{ dbt_postgres.postgres__create_table_as(temporary, relation, sql) }}
    analyze {{ relation }};
{%- endmacro %}
