{#- A quotient of whole numbers rounded half away from zero, in whole units of the last of so many decimal places (-2.7397 at two: -274).
    The number of places may be a column; whole numbers throughout, so that no half is lost. -#}
{% macro quotient_rounded_to_units(dividend, divisor, decimals, most_decimals=3) -%}
    case
        {% for places in range(most_decimals + 1) -%}
        {%- set doubled = '(2 * ' ~ (10 ** places) ~ ' * abs(' ~ dividend ~ ') + (' ~ divisor ~ '))' -%}
        when {{ decimals }} = {{ places }}
            then case when {{ dividend }} < 0 then -1 else 1 end * cast(
                round(({{ doubled }} - mod({{ doubled }}, 2 * nullif({{ divisor }}, 0))) / (2 * nullif({{ divisor }}, 0))) as bigint
            )
        {% endfor -%}
    end
{%- endmacro %}
