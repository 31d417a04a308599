{#-
  Confidence limit of a rate per 1,000: the limit of the count over the births. NULL where there is no rate: no births, no count, an
  impossible count.
-#}
{% macro poisson_rate_limit(side, level, numerator, denominator, exact_limit) -%}
    case
        when {{ numerator }} >= 0 and {{ numerator }} <= {{ denominator }} and {{ denominator }} > 0
            then 1000 * ({{ poisson_count_limit(side, level, numerator, exact_limit) }}) / {{ denominator }}
    end
{%- endmacro %}
