{% macro rounded_rate(numerator, denominator, decimals=1) -%}
    cast({{ infant_mortality.rounded_rate_units(numerator, denominator, decimals) }} as double precision) / {{ 10 ** decimals }}
{%- endmacro %}
