{#- The statements that create the table macros in the published database, each in the marts' schema and in `main`, so that
    both `marts.area_profile(...)` and `area_profile(...)` are found. -#}
{% macro published_table_macros() %}
    {%- set statements = [] -%}
    {%- for creator in ('create_area_profile_macro', 'create_combined_area_rate_macro', 'create_rate_change_macro') -%}
        {%- if context.get(creator) -%}
            {%- set statement = in_published_terms(context[creator]()) -%}
            {%- do statements.append(statement) -%}
            {%- do statements.append(statement | replace('create or replace macro marts.', 'create or replace macro main.')) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(statements) }}
{% endmacro %}
