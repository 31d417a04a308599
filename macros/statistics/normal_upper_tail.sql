{#- P(Z > z) of the standard normal distribution, for z from 0 upwards, in plain arithmetic.
    Below 2.5: 1/2 - density * (z + z^3/3 + z^5/(3*5) + …), whose terms are all positive.
    From 2.5 to 37: density / (z + 1/(z + 2/(z + 3/(z + …)))), Laplace's continued fraction.
    Above 37 the answer is under 1e-299 and given as 0, since PostgreSQL stops on an exponent too small to hold. -#}
{% macro normal_upper_tail(deviate) -%}
    {%- set series = namespace(sql='1e0') -%}
    {%- for term in range(40, 0, -1) -%}
        {%- set series.sql = '(1e0 + ' ~ deviate ~ ' * ' ~ deviate ~ ' / ' ~ (2 * term + 1) ~ 'e0 * ' ~ series.sql ~ ')' -%}
    {%- endfor -%}
    {%- set fraction = namespace(sql=deviate) -%}
    {%- for term in range(50, 0, -1) -%}
        {%- set fraction.sql = '(' ~ deviate ~ ' + ' ~ term ~ 'e0 / ' ~ fraction.sql ~ ')' -%}
    {%- endfor -%}
    {%- set density = 'exp(-0.5e0 * ' ~ deviate ~ ' * ' ~ deviate ~ ') * ' ~ double_literal(0.39894228040143267794) -%}
    case
        when {{ deviate }} < 2.5e0 then 0.5e0 - {{ density }} * {{ deviate }} * {{ series.sql }}
        when {{ deviate }} <= 37e0 then {{ density }} / {{ fraction.sql }}
        when {{ deviate }} > 37e0 then 0e0
    end
{%- endmacro %}
