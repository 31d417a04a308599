{#- Aggregate: up to so many sentences of a group, one after the other in the order of a number that counts from 1. Written without
    string_agg, whose ordered form not every database has. -#}
{% macro joined_sentences(sentence, number, most=8) -%}
    trim(
        {% for place in range(1, most + 1) -%}
        coalesce(max(case when {{ number }} = {{ place }} then {{ sentence }} || ' ' end), '')
        {%- if not loop.last %} ||{% endif %}
        {% endfor -%}
    )
{%- endmacro %}
