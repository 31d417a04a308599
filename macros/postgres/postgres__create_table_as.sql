{#- How dbt-postgres makes a table, with three things PostgreSQL's planner needs here. Each step of the query is worked out once: written into
    one another, as PostgreSQL would have it, the formulas of successive steps grow beyond what it can plan. No loops through one step once
    per row of another: it has no statistics of the steps and takes them for nearly empty. And the new table's statistics, or it would take
    a table of ten thousand rows for an empty one. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set steps_once = modules.re.sub('(?m)^( *(?:with )?\\w+) as \\(\n', '\\1 as materialized (\n', sql) -%}
    set local enable_nestloop = off;
    {{ dbt.postgres__create_table_as(temporary, relation, steps_once) }}
    analyze {{ relation }};
{%- endmacro %}
