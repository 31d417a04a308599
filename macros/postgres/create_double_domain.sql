{#- PostgreSQL names the 8-byte float `double precision`. A domain called `double` lets contracts and seeds say `double`
    for every target; a client sees the base type. -#}
{% macro create_double_domain() %}
    {%- if execute and target.type == 'postgres' -%}
        do $$
        begin
            if to_regtype('{{ target.schema }}.double') is null then
                create domain {{ target.schema }}.double as double precision;
            end if;
        end
        $$
    {%- endif -%}
{% endmacro %}
