{#-
  What four steps of Q(a, x) = Q(a + 1, x) - x^a e^-x / Gamma(a + 1) take away: Q(a + 4, x) - Q(a, x) of a gamma distribution, x
  above 0.
-#}
{% macro gamma_recurrence_terms(shape, x) -%}
    {{ infant_mortality.poisson_point_probability(shape, x) }}
    * (1e0 + {{ x }} / ({{ shape }} + 1e0) * (1e0 + {{ x }} / ({{ shape }} + 2e0) * (1e0 + {{ x }} / ({{ shape }} + 3e0))))
{%- endmacro %}
