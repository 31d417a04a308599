{#- x ln(x / m) - (x - m), with 0 ln 0 = 0: half the deviance of a count x from its mean m. Close to the mean, where the two terms all but
    cancel, by ln(x / m) = 2 atanh((x - m) / (x + m)), which loses no digits there. -#}
{% macro half_deviance(count, mean, excess=none) -%}
    {%- set excess = excess or '(' ~ count ~ ' - ' ~ mean ~ ')' -%}
    case
        when {{ count }} = 0e0 then {{ mean }}
        when {{ mean }} between 0.5e0 * {{ count }} and 2e0 * {{ count }}
            then 2e0 * {{ count }} * atanh({{ excess }} / ({{ count }} + {{ mean }})) - {{ excess }}
        else {{ count }} * ln({{ count }} / {{ mean }}) - {{ excess }}
    end
{%- endmacro %}
