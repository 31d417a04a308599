{#-
  Confidence limit of a rate per 1,000: the limit of the count over the births. NULL where there can be no rate: no births, no
  count, a negative one. Whether more deaths than births are possible is for the caller to say (rate_status): of a measure whose deaths are
  not all among its births they are.
-#}
{% macro poisson_rate_limit(side, level, numerator, denominator, exact_limit) -%}
    case
        when {{ numerator }} >= 0 and {{ denominator }} > 0
            then 1000 * ({{ infant_mortality.poisson_count_limit(side, level, numerator, exact_limit) }}) / {{ denominator }}
    end
{%- endmacro %}
