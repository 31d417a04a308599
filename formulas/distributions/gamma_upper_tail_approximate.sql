{#-
  P(G > x) of a gamma distribution of rate 1 within 1e-4, for very many rows; shape of 1 or more, x above 0. In two steps, since the second
  names the deviate of the first often: Peizer and Pratt's normal deviate, near enough from a shape of four on, and its normal tail. Smaller
  shapes are carried to four by the gamma recurrence.
-#}
{% macro gamma_deviate_approximate(shape, x) -%}
    greatest(-9e0, least(9e0, case
        when {{ shape }} < 4e0 then {{ infant_mortality.gamma_deviate('(' ~ shape ~ ' + 4e0)', x) }}
        else {{ infant_mortality.gamma_deviate(shape, x) }}
    end))
{%- endmacro %}

{% macro gamma_upper_tail_approximate(shape, x, deviate) -%}
    case
        when {{ shape }} < 4e0
            then greatest(
                0e0,
                {{ infant_mortality.normal_lower_tail_approximate(deviate) }} - {{ infant_mortality.gamma_recurrence_terms(shape, x) }}
            )
        else {{ infant_mortality.normal_lower_tail_approximate(deviate) }}
    end
{%- endmacro %}
