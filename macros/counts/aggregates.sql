{#- Of several statuses the one that a sum over them must carry; counts of each status in, one status out. -#}
{% macro worst_status(status_column) -%}
    case
        when sum(case when {{ status_column }} = 'invalid' then 1 else 0 end) > 0 then 'invalid'
        when sum(case when {{ status_column }} = 'suppressed' then 1 else 0 end) > 0 then 'suppressed'
        when sum(case when {{ status_column }} = 'missing' then 1 else 0 end) > 0 then 'missing'
        else 'ok'
    end
{%- endmacro %}

{#- The sum of numbers that does not show their order, where the last digits of a sum of doubles would: of decimals with 15 places; or of
    whole steps, so many to one, which takes far less time and is the same on every engine while no sum has more than 2^53 of them. -#}
{% macro sum_in_any_order(number, steps=none) -%}
    {%- if steps -%}
    sum(floor({{ steps }}e0 * ({{ number }}) + 0.5e0)) / {{ steps }}e0
    {%- else -%}
    cast(sum(cast({{ number }} as decimal(38, 15))) as double precision)
    {%- endif -%}
{%- endmacro %}
