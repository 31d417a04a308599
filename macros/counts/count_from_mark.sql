{% macro count_from_mark(count_text, mark) -%}
    case
        when {{ mark }} in ('{{ count_marks()["nil"] | join("', '") }}') and {{ count_text }} is null then 0
        when {{ mark }} is null then {{ whole_number(count_text) }}
    end
{%- endmacro %}
