{#- How far the integral of gamma_tail_over_point goes, as the stride of tail_integral: below the mean to where the curve
    (a + 1 - x) y + x y² / (2 + y) under the exponent passes 34; above it first to where a parabola does, then to where the exponent
    itself does. -#}
{% macro gamma_tail_stride(shape, value, is_below_mean) -%}
    {%- set slope = '(2e0 * (' ~ shape ~ ' + 1e0 - ' ~ value ~ ') - 34e0)' -%}
    {%- set excess = '(' ~ value ~ ' - ' ~ shape ~ ')' -%}
    case
        when {{ is_below_mean }}
            then -5e0 * (sqrt(
                1e0 + 0.2e0 * (sqrt({{ slope }} * {{ slope }} + 272e0 * ({{ shape }} + 1e0)) - {{ slope }}) / ({{ shape }} + 1e0)
            ) - 1e0)
        else
            5e0 * (sqrt(
                1e0 + 0.4e0 * ln(
                    1e0 + (
                        34e0 + {{ shape }} * (sqrt({{ excess }} * {{ excess }} + 68e0 * {{ value }}) - {{ excess }}) / {{ value }}
                    ) / {{ value }}
                )
            ) - 1e0)
    end
{%- endmacro %}
