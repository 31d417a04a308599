{#- ln Γ(x), relative error below 1e-11, from x Γ(x) = x! and the slowly growing part of a factorial, x! e^x / x^x. -#}
{% macro log_gamma(x) -%}
    case
        when {{ x }} > 0e0
            then ln({{ infant_mortality.factorial_over_power(x) }}) + ({{ x }} - 1e0) * ln({{ x }}) - {{ x }}
    end
{%- endmacro %}
