{#-
  The statements that create formulas as macros of the published file, each followed by its comment. With `defined_in` they call those of
  that schema: DuckDB 1.4 works through long ones each time it opens the file, and has half as many to do so.
-#}
{% macro create_formula_macros(schema, defined_in=none) -%}
    {%- set statements = [] -%}
    {%- for name, formula in published_formulas().items() -%}
        {%- set called = name ~ '(' ~ formula.parameters | join(', ') ~ ')' -%}
        {%- set answer = defined_in ~ '.' ~ called if defined_in else formula.sql -%}
        {%- do statements.append('create or replace macro ' ~ schema ~ '.' ~ called ~ ' as ' ~ answer) -%}
        {%- do statements.append(
            'comment on macro ' ~ schema ~ '.' ~ name ~ " is '" ~ formula.comment | replace("'", "''") ~ "'"
        ) -%}
    {%- endfor -%}
    {{ return(statements) }}
{%- endmacro %}
