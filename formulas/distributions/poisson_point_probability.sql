{#- P(X = count) of a Poisson count, in Loader's form: the factorial as n! e^n / n^n, the powers as a deviance. -#}
{% macro poisson_point_probability(count, mean) -%}
    {{ infant_mortality.exponential('(-(' ~ infant_mortality.half_deviance(count, mean) ~ '))') }}
    / ({{ infant_mortality.factorial_over_power(count) }})
{%- endmacro %}
