{#-
  P(G > x) for G ~ gamma(count + 1/2, rate 1), to within 2e-7 below ten events and 6e-4 from ten on (4e-4 in the upper half). Below ten it is
  the recurrence from the chi-squared distribution with one degree of freedom, 2 P(Z > sqrt(2x)) + e^-x (x^(1/2)/Gamma(3/2) + x^(3/2)/
  Gamma(5/2) + ...) with one term an event; from ten on Wilson and Hilferty's cube root, which is not near enough for 0 to 3 events.
-#}
{% macro gamma_upper_tail_seven_places(count, x) -%}
    {%- set series = namespace(sql="0e0") -%}
    {%- for term in range(9, 0, -1) -%}
        {%- set factor = "2e0 * sqrt(" ~ x ~ " / 3.141592653589793e0)" if term == 1 else x ~ " / " ~ (term - 0.5) ~ "e0" -%}
        {%- set series.sql = "case when " ~ count ~ " >= " ~ term ~ " then " ~ factor ~ " * (1e0 + " ~ series.sql ~ ") else 0e0 end" -%}
    {%- endfor -%}
    case
        when {{ count }} < 10 then
            2 * ({{ normal_upper_tail_seven_places("sqrt(2 * " ~ x ~ ")") }}) + {{ exponential("(-" ~ x ~ ")") }} * {{ series.sql }}
        else
            {{ normal_upper_tail_seven_places(
                "(3 * sqrt(" ~ count ~ " + 0.5e0) * (power(" ~ x ~ " / (" ~ count ~ " + 0.5e0), 1 / 3e0) - 1 + 1 / (9 * (" ~ count ~ " + 0.5e0))))"
            ) }}
    end
{%- endmacro %}
