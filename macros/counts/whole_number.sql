{#- The text as a whole number; NULL for anything but an optional minus sign and 1 to 18 digits, never an error. -#}
{% macro whole_number(text) -%}
    case when {{ text }} similar to '-?[0-9]{1,18}' then cast({{ text }} as bigint) end
{%- endmacro %}
