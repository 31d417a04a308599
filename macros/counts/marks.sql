{#- The marks that publishers print where a count would stand, and what each one says. Kept once, here. -#}
{% macro count_marks() -%}
    {{ return({
        'nil': ['-'],
        'suppressed': ['*', '[c]', 'c'],
        'missing': [':', '..', '.', '[x]', 'x', 'z', '[z]', '(blank)'],
    }) }}
{%- endmacro %}

{% macro count_from_mark(count_text, mark) -%}
    case
        when {{ mark }} in ('{{ count_marks()["nil"] | join("', '") }}') and {{ count_text }} is null then 0
        when {{ mark }} is null then {{ whole_number(count_text) }}
    end
{%- endmacro %}

{% macro status_from_mark(count_text, mark) -%}
    case
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["nil"] | join("', '") }}') then 'ok'
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["suppressed"] | join("', '") }}') then 'suppressed'
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["missing"] | join("', '") }}') then 'missing'
        when {{ mark }} is null and {{ whole_number(count_text) }} >= 0 then 'ok'
        else 'invalid'
    end
{%- endmacro %}
