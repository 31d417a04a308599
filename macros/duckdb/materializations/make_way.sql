{#- Drops what an earlier build left under the same name as another kind of thing: `create or replace` does not turn a view into a table. -#}
{% macro make_way(relation) %}
    {%- set existing = load_cached_relation(relation) -%}
    {%- if existing is not none and existing.type != relation.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{% endmacro %}
