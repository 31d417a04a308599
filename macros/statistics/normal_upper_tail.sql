{#- P(Z > z) of the standard normal distribution, for z from 0 upwards, in plain arithmetic.
    Below 3: 1/2 - density * (z + z^3/3 + z^5/(3*5) + …), whose terms are all positive.
    From 3 to 37: density * z / (z² + 1 - 1*2/(z² + 5 - 3*4/(z² + 9 - …))), Laplace's continued fraction taken two steps at a time.
    Above 37 the answer is under 1e-299 and given as 0, since PostgreSQL stops on an exponent too small to hold. -#}
{% macro normal_upper_tail(deviate) -%}
    {%- set ratios = [] -%}
    {%- for term in range(1, 51) -%}
        {%- do ratios.append(deviate ~ ' * ' ~ deviate ~ ' / ' ~ (2 * term + 1) ~ 'e0') -%}
    {%- endfor -%}
    {%- set fraction = namespace(sql='(' ~ deviate ~ ' * ' ~ deviate ~ ' + 69e0)') -%}
    {%- for step in range(17, 0, -1) -%}
        {%- set fraction.sql = '(' ~ deviate ~ ' * ' ~ deviate ~ ' + ' ~ (4 * step - 3) ~ 'e0 - '
            ~ (2 * step * (2 * step - 1)) ~ 'e0 / ' ~ fraction.sql ~ ')' -%}
    {%- endfor -%}
    {%- set density = 'exp(-0.5e0 * ' ~ deviate ~ ' * ' ~ deviate ~ ') * ' ~ double_literal(0.39894228040143267794) -%}
    case
        -- So near 0 the series is 1, and its terms would be too small for PostgreSQL.
        when {{ deviate }} < 1e-9 then 0.5e0 - {{ density }} * {{ deviate }}
        when {{ deviate }} < 3e0 then 0.5e0 - {{ density }} * {{ deviate }} * {{ nested_series(ratios) }}
        when {{ deviate }} <= 37e0 then {{ density }} * {{ deviate }} / {{ fraction.sql }}
        when {{ deviate }} > 37e0 then 0e0
    end
{%- endmacro %}
