{#- The two-sided p-value: twice the smaller tail, at most 1. Where the far tail is above one half, so is the other one. -#}
{% macro doubled_p_value(far_tail) -%}
    least(1e0, 2 * {{ far_tail }})
{%- endmacro %}
