{#- x ln(x / b), with 0 ln 0 = 0: an area's share of the deviances of all the pairs it stands in, worked out once. -#}
{% macro events_times_log_rate(count, births) -%}
    case when {{ count }} > 0 then {{ count }} * ln({{ count }} / {{ births }}) else 0e0 end
{%- endmacro %}
