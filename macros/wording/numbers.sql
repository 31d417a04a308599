{#- 1234567 as 1,234,567; whole numbers from 0 to 999,999,999. -#}
{% macro with_thousands_commas(number) -%}
    {%- set thousands = 'cast((' ~ number ~ ' - mod(' ~ number ~ ', 1000)) / 1000 as bigint)' -%}
    {%- set millions = 'cast((' ~ number ~ ' - mod(' ~ number ~ ', 1000000)) / 1000000 as bigint)' -%}
    case
        when {{ number }} < 1000 then cast({{ number }} as varchar)
        when {{ number }} < 1000000
            then cast({{ thousands }} as varchar) || ',' || lpad(cast(mod({{ number }}, 1000) as varchar), 3, '0')
        else
            cast({{ millions }} as varchar) || ',' || lpad(cast(mod({{ thousands }}, 1000) as varchar), 3, '0')
            || ',' || lpad(cast(mod({{ number }}, 1000) as varchar), 3, '0')
    end
{%- endmacro %}

{#- A number as text with a fixed number of decimal places, for reading; comparisons are made before, on whole numbers. -#}
{% macro fixed_decimals(number, decimals=1) -%}
    cast(cast({{ number }} as decimal(18, {{ decimals }})) as varchar)
{%- endmacro %}

{#- A quotient of whole numbers rounded half away from zero, in whole units of the last of so many decimal places (-2.7397 at two: -274).
    The number of places may be a column; whole numbers throughout, so that no half is lost. -#}
{% macro quotient_rounded_to_units(dividend, divisor, decimals) -%}
    {%- set doubled = '(2 * cast(power(10, ' ~ decimals ~ ') as bigint) * abs(' ~ dividend ~ ') + (' ~ divisor ~ '))' -%}
    case when {{ dividend }} < 0 then -1 else 1 end * cast(
        round(({{ doubled }} - mod({{ doubled }}, 2 * nullif({{ divisor }}, 0))) / (2 * nullif({{ divisor }}, 0))) as bigint
    )
{%- endmacro %}
