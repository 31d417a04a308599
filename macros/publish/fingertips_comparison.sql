{#- Fingertips' words for a rate beside a benchmark, by its single-interval rule; a lower rate is better for every measure here. -#}
{% macro fingertips_comparison(lower, upper, benchmark) -%}
    case
        when {{ benchmark }} is null or {{ lower }} is null then 'Not compared'
        when {{ upper }} < {{ benchmark }} then 'Better'
        when {{ lower }} > {{ benchmark }} then 'Worse'
        else 'Similar'
    end
{%- endmacro %}
