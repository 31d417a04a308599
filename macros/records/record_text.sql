{#- The text of a field of a record, trimmed; NULL where nothing is said: blank, or NA or null as other programs write it. -#}
{% macro record_text(text) -%}
    case when lower(trim({{ text }})) not in ('', 'na', 'null') then trim({{ text }}) end
{%- endmacro %}
