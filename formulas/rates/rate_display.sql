{#- The rate as ONS shows it: one place, half up; [x] for fewer than three deaths; a mark where there is no rate. -#}
{% macro rate_display(numerator, denominator, status) -%}
    {%- set units = infant_mortality.rounded_rate_units(numerator, denominator) -%}
    case
        when {{ status }} = 'suppressed' then '[c]'
        when {{ status }} <> 'ok' then ':'
        when {{ numerator }} < 3 then '[x]'
        else
            cast((
                {{ units }} - mod({{ units }}, 10)
            ) / 10 as bigint)
            || '.' || mod({{ units }}, 10)
    end
{%- endmacro %}
