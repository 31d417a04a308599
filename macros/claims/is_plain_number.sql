{#- Whether a text is a number written plainly: an optional minus sign, digits, at most one point with digits on both sides. -#}
{% macro is_plain_number(text) -%}
    coalesce({{ text }} similar to '-?[0-9]+([.][0-9]+)?' and length({{ text }}) <= 15, false)
{%- endmacro %}
