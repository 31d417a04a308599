{#- Aggregate: the sentences of a group in order, a blank between them, none before one that begins with a mark of punctuation. -#}
{% macro joined_sentences(sentence, order_by) -%}
    ltrim(string_agg(
        case when substr({{ sentence }}, 1, 1) in (',', ';', ':', '.', ')') then '' else ' ' end || {{ sentence }},
        '' order by {{ order_by }}
    ))
{%- endmacro %}
