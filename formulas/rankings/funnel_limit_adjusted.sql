{#- Funnel limit widened for differences between areas that chance does not explain, on the arcsine scale:
    sin²(asin √target ± z √(1/(4 births) + tau²)). The angle is held between 0 and a right angle: beyond them sin² turns back
    and a lower limit would rise again. -#}
{% macro funnel_limit_adjusted(side, level, target, births, tau_squared) -%}
    power(sin(greatest(0e0, least(
        asin(sqrt(least({{ target }}, 1e0)))
        {{ '-' if side == 'lower' else '+' }} {{ infant_mortality.standard_normal_quantile(level) }}
        * sqrt(1e0 / (4e0 * {{ births }}) + {{ tau_squared }}),
        {{ infant_mortality.double_literal(1.5707963267948966) }}
    ))), 2)
{%- endmacro %}
