{#- Keeps PostgreSQL's planner, while one model is built, from looping through one step once per row of another: it has no statistics of
    the steps inside a query and takes them for nearly empty. Nothing on other targets. -#}
{% macro prefer_hash_joins() %}
    {%- if target.type == 'postgres' -%}
        set local enable_nestloop = off
    {%- endif -%}
{% endmacro %}
