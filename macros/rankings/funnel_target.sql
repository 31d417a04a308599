{#- The target of a funnel, a proportion: all deaths over all births or, where the variable `funnel_target` names one, the user's own. -#}
{% macro funnel_target(deaths, births) -%}
    {%- set chosen = var('funnel_target', none) -%}
    {%- if chosen is none or chosen | string | trim == '' -%}
        cast({{ deaths }} as double precision) / cast({{ births }} as double precision)
    {%- else -%}
        {%- set per_1000 = chosen | string | float(-1) -%}
        {%- if not 0 < per_1000 < 1000 -%}
            {{ exceptions.raise_compiler_error(
                "The variable funnel_target must be empty, for the rate of the whole ranking, or a number of deaths per 1,000 births "
                ~ "above 0 and below 1,000, not '" ~ chosen ~ "'."
            ) }}
        {%- endif -%}
        cast({{ double_literal(per_1000 / 1000) }} as double precision)
    {%- endif -%}
{%- endmacro %}
