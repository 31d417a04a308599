{#- ln Γ(x) for x above 0 by Stirling's series from eight on, relative error below 1e-11; smaller x are carried there by eight steps of
    Γ(x + 1) = x Γ(x). -#}
{% macro log_gamma(x) -%}
    case
        when {{ x }} >= 8e0 then {{ infant_mortality.stirlings_series(x) }}
        when {{ x }} > 0e0
            then {{ infant_mortality.stirlings_series('(' ~ x ~ ' + 8e0)') }}
                - ln({% for step in range(8) %}{{ ' * ' if not loop.first }}({{ x }} + {{ step }}e0){% endfor %})
    end
{%- endmacro %}

{% macro stirlings_series(x) -%}
    ({{ x }} - 0.5e0) * ln({{ x }}) - {{ x }} + 0.91893853320467274178e0
    + (8.3333333333333333e-2 - (2.7777777777777778e-3 - (7.9365079365079365e-4 - 5.952380952380952e-4 / ({{ x }} * {{ x }}))
        / ({{ x }} * {{ x }})) / ({{ x }} * {{ x }})) / {{ x }}
{%- endmacro %}
