{#-
  How far a starting point lies from the 2.5 % or 97.5 % point of a gamma distribution (rate 1), in units of 1/density: (p - P(a,
  x)) / f(x). P(a, x) = f(x) x/a (1 + x/(a + 1) (1 + x/(a + 2) (1 + …))), so only the density f needs an exponential. Shapes under
  20; 0 from there on.
-#}
{% macro gamma_quantile_residual(shape, start, tail) -%}
    {%- set probability = {'lower': 0.025, 'upper': 0.975}[tail] -%}
    {%- set ratios = [] -%}
    {%- for term in range(1, 71) -%}
        {%- do ratios.append(start ~ ' / (' ~ shape ~ ' + ' ~ term ~ 'e0)') -%}
    {%- endfor -%}
    case
        when {{ shape }} >= 20e0 then 0e0
        else
            {{ double_literal(probability) }}
            * {{ exponential("(" ~ start ~ " - (" ~ shape ~ " - 1e0) * ln(" ~ start ~ ") + " ~ log_gamma(shape) ~ ")") }}
            - {{ start }} / {{ shape }} * {{ nested_series(ratios) }}
    end
{%- endmacro %}
