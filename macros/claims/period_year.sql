{#- The first or last year of a period; NULL where the text is no period. -#}
{% macro period_year(text, end) -%}
    case when {{ is_period(text) }}
        then cast(substr({{ text }}, {{ '1' if end == 'first' else 'length(' ~ text ~ ') - 3' }}, 4) as smallint)
    end
{%- endmacro %}
