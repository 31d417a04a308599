{#- The chance of a count at least as far from its mean as the one seen, on the side where it was seen: P(X >= x) above the mean,
    P(X <= x) below, for X binomial. 1 where nothing happened at all. -#}
{% macro observed_side_tail(count, total, share) -%}
    case
        when {{ total }} = 0 then 1e0
        when {{ count }} >= {{ total }} * {{ share }}
            then {{ binomial_point_probability(count, total, share) }} * ({{ binomial_tail_over_point(count, total, share) }})
        else
            {{ binomial_point_probability(count, total, share) }}
            * ({{ binomial_tail_over_point('(' ~ total ~ ' - ' ~ count ~ ')', total, '(1 - ' ~ share ~ ')') }})
    end
{%- endmacro %}
