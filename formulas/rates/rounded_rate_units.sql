{#- The rate rounded half up from the exact quotient, in whole units of its last printed place (6.25 at one place: 63). Integers only. -#}
{% macro rounded_rate_units(numerator, denominator, decimals=1) -%}
    {%- set twice_scaled = '(2 * 1000 * ' ~ (10 ** decimals) ~ ' * ' ~ numerator ~ ' + ' ~ denominator ~ ')' -%}
    cast(
        ({{ twice_scaled }} - mod({{ twice_scaled }}, 2 * nullif({{ denominator }}, 0)))
        / (2 * nullif({{ denominator }}, 0)) as bigint
    )
{%- endmacro %}
