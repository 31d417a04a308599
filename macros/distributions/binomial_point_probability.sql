{#- P(X = count) for X ~ Binomial(total, share), in Loader's form (2000): the factorials enter as n! e^n / n^n and the powers as deviances,
    so that nothing large cancels. -#}
{% macro binomial_point_probability(count, total, share) -%}
    {%- set others = '(' ~ total ~ ' - ' ~ count ~ ')' -%}
    {%- set mean = '(' ~ total ~ ' * ' ~ share ~ ')' -%}
    {%- set mean_of_others = '(' ~ total ~ ' * (1e0 - ' ~ share ~ '))' -%}
    ({{ factorial_over_power(total) }})
    / ({{ factorial_over_power(count) }})
    / ({{ factorial_over_power(others) }})
    * {{ exponential(
        '(-(' ~ half_deviance(count, mean) ~ ') - (' ~ half_deviance(others, mean_of_others, '(' ~ mean ~ ' - ' ~ count ~ ')') ~ '))'
    ) }}
{%- endmacro %}
