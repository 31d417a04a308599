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
