{#- The rate as ONS shows it: one place, half up; [x] for fewer than three deaths; a mark where there is no rate. -#}
{% macro rate_display(numerator, denominator, status) -%}
    case
        when {{ status }} = 'suppressed' then '[c]'
        when {{ status }} <> 'ok' then ':'
        when {{ numerator }} < 3 then '[x]'
        else
            cast((
                {{ rounded_rate_units(numerator, denominator) }} - mod({{ rounded_rate_units(numerator, denominator) }}, 10)
            ) / 10 as bigint)
            || '.' || mod({{ rounded_rate_units(numerator, denominator) }}, 10)
    end
{%- endmacro %}
