{#- Where a count lies in a funnel, by the probability of one at least as far from the expected count, on the same side of it. -#}
{% macro funnel_position_by_tail(is_above, tail) -%}
    case
        when {{ tail }} <= 0.001e0 then case when {{ is_above }} then 'high_99_8' else 'low_99_8' end
        when {{ tail }} <= 0.025e0 then case when {{ is_above }} then 'high_95' else 'low_95' end
        when {{ tail }} is not null then 'within'
    end
{%- endmacro %}
