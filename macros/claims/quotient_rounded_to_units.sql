{#- A quotient of whole numbers rounded half away from zero, in whole units of the last of so many decimal places (-2.7397 at two: -274).
    The number of places may be a column; whole numbers throughout, so that no half is lost. -#}
{% macro quotient_rounded_to_units(dividend, divisor, decimals) -%}
    {%- set doubled = '(2 * cast(power(10, ' ~ decimals ~ ') as bigint) * abs(' ~ dividend ~ ') + (' ~ divisor ~ '))' -%}
    case when {{ dividend }} < 0 then -1 else 1 end * cast(
        round(({{ doubled }} - mod({{ doubled }}, 2 * nullif({{ divisor }}, 0))) / (2 * nullif({{ divisor }}, 0))) as bigint
    )
{%- endmacro %}
