{#- P(X > mean) for a Poisson count X: the chance that an area whose expected deaths are the mean records more than them.
    k is the whole part of the mean. Below 60: 1 - p(k) (1 + k/mean (1 + (k - 1)/mean (1 + …))), which ends by itself at 1/mean.
    From 60: P(X > mean) = 1 - Q(k + 1, mean), and Q is the upper tail of the normal distribution at a deviate that is a series in
    1/√(k + 1) with polynomials in w = (mean - k - 1)/√(k + 1), between -1/√(k + 1) and 0 (Cornish and Fisher's expansion, the
    inverse of the one in gamma_quantile_start). The deviate is its own macro because it stands in the tail many times over. -#}
{% macro chance_above_mean(mean, deviate) -%}
    {%- set whole = 'floor(' ~ mean ~ ')' -%}
    {%- set ratios = [] -%}
    {%- for term in range(60) -%}
        {%- do ratios.append('greatest(' ~ whole ~ ' - ' ~ term ~ 'e0, 0e0) / ' ~ mean) -%}
    {%- endfor -%}
    case
        when {{ mean }} = 0e0 then 0e0
        when {{ mean }} < 60e0
            then 1e0 - exp({{ whole }} * ln({{ mean }}) - {{ mean }} - {{ log_gamma('(' ~ whole ~ ' + 1e0)') }})
                * {{ nested_series(ratios) }}
        when {{ deviate }} < 0e0 then {{ normal_upper_tail('(-' ~ deviate ~ ')') }}
        else 1e0 - {{ normal_upper_tail(deviate) }}
    end
{%- endmacro %}
