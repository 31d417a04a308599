{#-
  Whether two rates are far enough apart that P(X >= x) of the higher one can be as small as 0.025; otherwise its exact value need not be
  worked out. Never wrong: by Zubkov and Serov (2013, "A complete proof of universal inequalities for the distribution function of the
  binomial law", Theory of Probability and its Applications 57) P(X >= x) is at least the normal tail beyond the root of the
  deviance, so half a deviance of 1.92 or less means more than 0.025. The half deviance is
  x1 ln(x1/b1) + x2 ln(x2/b2) - (x1 + x2) ln((x1 + x2)/(b1 + b2)); the arguments are row aliases with the columns
  event_count, births and events_times_log_rate. The higher area must have at least one event.
-#}
{% macro pair_may_differ(higher, lower) -%}
    {{ higher }}.events_times_log_rate + {{ lower }}.events_times_log_rate
    - ({{ higher }}.event_count + {{ lower }}.event_count)
    * ln(({{ higher }}.event_count + {{ lower }}.event_count) / ({{ higher }}.births + {{ lower }}.births)) > 1.92e0
{%- endmacro %}
