{% macro status_from_mark(count_text, mark) -%}
    case
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["nil"] | join("', '") }}') then 'ok'
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["suppressed"] | join("', '") }}') then 'suppressed'
        when {{ count_text }} is null and {{ mark }} in ('{{ count_marks()["missing"] | join("', '") }}') then 'missing'
        when {{ mark }} is null and {{ whole_number(count_text) }} >= 0 then 'ok'
        else 'invalid'
    end
{%- endmacro %}
