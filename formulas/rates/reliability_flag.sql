{% macro reliability_flag(numerator, status) -%}
    case
        when {{ status }} <> 'ok' then cast(null as varchar)
        when {{ numerator }} < 3 then 'x'
        when {{ numerator }} < 20 then 'u'
    end
{%- endmacro %}
