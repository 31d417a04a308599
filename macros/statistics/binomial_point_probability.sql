{#-
  P(X = count) for X ~ Binomial(total, share), in Loader's form (2000): the factorials enter as n! e^n / n^n and the powers as the
  deviance, so that nothing large cancels. The deviance is 0 ln 0 = 0 at both ends.
-#}
{% macro binomial_point_probability(count, total, share) -%}
    ({{ factorial_over_power(total) }})
    / ({{ factorial_over_power(count) }})
    / ({{ factorial_over_power("(" ~ total ~ " - " ~ count ~ ")") }})
    * {{ exponential("(-(" ~ binomial_half_deviance(count, total, share) ~ "))") }}
{%- endmacro %}
