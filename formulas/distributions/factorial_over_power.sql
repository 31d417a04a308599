{#-
  n! e^n / n^n, the slowly growing part of a factorial, for any real n from 0: sqrt(2 pi n) times Stirling's correction, whose logarithm is
  Stieltjes' continued fraction, to 2e-15 from eight on. Below eight the factorial of n + 8 over (n + 1) (n + 2) … (n + 8).
-#}
{% macro factorial_over_power(number) -%}
    {%- set shifted = '(' ~ number ~ ' + 8e0)' -%}
    case
        when {{ number }} >= 8e0 then {{ infant_mortality.stirlings_form(number) }}
        when {{ number }} > 0e0
            then {{ infant_mortality.stirlings_form(shifted) }}
                * exp({{ shifted }} * ln({{ shifted }}) - {{ number }} * ln({{ number }}) - 8e0)
                / ({% for step in range(1, 9) %}{{ ' * ' if not loop.first }}({{ number }} + {{ step }}e0){% endfor %})
        when {{ number }} = 0e0 then 1e0
    end
{%- endmacro %}

{% macro stirlings_form(number) -%}
    {%- set fraction = namespace(sql=number) -%}
    {%- for numerator in [29944523 / 19733142, 22999 / 22737, 195 / 371, 53 / 210, 1 / 30] -%}
        {%- set fraction.sql = '(' ~ number ~ ' + ' ~ infant_mortality.double_literal(numerator) ~ ' / ' ~ fraction.sql ~ ')' -%}
    {%- endfor -%}
    sqrt({{ infant_mortality.double_literal(6.283185307179586) }} * {{ number }})
    * exp({{ infant_mortality.double_literal(1 / 12) }} / {{ fraction.sql }})
{%- endmacro %}
