{#- The z score of a proportion beside a target, 2 √births (asin √proportion - asin √target): the arcsine of the root steadies the
    variance at 1/(4 births), whatever the rate. Above 1 (more deaths than births) both are taken for 1. -#}
{% macro arcsine_z_score(proportion, target, births) -%}
    2e0 * sqrt({{ births }}) * (asin(sqrt(least({{ proportion }}, 1e0))) - asin(sqrt(least({{ target }}, 1e0))))
{%- endmacro %}

{#- Funnel limit of a proportion by the normal score: target ± z √(target (1 - target) / births), never under 0. -#}
{% macro funnel_limit_normal(side, level, target, births) -%}
    greatest(
        {{ target }} {{ '-' if side == 'lower' else '+' }} {{ infant_mortality.standard_normal_quantile(level) }}
        * sqrt({{ target }} * greatest(1e0 - {{ target }}, 0e0) / {{ births }}),
        0e0
    )
{%- endmacro %}

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

{#- Where a count lies in a funnel, by the probability of one at least as far from the expected count, on the same side of it. -#}
{% macro funnel_position_by_tail(is_above, tail) -%}
    case
        when {{ tail }} <= 0.001e0 then case when {{ is_above }} then 'high_99_8' else 'low_99_8' end
        when {{ tail }} <= 0.025e0 then case when {{ is_above }} then 'high_95' else 'low_95' end
        when {{ tail }} is not null then 'within'
    end
{%- endmacro %}
