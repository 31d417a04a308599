{#- Where a value lies in a funnel of two pairs of limits; the limits themselves are within. -#}
{% macro funnel_position(value, lower_95, upper_95, lower_99_8, upper_99_8) -%}
    case
        when {{ value }} > {{ upper_99_8 }} then 'high_99_8'
        when {{ value }} > {{ upper_95 }} then 'high_95'
        when {{ value }} < {{ lower_99_8 }} then 'low_99_8'
        when {{ value }} < {{ lower_95 }} then 'low_95'
        when {{ value }} is not null then 'within'
    end
{%- endmacro %}
