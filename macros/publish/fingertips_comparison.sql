{#- Fingertips' words for a rate beside a benchmark, by its single-interval rule; a lower rate is better for every measure here.
    Nothing is said where a limit is missing. -#}
{% macro fingertips_comparison(lower, upper, benchmark) -%}
    case
        when {{ benchmark }} is null then 'Not compared'
        when {{ lower }} is null or {{ upper }} is null then cast(null as varchar)
        when {{ upper }} < {{ benchmark }} then 'Better'
        when {{ lower }} > {{ benchmark }} then 'Worse'
        else 'Similar'
    end
{%- endmacro %}
