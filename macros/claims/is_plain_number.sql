{#- Whether a text is a number written plainly: an optional minus sign, digits, at most one point with digits on both sides. -#}
{% macro is_plain_number(text) -%}
    (
        {{ text }} is not null
        and replace(translate({{ text }}, '0123456789', '0000000000'), '0', '') in ('', '.', '-', '-.')
        and position('-' in {{ text }}) in (0, 1)
        and translate({{ text }}, '0123456789', '0000000000') not like '%.'
        and translate({{ text }}, '0123456789', '0000000000') not like '.%'
        and translate({{ text }}, '0123456789', '0000000000') not like '-.%'
        and translate({{ text }}, '0123456789', '0000000000') like '%0%'
        and length({{ text }}) <= 15
    )
{%- endmacro %}
