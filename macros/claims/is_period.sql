{#- Whether a text is a year (`2014`) or a run of years in order (`2012-2014`). -#}
{% macro is_period(text) -%}
    (
        {{ text }} is not null
        and translate({{ text }}, '0123456789', '0000000000') in ('0000', '0000-0000')
        and substr({{ text }}, 1, 4) <= substr({{ text }}, length({{ text }}) - 3, 4)
    )
{%- endmacro %}
