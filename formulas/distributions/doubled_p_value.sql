{#- The two-sided p-value: twice the smaller tail, at most 1. Where the far tail is above one half, so is the other one. Not written with
    least(), which passes over NULLs: no tail must give no p-value. -#}
{% macro doubled_p_value(far_tail) -%}
    case when 2 * {{ far_tail }} > 1 then 1e0 else 2 * {{ far_tail }} end
{%- endmacro %}
