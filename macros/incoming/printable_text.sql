{#- Text of a user's file fit for a screen and an export: what steers a terminal or cannot be seen is a question mark, and it is cut. Nearly
    all texts are plain, and stay as they are. -#}
{% macro printable_text(text, longest=200) -%}
    case
        when {{ text }} similar to '[ -~]*' and length({{ text }}) <= {{ longest }} then {{ text }}
        else regexp_replace(
            case when length({{ text }}) > {{ longest }} then left({{ text }}, {{ longest }}) || ' …' else {{ text }} end,
            '[\p{C}\p{Zl}\p{Zp}]', '?', 'g'
        )
    end
{%- endmacro %}
