{#-
  P(X >= count) / P(X = count) for X ~ Binomial(total, share) at or above its mean, as one expression, for a handful of rows; where there are many,
  far_upper_tails and two_sided_tails do the same in columns and faster. The fraction is the one described at far_upper_tails, here up
  to 100 levels deep: two standard deviations out the relative error is below 1e-10, nearer the mean below 1e-6 for counts up to 500
  and 2e-4 for counts up to 20,000.
-#}
{% macro binomial_tail_over_point(count, total, share) -%}
    (1 - {{ share }}) * {{ count }} / case
        {%- for largest_count, depth in [(10, 16), (50, 24), (500, 48)] %}
        when {{ count }} <= {{ largest_count }} then {{ binomial_tail_fraction(count, total, share, depth) }}
        {%- endfor %}
        else {{ binomial_tail_fraction(count, total, share, 100) }}
    end
{%- endmacro %}
