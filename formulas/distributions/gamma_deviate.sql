{#-
  P(G > x) of G ~ gamma(shape, rate 1) as P(Z <= z) of a normal deviate z, by Peizer and Pratt (1968, "A normal approximation for
  binomial, F, beta, and other common, related tail probabilities, I", Journal of the American Statistical Association 63): within 6e-5 for
  shapes of 5 or more, 1e-4 from 4, 2.1e-4 from 3, 6e-4 from 2, 4e-3 from 1. For many rows of which the fourth place does not decide; x
  above 0.
-#}
{% macro gamma_deviate(shape, x) -%}
    {%- set ratio = '((' ~ shape ~ ' - 0.5e0) / ' ~ x ~ ')' -%}
    ({{ shape }} - 0.3333333333333333e0 - {{ x }} + 0.02e0 / {{ shape }}) * sqrt((1e0 + case
        -- Near the mean the function below is 0 over 0; this is the first term of its series.
        when abs(1e0 - {{ ratio }}) < 1e-4 then (1e0 - {{ ratio }}) / 3e0
        else (1e0 - {{ ratio }} * {{ ratio }} + 2e0 * {{ ratio }} * ln({{ ratio }})) / ((1e0 - {{ ratio }}) * (1e0 - {{ ratio }}))
    end) / {{ x }})
{%- endmacro %}

{#-
  What four steps of Q(a, x) = Q(a + 1, x) - x^a e^-x / Gamma(a + 1) take away: Q(a + 4, x) - Q(a, x) of a gamma distribution, x
  above 0.
-#}
{% macro gamma_recurrence_terms(shape, x) -%}
    {{ infant_mortality.poisson_point_probability(shape, x) }}
    * (1e0 + {{ x }} / ({{ shape }} + 1e0) * (1e0 + {{ x }} / ({{ shape }} + 2e0) * (1e0 + {{ x }} / ({{ shape }} + 3e0))))
{%- endmacro %}

{#-
  P(G > x) of a gamma distribution of rate 1 within 1e-4, for very many rows; shape of 1 or more, x above 0. In two steps, since the second
  names the deviate of the first often: Peizer and Pratt's normal deviate, near enough from a shape of four on, and its normal tail. Smaller
  shapes are carried to four by the gamma recurrence.
-#}
{% macro gamma_deviate_approximate(shape, x) -%}
    {%- set raised_shape = '(' ~ shape ~ ' + case when ' ~ shape ~ ' < 4e0 then 4e0 else 0e0 end)' -%}
    greatest(-9e0, least(9e0, {{ infant_mortality.gamma_deviate(raised_shape, x) }}))
{%- endmacro %}

{% macro gamma_upper_tail_approximate(shape, x, deviate) -%}
    greatest(
        0e0,
        {{ infant_mortality.normal_lower_tail_approximate(deviate) }}
        - case when {{ shape }} < 4e0 then {{ infant_mortality.gamma_recurrence_terms(shape, x) }} else 0e0 end
    )
{%- endmacro %}
