{#- e to a power, 0 below e^-700: close to where doubles end they lose digits, and a product of two such numbers has none left. PostgreSQL
    would stop there. -#}
{% macro exponential(power) -%}
    case when {{ power }} < -700e0 then 0e0 else exp({{ power }}) end
{%- endmacro %}

{#- e to a power, less 1, without the cancellation of `exp(power) - 1` near 0: 2 e^(x/2) sinh(x/2). -#}
{% macro exponential_less_one(power) -%}
    2e0 * exp({{ power }} / 2e0) * sinh({{ power }} / 2e0)
{%- endmacro %}
