{#- The text of a field of a user's file: blanks of every kind and line breaks made single spaces, none at its ends; NULL where nothing
    is left. -#}
{% macro cleaned_text(text) -%}
    nullif(trim(regexp_replace({{ text }}, '[\s\p{Z}]+', ' ', 'g')), '')
{%- endmacro %}
