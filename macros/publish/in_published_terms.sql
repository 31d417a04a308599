{#- A statement about the build's database, put so that it holds in the published one. Catalogue names go, since a published
    file may be opened, or attached, under any name; the table of exact Poisson limits, which is not published, is written out. -#}
{% macro in_published_terms(statement) %}
    {%- set limits = ref('poisson_limits') -%}
    {%- if execute and limits | string in statement -%}
        {%- set columns = adapter.get_columns_in_relation(limits) | map(attribute='name') | list -%}
        {%- set rows = [] -%}
        {%- for row in run_query('select ' ~ columns | join(', ') ~ ' from ' ~ limits ~ ' order by event_count').rows -%}
            {%- do rows.append('(' ~ row.values() | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- set written_out = '(select * from (values ' ~ rows | join(', ') ~ ') as limits (' ~ columns | join(', ') ~ '))' -%}
        {%- set statement = statement | replace(limits | string, written_out) -%}
    {%- endif -%}
    {{ return(statement | replace(adapter.quote(target.database) ~ '.', '') | replace(target.database ~ '.', '')) }}
{% endmacro %}
