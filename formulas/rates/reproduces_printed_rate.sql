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
