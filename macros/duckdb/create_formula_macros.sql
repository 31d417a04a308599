{#- The statements that create formulas as macros of the published file, each followed by its comment. -#}
{% macro create_formula_macros(schema) -%}
    {%- set statements = [] -%}
    {%- for name, formula in published_formulas().items() -%}
        {%- set called = schema ~ '.' ~ name -%}
        {%- do statements.append('create or replace macro ' ~ called ~ '(' ~ formula.parameters | join(', ') ~ ') as ' ~ formula.sql) -%}
        {%- do statements.append('comment on macro ' ~ called ~ " is '" ~ formula.comment | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}
