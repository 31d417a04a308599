{#- Funnel limit of a proportion by the normal score: target ± z √(target (1 - target) / births), never under 0. -#}
{% macro funnel_limit_normal(side, level, target, births) -%}
    greatest(
        {{ target }} {{ '-' if side == 'lower' else '+' }} {{ infant_mortality.standard_normal_quantile(level) }}
        * sqrt({{ target }} * greatest(1e0 - {{ target }}, 0e0) / {{ births }}),
        0e0
    )
{%- endmacro %}
