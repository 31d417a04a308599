{#- The status of a rate from the statuses of its two counts; a rate stands only where the answer is 'ok'. -#}
{% macro rate_status(numerator, numerator_status, denominator, denominator_status, numerator_lies_within_denominator) -%}
    case
        when {{ numerator_status }} = 'invalid' or {{ denominator_status }} = 'invalid' then 'invalid'
        when {{ numerator }} < 0 or {{ denominator }} < 0 then 'invalid'
        when {{ numerator_lies_within_denominator }} and {{ numerator }} > {{ denominator }} then 'invalid'
        when {{ numerator_status }} = 'suppressed' or {{ denominator_status }} = 'suppressed' then 'suppressed'
        when {{ numerator }} is null or {{ denominator }} is null then 'missing'
        when {{ denominator }} = 0 then 'no_births'
        else 'ok'
    end
{%- endmacro %}

{% macro reliability_flag(numerator, status) -%}
    case
        when {{ status }} <> 'ok' then cast(null as varchar)
        when {{ numerator }} < 3 then 'x'
        when {{ numerator }} < 20 then 'u'
    end
{%- endmacro %}
