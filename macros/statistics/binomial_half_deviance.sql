{#- x ln(x / (S p)) + (S - x) ln((S - x) / (S (1 - p))), with 0 ln 0 = 0: half the deviance of x of S events against the share p. -#}
{% macro binomial_half_deviance(count, total, share) -%}
    case when {{ count }} > 0 then {{ count }} * ln({{ count }} / ({{ total }} * {{ share }})) else 0e0 end
    + case
        when {{ total }} > {{ count }}
            then ({{ total }} - {{ count }}) * ln(({{ total }} - {{ count }}) / ({{ total }} * (1 - {{ share }})))
        else 0e0
    end
{%- endmacro %}
