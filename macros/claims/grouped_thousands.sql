{#- A whole number as text with a comma before each group of three digits: 661501 is 661,501. -#}
{% macro grouped_thousands(number) -%}
    case
        when {{ number }} < 0 then '-'
        else ''
    end
    || case
        when abs({{ number }}) < 1000 then cast(abs({{ number }}) as varchar)
        when abs({{ number }}) < 1000000
            then cast(cast(floor(abs({{ number }}) / 1000) as bigint) as varchar)
                || ',' || lpad(cast(mod(abs({{ number }}), 1000) as varchar), 3, '0')
        else
            cast(cast(floor(abs({{ number }}) / 1000000) as bigint) as varchar)
            || ',' || lpad(cast(cast(floor(mod(abs({{ number }}), 1000000) / 1000) as bigint) as varchar), 3, '0')
            || ',' || lpad(cast(mod(abs({{ number }}), 1000) as varchar), 3, '0')
    end
{%- endmacro %}
