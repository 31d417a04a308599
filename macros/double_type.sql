{#- The name of the 8-byte float: every rate is one. -#}
{% macro double_type() -%}
    {{ return("double precision" if target.type == "postgres" else "double") }}
{%- endmacro %}
