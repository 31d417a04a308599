{#- e to a power, less 1, without the cancellation of `exp(power) - 1` near 0: 2 e^(x/2) sinh(x/2). -#}
{% macro exponential_less_one(power) -%}
    2e0 * exp({{ power }} / 2e0) * sinh({{ power }} / 2e0)
{%- endmacro %}
