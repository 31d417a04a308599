{#- A query whose named steps PostgreSQL works out once each. Written into one another, as PostgreSQL would have it, the formulas of
    successive steps grow beyond what it can plan. -#}
{% macro steps_worked_out_once(sql) -%}
    {{ modules.re.sub('(?m)^( *(?:with )?\\w+) as \\((?=\\s+(?:--.*\\s+)*(?:select|with)\\b)', '\\1 as materialized (', sql) }}
{%- endmacro %}
