{#-
  A select that fills templates: one row per row of `chosen` (its columns `key`, which tell its rows apart, and `template`), with
  the sentence in which each `{name}` is replaced by the text of that name. `texts` has the columns of `text_key`, and `placeholder`
  and `words`. A sentence of which a text is absent is NULL: it is not said.
-#}
{% macro filled_templates(chosen, texts, key, text_key) -%}
    with templates as (

        select distinct template from {{ chosen }}

    ),

    -- What stands before the first brace, then each name with the words that follow it.
    pieces as (

        select
            templates.template,
            places.place_in_template,
            split_part(templates.template, '{', cast(places.place_in_template as integer)) as piece
        from templates
        cross join lateral generate_series(
            1, cast(1 + length(templates.template) - length(replace(templates.template, '{', '')) as integer)
        ) as places (place_in_template)

    ),

    pieces_named as (

        select
            template,
            place_in_template,
            case when place_in_template > 1 then split_part(piece, '}', 1) end as placeholder,
            case when place_in_template > 1 then split_part(piece, '}', 2) else piece end as literal
        from pieces

    ),

    pieces_filled as (

        select
            {% for column in key -%}
            {{ chosen }}.{{ column }},
            {% endfor -%}
            pieces_named.place_in_template,
            case when pieces_named.place_in_template > 1 then {{ texts }}.words else '' end || pieces_named.literal as filled
        from {{ chosen }}
        inner join pieces_named on {{ chosen }}.template = pieces_named.template
        left join {{ texts }}
            on pieces_named.placeholder = {{ texts }}.placeholder
            {% for column in text_key -%}
            and {{ chosen }}.{{ column }} = {{ texts }}.{{ column }}
            {% endfor %}
    )

    select
        {% for column in key -%}
        {{ column }},
        {% endfor -%}
        case when count(filled) = count(*) then string_agg(filled, '' order by place_in_template) end as sentence
    from pieces_filled
    group by {{ key | join(', ') }}
{%- endmacro %}

{#- A template with each `{name}` replaced by the text of that name; nothing where the text is NULL. -#}
{% macro filled_template(template, texts) -%}
    {%- for placeholder in texts %}replace({% endfor -%}
    {{ template }}
    {%- for placeholder, words in texts.items() -%}
        , '{{ '{' ~ placeholder ~ '}' }}', coalesce({{ words }}, ''))
    {%- endfor -%}
{%- endmacro %}

{#- Aggregate: the sentences of a group in order, a blank between them, none before one that begins with a mark of punctuation. -#}
{% macro joined_sentences(sentence, order_by) -%}
    ltrim(string_agg(
        case when substr({{ sentence }}, 1, 1) in (',', ';', ':', '.', ')') then '' else ' ' end || {{ sentence }},
        '' order by {{ order_by }}
    ))
{%- endmacro %}
