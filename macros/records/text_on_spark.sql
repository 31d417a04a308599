{#- A text as a literal of Spark's SQL, where a backslash is none of the text's own. -#}
{% macro text_on_spark(text) -%}
    {{ return("'" ~ text | string | replace('\\', '\\\\') | replace("'", "\\'") ~ "'") }}
{%- endmacro %}
