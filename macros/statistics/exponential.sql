{#- e to a power. PostgreSQL stops on a power whose result is too small for a double, where others give 0: it is given 0 from e^-700 on. -#}
{% macro exponential(power) -%}
    {{ adapter.dispatch("exponential")(power) }}
{%- endmacro %}

{% macro default__exponential(power) -%}
    exp({{ power }})
{%- endmacro %}

{% macro postgres__exponential(power) -%}
    case when {{ power }} < -700e0 then 0e0 else exp({{ power }}) end
{%- endmacro %}
