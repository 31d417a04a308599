{#- A template with each `{name}` replaced by the text of that name; nothing where the text is NULL. -#}
{% macro filled_template(template, texts) -%}
    {%- for placeholder in texts %}replace({% endfor -%}
    {{ template }}
    {%- for placeholder, words in texts.items() -%}
        , '{{ '{' ~ placeholder ~ '}' }}', coalesce({{ words }}, ''))
    {%- endfor -%}
{%- endmacro %}
