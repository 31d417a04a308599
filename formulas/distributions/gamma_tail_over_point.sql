{#-
  A tail of a gamma distribution of rate 1, away from its mean, over the point probability x^a e^-x / Γ(a + 1) of a Poisson count. An
  integral over the logarithm y of a value over x:
      P(G <= x) = x^a e^-x / Γ(a + 1) (1 + x J),  J = ∫ exp((a + 1) y - x (e^y - 1)) dy from minus infinity to 0,
      P(G >= x) = x^a e^-x / Γ(a + 1) a J,        J = ∫ exp(a y - x (e^y - 1)) dy from 0 to infinity.
-#}
{% macro gamma_tail_over_point(shape, value, is_below_mean, own_shape, stride) -%}
    case when {{ is_below_mean }} then 1e0 else 0e0 end
    + case when {{ is_below_mean }} then {{ value }} else {{ shape }} end * {% call(place) infant_mortality.tail_integral(stride) -%}
        {{ own_shape }} * {{ place }} - {{ value }} * (exp({{ place }}) - 1e0)
    {%- endcall %}
{%- endmacro %}
