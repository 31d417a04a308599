{#-
  P(X >= count) / P(X = count) for X ~ Binomial(total, share) far above its mean: half the deviance at least 1.9, about two standard
  deviations; count >= 1 and 0 < share < 1. The relation macro two_sided_tails does the same at any distance.

  P(X >= x) = I_p(x, S - x + 1), the incomplete beta function, as its classical continued fraction (Abramowitz and Stegun 26.5.8)
  with the denominators multiplied out, so that each level costs one division:
      x (1 - p) / (x + e1 / (x + 1 + e2 / (x + 2 + ...))),
      e(2m) = m (S - x + 1 - m) p,   e(2m + 1) = -(x + m)(S + 1 + m) p.
  At and above the mean every level is positive (once m passes S - x + 1 the even ones are 0), so nothing divides by zero.
  How deep it must go depends on the count alone; these depths leave a relative error below 1e-12 for counts up to 150,000.
-#}
{% macro binomial_tail_over_point(count, total, share) -%}
    (1 - {{ share }}) * {{ count }} / case
        {%- for largest_count, depth in [(10, 16), (50, 24), (500, 48)] %}
        when {{ count }} <= {{ largest_count }} then {{ binomial_tail_fraction(count, total, share, depth) }}
        {%- endfor %}
        else {{ binomial_tail_fraction(count, total, share, 100) }}
    end
{%- endmacro %}
