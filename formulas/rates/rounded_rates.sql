{#- The rate rounded half up from the exact quotient, in whole units of its last printed place (6.25 at one place: 63). Integers only. -#}
{% macro rounded_rate_units(numerator, denominator, decimals=1) -%}
    {%- set twice_scaled = '(2 * 1000 * ' ~ (10 ** decimals) ~ ' * ' ~ numerator ~ ' + ' ~ denominator ~ ')' -%}
    cast(
        ({{ twice_scaled }} - mod({{ twice_scaled }}, 2 * nullif({{ denominator }}, 0)))
        / (2 * nullif({{ denominator }}, 0)) as bigint
    )
{%- endmacro %}

{% macro rounded_rate(numerator, denominator, decimals=1) -%}
    cast({{ infant_mortality.rounded_rate_units(numerator, denominator, decimals) }} as double precision) / {{ 10 ** decimals }}
{%- endmacro %}

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

{#- Does the exact quotient, rounded half up, give the printed rate? In whole numbers, at the places that the publication shows.
    Some workbooks store the whole quotient behind the one place that they show: it is rounded in the same way. -#}
{% macro reproduces_printed_rate(numerator, denominator, printed_rate, printed_decimals) -%}
    case
        when {{ numerator }} is null or {{ denominator }} is null or {{ denominator }} <= 0 then cast(null as boolean)
        {% for decimals in [0, 1, 2] -%}
        when {{ printed_decimals }} = {{ decimals }}
            then {{ infant_mortality.rounded_rate_units(numerator, denominator, decimals) }}
                = floor({{ printed_rate }} * {{ 10 ** decimals }} + 0.5)
        {% endfor -%}
    end
{%- endmacro %}

{#- Places that a rate was shown with. More than two are a quotient stored behind the one place that the workbook shows. -#}
{% macro printed_decimals(rate_text) -%}
    case
        when position('.' in {{ rate_text }}) = 0 then 0
        when length({{ rate_text }}) - position('.' in {{ rate_text }}) > 2 then 1
        else length({{ rate_text }}) - position('.' in {{ rate_text }})
    end
{%- endmacro %}
