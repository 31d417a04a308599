{#- 1st, 2nd, 3rd, 4th … 11th, 12th, 13th … 21st … 111th. -#}
{% macro ordinal_number(number) -%}
    cast({{ number }} as varchar) || case
        when mod({{ number }}, 100) between 11 and 13 then 'th'
        when mod({{ number }}, 10) = 1 then 'st'
        when mod({{ number }}, 10) = 2 then 'nd'
        when mod({{ number }}, 10) = 3 then 'rd'
        else 'th'
    end
{%- endmacro %}
