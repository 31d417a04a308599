{#- Gathers a new table's statistics on PostgreSQL, whose planner otherwise takes a table of ten thousand rows for an empty one and loops
    through it once per row of another. Nothing on other targets. -#}
{% macro analyze_on_postgres(relation) %}
    {%- if target.type == 'postgres' -%}
        analyze {{ relation }}
    {%- endif -%}
{% endmacro %}
