{#- The two-sided p-value: twice the smaller tail, at most 1. Where the far tail is above one half, so is the other one. Not written with
    least(), which passes over NULLs: no tail must give no p-value. -#}
{% macro doubled_p_value(far_tail) -%}
    case when 2 * {{ far_tail }} > 1 then 1e0 else 2 * {{ far_tail }} end
{%- endmacro %}

{#- The two-sided mid-p: half the probability of the very count seen belongs to each side, so that the two sides add up to one; twice the
    smaller of them. A count just above the mean can lie below the median, and then the other side is the smaller. -#}
{% macro doubled_mid_p_value(far_tail, point_probability) -%}
    {%- set side = "(" ~ far_tail ~ " - 0.5e0 * " ~ point_probability ~ ")" -%}
    case when {{ side }} > 0.5 then 2 * (1 - {{ side }}) else 2 * {{ side }} end
{%- endmacro %}
