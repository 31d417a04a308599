{#- P(X = count) of a Poisson count, in Loader's form: the factorial as n! e^n / n^n, the powers as a deviance. -#}
{% macro poisson_point_probability(count, mean) -%}
    {{ infant_mortality.exponential('(-(' ~ infant_mortality.half_deviance(count, mean) ~ '))') }}
    / ({{ infant_mortality.factorial_over_power(count) }})
{%- endmacro %}

{#- P(X = count) for X ~ Binomial(total, share), in Loader's form (2000): the factorials enter as n! e^n / n^n and the powers as deviances,
    so that nothing large cancels. -#}
{% macro binomial_point_probability(count, total, share) -%}
    {%- set others = '(' ~ total ~ ' - ' ~ count ~ ')' -%}
    {%- set mean = '(' ~ total ~ ' * ' ~ share ~ ')' -%}
    {%- set mean_of_others = '(' ~ total ~ ' * (1e0 - ' ~ share ~ '))' -%}
    {%- set deviance = infant_mortality.half_deviance(count, mean) -%}
    {%- set deviance_of_others = infant_mortality.half_deviance(others, mean_of_others, '(' ~ mean ~ ' - ' ~ count ~ ')') -%}
    ({{ infant_mortality.factorial_over_power(total) }})
    / ({{ infant_mortality.factorial_over_power(count) }})
    / ({{ infant_mortality.factorial_over_power(others) }})
    * {{ infant_mortality.exponential('(-(' ~ deviance ~ ') - (' ~ deviance_of_others ~ '))') }}
{%- endmacro %}
