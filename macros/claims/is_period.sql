{#- Whether a text is a year (`2014`) or a run of years in order (`2012-2014`). -#}
{% macro is_period(text) -%}
    coalesce(
        {{ text }} similar to '[0-9]{4}(-[0-9]{4})?' and substr({{ text }}, 1, 4) <= substr({{ text }}, length({{ text }}) - 3, 4), false
    )
{%- endmacro %}
